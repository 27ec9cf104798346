"""One panel, many threads and forked processes."""

import os
import threading

import pytest

from moderation.detectors.panel import Panel


def test_many_threads_share_a_panel(marker):
    panel, wrong = Panel([(marker(), 5.0)]), []

    def use(number):
        texts = ["mark" if number % 2 else "calm"] * 3
        scores = [report.scores["insult"] for report in panel.detect(texts)]
        if scores != [0.7 if number % 2 else 0.0] * 3:
            wrong.append(scores)

    threads = [threading.Thread(target=use, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_panel_used_before_a_fork_works_after_it(marker):
    panel = Panel([(marker(), 5.0)])
    panel.warm_up()
    child = os.fork()
    if child == 0:
        answered = panel.detect(["mark"])[0].scores == {"insult": 0.7}
        os._exit(0 if answered else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0

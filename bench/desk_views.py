"""The desk under load of rows: asks its real pages, one after the other, and prints how long each took.

Runs in a process of its own (``python -m bench.desk_views``) whose DATABASE_URL names a database that bench.desk_data
filled. The times are those of the whole request in Django: sign-in, queries, template. One at a time, so that they are
the server's own time and not the wait for a processor.
"""

import argparse
import gc
import os
import re
import statistics
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from html import unescape

import django

PEOPLE = 10
WARM_UP = 20


@dataclass(frozen=True)
class Target:
    """What is to be reached: milliseconds at the 95th percentile."""

    name: str
    limit_ms: float


@dataclass(frozen=True)
class Took:
    """Milliseconds by the clock, and of them those in which this process ran."""

    ms: float
    own_ms: float


NEXT, DECIDE = Target("next case", 60), Target("decide", 50)
START, LIST = Target("start page", 150), Target("queue page", 150)
COUNTS, GAUGES = Target("counts of the start page", 150), Target("gauges of /metrics", 150)
BULK = Target("bulk decide of 1,000", 5000)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--counts-only", action="store_true")
    options = parser.parse_args()
    django.setup()
    _quiet()
    gc.collect()
    gc.freeze()  # as gunicorn's workers do
    tell_machine()
    people = _people()
    if not options.counts_only:
        measure_work(people, options.rounds)
    measure_lists(people[0], max(10, options.rounds // 10))
    if not options.counts_only:
        measure_bulk()


def _quiet() -> None:
    """A line a request, and one a slow query, are the log's to write: not while its time is taken."""
    import logging

    logging.disable(logging.WARNING)


def _people():
    from django.contrib.auth.models import Group, User

    group = Group.objects.get(name="moderator")
    people = [User.objects.get_or_create(username=f"bench-{n}", defaults={"is_staff": True})[0] for n in range(PEOPLE)]
    for person in people:
        person.groups.add(group)
    return people


def _browser(person):
    from django.test import Client

    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def measure_work(people, rounds: int) -> None:
    """Each person in turn is shown the next case and approves it."""
    from django.db import connection

    browsers = [_browser(person) for person in people]
    shown, decided, queries = [], [], set()
    for number in range(rounds + WARM_UP):
        browser = browsers[number % PEOPLE]
        seen: list[str] = []
        with connection.execute_wrapper(_counter(seen)) if number < WARM_UP else nullcontext():
            page, took = timed(lambda browser=browser: browser.get("/admin/review/next/"))
        address, form = _decision_of(page)
        answer, took_decide = timed(lambda browser=browser, a=address, f=form: browser.post(a, f))
        assert answer.status_code == 302, answer.status_code
        if PEOPLE <= number < WARM_UP:
            queries.add(len(seen))
        elif number >= WARM_UP:
            shown.append(took)
            decided.append(took_decide)
    tell(NEXT, shown, f"queries {min(queries)} to {max(queries)}")
    tell(DECIDE, decided)


def _counter(seen: list[str]) -> Callable:
    def count(execute, sql, parameters, many, context):
        seen.append(sql)
        return execute(sql, parameters, many, context)

    return count


def _decision_of(page) -> tuple[str, dict[str, str]]:
    """Where the shown case is decided, and the form that approves it."""
    html = page.content.decode()
    (address,) = set(re.findall(r'action="(/admin/review/case/[0-9a-f-]+/decide/)"', html))
    names = ("lease_token", "content_version")
    form = {name: re.search(rf'name="{name}" value="([^"]+)"', html).group(1) for name in names}
    return address, {**form, "outcome": "approve"}


def measure_lists(person, rounds: int) -> None:
    """The start page, the lists of the biggest queue in every way that they are narrowed, and the counts alone."""
    from moderation import gauges
    from moderation.models import ReviewCase
    from moderation.review.sla import queue_loads

    browser = _browser(person)
    print(f"         {ReviewCase.objects.filter(status='open').count():,} open cases", flush=True)
    tell(START, repeated(rounds, lambda: browser.get("/admin/review/")))
    address = "/admin/review/queue/general/"
    for words, query in {
        "due soon": "",
        "overdue": "?due=overdue",
        "of a category": "?due=all&category=violence",
        "escalated": "?due=all&level=2",
        "a later page": _later(browser, address),
    }.items():
        tell(LIST, repeated(rounds, lambda query=query: browser.get(address + query)), words)
    tell(COUNTS, repeated(rounds, lambda: queue_loads(moderator=person)))
    tell(GAUGES, repeated(rounds, lambda: list(gauges.review())))


def _later(browser, address: str) -> str:
    """The tenth page."""
    query = ""
    for _ in range(9):
        html = browser.get(address + query).content.decode()
        query = unescape(re.search(r'<a href="([^"]+)" rel="next"', html).group(1))
    return query


def measure_bulk() -> None:
    """A thousand cases approved at once, by the functions that the page calls; a run is undone as a whole."""
    from django.contrib.auth.models import Group, User

    from moderation.enums import Outcome
    from moderation.review.bulk import start_run, work_off
    from moderation.review.selection import Selection

    lead, _ = User.objects.get_or_create(username="bench-lead", defaults={"is_staff": True})
    lead.groups.add(Group.objects.get(name="lead"))

    def run() -> None:
        started = start_run(selection=Selection(queue="general"), moderator=lead, outcome=Outcome.APPROVE)
        done = work_off(run_id=started.pk, moderator=lead)
        assert (done.decided, done.left) == (min(1000, done.total), 0), done

    tell(BULK, [timed(run)[1] for _ in range(3)])


def tell_machine() -> None:
    """How fast the machine is just now: a fixed sum, by the clock and by the processor.

    On a machine with nothing else to do the two are the same; their ratio is what other work adds to every time below.
    """
    _sum, took = timed(lambda: sum(range(5_000_000)))
    ratio = took.ms / took.own_ms
    print(
        f"desk     a fixed sum took {took.ms:.0f} ms, {took.own_ms:.0f} of the processor: {ratio:.1f} times", flush=True
    )


def timed(act: Callable):
    """What the act answers, and the milliseconds that it took: in all, and of this process's own processor time."""
    started, own = time.perf_counter(), time.process_time()
    answer = act()
    return answer, Took((time.perf_counter() - started) * 1000, (time.process_time() - own) * 1000)


def repeated(rounds: int, act: Callable) -> list[Took]:
    """How long each of so many times, after one that warms up."""
    act()
    return [timed(act)[1] for _ in range(rounds)]


def tell(target: Target, took: list[Took], note: str = "") -> None:
    """One line: the median, the 95th percentile and what it is of the target; beside them the process's own time.

    The machine's load stands at the end: where it is above the number of processors, the rest is waiting for one.
    """
    times = [one.ms for one in took]
    p95 = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    verdict = "reached" if p95 < target.limit_ms else "MISSED"
    line = f"desk     {target.name:<26} median {statistics.median(times):>7.1f} ms   95 % under {p95:>7.1f} ms"
    line += f"   to reach {target.limit_ms:>5.0f}: {verdict} ({p95 / target.limit_ms:.2f})"
    line += f"   processor {statistics.median(one.own_ms for one in took):>6.1f} ms   {note}"
    print(f"{line.rstrip()}   load {os.getloadavg()[0]:.1f}", flush=True)


if __name__ == "__main__":
    main()

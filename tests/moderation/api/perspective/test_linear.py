"""Cutting and stripping read a comment once, whatever it consists of: a comment may have 20,480 bytes."""

import signal

import pytest

from moderation.api.perspective.markup import read_html
from moderation.api.perspective.sentences import MOST, sentences

LENGTH = 20_000
GUARD_SECONDS = 3  # one quadratic pass takes longer, a linear one some thousandths; for many passes in a row
PASSES = 3


@pytest.fixture(autouse=True)
def guard():
    """Ends a pattern that is stuck: the interpreter looks at signals within one match."""

    def stuck(*_args):
        raise TimeoutError("not read in linear time")

    before = signal.signal(signal.SIGALRM, stuck)
    signal.setitimer(signal.ITIMER_REAL, GUARD_SECONDS)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def repeated(part: str) -> str:
    return (part * LENGTH)[:LENGTH]


@pytest.mark.parametrize("part", [".", "!", "?", "?!", "\u2026", "\u3002", "\r\n", " ", '"', ".)", ".\u0301", "Mr. "])
@pytest.mark.parametrize("last", ["", "a", " a"])
def test_runs_of_marks_are_cut_in_one_pass(part, last):
    for _ in range(PASSES):
        assert len(sentences(repeated(part) + last)) <= MOST
        assert len(sentences(read_html(repeated(part) + last).text)) <= MOST


@pytest.mark.parametrize("begin", ["<", "</", "<a ", "<script", "<script>", "<!--", "<!", "&", "&#", "<style></style"])
@pytest.mark.parametrize("part", ["a", " ", "<", "<a", "&", "<!--", "</script "])
def test_tags_that_are_never_closed_are_read_in_one_pass(begin, part):
    for _ in range(PASSES):
        read_html(begin + repeated(part))


def test_a_run_ends_a_sentence_only_before_a_space():
    assert sentences('He said "no!!" twice... a.b.c now?! Yes') == [(0, 14), (15, 23), (24, 35), (36, 39)]

"""Threads that read at the same time share batches, and each gets exactly its own reports."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.detectors.base import DetectionReport
from moderation.detectors.micro_batches import Busy, MicroBatches


class Reader:
    """Stands for the panel: notes each batch, and holds it back while the gate is shut."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.gate = threading.Event()
        self.gate.set()
        self.inside = 0

    def __call__(self, texts, languages):
        self.inside += 1
        assert self.inside == 1, "two batches at a time"
        self.batches.append(list(texts))
        self.gate.wait(10)
        self.inside -= 1
        if "poison" in texts:
            raise RuntimeError("poison")
        return [report_of(text, language) for text, language in zip(texts, languages, strict=True)]


def report_of(text: str, language: str = "") -> DetectionReport:
    return DetectionReport(scores={text: 1.0}, language=language)


@pytest.fixture
def reader():
    made = Reader()
    yield made
    made.gate.set()


@pytest.fixture
def pool():
    with ThreadPoolExecutor(16) as running:
        yield running


def ask(batches: MicroBatches, *texts: str, wait_seconds: float = 10) -> list[DetectionReport]:
    return batches.reports(texts, [""] * len(texts), wait_seconds=wait_seconds)


def held_up(reader: Reader, batches: MicroBatches, pool, *calls: tuple[str, ...]):
    """The calls, all waiting behind one batch that is being read."""
    reader.gate.clear()
    first = pool.submit(ask, batches, "first")
    until(lambda: reader.batches)
    futures = []
    for number, call in enumerate(calls):
        futures.append(pool.submit(ask, batches, *call))
        until(lambda want=number + 1: len(batches._waiting) == want)
    return [first, *futures]


def until(holds) -> None:
    stop_at = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < stop_at
        time.sleep(0.001)


def test_one_caller_alone_is_read_at_once(reader):
    assert ask(MicroBatches(reader), "a", "b") == [report_of("a"), report_of("b")]
    assert reader.batches == [["a", "b"]]


def test_no_texts_need_no_batch(reader):
    assert ask(MicroBatches(reader)) == []
    assert reader.batches == []


def test_those_who_wait_share_the_next_batch(reader, pool):
    futures = held_up(reader, MicroBatches(reader), pool, ("a",), ("b",), ("c",))
    reader.gate.set()
    answers = [future.result(10) for future in futures]
    assert answers == [[report_of(name)] for name in ("first", "a", "b", "c")]
    assert reader.batches == [["first"], ["a", "b", "c"]]


def test_a_single_text_does_not_wait_for_the_whole_of_a_long_call(reader, pool):
    batches = MicroBatches(reader, texts=3)
    futures = held_up(reader, batches, pool, ("1", "2", "3", "4", "5"), ("single",))
    reader.gate.set()
    assert [len(future.result(10)) for future in futures] == [1, 5, 1]
    assert reader.batches == [["first"], ["1", "single", "2"], ["3", "4", "5"]]


def test_a_long_text_makes_a_batch_of_its_own(reader, pool):
    batches = MicroBatches(reader, characters=10)
    futures = held_up(reader, batches, pool, ("abc",), ("x" * 11,), ("def",))
    reader.gate.set()
    [future.result(10) for future in futures]
    assert reader.batches == [["first"], ["abc"], ["x" * 11], ["def"]]


def test_only_the_caller_whose_text_breaks_the_reader_hears_of_it(reader, pool):
    futures = held_up(reader, MicroBatches(reader), pool, ("a", "b"), ("c", "poison"), ("d",))
    reader.gate.set()
    assert futures[1].result(10) == [report_of("a"), report_of("b")]
    assert futures[3].result(10) == [report_of("d")]
    with pytest.raises(RuntimeError, match="poison"):
        futures[2].result(10)


def test_a_failed_call_leaves_nothing_behind(reader):
    batches = MicroBatches(reader, texts=1)
    with pytest.raises(RuntimeError):
        ask(batches, "poison", "never read")
    assert ask(batches, "next") == [report_of("next")]
    assert reader.batches == [["poison"], ["next"]]


def test_a_reader_that_answers_too_little_keeps_nobody_waiting():
    batches = MicroBatches(lambda texts, languages: [])
    with pytest.raises(ValueError, match="0 reports for 1 texts"):
        ask(batches, "a")


def test_whoever_waits_too_long_is_told_so_and_not_read(reader, pool):
    batches = MicroBatches(reader)
    (first,) = held_up(reader, batches, pool)
    with pytest.raises(Busy):
        ask(batches, "late", wait_seconds=0.05)
    reader.gate.set()
    assert first.result(10) == [report_of("first")]
    assert ask(batches, "next") == [report_of("next")]
    assert reader.batches == [["first"], ["next"]]


def test_a_call_that_was_begun_is_never_told_to_go(reader, pool):
    batches = MicroBatches(reader, texts=1)
    reader.gate.clear()
    long_call = pool.submit(ask, batches, "a", "b", "c", wait_seconds=0.05)
    until(lambda: reader.batches)
    other = pool.submit(ask, batches, "other")
    time.sleep(0.2)
    reader.gate.set()
    assert len(long_call.result(10)) == 3
    assert other.result(10) == [report_of("other")]


@settings(max_examples=30, deadline=None)
@given(calls=st.lists(st.lists(st.text(max_size=12), max_size=7), min_size=1, max_size=12))
def test_each_of_many_threads_gets_its_own_in_order(calls):
    reader = Reader()
    batches = MicroBatches(reader, texts=4, characters=20)
    with ThreadPoolExecutor(8) as running:
        futures = [running.submit(ask, batches, *(f"{n}:{text}" for text in call)) for n, call in enumerate(calls)]
        answers = [future.result(10) for future in futures]
    assert answers == [[report_of(f"{n}:{text}") for text in call] for n, call in enumerate(calls)]
    assert sorted(text for batch in reader.batches for text in batch) == sorted(
        f"{n}:{text}" for n, call in enumerate(calls) for text in call
    )
    assert all(len(batch) <= 4 for batch in reader.batches)


def test_languages_go_with_their_texts(reader):
    batches = MicroBatches(reader, texts=1)
    answers = batches.reports(["a", "b"], ["de", "en"], wait_seconds=1)
    assert [answer.language for answer in answers] == ["de", "en"]

"""A bulk run whose worker is killed, at whatever moment: the next one goes on, and every case is decided once."""

import os
import signal
from collections.abc import Callable
from datetime import timedelta
from itertools import count

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from moderation.enums import BulkStatus, CaseStatus, ContentStatus, HoldStatus, Outcome
from moderation.models import AuditEntry, BulkItem, BulkRun, Content, Decision, DecisionHold, ReviewCase, WebhookEvent
from moderation.review.bulk import Progress, progress, start_run, work_off
from moderation.review.holds import release_due_holds
from moderation.review.selection import Selection
from tests import factories
from tests.e2e.conftest import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
CASES = 200
# A batch: so few that a run has a hundred of them, and is met in its middle.
SIZE = 2


@pytest.fixture(params=[0, 10], ids=["told", "held"])
def undo_seconds(request, review_options) -> int:
    """Decisions count at once, and the platform is told; or they are held, to be undone."""
    review_options(undo_seconds=request.param)
    return request.param


@pytest.fixture
def begin(senior, undo_seconds) -> Callable[[int], BulkRun]:
    """``begin(cases)`` is a run over so many new cases, none of them decided yet."""

    def begin(cases: int) -> BulkRun:
        client = factories.ApiClientFactory()
        factories.EndpointFactory(client=client)
        factories.CaseFactory.create_batch(cases, content__client=client)
        chosen = Selection(queue="general")
        return start_run(selection=chosen, moderator=senior, outcome=Outcome.REJECT, reasoning="A wave of spam")

    return begin


def in_a_process(act: Callable[[], object]) -> int:
    """Starts ``act`` in a process with a connection of its own; answers the process's id."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            act()
            os._exit(0)
        finally:
            os._exit(1)
    return child


def was_killed(child: int) -> bool:
    """Waits for the end of a process; answers whether it was killed or has done its work."""
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == 0, "the worker failed"
    return os.WIFSIGNALED(status)


def kill_when_decided(run: BulkRun, number: int) -> None:
    """Works the run off in a process, and kills that from outside when so many cases are decided."""
    child = in_a_process(lambda: work_off(run_id=run.pk, moderator=run.moderator, size=SIZE))

    def far_enough() -> bool:
        return progress(run).decided >= number

    try:
        wait_until(far_enough)
    finally:
        os.kill(child, signal.SIGKILL)
        killed = was_killed(child)
    assert killed, "the run was over before its worker could be killed"


def is_killed_at(run: BulkRun, statement: int) -> bool:
    """Works one batch off in a process that dies before this statement; answers whether there were so many."""
    numbers = count(1)

    def step(execute, sql, params, many, context):
        if next(numbers) == statement:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    def act() -> None:
        with connection.execute_wrapper(step):
            work_off(run_id=run.pk, moderator=run.moderator, size=SIZE, until=timezone.now())

    return was_killed(in_a_process(act))


def decided_so_far(run: BulkRun, *, held: bool) -> int:
    """How many cases are decided, and that whatever tells of it tells of the same ones, once each."""
    with transaction.atomic():
        # What the killed one had begun ends when PostgreSQL notices that it is gone.
        BulkRun.objects.select_for_update(no_key=True).get(pk=run.pk)
        decided = Decision.objects.filter(moderator=run.moderator)
        contents = sorted(decided.values_list("content", flat=True))
        ids = sorted(decided.values_list("pk", flat=True))
        entries = AuditEntry.objects.filter(action="decision.recorded", data__via=f"bulk:{run.pk}")
        assert sorted(BulkItem.objects.filter(run=run).exclude(decision=None).values_list("decision", flat=True)) == ids
        assert sorted(ReviewCase.objects.exclude(status=CaseStatus.OPEN).values_list("decision", flat=True)) == ids
        assert sorted(entries.values_list("subject_id", flat=True)) == [str(pk) for pk in ids]
        assert sorted(DecisionHold.objects.values_list("pk", flat=True)) == (ids if held else [])
        counting = Content.objects.filter(status=ContentStatus.DECIDED, decision=Outcome.REJECT)
        for told in (counting.values_list("pk", flat=True), WebhookEvent.objects.values_list("content", flat=True)):
            assert sorted(told) == ([] if held else contents)
        assert len(set(contents)) == len(contents) == progress(run).decided
    return len(contents)


def assert_finished(run: BulkRun, *, cases: int, undo_seconds: int) -> None:
    """Every case is decided once, the run says so, and the platform is told of each once."""
    run.refresh_from_db()
    assert (run.status, progress(run)) == (BulkStatus.DONE, Progress(total=cases, decided=cases, refused=0))
    assert decided_so_far(run, held=bool(undo_seconds)) == cases
    assert AuditEntry.objects.filter(action__startswith="bulk_run.").count() == 1
    if undo_seconds:
        ends = set(DecisionHold.objects.values_list("status", "release_at"))
        assert ends == {(HoldStatus.HELD, run.finished_at + timedelta(seconds=undo_seconds))}
        assert release_due_holds(now=timezone.now() + timedelta(minutes=1)) == cases
    assert WebhookEvent.objects.values("content").distinct().count() == WebhookEvent.objects.count() == cases
    assert set(Content.objects.values_list("status", "decision")) == {(ContentStatus.DECIDED, Outcome.REJECT)}
    assert set(ReviewCase.objects.values_list("status", flat=True)) == {CaseStatus.RESOLVED}


@pytest.mark.parametrize("kills", [[60], [40, 80]], ids=["once", "twice"])
def test_run_whose_worker_is_killed_is_finished_by_the_next(begin, undo_seconds, kills):
    run = begin(CASES)
    for number in kills:
        kill_when_decided(run, number)
        decided = decided_so_far(run, held=bool(undo_seconds))
        assert number <= decided < CASES
        assert (decided % SIZE, BulkRun.objects.get().status) == (0, BulkStatus.RUNNING)
    assert not was_killed(in_a_process(lambda: work_off(run_id=run.pk, moderator=run.moderator)))
    assert_finished(run, cases=CASES, undo_seconds=undo_seconds)


def test_worker_that_dies_at_any_statement_leaves_whole_batches(begin, undo_seconds):
    """Each process dies one statement later than the last one, until a batch is through; also as the run is ended."""
    run, statement, decided = begin(2 * SIZE), 1, [0]
    while is_killed_at(run, statement):
        decided.append(decided_so_far(run, held=bool(undo_seconds)))
        statement = statement + 1 if decided[-1] == decided[-2] else 1
    assert decided == sorted(decided)
    assert set(decided) == {0, SIZE, 2 * SIZE}
    assert_finished(run, cases=2 * SIZE, undo_seconds=undo_seconds)

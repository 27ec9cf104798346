"""A case that measures people is told apart from an ordinary one by no door of the console, for whoever has it."""

import re
from datetime import timedelta
from difflib import unified_diff

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from moderation.enums import Outcome
from moderation.models import AuditEntry, ReviewCase
from moderation.models.ids import first_id_at, new_id
from moderation.review.claims import claim_case
from moderation.review.golden import add_golden_case
from moderation.review.resolve import resolve_case
from tests import factories

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# Times, tokens, and what else changes from one request to the next.
VOLATILE = re.compile(
    r'(csrfmiddlewaretoken" value|csrf-token" content|datetime|data-[a-z-]+|nonce|title)="[^"]*"'
    r"|<time[^>]*>[^<]*</time>|<code>[^<]*</code>"
)
AGES = re.compile(
    r"[0-9.,]+[ \xa0]?(ms|seconds?|minutes?|hours?|days?|min|h|d|s)\b|\d\d:\d\d|\+ \d+|(?<=more than</th><td>)\d+"
)
EXTERNAL = "post-one"
ORDINARY, DOUBLE, GOLDEN = "ordinary", "double", "golden"


@pytest.fixture
def queue(db):
    """Two cases wait in it, whatever else."""
    queue = factories.QueueFactory(due_minutes=24 * 60)
    for hours in (2, 3):
        factories.CaseFactory(queue=queue, priority=40, opened_at=timezone.now() - timedelta(hours=hours))
    return queue


@pytest.fixture
def build(queue, alice, lead):
    """``build(kind, reported)`` makes a content for which the policy asks for a person, and what is asked of it now."""
    client = factories.ApiClientFactory()
    author = factories.AuthorFactory(client=client)

    def of(kind, *, reported=False):
        asked_at = timezone.now() - timedelta(hours=5)
        content = factories.InReviewContentFactory(
            client=client, author=author, external_id=EXTERNAL, text="A cold soup.", created_at=asked_at
        )
        due_at = asked_at + timedelta(hours=24)
        case = factories.CaseFactory(
            content=content,
            queue=queue,
            priority=60,
            opened_at=asked_at,
            due_at=due_at,
            id=new_id(asked_at),
            categories=["toxicity"],
        )
        content.decisions.update(created_at=asked_at)
        if reported:
            factories.ReportFactory(
                content=content, case=case, comment="Too cold.", created_at=asked_at, reporter_external_id="mo"
            )
        if kind != ORDINARY:
            _decide(case, alice, double=kind == DOUBLE)
        if kind == GOLDEN:
            add_golden_case(content_id=content.pk, lead=lead, queue=queue, outcome=Outcome.REJECT)
            type(queue).objects.update(golden_percent=100)

    def _decide(case, person, *, double):
        type(queue).objects.update(double_percent=100 * double)
        held = claim_case(case_id=case.pk, moderator=person)
        resolve_case(
            case_id=case.pk,
            moderator=person,
            lease_token=held.lease_token,
            content_version=1,
            outcome=Outcome.REJECT,
            reasoning="Nobody likes it.",
        )
        AuditEntry.objects.filter(action="content.viewed").update(created_at=timezone.now() - timedelta(hours=1))

    return of


def _doors(case):
    """Every page on which the case or its content could be told apart."""
    content = case.content_id
    yield from (("review_next", None, {}), ("review_case", case.pk, {}), ("review_desk", None, {}))
    for asked in ({"due": "all"}, {"due": "overdue"}, *({"due": "all", "assigned": who} for who in ("me", "nobody"))):
        yield "review_queue", case.queue.slug, asked
    yield "review_queue", case.queue.slug, {"due": "all", "assigned": "somebody"}
    for term in (EXTERNAL, case.pk, content):
        yield "review_palette", None, {"q": term}
    for model, pk in (("reviewcase", case.pk), ("content", content)):
        yield f"moderation_{model}_change", pk, {}
        yield f"moderation_{model}_changelist", None, {"q": content}
    for asked in ({"source__exact": kind} for kind in ("policy", "double", "golden")):
        yield "moderation_reviewcase_changelist", None, asked
    for asked in ({"claim": "mine"}, {"golden__isnull": 0}, {"first_decision__isnull": 0}, {"assigned_to__isnull": 0}):
        yield "moderation_reviewcase_changelist", None, asked
    for asked in ({"status__exact": "in_review"}, {"status__exact": "decided"}):
        yield "moderation_content_changelist", None, asked
    for asked in ({"decision__exact": "review"}, {"decision__exact": "reject"}):
        yield "moderation_content_changelist", None, asked
    for model in ("decision", "report"):
        yield f"moderation_{model}_changelist", None, {"q": content}
    for asked in ({"status__exact": "open"}, {"status__exact": "upheld"}):
        yield "moderation_report_changelist", None, asked


def _walk(client, case):
    """What every door answers, in their order."""
    answers = []
    for name, key, asked in _doors(case):
        address = reverse(f"admin:{name}", args=[] if key is None else [key])
        answers.append((f"{name} {list(asked)}", _plain(client.get(address, asked))))
    return answers


def _plain(answer):
    """The answer without ids, tokens and times, its lines in an order that is not by age."""
    text = VOLATILE.sub(r'\1=""', UUID.sub("ID", answer.content.decode()))
    return [str(answer.status_code), answer.get("Location", ""), *sorted(AGES.sub("TIME", text).split("\n"))]


@pytest.fixture
def walk(build, signed_in, bob):
    """``walk(kind, reported)``: what Bob finds behind every door while he has such a case; then all is as before."""

    def of(kind, *, reported=False):
        with transaction.atomic():
            build(kind, reported=reported)
            client = signed_in(bob)
            client.get(reverse("admin:review_next"))
            case = ReviewCase.objects.get(claimed_by=bob)
            assert case.source == {ORDINARY: "policy"}.get(kind, kind)
            found = _walk(client, case)
            transaction.set_rollback(True)
        return found

    return of


@pytest.mark.parametrize(("kind", "reported"), [(DOUBLE, False), (GOLDEN, False), (DOUBLE, True)])
def test_no_door_tells_them_apart(walk, kind, reported):
    ordinary, measuring = walk(ORDINARY, reported=reported), walk(kind, reported=reported)
    pairs = zip(ordinary, measuring, strict=True)
    told = {door: list(unified_diff(one, other, n=0))[2:] for (door, one), (_door, other) in pairs if one != other}
    assert told == {}


def test_leads_see_the_truth(build, signed_in, bob, lead):
    build(DOUBLE)
    signed_in(bob).get(reverse("admin:review_next"))
    case, client = ReviewCase.objects.get(claimed_by=bob), signed_in(lead)
    rows = client.get(reverse("admin:moderation_reviewcase_changelist"), {"source__exact": DOUBLE}).content.decode()
    assert f"/{case.pk}/" in rows
    content = client.get(reverse("admin:moderation_content_change", args=[case.content_id])).content.decode()
    assert "Nobody likes it." in content
    load = client.get(reverse("admin:review_desk")).context["loads"][0]
    assert (load.open, load.held) == (2, 0)


@pytest.mark.parametrize("kind", [DOUBLE, GOLDEN])
def test_id_is_as_old_as_the_case(build, signed_in, bob, kind):
    build(kind)
    signed_in(bob).get(reverse("admin:review_next"))
    case = ReviewCase.objects.get(claimed_by=bob)
    assert case.pk.version == 7
    assert case.pk.int >> 80 == first_id_at(case.opened_at).int >> 80


def test_golden_case_agrees_with_its_place_in_the_line(build, queue, signed_in, bob):
    build(GOLDEN)
    first = ReviewCase.objects.ordinary().filter(status="open").order_by("rank", "id").first()
    signed_in(bob).get(reverse("admin:review_next"))
    case = ReviewCase.objects.get(claimed_by=bob)
    assert case.rank < first.rank
    assert case.priority == sum(case.priority_terms.values())
    assert case.opened_at != first.opened_at
    assert case.due_at == case.opened_at + timedelta(minutes=queue.due_minutes)

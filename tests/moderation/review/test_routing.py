"""Which queue takes a case: the first routing that fits, else the policy's word, else general; never none."""

import logging
from datetime import timedelta

import pytest
from django.utils import timezone

from moderation.checks import check_routings
from moderation.enums import CaseSource
from moderation.models import ReviewCase
from moderation.review.queue import NewCase, open_cases
from moderation.review.reports import report_content
from moderation.review.routing import faults_of, read_routing
from moderation.review.routing_trial import try_on_cases, try_on_content
from tests import factories

pytestmark = pytest.mark.django_db


def routed(slug, routing, position=100, **row):
    return factories.QueueFactory(slug=slug, name=slug.title(), routing=routing, position=position, **row)


def opened(*, client=None, author=None, slug="general", severity=50, scores=None, **content):
    if client is not None:
        content["client"] = client
    found = factories.InReviewContentFactory(author=author, **content)
    result = factories.ResultFactory(content=found, scores=scores or {"toxicity": 0.71, "spam": 0.02})
    (case,) = open_cases(items=[NewCase(found, 1, result, slug, severity)])
    return case


def test_the_first_routing_that_fits_takes_the_case():
    routed("second", "{category: toxicity, at_least: 0.5}", position=20)
    first = routed("first", "{category: toxicity, at_least: 0.7}", position=10)
    routed("never", "{category: spam, at_least: 0.9}", position=1)
    assert opened().queue == first


def test_queues_of_one_position_are_asked_by_name():
    routed("b", "{category: toxicity, at_least: 0.5}")
    assert opened().queue.slug == "b"
    routed("a", "{category: toxicity, at_least: 0.5}")
    assert opened().queue.slug == "a"


def test_what_no_routing_takes_goes_where_the_policy_says_else_to_general(spam_queue):
    routed("never", "{category: spam, at_least: 0.9}")
    assert opened(slug="spam").queue == spam_queue
    assert opened(slug="no-such-queue").queue.slug == "general"


@pytest.mark.parametrize(
    ("routing", "takes"),
    [
        ("client: platform", True),
        ("client: another", False),
        ("rule: review-toxicity", True),
        ("queue: hate", True),
        ("severity: {at_least: 70}", False),
        ("source: policy", True),
        ("language: de", False),
        ("author.reach: {at_least: 1000}", True),
        ("author.prior_rejections: {at_least: 1}", True),
        ("metadata.section: news", True),
        ("all: [{client: platform}, {not: {author.trust: trusted}}]", True),
        ("cel: \"scores['toxicity'] > 0.7\"", True),
        ("{category: violence, at_least: 0.1}", False),  # not read: it cannot be told, and so does not fit
        ("not: {category: violence, at_least: 0.1}", False),
    ],
)
def test_a_routing_asks_in_the_words_of_a_policy(platform, routing, takes):
    author = factories.AuthorFactory(client=platform, reach=5000)
    factories.DecidedContentFactory(client=platform, author=author, decision="reject")
    queue = routed("mine", routing)
    case = opened(client=platform, author=author, slug="hate", metadata={"section": "news"})
    assert (case.queue == queue) is takes


def test_a_routing_of_what_is_due_by_the_queue_that_takes_it():
    routed("fast", "{category: toxicity, at_least: 0.5}", due_minutes=10)
    case = opened()
    assert case.due_at - case.opened_at == timedelta(minutes=10)


@pytest.mark.parametrize("count", [1, 30])
def test_queries_do_not_grow_with_the_batch(django_assert_num_queries, platform, count):
    routed("mine", "author.prior_rejections: {at_least: 1}")
    routed("other", "{category: spam, at_least: 0.9}")
    factories.QueueFactory()
    items = []
    for number in range(count):
        author = factories.AuthorFactory(client=platform)
        content = factories.InReviewContentFactory(client=platform, author=author)
        items.append(NewCase(content, 1, factories.ResultFactory(content=content), "general", number))
    # As without a routing, and the authors' earlier contents and the near-duplicates.
    with django_assert_num_queries(7):
        open_cases(items=items)


BROKEN = "{category: no-such-category, at_least: 0.5}"


def test_a_routing_that_does_not_compile_loses_no_case(caplog):
    routed("broken", BROKEN, position=1)
    good = routed("good", "{category: toxicity, at_least: 0.5}", position=2)
    with caplog.at_level(logging.ERROR, logger="moderation.review.routing"):
        assert opened().queue == good
    assert [record.message for record in caplog.records] == ["routing.broken"]
    assert "no-such-category" in caplog.records[0].faults[0]
    assert ReviewCase.objects.filter(queue__slug="broken").count() == 0


def test_the_check_before_a_start_names_the_queue():
    routed("broken", BROKEN)
    routed("good", "{category: toxicity, at_least: 0.5}")
    (warning,) = check_routings(databases=["default"])
    assert warning.id == "moderation.W007"
    assert "'broken'" in warning.msg


@pytest.mark.parametrize(
    ("routing", "said"),
    [
        ("category: spam\nat_leats: 0.9", "line 2: 'at_leats' is not known here; did you mean 'at_least'?"),
        ("all:\n  - {category: spum, at_least: 0.5}", "line 2: 'spum' is not known here; did you mean 'spam'?"),
        ("reprots: {at_least: 3}", "line 1: 'reprots' is not known here; did you mean 'reports'?"),
        ("source: golden", "line 1: 'golden' is not known here; known are: policy, report"),
        ("{category: spam", "line 2: not valid YAML"),
        ("just words", "line 1: expected keys and values, found text"),
    ],
)
def test_a_fault_is_named_with_its_line_and_its_mend(routing, said):
    assert str(faults_of(routing)[0]).startswith(said)


def test_no_routing_has_no_fault():
    assert faults_of("") == faults_of("  \n") == ()


def test_a_policy_knows_no_facts_of_cases():
    from moderation.policy.faults import PolicyError
    from moderation.policy.loader import load_policy

    source = "version: 1\npolicy: p\ndefault: approve\nrules: [{name: r, when: {reports: {at_least: 1}}, then: review}]"
    with pytest.raises(PolicyError, match="'reports' is not known here"):
        load_policy(source)


def report(content, reporter, reason="insult"):
    return report_content(content=content, reporter=reporter, reason=reason, comment="", actor="key:test")


def test_reports_move_a_case_that_nobody_has_to_the_queue_whose_routing_fits_now(alice):
    many = routed("brigaded", "reports: {at_least: 2}")
    case = opened(slug="hate")
    report(case.content, "anna")
    case.refresh_from_db()
    assert case.queue.slug == "general"
    report(case.content, "ben")
    case.refresh_from_db()
    assert case.queue == many


def test_what_is_reported_stands_with_the_case_and_in_its_priority():
    case = opened()
    report(case.content, "anna", "hate")
    report(case.content, "ben", "other")
    case.refresh_from_db()
    assert case.categories == ["toxicity", "hate"]
    assert (case.priority_terms["reports"], case.priority) == (20, 72)


def test_reports_open_a_case_by_routing_too(platform):
    routed("reported", "all: [{source: report}, {client: platform}]")
    content = factories.DecidedContentFactory(client=platform)
    report(content, "anna")
    case = ReviewCase.objects.get()
    assert (case.queue.slug, case.source, case.categories) == ("reported", CaseSource.REPORT, ["insult"])


def test_a_case_that_is_held_stays_where_it_is(alice):
    routed("brigaded", "reports: {at_least: 1}")
    case = factories.CaseFactory(assigned_to=alice, assigned_until=timezone.now() + timedelta(hours=1))
    report(case.content, "anna")
    case.refresh_from_db()
    assert case.queue.slug == "general"


def test_a_report_raises_a_case_whose_decision_does_not_count_yet(alice):
    decision = factories.ModeratorDecisionFactory()
    content = factories.InReviewContentFactory()
    case = factories.CaseFactory(content=content, status="decided", decision=decision, priority=40)
    report(content, "anna")
    assert ReviewCase.objects.get(content=content).priority == 50
    assert case.pk == ReviewCase.objects.get(content=content).pk


def test_a_routing_is_tried_on_the_last_cases_and_says_who_is_asked_before():
    early = routed("early", "{category: spam, at_least: 0.9}", position=1)
    edited = routed("edited", "", position=50)
    routing = read_routing("{any_of: [toxicity, spam], at_least: 0.7}")
    mild, sure = opened(scores={"toxicity": 0.2, "spam": 0.0}), opened()
    spam = opened(scores={"spam": 0.95, "toxicity": 0.1})
    found = try_on_cases(routing=routing, queue=edited, last=10)
    assert [(one.case, one.earlier) for one in found.fitting] == [(spam, early), (sure, None)]
    assert (found.tried, found.would_come) == (3, 1)
    assert try_on_cases(routing=routing, queue=edited, last=1).tried == 1
    assert mild.pk not in {one.case.pk for one in found.fitting}


def test_a_routing_is_tried_on_one_content_with_every_answer():
    case = opened(external_id="post-a")
    routing = read_routing("any: [{category: toxicity, at_least: 0.9}, {rule: review-toxicity}]")
    for wanted in ("post-a", str(case.content_id), f" {case.content_id} "):
        found = try_on_content(routing=routing, wanted=wanted)
        assert found.fits
        assert [(one.truth, one.score) for one in found.answers] == [(False, 0.71), (True, None)]
    assert try_on_content(routing=routing, wanted="nothing") is None

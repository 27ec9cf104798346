"""What lies under a cover for one person: what is graphic, what they chose, what its queue asks for."""

import pytest

from moderation.models import ModeratorSettings
from moderation.review.covers import Cover, cover_of_case, covers_of
from tests import factories

pytestmark = pytest.mark.django_db


def settings(person, *covered: str) -> ModeratorSettings:
    return ModeratorSettings(moderator=person, covered_categories=list(covered))


def case_with(scores: dict[str, float], **more):
    content = factories.InReviewContentFactory()
    result = factories.ResultFactory(content=content, scores=scores, reasons=[])
    return factories.CaseFactory(content=content, result=result, **more)


def test_mild_case_lies_open(alice):
    assert cover_of_case(case_with({"spam": 0.9}), settings(alice)) is None


def test_graphic_case_is_covered_for_everybody(alice):
    case = case_with({}, categories=["violence/graphic"])
    assert cover_of_case(case, settings(alice)) == Cover(("violence/graphic",))


def test_case_that_is_here_for_something_else_is_covered_when_likely_graphic(alice):
    assert cover_of_case(case_with({"self-harm": 0.6}, categories=["spam"]), settings(alice)) == Cover(("self-harm",))
    assert cover_of_case(case_with({"self-harm": 0.4}, categories=["spam"]), settings(alice)) is None


def test_own_categories_are_covered_beside_the_graphic_ones(alice):
    case = case_with({"hate": 0.7, "violence/graphic": 0.9})
    assert cover_of_case(case, settings(alice, "hate")) == Cover(("hate", "violence/graphic"))


def test_what_the_person_does_not_take_is_covered_where_they_meet_it_all_the_same(alice):
    own = ModeratorSettings(moderator=alice, opted_out=["insult"])
    assert cover_of_case(case_with({"insult": 0.7}), own) == Cover(("insult",))


def test_queue_that_hides_text_covers_without_a_kind(alice):
    case = case_with({}, queue=factories.QueueFactory(slug="shy", hide_text=True))
    assert cover_of_case(case, settings(alice)) == Cover(())
    assert covers_of([case.content_id], settings(alice)) == {case.content_id: Cover(())}


def test_contents_elsewhere_are_covered_by_what_was_read_and_by_their_cases(alice, django_assert_num_queries):
    graphic, reported = case_with({"violence/graphic": 0.8}), case_with({}, categories=["self-harm"])
    mild = case_with({"spam": 0.9})
    with django_assert_num_queries(2):
        covers = covers_of([case.content_id for case in (graphic, reported, mild)], settings(alice))
    assert covers == {graphic.content_id: Cover(("violence/graphic",)), reported.content_id: Cover(("self-harm",))}

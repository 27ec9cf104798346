"""The palette: it finds places by their names for those who may see them, and never says what was written."""

import pytest
from django.urls import reverse

from moderation.enums import CaseStatus
from tests import factories

pytestmark = pytest.mark.django_db

PALETTE = "/admin/review/palette/"


def _places(browser, term) -> list[tuple[str, str, str]]:
    response = browser.get(PALETTE, {"q": term})
    assert response.status_code == 200
    return [(place["kind"], place["name"], place["address"]) for place in response.json()["places"]]


def test_case_and_content_are_found_by_the_beginning_of_an_external_id(signed_in, alice):
    case = factories.CaseFactory(content=factories.InReviewContentFactory(external_id="soup-1"))
    assert _places(signed_in(alice), "soup") == [
        ("Case", "soup-1", f"/admin/review/case/{case.pk}/"),
        ("Content", "soup-1", f"/admin/moderation/content/{case.content_id}/change/"),
    ]


def test_ids_are_found_whole(signed_in, alice):
    case = factories.CaseFactory()
    browser = signed_in(alice)
    assert [place[0] for place in _places(browser, str(case.pk))] == ["Case"]
    assert [place[0] for place in _places(browser, str(case.content_id))] == ["Content"]


def test_closed_case_is_opened_to_read(signed_in, alice):
    case = factories.ResolvedCaseFactory()
    assert case.status == CaseStatus.RESOLVED
    assert _places(signed_in(alice), str(case.pk))[0][2] == f"/admin/review/case/{case.pk}/read/"


def test_author_is_found_by_the_platforms_id(signed_in, alice):
    author = factories.AuthorFactory(external_id="pat77", display_name="Pat")
    assert _places(signed_in(alice), "pat77") == [("Author", "Pat", f"/admin/moderation/author/{author.pk}/change/")]


def test_queue_is_found_by_its_name_by_whoever_works_in_it(signed_in, alice, auditor):
    factories.QueueFactory(slug="soups", name="Soups")
    factories.QueueFactory(slug="soup-minors", name="Soup of others", group_names=["lead"])
    assert _places(signed_in(alice), "soup") == [("Queue", "Soups", "/admin/review/next/?queue=soups")]
    assert _places(signed_in(auditor), "soup") == []


def test_case_of_another_queue_is_no_place(signed_in, alice):
    case = factories.CaseFactory(queue=factories.QueueFactory(slug="minors", group_names=["lead"]))
    assert _places(signed_in(alice), str(case.pk)) == []


def test_staff_without_rights_are_refused(signed_in, charlie):
    factories.CaseFactory(content=factories.InReviewContentFactory(external_id="soup-1"))
    assert signed_in(charlie).get(PALETTE, {"q": "soup"}).status_code == 403


def test_answers_are_few_and_hold_no_text(signed_in, alice):
    for number in range(20):
        content = factories.InReviewContentFactory(external_id=f"soup-{number}", text="Nobody may read this here.")
        factories.CaseFactory(content=content)
    response = signed_in(alice).get(PALETTE, {"q": "soup"})
    assert len(response.json()["places"]) == 12
    assert "Nobody may read this" not in response.content.decode()


@pytest.mark.parametrize("term", ["", "s", "%", "_____", "x" * 5000])
def test_odd_terms_find_nothing(signed_in, alice, term):
    factories.CaseFactory(content=factories.InReviewContentFactory(external_id="soup-1"))
    assert _places(signed_in(alice), term) == []


def test_name_that_turns_its_letters_round_is_named(signed_in, alice):
    factories.CaseFactory(content=factories.InReviewContentFactory(external_id="soup-\u202egnp"))
    assert _places(signed_in(alice), "soup-")[0][1] == "soup-[U+202E]gnp"


@pytest.mark.parametrize("page", ["review_desk", "review_bulk", "review_second", "review_live", "quality"])
def test_every_page_of_the_desk_has_it(signed_in, lead, page):
    shown = signed_in(lead).get(reverse(f"admin:{page}")).content.decode()
    assert shown.count('id="palette"') == shown.count("desk/palette_everywhere.js") == shown.count("palette.css") == 1

"""Term lists in the console: one term a line, every fault named by its line."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from moderation.admin.term_list import TermListForm
from moderation.models import AuditEntry, TermList

pytestmark = pytest.mark.django_db
FIELDS = {"name": "soups", "kind": "terms", "category": "spam", "score": "0.8", "whole_word": "on", "enabled": "on"}


def faults(terms: str) -> list[str]:
    return TermListForm({**FIELDS, "terms": terms}).errors.get("terms", [])


def test_terms_are_lines_without_blanks_around_them(lead, signed_in):
    answer = signed_in(lead).post(
        reverse("admin:moderation_termlist_add"), {**FIELDS, "terms": "  borscht \r\n\r\ncold   soup\r\n"}
    )
    assert answer.status_code == 302
    assert TermList.objects.get().terms == ["borscht", "cold soup"]


def test_the_workers_see_that_a_list_was_saved(lead, signed_in):
    old = timezone.now() - timedelta(days=1)
    row = TermList.objects.create(name="soups", category="spam", score=0.8, terms=["borscht"], updated_at=old)
    page = reverse("admin:moderation_termlist_change", args=[row.pk])
    signed_in(lead).post(page, {**FIELDS, "terms": "borscht\ngazpacho"})
    row.refresh_from_db()
    assert (row.terms, row.updated_at > old) == (["borscht", "gazpacho"], True)
    changes = AuditEntry.objects.get(action="term_list.changed").data["changes"]
    what = {"added": ["gazpacho"], "added_count": 1, "removed": [], "removed_count": 0}
    assert changes == {"terms": what}


def test_a_term_that_is_too_long_is_named_by_its_line():
    assert faults("soup\n\n" + "x" * 201) == ["Line 3: a term has at most 200 characters; this has 201."]


def test_a_term_that_comes_twice_is_named_by_both_lines():
    assert faults("soup\nsalad\nSoup") == ["Line 3 repeats line 1. Remove one of them."]


def test_many_faults_are_cut_short():
    found = faults("\n".join(["soup"] * 30))
    assert (len(found), found[-1]) == (11, "And 19 more lines.")


def test_an_empty_list_is_refused():
    assert faults("  \n ") == ["This field is required."]


def test_what_the_detector_cannot_use_is_refused_before_it_stops_the_workers():
    (fault,) = faults("soup\n\u200b\u200c")
    assert fault == "Line 2 is empty or invisible: remove it."


def test_a_nul_is_refused():
    assert faults("soup\nso\x00up") == ["Line 2 holds a NUL character. Type the line again."]


def test_a_line_that_is_no_domain_is_refused():
    fields = {**FIELDS, "kind": "blocked_domains", "category": "url_risk"}
    form = TermListForm({**fields, "terms": "bad.example\nhttps://worse.example/x\nno domain\nbad.example"})
    mend = "is no domain name. Write it without https:// and path: example.com."
    assert form.errors["terms"] == [
        f"Line 2: 'https://worse.example/x' {mend}",
        f"Line 3: 'no domain' {mend}",
        "Line 4 repeats line 1. Remove one of them.",
    ]


@pytest.mark.parametrize("kind", ["blocked_domains", "allowed_domains", "protected_domains"])
def test_a_list_of_domains_needs_no_category(kind):
    form = TermListForm({**FIELDS, "kind": kind, "category": "", "terms": "kitchentable.example"})
    assert form.is_valid()
    assert form.save().category == "url_risk"


def test_a_list_of_terms_needs_a_category():
    form = TermListForm({**FIELDS, "category": "", "terms": "soup"})
    assert form.errors == {"category": ["Choose the category that a term counts for."]}


def test_a_list_of_domains_is_kept_with_its_kind_and_an_audit_entry(lead, signed_in):
    fields = {**FIELDS, "kind": "protected_domains", "category": "url_risk", "terms": "kitchentable.example"}
    signed_in(lead).post(reverse("admin:moderation_termlist_add"), fields)
    assert TermList.objects.get().kind == "protected_domains"
    assert AuditEntry.objects.get(action="term_list.added").subject_type


def test_terms_that_the_api_added_meanwhile_stay(lead, signed_in):
    row = TermList.objects.create(name="soups", category="spam", score=0.8, terms=["borscht", "broth", "api", "late"])
    page = reverse("admin:moderation_termlist_change", args=[row.pk])
    shown, typed = "borscht\r\nbroth\r\ngone", "broth\r\ngone\r\ngazpacho"
    answer = signed_in(lead).post(page, {**FIELDS, "terms_shown": shown, "terms": typed})
    row.refresh_from_db()
    assert row.terms == ["broth", "api", "late", "gazpacho"]
    assert "both kept" in str(next(iter(answer.wsgi_request._messages)))


def test_an_edit_alone_keeps_the_order_that_was_typed(lead, signed_in):
    row = TermList.objects.create(name="soups", category="spam", score=0.8, terms=["a soup", "b soup"])
    page = reverse("admin:moderation_termlist_change", args=[row.pk])
    assert 'name="terms_shown" value="a soup\nb soup"' in signed_in(lead).get(page).content.decode()
    data = {**FIELDS, "terms_shown": "a soup\r\nb soup", "terms": "c soup\r\nb soup\r\na soup"}
    signed_in(lead).post(page, data)
    row.refresh_from_db()
    assert row.terms == ["c soup", "b soup", "a soup"]

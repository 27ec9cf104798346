"""The form of a term list asks only what its kind needs."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_allowed_domains_are_asked_for_no_category_and_no_whole_words(visitor, lead):
    page = visitor.page
    visitor.sign_in(lead)
    visitor.open(reverse("admin:moderation_termlist_add"))
    asked = [page.locator("#id_category"), page.locator("#id_whole_word"), page.get_by_text("inside longer words")]
    for field in asked:
        expect(field).to_be_visible()
    page.locator("#id_kind").select_option("allowed_domains")
    for field in asked:
        expect(field).to_be_hidden()
    assert (visitor.axe_violations(), visitor.problems) == ([], [])

"""One source of the categories' names, for the desk and for every list of the console."""

import pytest
from django.urls import reverse

from moderation.models import HashBank, TermList

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(signed_in, lead):
    def of(name: str) -> str:
        return signed_in(lead).get(reverse(f"admin:moderation_{name}")).content.decode()

    return of


@pytest.fixture(autouse=True)
def rows(db):
    TermList.objects.create(name="soups", category="url_risk", terms=["borscht"])
    HashBank.objects.create(name="known", action="block")


@pytest.mark.parametrize(("model", "title"), [("termlist", "Risky link"), ("hashbank", "Sexual image")])
def test_list_calls_categories_as_the_desk_does(page, model, title):
    found = page(f"{model}_changelist")
    assert f'<td class="field-shown_category">{title}</td>' in found
    assert '<a href="?category__exact=self-harm%2Fintent">Self-harm: intent</a>' in "".join(found.split("\n"))


@pytest.mark.parametrize("model", ["termlist", "hashbank"])
def test_page_that_adds_offers_the_same_names_and_no_time(page, model):
    found = page(f"{model}_add")
    assert ">Self-harm: intent</option>" in found
    assert "Updated at" not in found


def test_list_is_filtered_by_category(page, signed_in, lead):
    address = reverse("admin:moderation_termlist_changelist")
    found = signed_in(lead).get(f"{address}?category__exact=spam").content.decode()
    assert "soups" not in found


def test_empty_list_of_site_adapters_says_how_one_comes_about(page):
    assert "<code>manage.py adapter_train</code>" in page("siteadapter_changelist")

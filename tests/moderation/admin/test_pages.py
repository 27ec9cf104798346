"""Every list and every page opens, for whoever may see it, and asks a constant number of queries."""

import pytest
from django.contrib import admin
from django.urls import reverse

from moderation.models import Content
from tests.moderation.admin.conftest import full_content

pytestmark = pytest.mark.django_db
MODELS = sorted(model._meta.label_lower for model in admin.site._registry)


def address(label: str, page: str, *args) -> str:
    return reverse(f"admin:{label.replace('.', '_')}_{page}", args=args)


def model_of(label: str):
    return next(model for model in admin.site._registry if model._meta.label_lower == label)


@pytest.mark.parametrize("label", MODELS)
def test_every_list_opens(label, furnished, boss, signed_in):
    assert signed_in(boss).get(address(label, "changelist")).status_code == 200


@pytest.mark.parametrize("label", MODELS)
def test_every_list_can_be_searched(label, furnished, boss, signed_in):
    page = signed_in(boss).get(address(label, "changelist"), {"q": "o'so <b>:0"}, follow=True)
    assert page.status_code == 200


@pytest.mark.parametrize("label", MODELS)
def test_every_page_opens(label, furnished, boss, signed_in):
    row = model_of(label).objects.first()
    if row is None:
        pytest.skip(f"the console of the tests holds no {label}")
    assert signed_in(boss).get(address(label, "change", row.pk)).status_code == 200


@pytest.mark.parametrize("label", MODELS)
def test_every_list_and_page_is_closed_to_staff_without_rights(label, furnished, charlie, signed_in):
    row = model_of(label).objects.first()
    pages = [address(label, "changelist"), *([address(label, "change", row.pk)] if row else [])]
    assert {signed_in(charlie).get(page).status_code for page in pages} == {403}


@pytest.mark.parametrize("label", [label for label in MODELS if label.startswith("moderation.")])
def test_more_rows_ask_no_more_queries(label, furnished, boss, signed_in, django_assert_max_num_queries):
    console = signed_in(boss)
    with django_assert_max_num_queries(12) as few:
        console.get(address(label, "changelist"))
    for number in range(1, 6):
        full_content(number)
    with django_assert_max_num_queries(len(few)):
        console.get(address(label, "changelist"))


def test_a_content_with_more_history_asks_no_more_queries(furnished, boss, signed_in, django_assert_max_num_queries):
    page, console = address("moderation.content", "change", furnished.pk), signed_in(boss)
    # Beside the tables: the view is recorded, what is graphic is covered, and the look is counted.
    with django_assert_max_num_queries(25) as few:
        console.get(page)
    for result in list(furnished.results.all()) * 4:
        result.pk, result._state.adding = type(result)._meta.pk.get_default(), True
        result.save()
    with django_assert_max_num_queries(len(few)):
        console.get(page)


def test_the_list_does_not_read_texts(furnished, boss, signed_in, django_assert_max_num_queries):
    console = signed_in(boss)
    with django_assert_max_num_queries(8) as queries:
        console.get(address("moderation.content", "changelist"))
    assert Content.objects.count() == 1
    assert not [query for query in queries.captured_queries if '"content"."text",' in query["sql"]]

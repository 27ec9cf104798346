"""Who sees the dashboard, what it costs, and that it only reads."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db
PAGES = ["admin:dashboard", "admin:dashboard_figures"]


def visit(user, page: str):
    client = Client()
    client.force_login(user)
    return client.get(reverse(page))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("persona", ["alice", "lead", "auditor"])
def test_whoever_may_see_decisions_sees_it(persona, page, request):
    assert visit(request.getfixturevalue(persona), page).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_staff_without_rights_are_refused(charlie, page):
    assert visit(charlie, page).status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_strangers_are_sent_to_the_login(db, page):
    answer = Client().get(reverse(page))
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, reverse("admin:login"))


def test_it_takes_no_posts(alice):
    client = Client()
    client.force_login(alice)
    assert client.post(reverse("admin:dashboard")).status_code == 405


def test_more_rows_ask_no_more_queries(alice, django_assert_max_num_queries):
    client = Client()
    client.force_login(alice)
    for _ in range(3):
        factories.CaseFactory()
    client.get(reverse("admin:dashboard"))  # the first page of a session writes when it was
    # Eight aggregates; session, person, second factor and rights are the rest.
    with django_assert_max_num_queries(13) as few:
        client.get(reverse("admin:dashboard"))
    for number in range(5):
        factories.CaseFactory(queue=factories.QueueFactory(slug=f"q{number}", name=f"Q{number}"))
    with django_assert_max_num_queries(len(few)):
        client.get(reverse("admin:dashboard"))


def test_a_queue_with_a_hostile_name_is_shown_as_text(alice):
    factories.CaseFactory(queue=factories.QueueFactory(slug="x", name="<img src=x onerror=alert(1)>"))
    page = visit(alice, "admin:dashboard").content.decode()
    assert "<img src=x" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


def test_every_chart_has_its_numbers_in_a_table(alice):
    page = visit(alice, "admin:dashboard").content.decode()
    assert page.count('<table class="figures">') == 3

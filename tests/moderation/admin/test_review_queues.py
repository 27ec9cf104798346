"""The editor of queues: plain words, a routing that is checked on saving, and a box that tries it."""

import pytest

from moderation.models import AuditEntry, ReviewQueue
from tests import factories

pytestmark = pytest.mark.django_db

LIST = "/admin/moderation/reviewqueue/"
GOOD = "{category: toxicity, at_least: 0.5}"
FORM = {
    "name": "Hate",
    "slug": "hate",
    "description": "",
    "due_minutes": 480,
    "due_clock": "business",
    "routing": GOOD,
    "position": 10,
    "double_percent": 5,
    "golden_percent": 2,
    "trial_cases": 200,
    "trial_content": "",
}


@pytest.fixture
def queue(db):
    return factories.QueueFactory(slug="hate", name="Hate")


def edit(client, queue, **typed):
    return client.post(f"{LIST}{queue.pk}/change/", {**FORM, **typed})


def test_a_queue_is_saved_with_its_routing_and_in_the_audit(signed_in, lead, queue):
    assert edit(signed_in(lead), queue).status_code == 302
    queue.refresh_from_db()
    assert (queue.routing, queue.position, queue.due_clock, queue.double_percent) == (GOOD, 10, "business", 5)
    changes = AuditEntry.objects.get(action="review_queue.changed").data["changes"]
    assert changes["routing"] == ["", GOOD]
    assert "trial_cases" not in changes


def test_a_routing_with_a_fault_is_refused_with_its_line_and_what_was_typed_stays(signed_in, lead, queue):
    response = edit(signed_in(lead), queue, routing="any:\n  - {category: spum, at_least: 0.5}", name="Renamed")
    html = response.content.decode()
    assert "line 2: &#x27;spum&#x27; is not known here; did you mean &#x27;spam&#x27;?" in html
    assert "Renamed" in html
    assert ReviewQueue.objects.get().name == "Hate"


@pytest.mark.parametrize(("field", "value"), [("due_minutes", 0), ("due_minutes", 10**9), ("routing", "x" * 10_001)])
def test_numbers_and_lengths_out_of_bounds_are_refused(signed_in, lead, queue, field, value):
    assert field in edit(signed_in(lead), queue, **{field: value}).context["adminform"].form.errors


def test_trying_saves_nothing_and_says_what_would_come(signed_in, lead, queue):
    other = factories.QueueFactory()
    factories.CaseFactory(queue=other, content__external_id="rude-one")
    html = edit(signed_in(lead), queue, _try="yes", name="Renamed", trial_content="rude-one").content.decode()
    assert "1 of the last 1 cases would come here." in html
    assert "<bdi>rude-one</bdi> fits." in html
    assert "toxicity at least 0.5: yes (0.71)" in html
    assert "Renamed" in html
    assert ReviewQueue.objects.get(pk=queue.pk).name == "Hate"
    assert not AuditEntry.objects.filter(action="review_queue.changed").exists()


def test_trying_a_faulty_routing_or_an_unknown_content_says_so(signed_in, lead, queue):
    html = edit(signed_in(lead), queue, _try="yes", routing="spum: 1").content.decode()
    assert "There is no routing to try" in html
    assert "is not known here" in html
    assert "No content has the id" in edit(signed_in(lead), queue, _try="yes", trial_content="none").content.decode()


def test_a_new_queue_can_be_tried_before_it_is_made(signed_in, lead):
    html = signed_in(lead).post(f"{LIST}add/", {**FORM, "_try": "yes"}).content.decode()
    assert "0 of the last 0 cases would come here." in html
    assert not ReviewQueue.objects.exists()


def test_a_stored_routing_that_does_not_compile_is_shown(signed_in, lead):
    queue = factories.QueueFactory(slug="old", name="Old", routing="{category: gone, at_least: 1}")
    assert "cannot be used" in signed_in(lead).get(LIST).content.decode()
    html = signed_in(lead).get(f"{LIST}{queue.pk}/change/").content.decode()
    assert "The routing cannot be used, so no case comes by it: line 1: &#x27;gone&#x27; is not known here" in html


def test_an_auditor_reads_the_queue_and_tries_nothing(signed_in, auditor, queue):
    response = signed_in(auditor).get(f"{LIST}{queue.pk}/change/")
    assert response.status_code == 200
    assert "_try" not in response.content.decode()

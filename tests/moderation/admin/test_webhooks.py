"""Endpoints and events in the console: the secret is shown once, and what was told can be told again."""

import pytest
from django.urls import reverse

from moderation.enums import EventStatus
from moderation.models import AuditEntry, WebhookEndpoint, WebhookEvent
from moderation.webhooks.endpoints import delete_endpoint
from tests import factories

pytestmark = pytest.mark.django_db
ADD = reverse("admin:moderation_webhookendpoint_add")
EVENTS = reverse("admin:moderation_webhookevent_changelist")
ENDPOINTS = reverse("admin:moderation_webhookendpoint_changelist")


@pytest.fixture
def ada(admin_user, signed_in):
    """The browser of a member of the group admin."""
    return signed_in(admin_user)


@pytest.fixture
def leads(lead, signed_in):
    """The browser of a lead, who may redeliver but not touch endpoints."""
    return signed_in(lead)


@pytest.fixture
def endpoint(platform):
    return factories.EndpointFactory(client=platform, url="https://example.com/hook")


@pytest.fixture
def dead(endpoint):
    """An event that was given up."""
    return WebhookEvent.objects.create(
        message_id="msg_dead",
        endpoint=endpoint,
        content=factories.ContentFactory(client=endpoint.client),
        type="content.approved",
        payload={"type": "content.approved", "data": {"external_id": "<b>bold</b>"}},
        status=EventStatus.DEAD,
    )


def rotate(browser, endpoint):
    return browser.post(reverse("admin:moderation_webhookendpoint_rotate_secret", args=[endpoint.pk]))


def redeliver(browser, event):
    return browser.post(reverse("admin:moderation_webhookevent_redeliver", args=[event.pk]))


def test_secret_is_shown_in_the_answer_to_adding_and_never_again(ada, platform):
    form = {"client": platform.pk, "url": "https://example.com/hook", "event_types": ["content.rejected"]}
    answer = ada.post(ADD, form)
    endpoint = WebhookEndpoint.objects.get()
    assert endpoint.secret in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert endpoint.event_types == ["content.rejected"]
    page = ada.get(reverse("admin:moderation_webhookendpoint_change", args=[endpoint.pk]))
    assert endpoint.secret not in page.content.decode()
    assert endpoint.secret not in ada.get(ENDPOINTS).content.decode()


def test_adding_is_audited_without_the_secret(ada, platform):
    ada.post(ADD, {"client": platform.pk, "url": "https://example.com/hook"})
    entry = AuditEntry.objects.get(action="webhook_endpoint.added")
    assert entry.actor == "user:ada"
    assert WebhookEndpoint.objects.get().secret not in str(entry.data)


@pytest.mark.parametrize("url", ["https://10.0.0.1/", "https://user:pw@example.com/", "ftp://example.com/", "soup"])
def test_unsafe_url_is_refused_with_the_reason(ada, platform, url):
    answer = ada.post(ADD, {"client": platform.pk, "url": url})
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert not WebhookEndpoint.objects.exists()


def test_rotation_shows_the_new_secret_and_keeps_the_old_for_a_day(ada, endpoint):
    old = endpoint.secret
    answer = rotate(ada, endpoint)
    endpoint.refresh_from_db()
    assert endpoint.secret != old
    assert endpoint.previous_secret == old
    assert endpoint.secret in answer.content.decode()
    assert old not in answer.content.decode()
    assert AuditEntry.objects.get(action="webhook_endpoint.secret_rotated").actor == "user:ada"


def test_rotation_needs_the_right_and_a_post(leads, ada, endpoint):
    assert rotate(leads, endpoint).status_code == 403
    address = reverse("admin:moderation_webhookendpoint_rotate_secret", args=[endpoint.pk])
    assert ada.get(address).status_code == 405
    endpoint.refresh_from_db()
    assert endpoint.previous_secret == ""


def test_change_leaves_what_a_delivery_writes_alone(ada, endpoint):
    page = reverse("admin:moderation_webhookendpoint_change", args=[endpoint.pk])
    WebhookEndpoint.objects.update(failures_in_a_row=3)
    ada.post(page, {"url": "https://example.com/other"})
    endpoint.refresh_from_db()
    assert (endpoint.url, endpoint.failures_in_a_row) == ("https://example.com/other", 3)


def test_endpoints_are_disabled_and_enabled_by_actions(ada, endpoint):
    chosen = {"_selected_action": [endpoint.pk]}
    ada.post(ENDPOINTS, {"action": "disable_endpoints", **chosen})
    endpoint.refresh_from_db()
    assert endpoint.disabled_reason == "Disabled by user:ada."
    ada.post(ENDPOINTS, {"action": "enable_endpoints", **chosen})
    endpoint.refresh_from_db()
    assert endpoint.disabled_at is None


def test_endpoint_cannot_be_deleted(ada, endpoint):
    page = reverse("admin:moderation_webhookendpoint_delete", args=[endpoint.pk])
    assert ada.post(page, {"post": "yes"}).status_code == 403


def test_dead_letters_can_be_listed(leads, dead):
    page = leads.get(EVENTS, {"status__exact": "dead"}).content.decode()
    assert "msg_dead" in page
    assert "msg_dead" not in leads.get(EVENTS, {"status__exact": "delivered"}).content.decode()


@pytest.mark.parametrize(("term", "found"), [("msg_dead", True), ("msg_", False), ("post-dead", True), ("post", False)])
def test_event_is_found_by_its_id_and_by_its_content(leads, dead, term, found):
    dead.content.external_id = "post-dead"
    dead.content.save()
    assert ("msg_dead</a>" in leads.get(EVENTS, {"q": term}).content.decode()) is found


def test_page_shows_the_payload_escaped_and_every_attempt(leads, dead):
    dead.deliveries.create(attempt=1, error="no answer within 15 s", duration_ms=15_000)
    page = leads.get(reverse("admin:moderation_webhookevent_change", args=[dead.pk])).content.decode()
    assert "&lt;b&gt;bold&lt;/b&gt;" in page
    assert "<b>bold</b>" not in page
    assert "no answer within 15 s" in page


def test_button_redelivers(leads, dead):
    answer = redeliver(leads, dead)
    dead.refresh_from_db()
    assert answer.status_code == 302
    assert dead.status == EventStatus.PENDING
    assert AuditEntry.objects.get(action="webhook_events.redelivered").actor == "user:lead"


def test_action_redelivers_what_is_selected(leads, dead):
    leads.post(EVENTS, {"action": "redeliver_events", "_selected_action": [dead.pk]})
    dead.refresh_from_db()
    assert dead.status == EventStatus.PENDING


def test_auditor_sees_events_and_cannot_redeliver(auditor, signed_in, dead):
    browser = signed_in(auditor)
    page = browser.get(reverse("admin:moderation_webhookevent_change", args=[dead.pk])).content.decode()
    assert "msg_dead" in page
    assert "Redeliver" not in page
    assert redeliver(browser, dead).status_code == 403
    dead.refresh_from_db()
    assert dead.status == EventStatus.DEAD


def test_redelivery_needs_a_post(leads, dead):
    address = reverse("admin:moderation_webhookevent_redeliver", args=[dead.pk])
    assert leads.get(address).status_code == 405


def send_test(browser, endpoint):
    return browser.post(reverse("admin:moderation_webhookendpoint_test", args=[endpoint.pk]))


def test_a_test_event_leads_to_its_own_page(ada, leads, endpoint):
    assert send_test(leads, endpoint).status_code == 403
    answer = send_test(ada, endpoint)
    event = WebhookEvent.objects.get()
    assert answer["Location"] == reverse("admin:moderation_webhookevent_change", args=[event.pk])
    assert "endpoint.test" in ada.get(answer["Location"]).content.decode()
    assert event.message_id in ada.get(EVENTS).content.decode()
    assert AuditEntry.objects.get(action="webhook_endpoint.tested").actor == "user:ada"


def test_an_endpoint_that_its_client_deleted_can_be_read_and_nothing_else(ada, endpoint):
    delete_endpoint(endpoint=endpoint, reason="Deleted through the API.", actor="key:re_1a2b3c4d")
    page = reverse("admin:moderation_webhookendpoint_change", args=[endpoint.pk])
    assert "deleted" in ada.get(page).content.decode()
    assert ada.post(page, {"url": "https://example.com/other"}).status_code == 403
    assert rotate(ada, endpoint).status_code == 404
    assert send_test(ada, endpoint).status_code == 404
    ada.post(ENDPOINTS, {"action": "enable_endpoints", "_selected_action": [endpoint.pk]})
    endpoint.refresh_from_db()
    assert (endpoint.url, endpoint.disabled_at is None) == ("https://example.com/hook", False)


def test_what_is_told_to_a_deleted_endpoint_is_not_sent_again(ada, dead):
    delete_endpoint(endpoint=dead.endpoint, reason="Deleted through the API.", actor="key:re_1a2b3c4d")
    redeliver(ada, dead)
    dead.refresh_from_db()
    assert dead.status == EventStatus.DEAD

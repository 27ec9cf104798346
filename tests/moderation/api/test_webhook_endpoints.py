"""Webhook endpoints, managed by the client whose they are."""

import pytest

from moderation.enums import TOLD_EVENTS, EventStatus, Scope
from moderation.models import ApiKey, AuditEntry, WebhookDelivery, WebhookEndpoint, WebhookEvent
from moderation.webhooks import endpoints as writers
from tests import factories

pytestmark = pytest.mark.django_db
LIST = "/api/v1/webhook-endpoints"
URL = "https://example.com/hook"


@pytest.fixture
def made(api) -> dict:
    """An endpoint as it was answered when it was made."""
    return api.post(LIST, {"url": URL}).json()


@pytest.fixture
def foreign(stranger) -> str:
    """The address of another client's endpoint."""
    return f"{LIST}/{factories.EndpointFactory(client=stranger).public_id}"


def waiting(endpoint, **fields) -> WebhookEvent:
    content = factories.ContentFactory(client=endpoint.client)
    fields = {"message_id": f"msg_{content.pk.hex}", "type": "content.approved", "payload": {"type": "x"}} | fields
    return WebhookEvent.objects.create(endpoint=endpoint, content=content, **fields)


def test_an_endpoint_is_made_with_a_secret_that_is_shown_once(api, platform):
    answer = api.post(LIST, {"url": URL, "event_types": ["review.opened", "review.opened"]})
    body, row = answer.json(), WebhookEndpoint.objects.get(client=platform)
    assert (answer.status_code, answer["Location"], answer["Cache-Control"]) == (
        201, f"{LIST}/{row.public_id}", "no-store"
    )  # fmt: skip
    assert (body["id"], body["secret"], body["event_types"]) == (row.public_id, row.secret, ["review.opened"])
    assert "secret" not in api.get(answer["Location"]).json()
    assert row.secret not in api.get(LIST).content.decode()


def test_making_it_is_audited_in_the_name_of_the_key_without_the_secret(api, key, made):
    entry = AuditEntry.objects.get(action="webhook_endpoint.added")
    assert entry.actor == f"key:{ApiKey.prefix_of(key)}"
    assert made["secret"] not in str(entry.data)


def test_the_events_that_can_be_chosen_are_those_that_are_told(api):
    for kind in TOLD_EVENTS:
        assert api.post(LIST, {"url": URL, "event_types": [kind]}).status_code == 201
    answer = api.post(LIST, {"url": URL, "event_types": ["endpoint.test"]})
    assert answer.json()["errors"][0]["pointer"] == "/event_types/0"


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({}, "/url", "missing"),
        ({"url": 7}, "/url", "wrong_type"),
        ({"url": "https://example.com/\x00"}, "/url", "unsafe_url"),
        ({"url": "https://example.com/" + "a" * 2048}, "/url", "too_long"),
        ({"url": "https://localhost:99999/"}, "/url", "unsafe_url"),
        ({"url": URL, "secret": "whsec_mine"}, "/secret", "unknown_field"),
        ({"url": URL, "event_types": "all"}, "/event_types", "wrong_type"),
        ({"url": URL, "event_types": []}, "/event_types", "empty"),
    ],
)
def test_bad_input_is_named_and_makes_nothing(api, body, pointer, code):
    answer = api.post(LIST, body)
    assert answer.status_code == 422
    assert [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]] == [(pointer, code)]
    assert not WebhookEndpoint.objects.exists()


def test_an_unsafe_address_is_refused_with_the_mend(api):
    fault = api.post(LIST, {"url": "https://10.0.0.7/hook"}).json()["errors"][0]
    assert fault["code"] == "unsafe_url"
    assert fault["detail"] == "10.0.0.7 is not a public address. Use a public one."


def test_a_client_may_have_only_so_many(api, made, monkeypatch):
    monkeypatch.setattr(writers, "MAX_ENDPOINTS", 1)
    assert api.post(LIST, {"url": URL}).status_code == 409
    api.delete(f"{LIST}/{made['id']}")
    assert api.post(LIST, {"url": URL}).status_code == 201


def test_what_is_named_is_changed_and_the_rest_stays(api, made):
    answer = api.patch(f"{LIST}/{made['id']}", {"event_types": ["content.rejected"]})
    assert answer.json() == {name: value for name, value in made.items() if name != "secret"} | {
        "event_types": ["content.rejected"]
    }
    entry = AuditEntry.objects.get(action="webhook_endpoint.changed")
    assert entry.data == {"changes": {"event_types": [[], ["content.rejected"]]}}


def test_null_is_everything_and_an_empty_choice_is_never_made(api, made):
    page = f"{LIST}/{made['id']}"
    assert made["event_types"] is None
    assert api.patch(page, {"event_types": ["review.opened"]}).json()["event_types"] == ["review.opened"]
    assert api.patch(page, {"enabled": True}).json()["event_types"] == ["review.opened"]
    assert api.patch(page, {"event_types": None}).json()["event_types"] is None
    assert WebhookEndpoint.objects.get().event_types == []


def test_every_answer_of_an_endpoint_has_its_etag_and_a_new_secret_is_another_state(api):
    made = api.post(LIST, {"url": URL})
    assert made["ETag"] == api.get(made["Location"])["ETag"]
    tags = [made["ETag"]]
    for _ in range(2):
        answer = api.post(f"{made['Location']}/rotate-secret", {"overlap_seconds": 0})
        assert answer.json()["secret_rotated_at"] is not None
        assert answer["ETag"] == api.get(made["Location"])["ETag"]
        tags.append(answer["ETag"])
    assert len(set(tags)) == 3
    assert api.delete(made["Location"], **{"If-Match": tags[0]}).status_code == 412


def test_a_change_to_an_unsafe_address_changes_nothing(api, made):
    answer = api.patch(f"{LIST}/{made['id']}", {"event_types": None, "url": "https://10.0.0.7/", "enabled": False})
    assert answer.json()["errors"][0]["code"] == "unsafe_url"
    assert api.get(f"{LIST}/{made['id']}").json()["enabled"] is True


@pytest.mark.parametrize(
    "body", [{"url": None}, {"enabled": None}, {"enabled": "yes"}, {"id": "we_1"}, {"event_types": []}]
)
def test_a_change_of_the_wrong_kind_is_refused(api, made, body):
    assert api.patch(f"{LIST}/{made['id']}", body).status_code == 422


def test_it_is_disabled_and_enabled(api, made):
    shown = api.patch(f"{LIST}/{made['id']}", {"enabled": False}).json()
    assert (shown["enabled"], shown["status"], shown["disabled_reason"]) == (
        False, "disabled", "Disabled through the API."
    )  # fmt: skip
    assert api.post(f"{LIST}/{made['id']}/test", "").status_code == 409
    shown = api.patch(f"{LIST}/{made['id']}", {"enabled": True}).json()
    assert (shown["status"], shown["disabled_at"], shown["disabled_reason"]) == ("enabled", None, "")


def test_a_change_of_another_state_than_the_one_that_was_read_is_refused(api, made):
    page = f"{LIST}/{made['id']}"
    tag = api.get(page)["ETag"]
    assert api.patch(page, {"event_types": ["review.opened"]}, **{"If-Match": tag}).status_code == 200
    assert api.patch(page, {"enabled": False}, **{"If-Match": tag}).status_code == 412
    assert api.delete(page, **{"If-Match": tag}).status_code == 412
    assert api.get(page).json()["enabled"] is True


def test_a_deleted_one_is_absent_and_what_waited_is_dead(api, made):
    endpoint = WebhookEndpoint.objects.get()
    event, page = waiting(endpoint), f"{LIST}/{made['id']}"
    assert api.delete(page).status_code == 204
    event.refresh_from_db()
    endpoint.refresh_from_db()
    assert (event.status, endpoint.secret) == (EventStatus.DEAD, "")
    assert api.get(LIST).json()["results"] == []
    answers = [api.get(page), api.delete(page), api.post(f"{page}/test", ""), api.patch(page, {"enabled": True})]
    assert [answer.status_code for answer in answers] == [404] * 4


def test_what_was_sent_to_a_deleted_one_stays_readable_and_is_not_sent_again(api, made):
    event = waiting(WebhookEndpoint.objects.get())
    WebhookDelivery.objects.create(event=event, attempt=1, status_code=500, duration_ms=3.0)
    api.delete(f"{LIST}/{made['id']}")
    shown = api.get(f"/api/v1/webhook-events/{event.message_id}").json()
    assert (shown["status"], [row["status_code"] for row in shown["deliveries"]]) == ("dead", [500])
    assert api.post(f"/api/v1/webhook-events/{event.message_id}/redeliver", "").status_code == 409


def test_another_client_s_endpoint_is_as_absent_as_one_that_never_was(api, foreign):
    never = f"{LIST}/we_{'0' * 32}"
    for suffix, method in [("", "get"), ("/events", "get"), ("", "delete")]:
        answers = [getattr(api, method)(page + suffix) for page in (foreign, never)]
        assert [answer.status_code for answer in answers] == [404, 404]
        bodies = [{**answer.json(), "instance": "", "request_id": ""} for answer in answers]
        assert bodies[0] == bodies[1]
    for act in ("rotate-secret", "test", "redeliver"):
        assert api.post(f"{foreign}/{act}", "").status_code == 404
    assert api.patch(foreign, {"enabled": False}).status_code == 404
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("name", ["%00", "..", "a" * 300, "%ED%A0%80", "7"])
def test_an_id_that_is_none_is_absent(api, name):
    assert api.get(f"{LIST}/{name}").status_code == 404
    assert api.get(f"/api/v1/webhook-events/{name}").status_code == 404


@pytest.mark.parametrize(
    ("method", "suffix"),
    [("post", ""), ("patch", "/x"), ("delete", "/x"), ("post", "/x/test"), ("post", "/x/redeliver")],
)
def test_reading_is_not_writing(api_of, platform, method, suffix):
    reader = api_of(ApiKey.issue(client=platform, scopes=[Scope.WEBHOOKS_READ]))
    body = () if method == "delete" else ({},)
    assert getattr(reader, method)(LIST + suffix, *body).status_code == 403
    assert reader.get(LIST).status_code == 200


def test_an_unknown_parameter_is_refused(api):
    assert api.get(LIST, colour="red").json()["errors"][0]["parameter"] == "colour"

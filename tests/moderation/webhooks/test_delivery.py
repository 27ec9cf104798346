"""An event reaches its receiver, signed, and only 2xx counts."""

import pytest
from django.db import connection
from standardwebhooks import WebhookVerificationError

from moderation.enums import EventStatus
from moderation.metrics import webhook_deliveries_total
from moderation.models import WebhookDelivery, WebhookEndpoint, WebhookEvent
from moderation.webhooks.delivery import drain
from moderation.webhooks.endpoints import rotate_secret
from tests.moderation.webhooks.receivers import Reply

NEW_SECRET = "whsec_bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3"


def test_event_arrives_and_is_done(endpoint, receiver, tell):
    event = tell("post-1")
    assert drain(endpoint.pk) is False
    event.refresh_from_db()
    assert receiver.told == [("post-1", 1)]
    assert (event.status, event.attempts, event.lease_token) == (EventStatus.DELIVERED, 1, None)
    assert event.finished_at is not None


def test_independent_verifier_accepts_the_signature(endpoint, receiver, tell):
    event = tell()
    drain(endpoint.pk)
    assert receiver.requests[0].verified(endpoint.secret) == event.payload
    assert receiver.requests[0].id == event.message_id


def test_another_secret_does_not_verify(endpoint, receiver, tell):
    tell()
    drain(endpoint.pk)
    with pytest.raises(WebhookVerificationError):
        receiver.requests[0].verified("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")


def test_request_looks_as_the_standard_says(endpoint, receiver, tell):
    tell()
    drain(endpoint.pk)
    request = receiver.requests[0]
    assert request.path == "/hook"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["user-agent"] == "ReviewEngine-Webhooks"
    assert request.body.startswith(b'{"type":"content.approved","timestamp":"')


def test_id_and_body_stay_the_same_on_every_attempt(endpoint, receiver, tell, later):
    receiver.replies = [Reply(500), Reply(500)]
    tell()
    for _ in range(3):
        drain(endpoint.pk)
        later()
    first, *others = [(request.id, request.body) for request in receiver.requests]
    assert others == [first, first]


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_every_2xx_is_success(endpoint, receiver, tell, status):
    receiver.replies = [Reply(status, body=b"")]
    tell()
    drain(endpoint.pk)
    assert WebhookEvent.objects.get().status == EventStatus.DELIVERED


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirect_is_refused_and_not_followed(endpoint, receiver, tell, status):
    receiver.replies = [Reply(status, headers={"location": f"{receiver.url}/elsewhere"})]
    tell()
    drain(endpoint.pk)
    assert [request.path for request in receiver.requests] == ["/hook"]
    assert WebhookEvent.objects.get().status == EventStatus.PENDING
    assert WebhookDelivery.objects.get().status_code == status


def test_every_attempt_is_recorded(endpoint, receiver, tell, later):
    receiver.replies = [Reply(500)]
    event = tell()
    drain(endpoint.pk)
    later()
    drain(endpoint.pk)
    deliveries = event.deliveries.order_by("id").values_list("attempt", "status_code", "error")
    assert list(deliveries) == [(1, 500, ""), (2, 200, "")]


def test_connections_are_used_again(endpoint, receiver, tell):
    for number in range(40):
        tell(f"post-{number}")
    drain(endpoint.pk)
    assert len(receiver.requests) == 40
    assert receiver.connections <= 8


def test_endless_answer_is_not_read_to_its_end(endpoint, receiver, tell):
    receiver.replies = [Reply(200, body=b"x" * 5_000_000)]
    tell("post-1")
    tell("post-1")
    drain(endpoint.pk)
    assert receiver.told == [("post-1", 1), ("post-1", 2)]
    assert receiver.connections == 2


def test_old_secret_signs_too_for_a_day(endpoint, receiver, tell):
    old = endpoint.secret
    new = rotate_secret(endpoint=endpoint, actor="user:alice")
    tell()
    drain(endpoint.pk)
    assert receiver.requests[0].verified(old) == receiver.requests[0].verified(new)


@pytest.mark.django_db(transaction=True)
def test_url_and_secret_that_change_during_a_drain_count_from_the_next_round(endpoint, receiver, tell):
    def move(request):
        WebhookEndpoint.objects.update(url=f"{receiver.url}/moved", secret=NEW_SECRET)
        connection.close()
        return Reply()

    receiver.reply = move
    tell("post-1")
    tell("post-1")
    drain(endpoint.pk)
    first, second = receiver.requests
    assert (first.path, second.path) == ("/hook", "/hook/moved")
    assert first.verified(endpoint.secret)["data"]["version"] == 1
    assert second.verified(NEW_SECRET)["data"]["version"] == 2


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_abcde", "whsec_ü"])
def test_unusable_secret_is_said_and_stops_nobody_else(endpoint, receiver, tell, secret):
    WebhookEndpoint.objects.update(secret=secret)
    tell()
    drain(endpoint.pk)
    assert not receiver.requests
    assert "secret is not a whsec_ secret; rotate it" in WebhookDelivery.objects.get().error
    assert WebhookEvent.objects.get().status == EventStatus.PENDING


def test_attempts_are_counted_by_what_came_of_them(endpoint, receiver, tell):
    receiver.replies = [Reply(400)]
    before = {kind: webhook_deliveries_total.labels(kind)._value.get() for kind in ("delivered", "refused")}
    tell("post-1")
    drain(endpoint.pk)
    tell("post-2")
    drain(endpoint.pk)
    after = {kind: webhook_deliveries_total.labels(kind)._value.get() for kind in before}
    assert {kind: after[kind] - before[kind] for kind in before} == {"delivered": 1, "refused": 1}

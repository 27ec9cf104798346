"""A secret is changed without a message being lost: for a while both sign."""

from datetime import timedelta

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from moderation.models import WebhookEndpoint
from moderation.webhooks.delivery import drain
from tests.moderation.webhooks.receivers import Received

pytestmark = pytest.mark.django_db


def address(endpoint, act: str) -> str:
    return f"/api/v1/webhook-endpoints/{endpoint.public_id}/{act}"


def accepted_by(request: Received, secret: str) -> bool:
    """Whether the holder of ``secret``, with the library that everybody uses, takes the message for ours."""
    try:
        Webhook(secret).verify(request.body, request.headers)
    except WebhookVerificationError:
        return False
    return True


def test_both_secrets_sign_while_they_overlap(api, endpoint, receiver):
    old = endpoint.secret
    new = api.post(address(endpoint, "rotate-secret"), "").json()["secret"]
    assert api.post(address(endpoint, "test"), "").status_code == 202
    drain(endpoint.pk)
    message = receiver.requests[0]
    assert old != new
    assert (accepted_by(message, old), accepted_by(message, new)) == (True, True)
    assert len(message.headers["webhook-signature"].split(" ")) == 2


def test_without_an_overlap_the_old_secret_ends_now(api, endpoint, receiver):
    old = endpoint.secret
    answer = api.post(address(endpoint, "rotate-secret"), {"overlap_seconds": 0}).json()
    api.post(address(endpoint, "test"), "")
    drain(endpoint.pk)
    assert answer["previous_secret_until"] is None
    assert (accepted_by(receiver.requests[0], old), accepted_by(receiver.requests[0], answer["secret"])) == (
        False,
        True,
    )


def test_after_the_overlap_only_the_new_one_signs(api, endpoint, receiver):
    new = api.post(address(endpoint, "rotate-secret"), {"overlap_seconds": 60}).json()["secret"]
    old = endpoint.secret
    endpoint.refresh_from_db()
    endpoint.previous_secret_until -= timedelta(seconds=61)
    endpoint.save()
    api.post(address(endpoint, "test"), "")
    drain(endpoint.pk)
    assert (accepted_by(receiver.requests[0], old), accepted_by(receiver.requests[0], new)) == (False, True)


@pytest.mark.parametrize("overlap", [-1, 604_801, "60", 1.5, None, True])
def test_an_overlap_that_is_none_changes_nothing(api, endpoint, overlap):
    answer = api.post(address(endpoint, "rotate-secret"), {"overlap_seconds": overlap})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/overlap_seconds")
    assert WebhookEndpoint.objects.get().secret == endpoint.secret

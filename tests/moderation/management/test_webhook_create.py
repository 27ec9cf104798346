"""`manage.py webhook_create`."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from moderation.models import AuditEntry, WebhookEndpoint


def create(*args):
    out, err = StringIO(), StringIO()
    call_command("webhook_create", *args, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_secret_stands_alone_on_standard_output(platform):
    out, err = create("platform", "https://example.com/hook")
    endpoint = WebhookEndpoint.objects.get()
    assert out == f"{endpoint.secret}\n"
    assert endpoint.secret not in err
    assert "hears everything" in err
    assert (endpoint.client, endpoint.url, endpoint.event_types) == (platform, "https://example.com/hook", [])


def test_event_types_are_kept(platform):
    create("platform", "https://example.com/hook", "--event", "content.rejected", "--event", "review.opened")
    assert WebhookEndpoint.objects.get().event_types == ["content.rejected", "review.opened"]


def test_every_endpoint_has_a_secret_of_its_own(platform):
    assert create("platform", "https://example.com/a")[0] != create("platform", "https://example.com/a")[0]


def test_creation_is_audited_without_the_secret(platform):
    create("platform", "https://example.com/hook")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor) == ("webhook_endpoint.added", "system")
    assert entry.data == {"client": "platform", "url": "https://example.com/hook", "event_types": []}


@pytest.mark.parametrize(
    ("client", "url", "words"),
    [
        ("nobody", "https://example.com/", "There is no client 'nobody'"),
        ("platform", "https://169.254.169.254/latest", "webhooks.allow_networks"),
        ("platform", "https://user:pw@example.com/", "user name or a password"),
        ("platform", "https://example.com/" + "a" * 2048, "longer than 2,048"),
    ],
)
def test_bad_input_is_refused_and_stores_nothing(platform, client, url, words):
    with pytest.raises(CommandError, match=words):
        create(client, url)
    assert not WebhookEndpoint.objects.exists()
    assert not AuditEntry.objects.exists()


def test_unknown_event_type_is_refused(platform):
    with pytest.raises(CommandError, match="invalid choice: 'content.seen'"):
        create("platform", "https://example.com/", "--event", "content.seen")

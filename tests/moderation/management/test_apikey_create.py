"""`apikey_create`: the key alone on standard output."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from moderation.enums import Scope
from moderation.models import ApiClient, ApiKey, AuditEntry

pytestmark = pytest.mark.django_db


def create(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("apikey_create", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_the_key_stands_alone_on_standard_output():
    out, err = create("forum")
    assert ApiKey.objects.get().digest == ApiKey.digest_of(out.removesuffix("\n"))
    assert "forum" in err


def test_without_scopes_it_may_do_everything():
    create("forum")
    assert ApiKey.objects.get().scopes == Scope.values


def test_scopes_limit_and_end_can_be_given():
    create("forum", "--scope", "content:read", "--rate-limit", "7", "--expires-in", "1")
    key = ApiKey.objects.get()
    assert (key.scopes, key.rate_limit_requests) == (["content:read"], 7)
    assert (key.expires_at - key.created_at).days in (0, 1)


def test_a_name_and_networks_can_be_given():
    create("forum", "--name", "the new importer", "--network", "203.0.113.0/24", "--network", "2001:db8::/32")
    key = ApiKey.objects.get()
    assert (key.name, key.allowed_networks) == ("the new importer", ["203.0.113.0/24", "2001:db8::/32"])


def test_a_second_key_belongs_to_the_same_client():
    create("forum")
    create("forum")
    assert (ApiClient.objects.count(), ApiKey.objects.count()) == (1, 2)


def test_the_audit_knows_of_it():
    key = create("forum")[0]
    entry = AuditEntry.objects.get(action="api_key.added")
    assert (entry.actor, entry.subject_id) == ("system", str(ApiKey.objects.get().pk))
    assert key.startswith(entry.data["prefix"])
    assert key not in str(entry.data)


@pytest.mark.parametrize(
    "arguments",
    [
        ("",),
        ("a" * 101,),
        ("forum", "--rate-limit", "0"),
        ("forum", "--scope", "everything"),
        ("forum", "--network", "10.0.0.1/8"),
        ("forum", "--network", "home"),
    ],
)
def test_a_faulty_call_makes_nothing(arguments):
    with pytest.raises(CommandError):
        create(*arguments)
    assert not ApiClient.objects.exists()

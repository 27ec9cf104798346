"""`audit_verify` ends with an error if anything was changed."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from moderation.models import Decision
from moderation.pipeline import drain
from tests.factories import ContentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _decided():
    ContentFactory()
    drain()


def test_it_seals_and_finds_the_chain_whole():
    out = StringIO()
    call_command("audit_verify", stdout=out)
    assert out.getvalue().splitlines()[0] == "The audit chain is whole: 2 entries, 2 of them sealed just now."


def test_it_names_what_was_changed():
    call_command("audit_verify", stdout=StringIO())
    Decision.objects.update(outcome="reject")
    err = StringIO()
    with pytest.raises(CommandError, match="Faults found: 1"):
        call_command("audit_verify", stderr=err)
    assert "the decision was changed after it was recorded" in err.getvalue()

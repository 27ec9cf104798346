"""`manage.py content_purge`."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from moderation.models import Content
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def old(platform) -> Content:
    moment = timezone.now() - timedelta(days=200)
    return factories.ContentFactory(client=platform, status="decided", decision="approve", decided_at=moment)


def test_a_dry_run_shows_a_table_and_changes_nothing(old, capsys):
    call_command("content_purge", "--dry-run")
    assert capsys.readouterr().out == (
        "content erased, decision approve           1\n"
        "content erased, decision reject            0\n"
        "webhook events deleted, delivered          0\n"
        "webhook events deleted, dead               0\n"
        "images deleted, used by nothing            0\n"
        "adapter feedback deleted                   0\n"
        "idempotency records deleted                0\n"
        "usage of keys deleted                      0\n"
        "exposures of moderators deleted            0\n"
        "Dry run: nothing was changed.\n"
    )
    assert Content.objects.get().erased_at is None


def test_it_erases_what_is_past_its_age(old, capsys):
    call_command("content_purge")
    assert capsys.readouterr().out.startswith("content erased, decision approve           1\n")
    assert Content.objects.get().erased_at is not None


def test_another_age_can_be_given(old):
    call_command("content_purge", "--older-than", "201")
    assert Content.objects.get().erased_at is None
    call_command("content_purge", "--older-than", "199")
    assert Content.objects.get().erased_at is not None


@pytest.mark.parametrize("days", ["0", "-3", "soon", "1.5"])
def test_an_age_that_is_none_is_refused(days):
    with pytest.raises(CommandError, match=f"'{days}' is not a number of days, 1 or more"):
        call_command("content_purge", f"--older-than={days}")

"""A wave of nearly equal texts from the first batch to the erased row."""

import pytest
from django.core.management import call_command

from moderation.models import Content, ContentFingerprint, ModerationResult
from moderation.pipeline import drain
from moderation.retention import erase_contents
from tests.factories import ContentFactory, DecidedContentFactory

pytestmark = pytest.mark.django_db


def offer(number):
    return f"Our street kitchen has {number} bowls of onion soup left, come to https://soup{number}.example before noon"


def test_a_wave_in_one_batch_waits_for_a_person(platform):
    for number in range(8):
        ContentFactory(client=platform, text=offer(number))
    drain()
    assert set(ModerationResult.objects.values_list("rule", "outcome")) == {("spam-wave", "review")}


def test_five_are_no_wave(platform):
    for number in range(5):
        ContentFactory(client=platform, text=offer(number))
    drain()
    assert not ModerationResult.objects.filter(rule="spam-wave").exists()


def test_a_greeting_that_many_send_is_no_wave(platform):
    for _ in range(8):
        ContentFactory(client=platform, text="Good morning to all of you!")
    drain()
    assert set(Content.objects.values_list("decision", flat=True)) == {"approve"}


def test_erasing_takes_the_fingerprint(platform):
    content = ContentFactory(client=platform, text=offer(1))
    drain()
    assert ContentFingerprint.objects.count() == 1
    content.refresh_from_db()
    erase_contents(contents=[content], actor="system", reason="test")
    assert not ContentFingerprint.objects.exists()


def test_old_contents_are_fingerprinted_by_the_command(platform, capsys):
    for number in range(5):
        DecidedContentFactory(client=platform, text=offer(number))
    DecidedContentFactory(client=platform, text="")
    call_command("content_fingerprint", batch=2)
    assert "5 contents" in capsys.readouterr().out
    assert ContentFingerprint.objects.values("cluster").distinct().count() == 1
    call_command("content_fingerprint")
    assert "0 contents" in capsys.readouterr().out

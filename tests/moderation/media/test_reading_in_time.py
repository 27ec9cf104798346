"""Reading the images of a batch ends well before its lease, and what was not reached is read later or by a person."""

import threading
import time
from types import SimpleNamespace

import pytest

from moderation.detectors.panel import BudgetExceeded
from moderation.media import fetch, reading
from moderation.media.reading import read_images
from moderation.models import Content, MediaFile
from moderation.pipeline import drain
from tests.images import encoded, pattern
from tests.moderation.media.senders import Sender

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch) -> list[float]:
    """Seconds by which the time of a batch is ahead: they pass when the test says so, not while a machine is busy."""
    ahead = [0.0]
    real = time.monotonic
    monkeypatch.setattr(reading, "time", SimpleNamespace(monotonic=lambda: real() + ahead[0]))
    return ahead


@pytest.fixture
def sender(configure_images, clock, monkeypatch):
    """Serves eight images, each of which takes 18 of the batch's 60 seconds to decode, as a huge one does."""
    configure_images(batch_seconds=60, fetch__allow_networks=["127.0.0.0/8"])
    keep = reading.keep_image
    monkeypatch.setattr(reading, "keep_image", lambda **given: clock.insert(0, clock.pop() + 18) or keep(**given))
    running = Sender()
    running.plan |= {f"/{number}": encoded(pattern(seed=number), "PNG") for number in range(8)}
    yield running
    running.down()


def test_contents_that_were_not_reached_are_read_later(content_with, sender):
    contents = [content_with(sender.url(f"/{number}")) for number in range(8)]
    with pytest.raises(BudgetExceeded):
        read_images(contents)
    assert MediaFile.objects.count() == 3
    drain()
    assert set(Content.objects.values_list("decision", flat=True)) == {"approve"}
    assert len(sender.asked) == 8 + 5 + 2


def test_of_a_content_alone_a_person_sees_what_was_not_reached(content_with, sender):
    content = content_with(*(sender.url(f"/{number}") for number in range(8)))
    (read,) = read_images([content]).values()
    assert [media.fault for media in read.media] == [""] * 3 + ["no_time"] * 5
    assert (read.failures["images"], "nsfw_image" in read.scores) == ("no_time", True)


def test_a_name_server_that_hangs_is_not_waited_for(content_with, configure_images, monkeypatch):
    configure_images(batch_seconds=0.5)
    awake = threading.Event()

    def hang(*_, **__):
        awake.wait(120)
        raise OSError

    monkeypatch.setattr(fetch, "find_route", hang)
    (read,) = read_images([content_with("https://slow.example/1.png")]).values()
    awake.set()
    assert (read.media[0].fault, read.unavailable) == ("no_time", {"nsfw_image"})


def test_a_detector_that_is_slow_ends_with_the_time_of_its_batch(content_with, kept, clock, monkeypatch):
    content = content_with(*(kept(encoded(pattern(seed=number))) for number in range(4)))
    copies = reading.read_copy
    monkeypatch.setattr(reading, "read_copy", lambda file: clock.insert(0, clock.pop() + 20) or copies(file))
    (read,) = read_images([content]).values()
    assert [media.fault for media in read.media] == ["", "", "no_time", "no_time"]

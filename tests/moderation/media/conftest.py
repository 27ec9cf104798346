"""A client's images, and options for fetching them from this machine."""

from collections.abc import Callable

import pytest

from moderation.media.store import keep_image
from moderation.models import ContentMedia, MediaFile
from reviewengine import conf
from tests.factories import ContentFactory
from tests.images import photo


@pytest.fixture
def kept(platform) -> Callable[..., MediaFile]:
    """Keeps an image for the platform."""
    return lambda data=None: keep_image(client_id=platform.pk, data=data or photo())


@pytest.fixture
def content_with(platform):
    """A waiting content of the platform with these files and addresses as its images."""

    def make(*images, text: str = "Look at my garden."):
        content = ContentFactory(client=platform, text=text, image_count=len(images))
        for position, image in enumerate(images):
            given = {"source": "url", "source_url": image} if isinstance(image, str) else {"file": image}
            row = {"source": "upload", "content": content, "content_version": 1, "position": position, **given}
            ContentMedia.objects.create(**row)
        return content

    return make


@pytest.fixture
def configure_images(monkeypatch) -> Callable[..., None]:
    """Replaces options of the configuration's ``images`` section; ``fetch__...`` those of fetching."""

    def put(**options: object) -> None:
        current = conf.load()
        fetch = {name.removeprefix("fetch__"): value for name, value in options.items() if name.startswith("fetch__")}
        others = {name: value for name, value in options.items() if not name.startswith("fetch__")}
        images = current.images.model_copy(update=others)
        images = images.model_copy(update={"fetch": images.fetch.model_copy(update=fetch)})
        changed = current.model_copy(update={"images": images})
        monkeypatch.setattr(conf, "load", lambda: changed)

    return put

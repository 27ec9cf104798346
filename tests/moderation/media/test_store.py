"""Images are kept once a client, as a copy without metadata, until nothing refers to them."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from PIL import Image

from moderation.detectors.images.faults import ImageFault
from moderation.media.store import keep_image, media_storage, read_copy
from moderation.models import Content, ContentMedia, MediaFile
from moderation.retention import clean_up, erase_contents
from tests.images import encoded, huge_png, pattern, photo

pytestmark = pytest.mark.django_db


def erase(*contents, commit) -> None:
    with commit(execute=True):
        erase_contents(contents=contents, actor="system", reason="a test")


def test_the_same_file_is_kept_once(kept):
    first, again = kept(), kept()
    assert first == again
    assert MediaFile.objects.count() == 1


def test_a_file_that_is_sent_again_counts_as_fresh(kept):
    file = kept()
    MediaFile.objects.update(used_at=timezone.now() - timedelta(days=3))
    kept()
    file.refresh_from_db()
    assert timezone.now() - file.used_at < timedelta(days=1)


def test_another_client_keeps_its_own(kept, stranger):
    mine, theirs = kept(), keep_image(client_id=stranger.pk, data=photo())
    assert mine.sha256 == theirs.sha256
    assert mine.copy_name != theirs.copy_name


def test_what_came_in_is_described_and_not_kept(kept):
    data = encoded(pattern(2000, 100), "PNG")
    file = kept(data)
    assert (file.format, file.width, file.height, file.size_bytes) == ("png", 2000, 100, len(data))
    assert file.original_name == ""
    assert max(Image.open(BytesIO(read_copy(file))).size) == 1280


def test_the_copy_names_no_camera_and_no_place(kept):
    exif = Image.Exif()
    exif[0x010F] = "Camera of Anna"
    exif.get_ifd(0x8825)[1] = "N"
    copy = read_copy(kept(photo(exif=exif)))
    assert b"Anna" not in copy
    assert dict(Image.open(BytesIO(copy)).getexif()) == {}


def test_originals_are_kept_where_the_site_wants_them(kept, configure_images):
    configure_images(keep_originals=True)
    data = photo(seed=7)
    with media_storage().open(kept(data).original_name) as original:
        assert original.read() == data


def test_a_bomb_leaves_nothing(kept):
    with pytest.raises(ImageFault):
        kept(huge_png(30_000, 30_000))
    assert not MediaFile.objects.exists()


def test_an_erased_content_takes_its_images_along(kept, content_with, django_capture_on_commit_callbacks):
    file = kept(photo(seed=11))
    erase(content_with(file), commit=django_capture_on_commit_callbacks)
    assert not ContentMedia.objects.exists()
    assert not MediaFile.objects.exists()
    assert not media_storage().exists(file.copy_name)


def test_a_file_that_another_content_shows_stays(kept, content_with, django_capture_on_commit_callbacks):
    file = kept(photo(seed=12))
    first, second = content_with(file), content_with(file)
    erase(first, commit=django_capture_on_commit_callbacks)
    assert media_storage().exists(file.copy_name)
    erase(second, commit=django_capture_on_commit_callbacks)
    assert not media_storage().exists(file.copy_name)


def test_images_of_earlier_versions_are_erased_too(kept, content_with, django_capture_on_commit_callbacks):
    content = content_with(kept(photo(seed=13)))
    ContentMedia.objects.create(
        content=content, content_version=2, position=0, source="upload", file=kept(photo(seed=14))
    )
    Content.objects.filter(pk=content.pk).update(version=2)
    erase(content, commit=django_capture_on_commit_callbacks)
    assert not MediaFile.objects.exists()


def test_an_upload_that_nobody_uses_is_deleted_after_a_day(kept, content_with, django_capture_on_commit_callbacks):
    used, fresh, stale = kept(photo(seed=1)), kept(photo(seed=2)), kept(photo(seed=3))
    content_with(used)
    MediaFile.objects.exclude(pk=fresh.pk).update(used_at=timezone.now() - timedelta(hours=25))
    with django_capture_on_commit_callbacks(execute=True):
        report = clean_up()
    assert report.counts["images deleted, used by nothing"] == 1
    assert set(MediaFile.objects.all()) == {used, fresh}
    assert not media_storage().exists(stale.copy_name)

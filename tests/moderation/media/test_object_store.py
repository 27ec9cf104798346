"""Images in S3, against a real server: kept, read at the desk and by a worker, deleted with their content."""

from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django_redis import get_redis_connection

from moderation.media.files import StorageAway
from moderation.models import ContentMedia, MediaFile
from moderation.pipeline import drain
from moderation.retention import clean_up, erase_contents
from reviewengine import conf
from reviewengine.sections import MediaStorage
from tests.images import photo
from tests.object_store import ACCESS_KEY, SECRET_KEY, ObjectStore, running_object_store

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(scope="module")
def object_store(tmp_path_factory) -> Iterator[ObjectStore]:
    with running_object_store(tmp_path_factory.mktemp("object-store")) as store:
        yield store


@pytest.fixture
def use_storage(settings, configure_images):
    """Puts images into a storage of kind S3."""

    def use(store: ObjectStore, **changes: str) -> None:
        keys = {"access_key": ACCESS_KEY, "secret_key": SECRET_KEY, "region": "us-east-1"}
        given = {"kind": "s3", "bucket": store.bucket, "endpoint_url": store.endpoint_url, **keys, **changes}
        storage = MediaStorage(**given)
        configure_images(storage=storage)
        settings.STORAGES = {**settings.STORAGES, "media": storage.as_django(conf.load().home)}

    return use


@pytest.fixture
def bucket(object_store, use_storage) -> Iterator[ObjectStore]:
    use_storage(object_store)
    yield object_store
    for name in object_store.names():
        object_store.client().delete_object(Bucket=object_store.bucket, Key=name)


@pytest.fixture
def desk(client, alice):
    """What Alice gets when she looks at an image."""
    client.force_login(alice)
    return lambda file: client.get(reverse("admin:review_media", args=[file.pk]))


def erase(content, commit) -> None:
    with commit(execute=True):
        erase_contents(contents=[content], actor="system", reason="a test")


def test_an_image_is_kept_in_the_bucket_and_read_by_a_worker(bucket, kept, content_with):
    file = kept()
    assert bucket.names() == {f"media/{file.copy_name}"}
    content = content_with(file)
    drain()
    content.refresh_from_db()
    assert (content.decision, ContentMedia.objects.get().fault) == ("approve", "")


def test_the_desk_shows_it(bucket, kept, desk):
    answer = desk(kept())
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert answer.content.startswith(b"\xff\xd8")


def test_the_original_is_kept_beside_it_where_the_site_wants_that(bucket, kept, configure_images):
    configure_images(keep_originals=True)
    file = kept()
    original = bucket.client().get_object(Bucket=bucket.bucket, Key=f"media/{file.original_name}")["Body"].read()
    assert original == photo()


def test_erasing_the_content_deletes_it(bucket, kept, content_with, django_capture_on_commit_callbacks):
    content = content_with(kept())
    erase(content, django_capture_on_commit_callbacks)
    assert (bucket.names(), MediaFile.objects.count()) == (set(), 0)


def test_one_that_somebody_deleted_is_lost_for_worker_and_desk(bucket, kept, content_with, desk):
    file = kept()
    bucket.client().delete_object(Bucket=bucket.bucket, Key=f"media/{file.copy_name}")
    content_with(file)
    drain()
    assert ContentMedia.objects.get().fault == "copy_lost"
    assert desk(file).status_code == 404


@pytest.mark.parametrize(
    "fault", [{"secret_key": "wrong"}, {"bucket": "nobodys"}, {"endpoint_url": "http://127.0.0.1:1"}]
)
def test_a_storage_that_refuses_or_is_away_keeps_nothing_and_says_so(object_store, use_storage, kept, fault):
    use_storage(object_store, **fault)
    with pytest.raises(StorageAway) as refused:
        kept()
    assert SECRET_KEY not in str(refused.value)
    assert not MediaFile.objects.exclude(stored_at=None).exists()


def test_a_client_is_told_to_try_again(object_store, use_storage, client, key):
    get_redis_connection("default").flushdb()
    use_storage(object_store, secret_key="wrong")
    file = SimpleUploadedFile("soup.jpg", photo())
    answer = client.post("/api/v1/media", {"file": file}, headers={"authorization": f"Bearer {key}"})
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, "unavailable", "5")


def test_while_it_is_away_a_person_decides_and_the_desk_says_why(bucket, use_storage, kept, content_with, desk):
    content = content_with(file := kept())
    use_storage(bucket, endpoint_url="http://127.0.0.1:1")
    drain()
    content.refresh_from_db()
    assert (content.decision, ContentMedia.objects.get().fault) == ("review", "storage_away")
    assert desk(file).status_code == 503


def test_what_could_not_be_deleted_is_deleted_by_a_later_clean_up(
    bucket, use_storage, kept, content_with, django_capture_on_commit_callbacks
):
    content = content_with(kept())
    use_storage(bucket, secret_key="wrong")
    erase(content, django_capture_on_commit_callbacks)
    assert (len(bucket.names()), MediaFile.objects.get().stored_at) == (1, None)
    use_storage(bucket)
    again = kept()
    MediaFile.objects.exclude(pk=again.pk).update(used_at="2020-01-01T00:00Z")
    with django_capture_on_commit_callbacks(execute=True):
        clean_up()
    assert (bucket.names(), MediaFile.objects.get()) == ({f"media/{again.copy_name}"}, again)

"""Images lie in a folder or in a bucket, as the configuration says."""

from pathlib import Path

import pytest
from django.core.files.storage import storages
from pydantic import ValidationError

from reviewengine.sections import MediaStorage

HOME = Path("/srv/reviewengine")


def test_a_folder_under_home_is_the_default():
    made = MediaStorage().as_django(HOME)
    assert made["BACKEND"] == "django.core.files.storage.FileSystemStorage"
    assert made["OPTIONS"]["location"] == HOME / "media"
    assert made["OPTIONS"]["file_permissions_mode"] == 0o600


def test_a_bucket_is_opened_by_django_storages():
    given = MediaStorage(kind="s3", bucket="images", endpoint_url="http://127.0.0.1:9", access_key="a", secret_key="b")
    storage = storages.create_storage(given.as_django(HOME))
    assert (storage.bucket_name, storage.location, storage.endpoint_url) == ("images", "media", "http://127.0.0.1:9")
    assert (storage.file_overwrite, storage.default_acl) == (True, None)


@pytest.mark.parametrize(
    ("given", "words"), [({"kind": "s3"}, "needs a 'bucket'"), ({"access_key": "a"}, "give both 'access_key'")]
)
def test_half_a_storage_is_refused(given, words):
    with pytest.raises(ValidationError, match=words):
        MediaStorage(**given)

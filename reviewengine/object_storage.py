"""Django's storage in a bucket of S3 or a compatible store, which gives up in bounded time."""

from typing import Any

from botocore.config import Config
from storages.backends.s3 import S3Storage

# What lies there is small, and whoever waits for it holds a lease or a client's request: boto's own minute will not do.
PATIENCE = Config(connect_timeout=3, read_timeout=5, retries={"total_max_attempts": 2, "mode": "standard"})


class ObjectStorage(S3Storage):
    """S3 by django-storages; an answer that does not come is an error after 16 seconds at most."""

    client_config: Any

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.client_config = self.client_config.merge(PATIENCE)

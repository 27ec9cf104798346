"""Homes of their own for the embedded services: short paths, since a socket's path must fit 103 bytes."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewengine.embedded.home import Home


@pytest.fixture
def home() -> Iterator[Home]:
    """A prepared home that nothing runs in."""
    folder = Path(tempfile.mkdtemp(prefix="re-"))
    made = Home(folder)
    made.prepare()
    yield made
    shutil.rmtree(folder, ignore_errors=True)

"""What the tests of the process share."""

import os
from collections.abc import Callable

import pytest

from reviewengine import conf


@pytest.fixture
def read_config(monkeypatch) -> Callable[..., conf.Config]:
    """Reads the configuration anew, with these environment variables of ours and no others."""

    def read(**variables: str) -> conf.Config:
        for name in list(os.environ):
            if name.startswith("REVIEWENGINE_") or name.removesuffix("_FILE") in conf.environment.SHORT_NAMES:
                monkeypatch.delenv(name)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return conf.load.__wrapped__()

    return read

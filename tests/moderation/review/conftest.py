"""Rows that the tests of review share."""

from datetime import UTC, datetime

import pytest

from tests import factories

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def noon() -> datetime:
    """A moment; services take it as ``now``, so that no test waits."""
    return NOON


@pytest.fixture
def general(db):
    """The queue in which every moderator may work."""
    return factories.QueueFactory()


@pytest.fixture
def spam_queue(db):
    return factories.QueueFactory(slug="spam", name="Spam")

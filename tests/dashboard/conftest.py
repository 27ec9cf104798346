"""A day of traffic, small enough to count by hand."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache

from dashboard.queries import Period
from moderation.enums import ContentStatus, DecisionSource, Outcome
from moderation.models import Content, Decision
from tests import factories

NOW = datetime(2026, 5, 4, 13, 30, tzinfo=UTC)


def ago(**parts) -> datetime:
    return NOW - timedelta(**parts)


@pytest.fixture
def period() -> Period:
    return Period.last_day(NOW)


@pytest.fixture(autouse=True)
def nothing_cached() -> None:
    """Each test has a past of its own."""
    cache.delete_pattern("dashboard:*")


@pytest.fixture
def receive(platform):
    """``receive(when)``: a content received then, pending unless its state is given."""

    def of(when: datetime, **fields) -> Content:
        return factories.ContentFactory(client=platform, created_at=when, **fields)

    return of


@pytest.fixture
def decide(platform, alice):
    """``decide(when, outcome, source)``: a decision recorded then."""

    def of(when: datetime, outcome: Outcome, source: DecisionSource = DecisionSource.POLICY) -> Decision:
        status = ContentStatus.IN_REVIEW if outcome == Outcome.REVIEW else ContentStatus.DECIDED
        content = factories.ContentFactory(client=platform, status=status, decision=outcome, created_at=when)
        person = alice if source == DecisionSource.MODERATOR else None
        return Decision.objects.create(
            content=content, content_version=1, outcome=outcome, source=source, moderator=person, created_at=when
        )

    return of

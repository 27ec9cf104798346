"""Statistics as the platform asks for them."""

from datetime import timedelta

import pytest

from moderation.models import Decision
from moderation.usage import today
from tests import factories

pytestmark = pytest.mark.django_db
STATS = "/api/v1/stats"


def test_the_answer_names_its_days_and_the_days_before(api, platform):
    content = factories.DecidedContentFactory(client=platform)
    Decision.objects.create(content=content, content_version=1, outcome="approve", source="policy", rule="default")
    body = api.get(STATS).json()
    assert (body["from"], body["to"]) == (str(today() - timedelta(days=6)), str(today()))
    assert (body["current"]["received"], body["previous"]["received"]) == (1, 0)
    assert body["current"]["decided"] == [{"outcome": "approve", "source": "policy", "count": 1}]
    assert (body["current"]["automation_rate"], body["current"]["overturn_rate"]) == (1.0, 0.0)
    assert body["current"]["rules"] == [{"name": "default", "count": 1}]
    assert body["backlog"] == {"open": 0, "overdue": 0, "oldest_opened_at": None}


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"from": "2026-01-01", "to": "2026-04-02"}, 200),
        ({"from": "2026-01-01", "to": "2026-04-03"}, 400),
        ({"from": "2000-01-01", "to": "2000-01-02"}, 200),
        ({"group_by": "day"}, 400),
        ({"to": "2026-01-01\x00"}, 400),
    ],
)
def test_the_range_is_bounded(api, query, status):
    assert api.get(STATS, **query).status_code == status

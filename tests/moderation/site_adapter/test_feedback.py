"""What clients say of texts, as the site adapter keeps it."""

import pytest
from django.db import IntegrityError

from moderation.models import AdapterFeedback
from moderation.site_adapter.feedback import record_feedback
from moderation.site_adapter.training import train
from tests.moderation.site_adapter.conftest import OTHER, PIZZA, sentences

pytestmark = pytest.mark.django_db


def keep(platform, text: str, **scores: float) -> int:
    return record_feedback(client_id=platform.pk, text=text, language="en", scores=scores)


def test_each_category_is_a_row(platform):
    assert keep(platform, "Soup for sale.", spam=0.9, identity_attack=0.2) == 2
    assert set(AdapterFeedback.objects.values_list("category", "score")) == {("spam", 0.9), ("hate", 0.2)}


def test_it_is_kept_whole_or_not_at_all(platform):
    with pytest.raises(IntegrityError):
        keep(platform, "Soup for sale.", spam=0.9, hate=2)
    assert not AdapterFeedback.objects.exists()


@pytest.mark.slow
def test_the_adapter_is_trained_on_feedback_alone(configured, platform):
    for text in sentences(PIZZA)[:40]:
        keep(platform, text, spam=1.0)
    for text in sentences(OTHER)[:80]:
        keep(platform, text, spam=0.0)
    report = train(actor="user:lead", dry_run=True)
    (spam,) = report.report
    assert (spam["category"], spam["positives"], spam["negatives"]) == ("spam", 40, 80)
    assert spam["won"]

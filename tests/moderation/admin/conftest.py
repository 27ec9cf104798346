"""A console with something in it, and people who are signed in."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from django_celery_beat.models import CrontabSchedule, PeriodicTask

from moderation.audit import record_audit
from moderation.enums import Category, Scope
from moderation.in_force import apply_policy
from moderation.media.store import keep_image
from moderation.models import (
    ApiKey,
    Content,
    ContentMedia,
    ContentVersion,
    HashBank,
    HashBankEntry,
    PolicyVersion,
    TermList,
    WebhookDelivery,
    WebhookEvent,
)
from tests import factories
from tests.images import photo

POLICY = """\
version: 1
policy: quiet-town
rules:
  - name: toxic
    when: {category: toxicity, at_least: 0.9}
    then: reject
default: {then: approve}
"""


@pytest.fixture
def boss(groups) -> User:
    """A superuser."""
    return factories.UserFactory(username="boss", is_staff=True, is_superuser=True)


@pytest.fixture
def admin_user(groups) -> User:
    """A member of the group admin."""
    return factories.UserFactory(username="ada", is_staff=True, group_names=["admin"])


@pytest.fixture
def signed_in():
    """``signed_in(user)`` is that person's browser, without the browser."""

    def of(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return of


@pytest.fixture
def policy_version(db) -> PolicyVersion:
    return apply_policy(source=POLICY, actor="user:lead")[0]


def full_content(number: int = 0) -> Content:
    """A content with an author, an earlier version, a result, a decision, a case and a delivered event."""
    client = factories.ApiClientFactory()
    author = factories.AuthorFactory(client=client, display_name="Robin <b>Bold</b>")
    content = factories.InReviewContentFactory(
        client=client, author=author, version=2, text="<script>alert(1)</script> soup", metadata={"board": "cooking"}
    )
    ContentVersion.objects.create(content=content, version=1, text="The first soup.", text_digest="0" * 64)
    factories.CaseFactory(content=content)
    factories.ReportFactory(content=content, comment="Calls me <i>names</i>")
    endpoint = factories.EndpointFactory(client=client)
    event = WebhookEvent.objects.create(
        message_id=f"msg_{number}_{'W' * 24}{content.pk.hex[-8:]}",  # as long as a real one, of the widest letter
        endpoint=endpoint,
        content=content,
        type="review.opened",
        payload={},
    )
    WebhookDelivery.objects.create(event=event, attempt=1, status_code=500, duration_ms=3.0)
    return content


@pytest.fixture
def furnished(policy_version) -> Content:
    """One row at least of everything that the console shows."""
    content = full_content()
    content.results.update(policy_version=policy_version, matches=[_match()], failures={"urls": "timed out"})
    ApiKey.issue(client=content.client, scopes=list(Scope.values))
    TermList.objects.create(name="soups", category=Category.SPAM, terms=["borscht", "cold soup"])
    record_audit(action="test.done", actor="user:boss", subject_type="content", subject_id=content.pk, data={"n": 1})
    crontab, _ = CrontabSchedule.objects.get_or_create(minute="0", hour="2")
    PeriodicTask.objects.create(name="nightly", task="moderation.tasks.sweep", crontab=crontab)
    add_images(content)
    return content


def add_images(content: Content) -> None:
    """Two images of a content, one that a hash bank knows and one that nobody could fetch."""
    file = keep_image(client_id=content.client_id, data=photo(seed=3))
    bank = HashBank.objects.create(name="known-soups", description="Soups we have seen.", action="review")
    HashBankEntry.objects.create(bank=bank, perceptual_hash=file.perceptual_hash, note="A bowl", created_by="boss")
    common = {"content": content, "content_version": content.version}
    hits = [{"bank": bank.name, "action": bank.action, "category": bank.category, "distance": 2}]
    ContentMedia.objects.create(**common, position=0, source="upload", file=file, scores={"nsfw_image": 0.7}, hits=hits)
    address = {"source": "url", "source_url": "https://a.example/<b>soup</b>.png", "fault": "status_4xx"}
    ContentMedia.objects.create(**common, position=1, **address)
    Content.objects.filter(pk=content.pk).update(image_count=2)


def _match() -> dict:
    reading = {"condition": "toxicity is at least 0.6", "category": "toxicity", "score": 0.71, "threshold": 0.6}
    return {"rule": "toxic", "outcome": "review", "readings": [{**reading, "negated": False}]}


@pytest.fixture
def hour_ago():
    return timezone.now() - timedelta(hours=1)

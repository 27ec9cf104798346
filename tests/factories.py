"""Builders of rows for tests; texts are mild and our own."""

import functools
import hashlib
from datetime import timedelta

import factory
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, User
from django.utils import timezone

from moderation.enums import CaseSource, CaseStatus, ContentStatus, DecisionSource, Outcome
from moderation.models import (
    ApiClient,
    Author,
    Content,
    Decision,
    GoldenCase,
    ModerationResult,
    QualityReview,
    Report,
    ReviewCase,
    ReviewQueue,
    WebhookEndpoint,
)

PASSWORD = "correct horse battery staple"
# Hashing is slow on purpose; once is enough for all persons of a run.
_hash_of = functools.cache(make_password)


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person{n}")
    password = factory.LazyFunction(lambda: _hash_of(PASSWORD))

    @factory.post_generation
    def group_names(self, create, extracted, **kwargs):
        if extracted:
            self.groups.set(Group.objects.filter(name__in=extracted))


class ModeratorFactory(UserFactory):
    is_staff = True
    group_names = factory.PostGeneration(
        lambda user, create, extracted: user.groups.add(Group.objects.get(name="moderator"))
    )


class ApiClientFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ApiClient

    name = factory.Sequence(lambda n: f"client{n}")


class AuthorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Author

    client = factory.SubFactory(ApiClientFactory)
    external_id = factory.Sequence(lambda n: f"author{n}")


class ContentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Content

    client = factory.SubFactory(ApiClientFactory)
    external_id = factory.Sequence(lambda n: f"post-{n}")
    text = "The soup was warm and the rain was loud."
    text_digest = factory.LazyAttribute(lambda row: hashlib.sha256(row.text.encode()).hexdigest())


class InReviewContentFactory(ContentFactory):
    status = ContentStatus.IN_REVIEW
    decision = Outcome.REVIEW


class ResultFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ModerationResult

    content = factory.SubFactory(InReviewContentFactory)
    content_version = factory.SelfAttribute("content.version")
    outcome = Outcome.REVIEW
    rule = "review-toxicity"
    reasons = factory.LazyFunction(
        lambda: [
            {
                "code": "category_score",
                "message": "toxicity is at least 0.6",
                "category": "toxicity",
                "score": 0.71,
                "threshold": 0.6,
                "rule": "review-toxicity",
            }
        ]
    )
    scores = factory.LazyFunction(lambda: {"toxicity": 0.71, "spam": 0.02})
    evidence = factory.LazyFunction(
        lambda: [{"category": "toxicity", "start": 4, "end": 8, "detector": "text", "detail": ""}]
    )
    detectors = factory.LazyFunction(lambda: {"text": "test"})
    duration_ms = 1.0


class PolicyDecisionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Decision

    content = factory.SubFactory(InReviewContentFactory)
    content_version = factory.SelfAttribute("content.version")
    outcome = factory.SelfAttribute("content.decision")
    source = DecisionSource.POLICY
    rule = "review-toxicity"


class QueueFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ReviewQueue
        django_get_or_create = ("slug",)
        skip_postgeneration_save = True

    slug = "general"
    name = "General"

    @factory.post_generation
    def group_names(self, create, extracted, **kwargs):
        if extracted:
            self.groups.set(Group.objects.filter(name__in=extracted))


class CaseFactory(factory.django.DjangoModelFactory):
    """An open case of a content in review, with its result and the policy's decision."""

    class Meta:
        model = ReviewCase
        skip_postgeneration_save = True

    content = factory.SubFactory(InReviewContentFactory)
    client = factory.SelfAttribute("content.client")
    content_version = factory.SelfAttribute("content.version")
    result = factory.LazyAttribute(lambda row: ResultFactory(content=row.content))
    queue = factory.SubFactory(QueueFactory)
    due_at = factory.LazyFunction(lambda: timezone.now() + timedelta(hours=24))

    @factory.post_generation
    def policy_decision(self, create, extracted, **kwargs):
        PolicyDecisionFactory(content=self.content, result=self.result)


class DecidedContentFactory(ContentFactory):
    status = ContentStatus.DECIDED
    decision = Outcome.APPROVE
    decided_at = factory.LazyFunction(timezone.now)


class ModeratorDecisionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Decision

    content = factory.SubFactory(DecidedContentFactory)
    content_version = factory.SelfAttribute("content.version")
    outcome = factory.SelfAttribute("content.decision")
    source = DecisionSource.MODERATOR
    moderator = factory.SubFactory(ModeratorFactory)


class ResolvedCaseFactory(CaseFactory):
    """A case that a moderator has approved."""

    content = factory.SubFactory(DecidedContentFactory)
    status = CaseStatus.RESOLVED
    decision = factory.SubFactory(ModeratorDecisionFactory, content=factory.SelfAttribute("..content"))
    resolved_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def policy_decision(self, create, extracted, **kwargs):
        """The policy had asked for a person."""
        asked_at = self.decision.created_at - timedelta(minutes=5)
        PolicyDecisionFactory(content=self.content, result=self.result, outcome=Outcome.REVIEW, created_at=asked_at)


class DoubleCaseFactory(factory.django.DjangoModelFactory):
    """A second case about what a moderator has rejected, as the sampling of decisions opens it."""

    class Meta:
        model = ReviewCase
        exclude = ("decided",)

    first_decision = factory.SubFactory(ModeratorDecisionFactory, content__decision=Outcome.REJECT)
    decided = factory.LazyAttribute(
        lambda row: ResolvedCaseFactory(
            content=row.first_decision.content, decision=row.first_decision, categories=row.categories
        )
    )
    content = factory.SelfAttribute("first_decision.content")
    client = factory.SelfAttribute("content.client")
    content_version = factory.SelfAttribute("content.version")
    result = factory.SelfAttribute("decided.result")
    queue = factory.SelfAttribute("decided.queue")
    source = CaseSource.DOUBLE
    categories = factory.LazyFunction(lambda: ["toxicity"])
    due_at = factory.SelfAttribute("decided.due_at")


class DisagreementFactory(factory.django.DjangoModelFactory):
    """A moderator rejected a content, and another, who did not know of it, would have approved it."""

    class Meta:
        model = QualityReview

    first_decision = factory.SubFactory(ModeratorDecisionFactory, content__decision=Outcome.REJECT)
    case = factory.SubFactory(
        DoubleCaseFactory,
        first_decision=factory.SelfAttribute("..first_decision"),
        status=CaseStatus.RESOLVED,
        resolved_at=factory.LazyFunction(timezone.now),
    )
    kind = CaseSource.DOUBLE
    content = factory.SelfAttribute("case.content")
    moderator = factory.SubFactory(ModeratorFactory)
    queue = factory.SelfAttribute("case.queue")
    categories = factory.SelfAttribute("case.categories")
    outcome = Outcome.APPROVE
    expected_outcome = factory.SelfAttribute("first_decision.outcome")
    agrees = factory.LazyAttribute(lambda row: row.outcome == row.expected_outcome)


class GoldenCaseFactory(factory.django.DjangoModelFactory):
    """A content whose rejection is right."""

    class Meta:
        model = GoldenCase

    content = factory.SubFactory(DecidedContentFactory, decision=Outcome.REJECT)
    content_version = factory.SelfAttribute("content.version")
    result = factory.LazyAttribute(lambda row: ResultFactory(content=row.content))
    queue = factory.SubFactory(QueueFactory)
    categories = factory.LazyFunction(lambda: ["toxicity"])
    outcome = Outcome.REJECT
    explanation = "It names a person and calls them worthless."
    added_by = factory.SubFactory(UserFactory)


class GoldenAnswerFactory(factory.django.DjangoModelFactory):
    """A moderator has rejected a golden case."""

    class Meta:
        model = QualityReview

    golden = factory.SubFactory(GoldenCaseFactory)
    case = factory.LazyAttribute(
        lambda row: ReviewCase.objects.create(
            content=row.golden.content,
            client=row.golden.content.client,
            content_version=row.golden.content_version,
            queue=row.golden.queue,
            source=CaseSource.GOLDEN,
            status=CaseStatus.RESOLVED,
            golden=row.golden,
            due_at=timezone.now(),
            resolved_at=timezone.now(),
        )
    )
    kind = CaseSource.GOLDEN
    content = factory.SelfAttribute("golden.content")
    moderator = factory.SubFactory(ModeratorFactory)
    queue = factory.SelfAttribute("golden.queue")
    categories = factory.SelfAttribute("golden.categories")
    outcome = Outcome.REJECT
    expected_outcome = factory.SelfAttribute("golden.outcome")
    agrees = factory.LazyAttribute(lambda row: row.outcome == row.expected_outcome)


class ReportFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Report

    content = factory.SubFactory(DecidedContentFactory)
    client = factory.SelfAttribute("content.client")
    content_version = factory.SelfAttribute("content.version")
    reporter_external_id = factory.Sequence(lambda n: f"reader{n}")
    reason = "insult"


class EndpointFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = WebhookEndpoint

    client = factory.SubFactory(ApiClientFactory)
    url = "http://127.0.0.1:9/hook"
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

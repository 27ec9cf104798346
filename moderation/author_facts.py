"""What a policy may know of authors, gathered for many contents at once."""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Count
from django.utils import timezone

from moderation.enums import Outcome
from moderation.models import Content
from moderation.policy.facts import AuthorFacts


def author_facts(contents: Sequence[Content]) -> dict[int | None, AuthorFacts]:
    """What is known of each author, by the author's id, in one query over their earlier contents."""
    authors = {content.author_id: content.author for content in contents if content.author}
    if not authors:
        return {}
    decided = Content.objects.filter(author__in=authors).exclude(decision=None)
    counts: dict[tuple[int | None, str | None], int] = {
        (row["author"], row["decision"]): row["count"]
        for row in decided.order_by().values("author", "decision").annotate(count=Count("pk"))
    }
    now = timezone.now()
    return {
        key: AuthorFacts(
            trust=author.trust,
            prior_rejections=counts.get((key, Outcome.REJECT), 0),
            prior_approvals=counts.get((key, Outcome.APPROVE), 0),
            age_days=(now - author.created_at) / timedelta(days=1),
            suspended=author.is_suspended(now),
            reach=author.reach,
        )
        for key, author in authors.items()
    }

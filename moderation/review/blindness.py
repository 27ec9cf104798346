"""Step 6, what somebody must not see while they answer a case that measures them: what was decided of its content."""

from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet

from moderation.enums import QUALITY_SOURCES, CaseStatus
from moderation.models import Content, ReviewCase

SEE_MEASURED = "moderation.view_qualityreview"


def contents_kept_from(person: User) -> QuerySet[ReviewCase, Any]:
    """The contents of the cases that measure this person now, as values for a query; one at most, as a rule."""
    cases = ReviewCase.objects.measuring().filter(status=CaseStatus.OPEN, assigned_to=person)
    return cases.order_by().values("content")


def is_kept_from(person: User, content: Content) -> bool:
    """Whether the person answers a case about this content now, and must not learn what others said."""
    return contents_kept_from(person).filter(content=content).exists()


def cases_shown_to(person: User, cases: QuerySet[ReviewCase]) -> QuerySet[ReviewCase]:
    """Of ``cases`` those that lists may show: none about a content that is kept from the person.

    Cases that measure people are for those alone who may see what was measured.
    """
    shown = cases.exclude(content__in=contents_kept_from(person))
    return shown if person.has_perm(SEE_MEASURED) else shown.exclude(source__in=QUALITY_SOURCES)

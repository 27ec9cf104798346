"""Step 6, what somebody must not see before they answer a case that measures them: what was decided of its content.

Nobody says freely what they make of a content once they know what another made of it, and whom a double review goes to
is not known before they are offered it. So there are two rules, and between them no way round:

- Lists, and what stands beside another case, tell nobody who may be asked what became of a content while its double
  review is unanswered (``outcomes_kept_from``). Nothing is said in its place: "in review" would be a lie.
- The pages about one content tell it, and are recorded; whoever has looked there is not asked (``offers``).

Leads and auditors have to look up everything, lists and the trail included. They are told everything, and are asked
only where nobody else could be.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from moderation.enums import QUALITY_SOURCES, CaseSource, CaseStatus
from moderation.models import Content, ReviewCase
from moderation.review.access import DECIDE, READ_RECORD, queues_of
from moderation.review.available import levels_of

SEE_MEASURED = "moderation.view_qualityreview"
# With one of these people read outcomes where no look is recorded.
SEE_OUTCOMES = (SEE_MEASURED, READ_RECORD)


def contents_kept_from(person: User) -> QuerySet[ReviewCase, Any]:
    """The contents of the cases that measure this person now, as values for a query; one at most, as a rule."""
    return measuring_now(person).order_by().values("content")


def outcomes_kept_from(person: User) -> QuerySet[ReviewCase, Any]:
    """The contents of which lists must not tell this person the outcome, as values for a query.

    Those of the cases that measure them now, and those that wait for a second opinion which may be asked of them.
    """
    return cases_that_keep(person).order_by().values("content")


def outcomes_kept_among(person: User, content_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the contents whose outcome a page must not tell this person; one query, none without contents."""
    wanted = list(content_ids)
    if not wanted:
        return set()
    return set(cases_that_keep(person).filter(content__in=wanted).order_by().values_list("content", flat=True))


def sees_every_outcome(person: User) -> bool:
    """Whether the person may look up what was decided where no look is recorded."""
    return any(person.has_perm(right) for right in SEE_OUTCOMES)


def cases_that_keep(person: User) -> QuerySet[ReviewCase]:
    """The cases whose contents' outcomes lists must not tell this person."""
    own = Q(assigned_to=person)
    cases = ReviewCase.objects.measuring().filter(status=CaseStatus.OPEN)
    if sees_every_outcome(person) or not person.has_perm(DECIDE):
        return cases.filter(own)
    theirs = Q(source=CaseSource.DOUBLE, queue__in=queues_of(person), level__in=levels_of(person))
    return cases.filter(own | (theirs & ~Q(first_decision__moderator=person)))


def is_kept_from(person: User, content: Content) -> bool:
    """Whether the person answers a case about this content now, and must not learn what others said."""
    return contents_kept_from(person).filter(content=content).exists()


def measuring_now(person: User) -> QuerySet[ReviewCase]:
    """The open cases that measure this person: to them each looks like any other; one at most, as a rule."""
    return ReviewCase.objects.measuring().filter(status=CaseStatus.OPEN, assigned_to=person)


def cases_shown_to(person: User, cases: QuerySet[ReviewCase]) -> QuerySet[ReviewCase]:
    """Of ``cases`` those that lists may show: of a content that is kept from the person only the one they have of it.

    Cases that measure others are for those alone who may see what was measured.
    """
    own = Q(pk__in=measuring_now(person).order_by().values("pk"))
    shown = cases.filter(own | ~Q(content__in=contents_kept_from(person)))
    return shown if person.has_perm(SEE_MEASURED) else shown.filter(own | ~Q(source__in=QUALITY_SOURCES))

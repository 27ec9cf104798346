"""A moderator's own quality: their figures and nobody else's, and what there is to learn from."""

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from moderation.admin.base import person_of
from moderation.admin.desk_guard import page_for
from moderation.admin.quality_frame import answer
from moderation.enums import CaseSource
from moderation.models import QualityReview
from moderation.review.access import DECIDE
from moderation.review.quality_figures import FEW, measure_person, reviews_between
from reviewengine import conf

DAYS = 90
MOST = 20
# What was just answered is not counted yet: the page must not tell which of the cases at the desk are measured.
SHOWN_AFTER = timedelta(hours=1)


@require_safe
@page_for(DECIDE)
def mine(request: HttpRequest) -> HttpResponse:
    """The last months of the person who asks."""
    person, until = person_of(request), timezone.now() - SHOWN_AFTER
    reviews = reviews_between(until - timedelta(days=DAYS), until)
    answers = reviews.filter(moderator=person, kind=CaseSource.GOLDEN)
    context = {
        "title": _("My quality"),
        "days": DAYS,
        "few": FEW,
        "own": measure_person(reviews, person),
        "tells": conf.load().review.quality.tell_answers,
        "answers": _of_contents(answers)[:MOST] if conf.load().review.quality.tell_answers else [],
        "settled": _of_contents(_settled(reviews, person.pk))[:MOST],
        "person": person,
    }
    return answer(request, "mine", context)


def _settled(reviews: QuerySet[QualityReview], person: int) -> QuerySet[QualityReview]:
    theirs = Q(moderator=person) | Q(first_decision__moderator=person)
    return reviews.filter(theirs, settled_at__isnull=False, kind=CaseSource.DOUBLE)


def _of_contents(reviews: QuerySet[QualityReview]) -> QuerySet[QualityReview]:
    rows = reviews.select_related("content", "golden", "first_decision")
    return rows.defer("content__text", "content__metadata", "content__url").order_by("-created_at")


urls = [path("mine/", mine, name="quality_mine")]

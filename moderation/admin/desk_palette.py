"""The palette of the desk: where one can go by an id or a name. Names are answered, never what was written."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpResponse, JsonResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from moderation.admin.cells import status_of
from moderation.admin.desk_guard import StaffRequest, page_view
from moderation.directions import inert
from moderation.enums import CaseStatus
from moderation.models import ApiClient, Author, Content, ReviewCase
from moderation.review.access import DECIDE, closed_contents, queues_of
from moderation.review.blindness import cases_shown_to
from moderation.review.guise import as_shown, guises_for

FEWEST_CHARACTERS = 2
MOST_CHARACTERS = 255
MOST_OF_A_KIND = 6
_SEE_CONTENT, _SEE_AUTHOR = "moderation.view_content", "moderation.view_author"


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere to go: what it is, how it is called, what tells it from others, and its address."""

    kind: str
    name: str
    detail: str
    address: str


@page_view
def palette(request: StaffRequest) -> HttpResponse:
    """The places that ``?q=`` names, a few of each kind, of those that this person may see."""
    term = request.GET.get("q", "").strip()[:MOST_CHARACTERS]
    places = list(_places(request, term)) if len(term) >= FEWEST_CHARACTERS else []
    return JsonResponse({"places": [asdict(place) for place in places]})


def _places(request: StaffRequest, term: str) -> Iterator[Place]:
    yield from _queues(request, term)
    yield from _cases(request, term)
    if request.user.has_perm(_SEE_CONTENT):
        yield from _contents(request, term)
    if request.user.has_perm(_SEE_AUTHOR):
        yield from _authors(term)


def _queues(request: StaffRequest, term: str) -> Iterator[Place]:
    if not request.user.has_perm(DECIDE):
        return
    found = queues_of(request.user).filter(Q(name__icontains=term) | Q(slug__icontains=term)).order_by("name")
    for queue in found[:MOST_OF_A_KIND]:
        yield Place(_("Queue"), queue.name, _("work in it"), f"{reverse('admin:review_next')}?queue={queue.slug}")


def _cases(request: StaffRequest, term: str) -> Iterator[Place]:
    """The cases of a content, or the one with this id, in the person's queues: to decide if open, else to read."""
    named = ReviewCase.objects.filter(_names(term, "content__") | _is(term), queue__in=queues_of(request.user))
    rows = cases_shown_to(request.user, named)
    found = rows.select_related("content__client", "queue").defer("content__text", "content__metadata")
    for case in _newest(found, "-opened_at"):
        can_decide = case.status == CaseStatus.OPEN and request.user.has_perm(DECIDE)
        name = "admin:review_case" if can_decide else "admin:review_read"
        detail = f"{case.content.client.name} · {case.queue.name} · {case.get_status_display()}"
        yield Place(_("Case"), inert(case.content.external_id), detail, reverse(name, args=[case.pk]))


def _contents(request: StaffRequest, term: str) -> Iterator[Place]:
    found = Content.objects.filter(_names(term) | _is(term)).select_related("client").defer("text", "metadata")
    contents = _newest(found, "-created_at")
    closed = closed_contents(request.user, [content.pk for content in contents])
    guises = guises_for(request.user)
    for content in (as_shown(guises, content) for content in contents if content.pk not in closed):
        detail = f"{content.client.name} · {status_of(content)}"
        address = reverse("admin:moderation_content_change", args=[content.pk])
        yield Place(_("Content"), inert(content.external_id), detail, address)


def _authors(term: str) -> Iterator[Place]:
    """By the platform's own id, whole: the index begins with the client."""
    clients = ApiClient.objects.values("pk")
    named = Q(client__in=list(clients.values_list("pk", flat=True)), external_id=term.removeprefix("@"))
    found = Author.objects.filter(named | _is(term, "public_id")).select_related("client")
    for author in found[:MOST_OF_A_KIND]:
        address = reverse("admin:moderation_author_change", args=[author.pk])
        yield Place(_("Author"), str(author), f"{author.client.name} · {inert(author.external_id)}", address)


def _names(term: str, prefix: str = "") -> Q:
    """The beginning of an external id: an index serves it."""
    return Q(**{f"{prefix}external_id__startswith": term})


def _is(term: str, field: str = "pk") -> Q:
    """The row with this id, if the term is one; else none."""
    try:
        return Q(**{field: UUID(term)})
    except ValueError:
        return Q(pk__in=[])


def _newest(rows: QuerySet[Any], order: str) -> list[Any]:
    """A few, the newest of them first; not the newest of all, for which every match would have to be read."""
    few = list(rows.order_by()[:MOST_OF_A_KIND])
    return sorted(few, key=lambda row: getattr(row, order.lstrip("-")), reverse=True)


urls = [path("palette/", palette, name="review_palette")]

"""Step 6, the lists that people come back to: a list's filters under a name, for oneself or for everybody."""

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from moderation.audit import record_audit, user_actor
from moderation.enums import SubjectType
from moderation.models import SavedFilter
from moderation.models.saved_filter import MOST_NAME, MOST_QUERY
from moderation.review.access import RELEASE_OTHERS

ADD, DELETE = "moderation.add_savedfilter", "moderation.delete_savedfilter"
MOST_A_PAGE = 50
# What belongs to one visit and not to the list: the page, and how the list was opened.
PASSING = ("p", "e", "_popup", "_to_field")


class FilterRefused(ValueError):  # noqa: N818 - a refusal, in words for whoever asked
    """The filter cannot be kept; nothing was."""


def filters_for(*, person: User, page: str) -> QuerySet[SavedFilter]:
    """What ``person`` may open on the list ``page``: their own, and what others share."""
    return SavedFilter.objects.filter(Q(owner=person) | Q(shared=True), page=page).select_related("owner")


def tidy_query(query: str) -> str:
    """The filters of an address, without what belongs to one visit; always in the same order, to be compared."""
    data = QueryDict(query)
    pairs = sorted((name, value) for name, values in data.lists() if name not in PASSING for value in values)
    tidy = QueryDict(mutable=True)
    for name, value in pairs:
        tidy.appendlist(name, value)
    return tidy.urlencode()


@transaction.atomic
def save_filter(*, owner: User, page: str, name: str, query: str, shared: bool) -> SavedFilter:
    """Keeps a list's filters under a name; the person's own of the same name is replaced.

    Raises PermissionDenied, or FilterRefused in words for whoever asked.
    """
    if not owner.has_perm(ADD):
        raise PermissionDenied(_("You may not save views."))
    name, query = " ".join(name.split()), tidy_query(query)
    _check(name, query)
    # Two tabs that save at the same moment must not pass the limit together.
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)
    own = SavedFilter.objects.filter(owner=owner, page=page)
    if not own.filter(name=name).exists() and own.count() >= MOST_A_PAGE:
        raise FilterRefused(_("You have %(count)d views of this list. Delete one first.") % {"count": MOST_A_PAGE})
    row, _is_new = own.update_or_create(
        name=name, defaults={"query": query, "shared": shared, "owner": owner, "page": page}
    )
    _record("saved", row, owner)
    return row


@transaction.atomic
def delete_filter(*, row: SavedFilter, person: User) -> None:
    """Deletes one's own, or as a lead what others share. Raises PermissionDenied."""
    own = row.owner_id == person.pk and person.has_perm(DELETE)
    if not own and not (row.shared and person.has_perm(RELEASE_OTHERS)):
        raise PermissionDenied(_("This view is not yours. Ask a lead to delete it."))
    _record("deleted", row, person)
    row.delete()


def _check(name: str, query: str) -> None:
    if not name:
        raise FilterRefused(_("Give the view a name."))
    for text, most in ((name, MOST_NAME), (query, MOST_QUERY)):
        if len(text) > most:
            raise FilterRefused(_("That is too long: at most %(most)d characters can be kept.") % {"most": most})
        if "\0" in text or "%00" in text:
            raise FilterRefused(_("The view holds a NUL character. Type it again."))


def _record(verb: str, row: SavedFilter, person: User) -> None:
    data = {"page": row.page, "name": row.name, "shared": row.shared}
    record_audit(
        action=f"saved_filter.{verb}",
        actor=user_actor(person),
        subject_type=SubjectType.SAVED_FILTER,
        subject_id=row.pk,
        data=data,
    )

"""Step 6, what lies under a cover for one person, and why: nothing graphic is met by surprise, wherever it is shown."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from moderation.enums import CaseStatus, Category
from moderation.models import ModeratorSettings, ReviewCase
from moderation.review.care import covered_categories
from moderation.review.kinds import kinds_and_hidden, kinds_of_case


@dataclass(frozen=True, slots=True)
class Cover:
    """Why a content is covered: its kinds that the person has covered. None where its queue alone asks for it."""

    kinds: tuple[str, ...]


def cover_of_case(case: ReviewCase, own: ModeratorSettings) -> Cover | None:
    """The cover of a case at the desk; None where it lies open. No query if queue and result are read already."""
    return _cover(kinds_of_case(case), own, is_hidden=case.queue.hide_text)


def covers_of(content_ids: Collection[UUID], own: ModeratorSettings) -> dict[UUID, Cover]:
    """The covers of those contents that have one, wherever they are shown. Two queries for any number, none for 0."""
    kinds, hidden = kinds_and_hidden(content_ids)
    return _covers(kinds, hidden, own)


def covers_over(kinds: Mapping[UUID, Collection[str]], own: ModeratorSettings) -> dict[UUID, Cover]:
    """As ``covers_of``, where the kinds of the contents are known already: one query."""
    if not kinds:
        return {}
    waiting = ReviewCase.objects.filter(content__in=kinds, status=CaseStatus.OPEN, queue__hide_text=True)
    return _covers(kinds, set(waiting.values_list("content", flat=True)), own)


def _covers(
    kinds: Mapping[UUID, Collection[str]], hidden: Collection[UUID], own: ModeratorSettings
) -> dict[UUID, Cover]:
    found = {key: _cover(kinds[key], own, is_hidden=key in hidden) for key in kinds}
    return {key: cover for key, cover in found.items() if cover}


def _cover(kinds: Collection[str], own: ModeratorSettings, *, is_hidden: bool) -> Cover | None:
    """Kinds in the order of the vocabulary, those that the site calls graphic with the rest."""
    met = covered_categories(own).intersection(kinds)
    if not met and not is_hidden:
        return None
    return Cover(tuple(name for name in Category.values if name in met))

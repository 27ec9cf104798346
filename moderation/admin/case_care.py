"""What a case page does for the person: covers over it and around it, veils over images, a look that is counted."""

from dataclasses import dataclass, replace

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from moderation.admin.case_page import CasePage
from moderation.admin.case_surroundings import Excerpt
from moderation.admin.covers import amount_in_words, kinds_in_words, veil_class, words_by_content
from moderation.models import Exposure, ModeratorSettings, WorkSpell
from moderation.review.breaks import break_length, is_break_due, note_work
from moderation.review.care import settings_of
from moderation.review.covers import Cover, cover_of_case, covers_of
from moderation.review.exposure import begin_look
from moderation.review.kinds import kinds_of_case


@dataclass(frozen=True, slots=True)
class CaseCare:
    """How this person is shown this case."""

    own: ModeratorSettings
    cover: Cover | None
    amount: str
    look: Exposure
    spell: WorkSpell
    is_break_due: bool

    @property
    def kinds(self) -> str:
        """What the covered case is about, in words."""
        return kinds_in_words(self.cover.kinds) if self.cover else ""

    @property
    def veil(self) -> str:
        return veil_class(self.own)

    @property
    def is_veiled(self) -> bool:
        """Whether an image is veiled at all until it is held."""
        return self.own.blur_images or self.own.grey_images

    @property
    def single_keys(self) -> str:
        return "on" if self.own.single_keys else "off"

    @property
    def break_minutes(self) -> int:
        return int(break_length().total_seconds() // 60)


@transaction.atomic(savepoint=False)  # one commit for the look and the stretch of work
def care_for(page: CasePage, viewer: User) -> tuple[CasePage, CaseCare]:
    """The page with covers over what surrounds the case, and how the case itself is shown; the look is recorded."""
    now = timezone.now()
    own, spell = settings_of(viewer), note_work(moderator=viewer, now=now)
    look = begin_look(moderator=viewer, content_id=page.content.pk, categories=kinds_of_case(page.case), now=now)
    care = CaseCare(
        own=own,
        cover=cover_of_case(page.case, own),
        amount=amount_in_words(len(page.content.text), len(page.images)),
        look=look,
        spell=spell,
        is_break_due=is_break_due(spell, own, now=now),
    )
    return _cover_surroundings(page, own), care


def _cover_surroundings(page: CasePage, own: ModeratorSettings) -> CasePage:
    """The thread, the author's last contents and what is similar: each covered for what it is about itself."""
    said = page.history.items if page.history else []
    around = [*page.before, *page.after, *said]
    keys = {item.content_id for item in around} | {content.pk for content in page.similar.items}
    words = words_by_content(covers_of(keys, own))
    if not words:
        return page

    def under_cover(items: list[Excerpt]) -> list[Excerpt]:
        return [replace(item, cover=words.get(item.content_id, "")) for item in items]

    return replace(
        page,
        before=under_cover(page.before),
        after=under_cover(page.after),
        history=replace(page.history, items=under_cover(said)) if page.history else None,
    )

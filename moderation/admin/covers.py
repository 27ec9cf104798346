"""Covers as people meet them: what lies below, in words, and the pieces of a page that open only when asked."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from moderation.admin.categories import category_title
from moderation.admin.cells import whole_text
from moderation.models import Content, Exposure, ModeratorSettings
from moderation.review.care import settings_of
from moderation.review.covers import Cover, covers_of, covers_over
from moderation.review.exposure import begin_look
from moderation.review.kinds import kinds_of_contents


def kinds_in_words(kinds: Iterable[str]) -> str:
    """``Violence: graphic, Self-harm``; for a cover without kinds, that it is one."""
    return ", ".join(str(category_title(kind)) for kind in kinds) or _("Covered")


def amount_in_words(characters: int, images: int = 0) -> str:
    """How much lies below: ``412 characters, 2 images``."""
    parts = []
    if characters:
        parts.append(ngettext("%(count)d character", "%(count)d characters", characters) % {"count": characters})
    if images:
        parts.append(ngettext("%(count)d image", "%(count)d images", images) % {"count": images})
    return ", ".join(parts)


def covered(cover: Cover | None, shown: str | SafeString, *, characters: int = 0) -> str | SafeString:
    """``shown`` as it is, or below a cover that says what it is about; what lies open is counted by the page."""
    if cover is None:
        return format_html('<div data-exposes="text">{}</div>', shown)
    amount = amount_in_words(characters)
    words = f"{kinds_in_words(cover.kinds)}, {amount}" if amount else kinds_in_words(cover.kinds)
    return format_html(
        '<details class="cover-line"><summary>{}</summary><div data-exposes="text">{}</div></details>', words, shown
    )


def shown_words(viewer: User, content: Content) -> dict[str, Any]:
    """For a page of its own about one content: its ``words`` below their cover, and the ``look`` at them.

    The page includes ``care/look.html``, which counts it.
    """
    kinds = kinds_of_contents([content.pk])
    cover = covers_over(kinds, settings_of(viewer)).get(content.pk)
    words = covered(cover, whole_text(content.text), characters=len(content.text)) if content.text else ""
    return {"words": words, "look": begin_look(moderator=viewer, content_id=content.pk, categories=kinds[content.pk])}


def mark_covers(viewer: User, contents: Iterable[Content]) -> None:
    """Writes on each content of a list, as ``cover``, what it is about where it is covered. Two queries for all."""
    listed = list(contents)
    words = words_by_content(covers_of({content.pk for content in listed}, settings_of(viewer)))
    for content in listed:
        content.cover = words.get(content.pk, "")  # type: ignore[attr-defined]


def words_by_content(covers: dict[UUID, Cover]) -> dict[UUID, str]:
    """The covers of several contents, in words."""
    return {key: kinds_in_words(cover.kinds) for key, cover in covers.items()}


def veil_class(own: ModeratorSettings) -> str:
    """How this person's images are veiled until they are held: the classes of the stylesheet."""
    names = {"veil-blur": own.blur_images, "veil-grey": own.grey_images}
    return " ".join(["veil", *(name for name, is_on in names.items() if is_on)])


def cover_over(row: Any, content_id: UUID) -> Cover | None:
    """The cover over a content on the page of ``row``, as ``protect`` found it."""
    return getattr(row, "covers", {}).get(content_id)


def protect(viewer: User, row: Any, content_ids: Collection[UUID], *, shows_words: bool) -> Exposure | None:
    """Finds the covers over the contents that the page of ``row`` shows, for ``cover_over``.

    A page of one content that shows its words is a look at it: it is recorded, and answered.
    """
    kinds = kinds_of_contents(content_ids)
    row.covers = covers_over(kinds, settings_of(viewer))
    if not shows_words or len(kinds) != 1:
        return None
    (content_id,) = kinds
    return begin_look(moderator=viewer, content_id=content_id, categories=kinds[content_id])

"""Covers as people meet them: what lies below, in words, and the pieces of a page that open only when asked."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from moderation.admin.categories import category_title
from moderation.models import ModeratorSettings
from moderation.review.covers import Cover


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
    """``shown`` as it is, or below a cover that says what it is about."""
    if cover is None:
        return shown
    amount = amount_in_words(characters)
    words = f"{kinds_in_words(cover.kinds)}, {amount}" if amount else kinds_in_words(cover.kinds)
    return format_html('<details class="cover-line"><summary>{}</summary>{}</details>', words, shown)


def words_by_content(covers: dict[UUID, Cover]) -> dict[UUID, str]:
    """The covers of several contents, in words."""
    return {key: kinds_in_words(cover.kinds) for key, cover in covers.items()}


def veil_class(own: ModeratorSettings) -> str:
    """How this person's images are veiled until they are held: the classes of the stylesheet."""
    names = {"veil-blur": own.blur_images, "veil-grey": own.grey_images}
    return " ".join(["veil", *(name for name, is_on in names.items() if is_on)])


def unique(keys: Iterable[UUID | None]) -> Collection[UUID]:
    """Each once."""
    return {key for key in keys if key is not None}

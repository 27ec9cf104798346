"""What became of a decision, in words: it counts, did until another replaced it, waits, or never counted."""

from datetime import datetime

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from moderation.admin import cells
from moderation.enums import HoldKind, HoldStatus
from moderation.models import Decision, DecisionHold


def counts(decision: Decision) -> bool:
    """Whether the decision came into effect, as ``Decision.objects.in_effect`` asks. ``hold`` is read."""
    hold: DecisionHold | None = getattr(decision, "hold", None)
    return hold is None or hold.status == HoldStatus.RELEASED


def effect_in_words(decision: Decision, replaced_at: datetime | None) -> str | SafeString:
    """Whether it counts, since when, and who said so; if not, why. ``hold`` and who ended it are read.

    ``replaced_at``: when a later decision about the same version came into effect, if one did.
    """
    hold: DecisionHold | None = getattr(decision, "hold", None)
    if hold is not None and hold.status != HoldStatus.RELEASED:
        return _held(hold) if hold.status == HoldStatus.HELD else _never(decision, hold)
    said = _("In effect") if replaced_at is None else _line(_("In effect until {when}, then replaced"), replaced_at)
    if hold is None or hold.kind != HoldKind.SECOND_PERSON:
        return said
    return cells.listing([said, _line(_("Confirmed by {person}, {when}"), hold.ended_at, _name(hold))])


def _held(hold: DecisionHold) -> str | SafeString:
    if hold.kind == HoldKind.SECOND_PERSON:
        return _("Not yet: waits for a second person")
    return _line(_("Not yet: can be undone until {when}"), hold.release_at)


def _never(decision: Decision, hold: DecisionHold) -> SafeString:
    if hold.status == HoldStatus.LAPSED:
        return _line(_("Never: lapsed {when}, as the content changed or was decided anew"), hold.ended_at)
    refused = hold.kind == HoldKind.SECOND_PERSON and hold.ended_by_id != decision.moderator_id
    words = _("Never: not confirmed by {person}, {when}") if refused else _("Never: undone by {person}, {when}")
    return _line(words, hold.ended_at, _name(hold))


def _name(hold: DecisionHold) -> str:
    return hold.ended_by.get_username() if hold.ended_by else "system"


def _line(words: str, when: datetime | None, person: str = "") -> SafeString:
    return format_html(words, when=cells.moment(when), person=cells.foreign(person))

"""What a moderator posts to keep a case for later, or to give it to somebody: for how long, to whom, and why."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from moderation.admin.desk_form import ClaimForm
from reviewengine import conf

MOST_NOTE = 500
MINUTES = (15, 30, 60, 120, 240, 480, 1440, 2880, 4320)


def hold_choices() -> list[tuple[int, str]]:
    """How long a case can be held, in minutes and in words: round times, and the longest that is allowed."""
    most = conf.load().review.hold_hours * 60
    return [(minutes, _span(minutes)) for minutes in sorted({*(m for m in MINUTES if m < most), most})]


def _span(minutes: int) -> str:
    if minutes < 60:
        return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
    hours = minutes // 60
    if hours % 24:
        return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
    return ngettext("%(count)s day", "%(count)s days", hours // 24) % {"count": hours // 24}


class HoldForm(ClaimForm):
    """For how long, and why: whoever asks for the case is shown the reason."""

    minutes = forms.TypedChoiceField(
        coerce=int, choices=hold_choices, error_messages={"invalid_choice": _("Choose how long the case has to wait.")}
    )
    hold_reason = forms.CharField(max_length=MOST_NOTE, error_messages={"required": _("Say why the case has to wait.")})


class HandOverForm(ClaimForm):
    """To whom, and what they should know."""

    to = forms.ModelChoiceField(
        queryset=User.objects.none(),
        to_field_name="username",
        error_messages={
            "required": _("Choose a person."),
            "invalid_choice": _("This person cannot take the case. Choose somebody else."),
        },
    )
    hand_over_note = forms.CharField(required=False, max_length=MOST_NOTE)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = people  # type: ignore[attr-defined]

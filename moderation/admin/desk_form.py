"""What a moderator posts from the desk: the claim, the version that was seen, the outcome and the words for it."""

from typing import Any

from django import forms

from moderation.enums import FINAL_OUTCOMES, Outcome
from moderation.models import ModerationResult
from reviewengine import conf
from reviewengine.sections import RejectionReason

# A listed reason has up to 60 characters: with these words it fits Decision.reasoning.
MOST_WORDS = 900
MOST_NOTE = 2000


def rejection_reasons() -> list[RejectionReason]:
    """The configured reasons, in the order of their keys."""
    return conf.load().review.rejection_reasons


def _reason_choices() -> list[tuple[str, str]]:
    return [(str(index), reason.text) for index, reason in enumerate(rejection_reasons())]


def fitting_reason(result: ModerationResult | None) -> str:
    """The number of the first reason that fits a score of the deciding rule; empty if none does."""
    read = [said["category"] for said in result.reasons if said.get("score") is not None] if result else []
    for category in read:
        for index, reason in enumerate(rejection_reasons()):
            if category in reason.categories:
                return str(index)
    return ""


class TypedField(forms.CharField):
    """Optional text of several lines. Browsers count a line break as one character and send two."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.Textarea, **kwargs)

    def to_python(self, value: Any) -> str:
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value) or ""


class ClaimForm(forms.Form):
    """Under which claim something is asked."""

    lease_token = forms.UUIDField(widget=forms.HiddenInput)


class WordsForm(forms.Form):
    """What was typed, whatever becomes of it: it is carried from page to page until it is stored."""

    reason = forms.ChoiceField(required=False, choices=_reason_choices)
    words = TypedField(max_length=MOST_WORDS)
    private_note = TypedField(max_length=MOST_NOTE)


class DecisionForm(ClaimForm, WordsForm):
    """A decision as it is posted. To reject one says why: a reason from the list, own words, or both."""

    content_version = forms.IntegerField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(choices=[(outcome, outcome) for outcome in FINAL_OUTCOMES])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        rejected = values.get("outcome") == Outcome.REJECT
        if rejected and not self.errors and not values.get("reason") and not values.get("words"):
            self.add_error(None, "Say why you reject: choose a reason with the keys 1 to 9, or write one.")
        return values

    @property
    def reasoning(self) -> str:
        """What the author may be told. The list is about rejections: an approval carries own words only."""
        words = self.cleaned_data["words"].strip()
        if self.cleaned_data["outcome"] != Outcome.REJECT or not self.cleaned_data["reason"]:
            return words
        reason = rejection_reasons()[int(self.cleaned_data["reason"])].text
        return f"{reason}: {words}" if words else reason

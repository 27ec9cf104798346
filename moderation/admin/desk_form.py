"""What a moderator posts from the desk: the claim, the version that was seen, the outcome and the words for it."""

import re
from functools import cached_property
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _

from moderation.enums import FINAL_OUTCOMES, HoldStatus, Outcome
from moderation.models import Decision, QualityReview, RejectionReason, ReviewCase
from moderation.review.reasons import find_reason, fitting_reason, offered_reasons, reasoning_of, words_of

# A listed reason has up to 60 characters: with these words it fits Decision.reasoning.
MOST_WORDS = 900
MOST_NOTE = 2000
UUID_TEXT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class TypedField(forms.CharField):
    """Optional text of several lines. Browsers count a line break as one character and send two."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.Textarea, **kwargs)

    def to_python(self, value: Any) -> str:
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value) or ""


class ClaimForm(forms.Form):
    """Under which claim something is asked."""

    lease_token = forms.UUIDField(widget=forms.HiddenInput)


class PageClaimForm(ClaimForm):
    """The case of the page on which something else is asked, and its claim: it is given back with that."""

    case = forms.UUIDField()


class WordsForm(forms.Form):
    """What was typed, whatever becomes of it: it is carried from page to page until it is stored."""

    reason = forms.CharField(required=False, max_length=40)
    words = TypedField(max_length=MOST_WORDS)
    private_note = TypedField(max_length=MOST_NOTE)

    queue_id: int | None = None
    chosen: RejectionReason | None = None

    @cached_property
    def reasons(self) -> list[RejectionReason]:
        """What the page offers: the reasons of the queue in which the form is shown."""
        return offered_reasons(queue_id=self.queue_id)

    def show_for(self, case: ReviewCase) -> None:
        """Offers the reasons of the case's queue, and chooses the one that fits its result if none was chosen."""
        self.queue_id = case.queue_id
        if not self.is_bound and not self.initial.get("reason"):
            self.initial["reason"] = fitting_reason(case.result, self.reasons)

    def clean_reason(self) -> str:
        label = self.cleaned_data["reason"]
        self.chosen = find_reason(label) if label else None
        if label and self.chosen is None:
            raise forms.ValidationError(_("This reason is not offered any more: choose another one."))
        return label


class SaidForm(WordsForm):
    """An outcome and why. To reject one says why: a reason from the list, own words, or both."""

    outcome = forms.ChoiceField(choices=[(outcome, outcome) for outcome in FINAL_OUTCOMES])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        rejected = values.get("outcome") == Outcome.REJECT
        if rejected and not self.errors and not values.get("reason") and not values.get("words"):
            self.add_error(None, _("Say why you reject: choose a reason with the keys 1 to 9, or write one."))
        return values

    @property
    def _reason(self) -> RejectionReason | None:
        """The list is about rejections: an approval carries own words only."""
        return self.chosen if self.cleaned_data["outcome"] == Outcome.REJECT else None

    @property
    def reasoning(self) -> str:
        """What the author may be told."""
        return reasoning_of(self._reason, self.cleaned_data["words"])

    @property
    def label(self) -> str:
        """That of the chosen reason; empty for own words and for an approval."""
        return self._reason.label if self._reason else ""


class DecisionForm(ClaimForm, SaidForm):
    """A decision as it is posted from the case."""

    content_version = forms.IntegerField(widget=forms.HiddenInput)


def typed_before(person: User, case: ReviewCase, decision_id: str) -> dict[str, str]:
    """What the person had typed for this case and has taken back; empty where ``decision_id`` is none of theirs."""
    if not UUID_TEXT.fullmatch(decision_id):
        return {}
    theirs = Decision.objects.filter(moderator=person, hold__case=case, hold__status=HoldStatus.WITHDRAWN)
    decision = theirs.filter(pk=decision_id).first()
    return typed_in(decision) if decision else {}


def typed_in(decision: Decision | QualityReview) -> dict[str, str]:
    """What somebody had typed to make this decision, as the form takes it."""
    reason = RejectionReason.objects.filter(label=decision.label).first() if decision.label else None
    words = words_of(decision.reasoning, reason)
    return {"reason": decision.label, "words": words, "private_note": decision.private_note}

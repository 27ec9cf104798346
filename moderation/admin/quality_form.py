"""What a lead posts who says which answer is right: of a golden case, and where two people differ."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from moderation.enums import FINAL_OUTCOMES
from moderation.review.reasons import find_reason


class RightAnswerForm(forms.Form):
    """The outcome that is right, and the label of a reason, where one is chosen."""

    outcome = forms.ChoiceField(
        choices=[(outcome.value, outcome.value) for outcome in FINAL_OUTCOMES],
        error_messages={"required": gettext_lazy("Say which outcome is right.")},
    )
    label = forms.CharField(required=False, max_length=40)

    def clean_label(self) -> str:
        label: str = self.cleaned_data["label"]
        if label and find_reason(label) is None:
            raise forms.ValidationError(_("This reason is offered no more. Choose another."))
        return label

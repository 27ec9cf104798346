"""What somebody chooses for a bulk decision: which cases, and what to decide of them."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _

from moderation.admin.categories import category_choices
from moderation.admin.desk_form import SaidForm
from moderation.enums import FINAL_OUTCOMES, Outcome
from moderation.models import ApiClient, Author, Content, ReviewQueue
from moderation.review.access import queues_of
from moderation.review.selection import Selection


class BulkForm(forms.Form):
    """A filter over open cases; every field that is filled narrows it."""

    queue = forms.ModelChoiceField(
        ReviewQueue.objects.none(), to_field_name="slug", required=False, label=_("Queue"), empty_label=_("All")
    )
    category = forms.ChoiceField(required=False, label=_("Category"))
    rule = forms.CharField(required=False, max_length=100, label=_("Rule"))
    client = forms.ModelChoiceField(ApiClient.objects.none(), required=False, label=_("Client"), empty_label=_("All"))
    author = forms.CharField(required=False, max_length=255, label=_("Author (the platform's own id)"))
    min_hours = forms.IntegerField(required=False, min_value=1, max_value=100_000, label=_("Waiting for hours"))
    alike = forms.UUIDField(required=False, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        required=False, choices=[(Outcome.REJECT, _("Reject")), (Outcome.APPROVE, _("Approve"))], label=_("Outcome")
    )

    def __init__(self, moderator: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["queue"].queryset = queues_of(moderator).order_by("slug")  # type: ignore[attr-defined]
        self.fields["client"].queryset = ApiClient.objects.order_by("name")  # type: ignore[attr-defined]
        self.fields["category"].choices = [("", _("All")), *category_choices()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("author"):
            values["author_row"] = self._author(values["author"], values.get("client"))
        if values.get("alike") and not Content.objects.filter(pk=values["alike"]).exists():
            self.add_error(None, _("The content that the others should be like is not there any more."))
        return values

    def _author(self, name: str, client: ApiClient | None) -> Author | None:
        found = Author.objects.filter(external_id=name)
        rows = list((found.filter(client=client) if client else found)[:2])
        if not rows:
            self.add_error("author", _("No author has this id."))
        elif len(rows) > 1:
            self.add_error("client", _("Authors of several clients have this id: choose the client."))
        return rows[0] if len(rows) == 1 else None

    @property
    def selection(self) -> Selection:
        """What is meant; read it of a valid form."""
        said = self.cleaned_data
        author, client, queue = said.get("author_row"), said["client"], said["queue"]
        return Selection(
            queue=queue.slug if queue else "",
            category=said["category"],
            rule=said["rule"].strip(),
            author=author.pk if author else None,
            client=client.pk if client else None,
            min_hours=said["min_hours"],
            alike=said["alike"],
        )


class ChoiceForm(SaidForm):
    """The outcome for all and why, when the preview was shown (later cases are left alone), and which run it is."""

    seen_at = forms.DateTimeField(widget=forms.HiddenInput)
    run = forms.UUIDField(required=False, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(choices=[(outcome, outcome) for outcome in FINAL_OUTCOMES])

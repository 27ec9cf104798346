"""The search of the audit trail: who, what, about what, which content, which request, and when."""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from moderation.audit import actor_named
from moderation.audit.search import AuditQuery
from moderation.models import Content


class AuditSearchForm(forms.Form):
    """Every field may stay empty. A person is found by name alone: ``alice`` is ``user:alice``."""

    who = forms.CharField(
        label=gettext_lazy("Who"), required=False, max_length=200, widget=forms.TextInput({"placeholder": "user:alice"})
    )
    what = forms.CharField(
        label=gettext_lazy("What"), required=False, max_length=60, widget=forms.TextInput({"list": "audit-actions"})
    )
    about = forms.CharField(
        label=gettext_lazy("About"),
        required=False,
        max_length=105,
        widget=forms.TextInput({"placeholder": "review_queue:3"}),
    )
    content = forms.CharField(label=gettext_lazy("Content"), required=False, max_length=255)
    request = forms.CharField(label=gettext_lazy("Request"), required=False, max_length=128)
    since = forms.DateField(
        label=gettext_lazy("From"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=gettext_lazy("To"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def clean_who(self) -> str:
        who: str = self.cleaned_data["who"].strip()
        return actor_named(who) if who and ":" not in who and who != "system" else who

    def clean_content(self) -> UUID | None:
        """An id, or the platform's own id if only one content has it."""
        given = self.cleaned_data["content"].strip()
        if not given:
            return None
        try:
            return UUID(given)
        except ValueError:
            found = list(Content.objects.filter(external_id=given).values_list("pk", flat=True)[:2])
        if not found:
            raise forms.ValidationError(_("No content has this id. Take the long one from its page."))
        if len(found) > 1:
            raise forms.ValidationError(_("More than one platform has such a content. Take the long id from its page."))
        return found[0]

    def clean(self) -> dict[str, object] | None:
        cleaned = super().clean()
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", _("This day is before the first one."))
        return cleaned

    @property
    def is_used(self) -> bool:
        """Whether anything was looked for."""
        return any(self.data.get(name) for name in self.fields)

    def query(self) -> AuditQuery:
        """What is looked for. Days are whole days in UTC, the last one included."""
        asked = self.cleaned_data
        midnight = time(tzinfo=UTC)
        since, until = asked["since"], asked["until"]
        return AuditQuery(
            actor=asked["who"],
            action=asked["what"].strip(),
            about=asked["about"].strip(),
            content=asked["content"],
            request=asked["request"].strip(),
            since=datetime.combine(since, midnight) if since else None,
            until=datetime.combine(until + timedelta(days=1), midnight) if until else None,
        )


def search_form_of(request: HttpRequest) -> AuditSearchForm:
    """The form as the address fills it."""
    return AuditSearchForm(request.GET)

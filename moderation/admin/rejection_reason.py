"""Why content is rejected: the lead's list. What was offered once is retired, never deleted: decisions name it."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from moderation.admin.base import AuditedAdmin
from moderation.admin.categories import category_choices, category_title
from moderation.models import RejectionReason


class RejectionReasonForm(forms.ModelForm):
    categories = forms.MultipleChoiceField(
        choices=category_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Categories"),
        help_text=_("Where the deciding rule is about one of these, the reason is chosen already."),
    )

    class Meta:
        model = RejectionReason
        fields = ("text", "label", "key", "categories", "queues", "retired")
        help_texts = {
            "text": _("The moderator chooses it, and the author may be shown it."),
            "label": _("The platform gets it with the decision. It cannot be changed later."),
            "key": _("The key at the desk, 1 to 9. Without one it is chosen by pointing."),
            "queues": _("Where it is offered; none chosen: in every queue."),
            "retired": _("Offered no more. Decisions that name it keep it."),
        }
        widgets = {"queues": forms.CheckboxSelectMultiple}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("key") and not values.get("retired"):
            for other in self._rivals(values["key"]):
                if self._meet(values, other):
                    message = gettext("Key %(key)s chooses “%(text)s” already. Take another, or retire that one.")
                    self.add_error("key", message % {"key": values["key"], "text": other.text})
        return values

    def _rivals(self, key: int) -> list[RejectionReason]:
        others = RejectionReason.objects.filter(key=key, retired=False).exclude(pk=self.instance.pk)
        return list(others.prefetch_related("queues"))

    def _meet(self, values: dict[str, Any], other: RejectionReason) -> bool:
        """Whether there is a queue in which both are offered."""
        ours = {queue.pk for queue in values.get("queues") or ()}
        theirs = {queue.pk for queue in other.queues.all()}
        return not ours or not theirs or bool(ours & theirs)


@admin.register(RejectionReason)
class RejectionReasonAdmin(AuditedAdmin):
    form = RejectionReasonForm
    list_display = ("text", "label", "key", "shown_categories", "shown_queues", "retired")
    list_filter = ("retired",)
    ordering = ("retired", "key", "label")
    search_fields = ("text", "label")
    fields = ("text", "label", "key", "categories", "queues", "retired")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("queues")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("label",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("categories"))
    def shown_categories(self, row: RejectionReason) -> str:
        return ", ".join(category_title(category) for category in row.categories)

    @admin.display(description=_("queues"))
    def shown_queues(self, row: RejectionReason) -> str:
        return ", ".join(queue.name for queue in row.queues.all()) or gettext("every queue")

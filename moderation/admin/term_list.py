"""Term lists: a site's own words or domains, one on a line."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Func, IntegerField, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from moderation.admin import cells
from moderation.admin.base import AuditedAdmin
from moderation.admin.categories import CategoryAdmin, CategoryFilter
from moderation.admin.trials import TryText
from moderation.audit import user_actor
from moderation.enums import Category, TermListKind
from moderation.models import TermList
from moderation.term_lists import (
    TermListFull,
    delete_list,
    find_faults,
    lock_writers,
    merge_terms,
    require_room,
    save_list,
    tidy,
)


class TermsField(forms.Field):
    """Terms, one a line; blank lines and the blanks around a term do not count."""

    widget: type[forms.Widget] | forms.Widget = forms.Textarea(attrs={"rows": 20, "spellcheck": "false", "dir": "auto"})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        return [term for _line, term in _lines(value or "")]

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = initial if isinstance(initial, list) else []
        return before != [term for _line, term in _lines(data or "")]


class TermsShownField(TermsField):
    """The terms as the page showed them: with them the form knows what was edited, and what others did meanwhile."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


def _lines(text: str) -> list[tuple[int, str]]:
    """The terms of a text with their line numbers."""
    lines = ((number, tidy(line)) for number, line in enumerate(text.splitlines(), start=1))
    return [(number, term) for number, term in lines if term]


def _faults(terms: list[tuple[int, str]], kind: str) -> list[str]:
    """What is wrong, by line; the first ten, so that a pasted file gets an answer that can be read."""
    found = [(fault.place, fault.message) for fault in find_faults(terms, kind)]
    first_line: dict[str, int] = {}
    for number, term in terms:
        earlier = first_line.setdefault(term.casefold(), number)
        if earlier != number:
            text = gettext("Line %(number)d repeats line %(earlier)d. Remove one of them.")
            found.append((number, text % {"number": number, "earlier": earlier}))
    faults = [message for _line, message in sorted(found, key=lambda fault: fault[0])]
    rest = gettext("And %(number)d more lines.") % {"number": len(faults) - 10}
    return [*faults[:10], rest] if len(faults) > 10 else faults


class TermListForm(forms.ModelForm):
    terms = TermsField(
        label=_("Terms"), help_text=_("One term, phrase or domain on a line; a domain stands for those below it.")
    )
    terms_shown = TermsShownField(label=_("Terms shown"), required=False)

    class Meta:
        model = TermList
        fields = ("name", "kind", "category", "score", "whole_word", "enabled", "terms")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.merged = False
        if self.instance.pk:
            self.initial["terms_shown"] = self.instance.terms
        category = self.fields["category"]
        category.required = False
        category.help_text = _("Needed for terms. Blocked domains count for Risky link where none is chosen.")

    def clean_category(self) -> str:
        """A list of domains counts for risky links, unless something else is chosen."""
        category = str(self.cleaned_data["category"])
        if category or "kind" not in self.cleaned_data:
            return category
        if self.cleaned_data["kind"] == TermListKind.TERMS:
            raise forms.ValidationError(_("Choose the category that a term counts for."), code="required")
        return Category.URL_RISK.value

    def clean_terms(self) -> list[str]:
        """Every faulty line is named, so that a pasted file is mended in one go."""
        terms: list[str] = self.cleaned_data["terms"]
        kind = self.cleaned_data.get("kind", TermListKind.TERMS)
        if faults := _faults(_lines(self.data.get(self.add_prefix("terms"), "")), kind):
            raise forms.ValidationError(faults)
        return terms

    def clean(self) -> dict[str, Any]:
        """A list for which there is no room would stop the workers."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        if self.instance.pk:
            self._merge(cleaned)
        wish = TermList(pk=self.instance.pk, enabled=cleaned["enabled"], terms=cleaned["terms"])
        try:
            require_room(row=wish)
        except TermListFull as error:
            self.add_error("terms", str(error))
        return cleaned

    def _merge(self, cleaned: dict[str, Any]) -> None:
        """Applies what was edited to what the list holds now: the API may have changed it since the page was read."""
        lock_writers()  # until the transaction of the save ends
        now = TermList.objects.filter(pk=self.instance.pk).values_list("terms", flat=True).first() or []
        shown = cleaned.get("terms_shown") if "terms_shown" in self.data else now
        self.merged = list(now) != list(shown or [])
        cleaned["terms"] = merge_terms(shown=shown or [], typed=cleaned["terms"], now=now)


@admin.register(TermList)
class TermListAdmin(TryText, CategoryAdmin, AuditedAdmin):
    writer_records = True
    form = TermListForm
    list_display = ("name", "kind", "shown_category", "score", "shown_count", "whole_word", "enabled", "updated_at")
    list_filter = ("enabled", "kind", CategoryFilter)
    list_defer = ("terms",)
    ordering = ("name",)
    search_fields = ("name",)
    readonly_fields = ("updated_at",)
    fields = (("name", "kind"), ("category", "score"), ("whole_word", "enabled"), "terms", "terms_shown", "updated_at")
    unknown_before_saved = ("updated_at", "terms_shown")

    class Media:
        css: ClassVar = {"all": ["moderation/term_list.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[TermList]:
        cardinality = Func("terms", function="cardinality", output_field=IntegerField())
        return super().get_queryset(request).annotate(terms_count=cardinality)

    def save_model(self, request: HttpRequest, obj: TermList, form: Any, change: bool) -> None:
        save_list(row=obj, actor=user_actor(request.user))
        if form.merged:
            text = _("Others changed the terms meanwhile. Their changes and yours are both kept.")
            messages.warning(request, text)

    def delete_model(self, request: HttpRequest, obj: TermList) -> None:
        delete_list(row=obj, actor=user_actor(request.user))

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[TermList]) -> None:
        for row in queryset:
            delete_list(row=row, actor=user_actor(request.user))

    @admin.display(description=_("terms"), ordering="terms_count")
    def shown_count(self, row: Any) -> str:
        return cells.count(row.terms_count)

"""Term lists: a site's own words or domains, one on a line."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Func, IntegerField, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from moderation.admin.base import AuditedAdmin
from moderation.admin.categories import CategoryAdmin, CategoryFilter
from moderation.detectors.base import DetectorConfigError
from moderation.detectors.domain_lists import read_domain
from moderation.detectors.term_lists import TermListsDetector, TermListSpec, check_term
from moderation.detectors.urls import UrlsDetector
from moderation.enums import Category, TermListKind
from moderation.models import TermList

MOST_CHARACTERS = 200


class TermsField(forms.Field):
    """Terms, one a line; blank lines and the blanks around a term do not count."""

    widget = forms.Textarea(attrs={"rows": 20, "spellcheck": "false", "dir": "auto"})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        return [term for _, term in _lines(value or "")]

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = initial if isinstance(initial, list) else []
        return before != [term for _, term in _lines(data or "")]


def _lines(text: str) -> list[tuple[int, str]]:
    """The terms of a text with their line numbers."""
    lines = ((number, " ".join(line.split())) for number, line in enumerate(text.splitlines(), start=1))
    return [(number, term) for number, term in lines if term]


def _faults(terms: list[tuple[int, str]], kind: str) -> list[str]:
    """What is wrong, by line; the first ten, so that a pasted file gets an answer that can be read."""
    faults: list[str] = []
    first_line: dict[str, int] = {}
    for number, term in terms:
        if fault := _fault(number, term, kind):
            faults.append(fault)
        earlier = first_line.setdefault(term.casefold(), number)
        if earlier != number:
            faults.append(f"Line {number} repeats line {earlier}. Remove one of them.")
    return [*faults[:10], f"And {len(faults) - 10} more lines."] if len(faults) > 10 else faults


def _fault(number: int, term: str, kind: str) -> str:
    """What is wrong with one line by itself; empty if nothing is."""
    if "\0" in term:
        return f"Line {number} holds a NUL character. Type the line again."
    if len(term) > MOST_CHARACTERS:
        return f"Line {number}: a term has at most {MOST_CHARACTERS} characters; this has {len(term)}."
    check = check_term if kind == TermListKind.TERMS else read_domain
    try:
        check(term, f"Line {number}")
    except DetectorConfigError as error:
        return str(error)
    return ""


class TermListForm(forms.ModelForm):
    terms = TermsField(help_text="One term, phrase or domain on a line; a domain stands for those below it.")

    class Meta:
        model = TermList
        fields = ("name", "kind", "category", "score", "whole_word", "enabled", "terms")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        category = self.fields["category"]
        category.required = False
        category.help_text = "Needed for terms. Blocked domains count for Risky link where none is chosen."

    def clean_category(self) -> str:
        """A list of domains counts for risky links, unless something else is chosen."""
        category = str(self.cleaned_data["category"])
        if category or "kind" not in self.cleaned_data:
            return category
        if self.cleaned_data["kind"] == TermListKind.TERMS:
            raise forms.ValidationError("Choose the category that a term counts for.", code="required")
        return Category.URL_RISK.value

    def clean_terms(self) -> list[str]:
        """Every faulty line is named, so that a pasted file is mended in one go."""
        terms: list[str] = self.cleaned_data["terms"]
        kind = self.cleaned_data.get("kind", TermListKind.TERMS)
        if faults := _faults(_lines(self.data.get(self.add_prefix("terms"), "")), kind):
            raise forms.ValidationError(faults)
        return terms

    def clean(self) -> dict[str, Any]:
        """Tries the lists as the workers will: one that they cannot use would stop them all."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        others = TermList.objects.filter(enabled=True).exclude(pk=self.instance.pk)
        specs = [_spec(row) for row in others]
        mine = TermListSpec(
            name=cleaned["name"],
            category=cleaned["category"],
            score=cleaned["score"],
            terms=tuple(cleaned["terms"]),
            whole_word=cleaned["whole_word"],
            kind=cleaned["kind"],
        )
        try:
            TermListsDetector.build({}, [*specs, mine])
            UrlsDetector.build({}, [*specs, mine])
        except DetectorConfigError as error:
            self.add_error("terms", str(error))
        return cleaned


def _spec(row: TermList) -> TermListSpec:
    return TermListSpec(row.name, row.category, row.score, tuple(row.terms), row.whole_word, row.kind)


@admin.register(TermList)
class TermListAdmin(CategoryAdmin, AuditedAdmin):
    form = TermListForm
    list_display = ("name", "kind", "shown_category", "score", "shown_count", "whole_word", "enabled", "updated_at")
    list_filter = ("enabled", "kind", CategoryFilter)
    list_defer = ("terms",)
    ordering = ("name",)
    search_fields = ("name",)
    readonly_fields = ("updated_at",)
    fields = (("name", "kind"), ("category", "score"), ("whole_word", "enabled"), "terms", "updated_at")
    unknown_before_saved = ("updated_at",)

    class Media:
        css: ClassVar = {"all": ["moderation/term_list.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[TermList]:
        cardinality = Func("terms", function="cardinality", output_field=IntegerField())
        return super().get_queryset(request).annotate(terms_count=cardinality)

    def save_model(self, request: HttpRequest, obj: TermList, form: Any, change: bool) -> None:
        """``updated_at`` is how the workers see that there is something new."""
        obj.updated_at = timezone.now()
        super().save_model(request, obj, form, change)

    @admin.display(description="terms", ordering="terms_count")
    def shown_count(self, row: Any) -> str:
        return f"{row.terms_count:,}"

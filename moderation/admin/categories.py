"""Categories as people read them, the same on every page; what is stored and sent keeps its name."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as N_

from moderation.enums import Category

# Those of the vocabulary whose title is not its name with a capital.
_TITLES: dict[str, str] = {
    Category.PII: N_("Personal information"),
    Category.URL_RISK: N_("Risky link"),
    Category.NSFW_IMAGE: N_("Sexual image"),
}
# The others, for the translators to find.
_TRANSLATED = (
    N_("Harassment"),
    N_("Harassment: threatening"),
    N_("Hate"),
    N_("Hate: threatening"),
    N_("Illicit"),
    N_("Illicit: violent"),
    N_("Self-harm"),
    N_("Self-harm: intent"),
    N_("Self-harm: instructions"),
    N_("Sexual"),
    N_("Sexual: minors"),
    N_("Violence"),
    N_("Violence: graphic"),
    N_("Toxicity"),
    N_("Severe toxicity"),
    N_("Insult"),
    N_("Profanity"),
    N_("Threat"),
    N_("Identity attack"),
    N_("Spam"),
    N_("Any harm"),
    N_("Other"),
)


def category_title(category: str) -> str:
    """``harassment/threatening`` is ``Harassment: threatening``, in the language of the reader."""
    return gettext(_TITLES.get(category) or category.replace("_", " ").replace("/", ": ").capitalize())


def category_choices() -> list[tuple[str, str]]:
    """Every category with its title, in the order of the vocabulary."""
    return [(category.value, category_title(category)) for category in Category]


class CategoryFilter(admin.SimpleListFilter):
    """A list's rows by their category."""

    title = _("category")
    parameter_name = "category__exact"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return category_choices()

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(category=self.value()) if self.value() else queryset


class CategoryAdmin(admin.ModelAdmin):
    """For a model with a ``category``: its select, and ``shown_category`` for its list."""

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "category":
            blank = [] if db_field.has_default() else [("", "---------")]
            kwargs["choices"] = [*blank, *category_choices()]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    @admin.display(description=_("category"), ordering="category")
    def shown_category(self, row: Any) -> str:
        return category_title(row.category)

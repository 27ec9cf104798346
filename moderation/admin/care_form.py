"""What everybody chooses for themselves at the desk, as a form; one line a category."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from django import forms

from moderation.admin.categories import category_choices
from moderation.enums import Category
from moderation.models import ModeratorSettings
from moderation.review.care import graphic_categories


def _choices() -> list[tuple[str, str]]:
    """Every kind of harm; the sum of them all is none."""
    return [choice for choice in category_choices() if choice[0] != Category.ANY_HARM]


@dataclass(frozen=True, slots=True)
class CategoryLine:
    """One category of the form. What the site calls graphic is covered for everybody."""

    name: str
    title: str
    is_graphic: bool
    is_covered: bool
    is_opted_out: bool


class SettingsForm(forms.Form):
    """The person's own settings. There is no sound at the desk yet, and so no switch for it."""

    blur_images = forms.BooleanField(required=False)
    grey_images = forms.BooleanField(required=False)
    single_keys = forms.BooleanField(required=False)
    covered_categories = forms.MultipleChoiceField(required=False, choices=_choices)
    opted_out = forms.MultipleChoiceField(required=False, choices=_choices)

    @classmethod
    def showing(cls, own: ModeratorSettings) -> Self:
        """Unbound, with what is stored or the defaults."""
        return cls(initial={name: getattr(own, name) for name in cls.base_fields})

    def lines(self) -> Iterator[CategoryLine]:
        """The categories with what is chosen for each, the graphic ones first."""
        graphic = graphic_categories()
        covered, opted_out = (set(self[name].value() or ()) for name in ("covered_categories", "opted_out"))
        for name, title in sorted(_choices(), key=lambda choice: choice[0] not in graphic):
            yield CategoryLine(name, title, name in graphic, name in covered or name in graphic, name in opted_out)

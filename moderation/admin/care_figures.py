"""What people were exposed to, as the console shows it: kinds by their titles, seconds in their largest unit."""

from dataclasses import dataclass

from moderation.admin.categories import category_title
from moderation.admin.cells import duration
from moderation.review.exposure_figures import Figures, KindFigures


@dataclass(frozen=True, slots=True)
class ShownKind:
    """Looks at one kind, and how long its texts and images lay open."""

    title: str
    looks: int
    text: str
    images: str

    @classmethod
    def of(cls, kind: KindFigures) -> "ShownKind":
        return cls(category_title(kind.kind), kind.looks, duration(kind.text_seconds), duration(kind.image_seconds))


@dataclass(frozen=True, slots=True)
class ShownFigures:
    """What one person was exposed to, under a heading."""

    heading: str
    looks: int
    graphic: int
    text: str
    images: str
    kinds: list[ShownKind]

    @classmethod
    def of(cls, heading: str, figures: Figures) -> "ShownFigures":
        return cls(
            heading,
            figures.looks,
            figures.graphic,
            duration(figures.text_seconds),
            duration(figures.image_seconds),
            [ShownKind.of(kind) for kind in figures.kinds],
        )

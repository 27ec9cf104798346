"""What the sources do not say but mean, and what they say of one side only.

A source that shows a label with one answer only teaches its own style as that answer: with a sexism corpus that is
all positive for toxicity, every mention of women became toxic. The missing side is filled in where the way the source
was made implies it; other such labels are dropped.
"""

from collections.abc import Sequence

from moderation.enums import Category
from training.dataset import LabelledText, fold_of

# All positive, and nothing in the source says what is negative.
_ONE_SIDED = {
    ("catqa", Category.HATE.value),
    ("catqa", Category.VIOLENCE.value),
}
# A row of the source without this label is negative, and counts this much.
_IMPLIED_NEGATIVE = {
    ("edos", Category.TOXICITY.value): 0.5,  # what is not sexist is mostly not toxic; enough to unlearn its style
    ("edos", Category.VIOLENCE.value): 0.5,  # its annotators named the kind of every sexist text; threats are one kind
    ("hatemoji", Category.TOXICITY.value): 0.5,  # toxic means hateful there
} | {
    # Comments on news and encyclopedia articles, posts and chats: a few may be spam, and they are many, so one in
    # three is taken, and counts little.
    (source, Category.SPAM.value): 0.3
    for source in ("jigsaw", "wikidetox", "civil_spans", "civil_snlp", "paradetox", "edos", "hatemoji", "convabuse")
}
_ONE_IN_THREE = {Category.SPAM.value}


def corrected(rows: Sequence[LabelledText]) -> list[LabelledText]:
    """The rows with one-sided labels dropped and implied ones filled in."""
    return [_corrected(row) for row in rows]


def _corrected(row: LabelledText) -> LabelledText:
    labels = {name: value for name, value in row.labels.items() if (row.source, name) not in _ONE_SIDED}
    weights = dict(row.weights)
    for (source, name), weight in _IMPLIED_NEGATIVE.items():
        if source == row.source and name not in labels and (name not in _ONE_IN_THREE or fold_of(row.text, 3) == 0):
            labels[name] = False
            weights[name] = weight
    return LabelledText(row.text, row.source, labels, weights)

"""What the encoder learns from: public rows with what they imply, and our own sentences labelled for every head."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from moderation.enums import Category
from training.corpus_reader import LABELS, corpus_texts
from training.corrections import corrected
from training.dataset import LabelledText, fold_of, read_labelled
from training.own_text import own_texts
from training.plain_text import plain_texts

ANY_HARM = Category.ANY_HARM.value
HEADS = (*(label.value for label in LABELS), ANY_HARM)

HELD_OUT_FOLDS = 12  # one of so many folds is never trained on: it calibrates
_HARMS = frozenset(HEADS) - {Category.PROFANITY, Category.SPAM, ANY_HARM}
_HEAVIEST = 3.0  # what a label may weigh here: the plain sentences weigh far more for the linear heads
_SELDOM = (
    Category.VIOLENCE_GRAPHIC, Category.SELF_HARM, Category.SELF_HARM_INTENT, Category.SELF_HARM_INSTRUCTIONS,
    Category.ILLICIT, Category.ILLICIT_VIOLENT,
)  # fmt: skip
_SELDOM_WEIGHT = 0.2  # nobody looked for these, but comments that hold them are few
_MORE_THAN_RUDE = (Category.PROFANITY, Category.HARASSMENT, Category.HATE, Category.VIOLENCE)
# Two sources made from the comments that a third one holds too: some of each is enough.
_SHARE = {"paradetox": 2, "civil_snlp": 2}  # one in so many folds of three is left out


def public_rows(paths: Sequence[Path]) -> list[LabelledText]:
    """The rows of the data files with every label that they state or imply."""
    rows = corrected([row for path in paths for row in read_labelled(path)])
    return [_implied(row) for row in rows if row.source not in _SHARE or fold_of(row.text, 3) < _SHARE[row.source]]


def own_rows(seed: int) -> list[LabelledText]:
    """The sentences of the corpus, and the older ones of ``own_text`` and ``plain_text``."""
    older = [_implied(row, weigh_seldom=1.0) for row in own_texts(seed) + plain_texts(seed)]
    return [_with_any_harm(row) for row in corpus_texts(seed)] + older


def held_out(row: LabelledText) -> bool:
    """Whether a row is kept apart for calibration. Variants of a sentence fall on one side."""
    return fold_of(row.group or row.text, HELD_OUT_FOLDS) == 0


def _implied(row: LabelledText, weigh_seldom: float = _SELDOM_WEIGHT) -> LabelledText:
    """A public row with what its labels say of the heads that the data does not name."""
    labels: dict[str, bool] = dict(row.labels)
    weights = {name: min(weight, _HEAVIEST) for name, weight in row.weights.items()}
    if row.source == "catqa":  # questions after wrongdoing, all of them
        labels[Category.ILLICIT] = True
    for name in _SELDOM:
        if name not in labels and row.source != "catqa":
            labels[name], weights[name] = False, weigh_seldom
    _copy(labels, weights, Category.HARASSMENT, Category.INSULT)  # the sources call insults so
    _copy(labels, weights, Category.VIOLENCE, Category.THREAT)  # and threats so
    toxic = labels.get(Category.TOXICITY)
    if toxic is False:
        labels[Category.SEVERE_TOXICITY] = False
        weights[Category.SEVERE_TOXICITY] = weights.get(Category.TOXICITY, 1.0)
    elif toxic and sum(labels.get(name, False) for name in _MORE_THAN_RUDE) > 1:
        labels[Category.SEVERE_TOXICITY] = True
    return _with_any_harm(replace(row, labels=labels, weights=weights))


def _copy(labels: dict[str, bool], weights: dict[str, float], source: str, target: str) -> None:
    if source in labels and target not in labels:
        labels[target] = labels[source]
        weights[target] = weights.get(source, 1.0)


def _with_any_harm(row: LabelledText) -> LabelledText:
    """Any harm is true where one harm is; false where the text is known to be civil and nothing else is said of it."""
    labels = {str(name): value for name, value in row.labels.items()}
    weights: Mapping[str, float] = {str(name): weight for name, weight in row.weights.items()}
    if any(labels.get(name) for name in _HARMS):
        return replace(row, labels=labels | {ANY_HARM: True}, weights=dict(weights))
    if labels.get(Category.TOXICITY) is False and not labels.get(Category.SPAM):
        weight = weights.get(Category.TOXICITY, 1.0)
        return replace(row, labels=labels | {ANY_HARM: False}, weights=dict(weights) | {ANY_HARM: weight})
    if labels.get(Category.SPAM) is False:  # messages and comments that were read for spam
        return replace(row, labels=labels | {ANY_HARM: False}, weights=dict(weights) | {ANY_HARM: _SELDOM_WEIGHT})
    return replace(row, labels=labels, weights=dict(weights))

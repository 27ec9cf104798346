"""One comparison of old scores with ours: each text is read once, scored and forgotten; only numbers are kept."""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from moderation.detectors.panel import Panel
from moderation.detectors.text.perspective import CATEGORY_OF
from moderation.evaluation.comparison import Agreement, Comparison, compare
from moderation.evaluation.labelled import category_of
from moderation.evaluation.old_scores import OldScores
from moderation.evaluation.readings import BATCH, Progress
from moderation.evaluation.tables import Table, number, percent
from reviewengine.batches import in_batches

SHOWN_FAULTS = 10
# No threshold is named from fewer texts on either side of it, or where the two agree hardly more than chance (kappa).
FEWEST = 10
CHANCE = 0.05
DIGITS = (4, 6, 8)  # of a threshold: scores that saturate lie close to 1


def our_category(name: str) -> str | None:
    """Our category of another service's name, Perspective's or OpenAI's in any writing; None where there is none."""
    attribute = CATEGORY_OF.get(name.strip().upper())
    return attribute.value if attribute else category_of(name)


@dataclass(slots=True)
class _Pairs:
    """What one name scored there and here, text by text; ``unread`` counts texts that nothing here read for it."""

    old: "array[float]" = field(default_factory=lambda: array("d"))
    new: "array[float]" = field(default_factory=lambda: array("d"))
    unread: int = 0


@dataclass(slots=True)
class ComparisonRun:
    """Scores lines and keeps count. ``unknown`` counts the names that are no category here."""

    panel: Panel
    pairs: dict[str, _Pairs] = field(default_factory=dict)
    unknown: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    faulty: int = 0
    texts: int = 0

    def read(self, lines: Iterable[OldScores], advance: Progress) -> None:
        """Scores every line in batches; one that cannot be used is counted."""
        for batch in in_batches(lines, BATCH):
            self._read_batch([line for line in batch if not line.fault])
            for line in batch:
                if line.fault:
                    self._refuse(line)
            advance(len(batch))

    def _read_batch(self, lines: Sequence[OldScores]) -> None:
        self.texts += len(lines)
        for line, report in zip(lines, self.panel.detect([line.text for line in lines]), strict=True):
            for name, old in line.scores.items():
                category = our_category(name)
                if category is None:
                    self.unknown[name] += 1
                elif category in report.scores and category not in report.unavailable:
                    self._of(name).old.append(old)
                    self._of(name).new.append(report.scores[category])
                else:
                    self._of(name).unread += 1

    def _of(self, name: str) -> _Pairs:
        return self.pairs.setdefault(name, _Pairs())

    def _refuse(self, line: OldScores) -> None:
        self.faulty += 1
        if len(self.faults) < SHOWN_FAULTS:
            self.faults.append(f"line {line.line}: {line.fault}")

    def compared(self, thresholds: Mapping[str, Sequence[float]], otherwise: Sequence[float]) -> dict[str, Comparison]:
        """The comparison of each name at its ``thresholds`` (by name in upper case), or at those for the others."""
        return {
            name: compare(np.array(pairs.old), np.array(pairs.new), tuple(thresholds.get(name.upper(), otherwise)))
            for name, pairs in self.pairs.items()
        }


def notes(run: ComparisonRun) -> Iterator[str]:
    """What a reader must know before the numbers."""
    for name, count in sorted(run.unknown.items()):
        yield f"{name} is no category here: not compared in {count:,} texts"
    if run.faulty:
        yield f"{run.faulty:,} lines could not be used"
    yield from run.faults
    if run.faulty > len(run.faults):
        yield f"and {run.faulty - len(run.faults):,} more"


def tables(run: ComparisonRun, compared: Mapping[str, Comparison]) -> list[Table]:
    """What there is to say, as tables."""
    return [table for table in (_how_alike(run, compared), _where_to_act(compared)) if table.rows]


def _how_alike(run: ComparisonRun, compared: Mapping[str, Comparison]) -> Table:
    columns = ("old score, ours", "texts", "unread", "rank correlation", "old mean", "our mean", "shift")
    rows = [
        (
            f"{name}, {our_category(name)}", f"{one.texts:,}", f"{run.pairs[name].unread:,}", number(one.spearman),
            number(one.old_mean), number(one.new_mean), _signed(one.shift),
        )
        for name, one in compared.items()
    ]  # fmt: skip
    note = "Unread: nothing here reads the text's language, or a detector failed. Correlation is Spearman's."
    return Table("How alike the scores are", columns, tuple(rows), note)


def _where_to_act(compared: Mapping[str, Comparison]) -> Table:
    columns = ("threshold", "old flags", "ours, same", "agree", "kappa", "ours from", "flags", "agree", "kappa")
    rows = [
        (
            f"{name} from {number(same.old, 2)}",
            percent(same.old_share),
            *_cells(same),
            _matched_threshold(one, matched),
            *_cells(matched),
        )
        for name, one in compared.items()
        for same, matched in one.at
    ]
    note = (
        "First ours from the same threshold on; then the threshold from which on ours flags the same share. Kappa is "
        "the agreement beyond chance. A threshold from few flagged texts is a guess; where there are fewer than "
        f"{FEWEST}, or the agreement is no better than chance, none is named."
    )
    return Table("Where to act", columns, tuple(rows), note)


def _matched_threshold(compared: Comparison, matched: Agreement) -> str:
    """Where to act; in words where a number would mislead: of too few texts, or of scores that do not tell apart."""
    flagged = round(matched.old_share * compared.texts)
    few = min(flagged, compared.texts - flagged) < FEWEST
    if few or not matched.kappa > CHANCE:
        return "too few to map" if few else "too alike to map"
    exact = min(matched.new, 1 - matched.new) / 10
    shown = (number(matched.new, digits) for digits in DIGITS)
    return next((one for one in shown if abs(float(one) - matched.new) <= exact), number(matched.new, DIGITS[-1]))


def _cells(one: Agreement) -> tuple[str, str, str]:
    return percent(one.new_share), percent(one.agreed), number(one.kappa)


def _signed(value: float) -> str:
    return number(value) if value != value or value < 0 else f"+{number(value)}"


def as_json(run: ComparisonRun, compared: Mapping[str, Comparison]) -> dict[str, Any]:
    """Every number; null where there is none."""
    return {
        "texts": run.texts,
        "panel": run.panel.version,
        "unusable_lines": run.faulty,
        "not_compared": dict(run.unknown),
        "scores": [
            {
                "name": name,
                "category": our_category(name),
                "texts": one.texts,
                "unread": run.pairs[name].unread,
                "spearman": one.spearman,
                "old_mean": one.old_mean,
                "new_mean": one.new_mean,
                "shift": one.shift,
                "at": [{"same": _agreement(same), "matched": _agreement(matched)} for same, matched in one.at],
            }
            for name, one in compared.items()
        ],
    }


def _agreement(one: Agreement) -> dict[str, float]:
    return {
        "old_threshold": one.old,
        "new_threshold": one.new,
        "old_share": one.old_share,
        "new_share": one.new_share,
        "agreed": one.agreed,
        "kappa": one.kappa,
    }

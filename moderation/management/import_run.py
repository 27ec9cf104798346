"""One import: what was stored, what became of it, and how that compares with what people had said."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from moderation.enums import UNSETTLED_STATUSES, Outcome
from moderation.ingest.files import ImportRow
from moderation.ingest.images import ImagesRefused, take_images
from moderation.ingest.store import Submission, submit_contents
from moderation.models import Content
from reviewengine.batches import in_batches

LOOKED_UP = 5000
SHOWN_FAULTS = 10


@dataclass
class ImportRun:
    """Stores rows for one client and keeps count. ``harmful``: what the labels of an id say, where there are any."""

    client_id: int
    ids: list[UUID] = field(default_factory=list)
    harmful: dict[UUID, bool] = field(default_factory=dict)
    known: int = 0
    refused: list[ImportRow] = field(default_factory=list)

    def store(self, rows: Sequence[ImportRow]) -> None:
        """Stores the valid rows in one transaction; the last of two with one external id in a batch is refused."""
        good: dict[str, ImportRow] = {}
        for row in rows:
            if row.item is None:
                self.refused.append(row)
            elif row.item.external_id in good:
                self.refused.append(ImportRow(row.line, fault="/external_id stands twice"))
            else:
                good[row.item.external_id] = row
        submissions = [item for row in [*good.values()] if (item := self._submission(row, good))]
        for row, receipt in zip(
            good.values(), submit_contents(client_id=self.client_id, submissions=submissions), strict=True
        ):
            self.ids.append(receipt.id)
            self.known += not receipt.accepted
            if row.labels:
                self.harmful[receipt.id] = any(row.labels.values())

    def _submission(self, row: ImportRow, good: dict[str, ImportRow]) -> Submission | None:
        """The row's submission with its images kept; a row whose images cannot be used leaves ``good``."""
        assert row.item is not None
        try:
            return row.item.submission(None, take_images(self.client_id, row.item.images))
        except ImagesRefused as refusal:
            fault = "; ".join(f"{error['pointer']} {error['detail']}" for error in refusal.errors)
            self.refused.append(ImportRow(row.line, fault=fault))
            del good[row.item.external_id]
            return None

    def waiting(self) -> int:
        """How many of the client's contents no worker has settled yet."""
        return Content.objects.filter(client_id=self.client_id, status__in=UNSETTLED_STATUSES).count()

    def decisions(self) -> Iterator[tuple[UUID, str | None]]:
        """What became of each item, by its id."""
        for chunk in in_batches(self.ids, LOOKED_UP):
            yield from Content.objects.filter(pk__in=chunk).values_list("pk", "decision")

    def summary(self, *, seconds: float) -> str:
        """The counts as a table, with precision and recall where there are labels."""
        decisions = dict(self.decisions())
        outcomes = Counter(decision or "waiting" for decision in decisions.values())
        rows = [
            ("stored", f"{len(self.ids) - self.known}"),
            ("known already", f"{self.known}"),
            ("refused", f"{len(self.refused)}"),
            *((name, _share(outcomes[name], len(self.ids))) for name in (*Outcome.values, "waiting")),
            ("seconds", f"{seconds:.1f}"),
            ("items a second", f"{len(self.ids) / seconds:.0f}"),
            *self._against_labels(decisions),
        ]
        width = max(len(name) for name, _ in rows)
        lines = [f"{name:<{width}}  {value:>16}" for name, value in rows]
        faults = [f"line {row.line}: {row.fault}" for row in self.refused[:SHOWN_FAULTS]]
        return "\n".join(lines + faults)

    def _against_labels(self, decisions: dict[UUID, str | None]) -> Iterator[tuple[str, str]]:
        """Flagged is everything that was not approved: a person sees it, or nobody does."""
        if not self.harmful:
            return
        yield "labelled", f"{len(self.harmful)} ({sum(self.harmful.values())} harmful)"
        for name, caught in (("flagged", (Outcome.REVIEW, Outcome.REJECT)), ("rejected", (Outcome.REJECT,))):
            hits = {key for key in self.harmful if decisions.get(key) in caught}
            right = sum(self.harmful[key] for key in hits)
            yield f"precision, {name}", f"{right / len(hits):.3f}" if hits else "-"
            yield f"recall, {name}", f"{right / total:.3f}" if (total := sum(self.harmful.values())) else "-"


def _share(count: int, total: int) -> str:
    return f"{count} ({count / total:.1%})" if total else "0"

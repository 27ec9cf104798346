"""Measures the detector of personal data on texts whose spans are labelled.

python -m training.evaluate_pii --data presidio_pii.jsonl.gz [--json OUT]

A row is ``{"text": ..., "spans": [[TYPE, start, end], ...]}``, in code points, end exclusive. A labelled span is found
when a piece of evidence of its kind overlaps it; a piece of evidence is right when it overlaps a span of its kind.
"""

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from moderation.detectors.base import Evidence, Sample
from moderation.detectors.normalise import normalise
from moderation.detectors.pii.detector import PiiDetector, family

# The labels that are in scope, and our kind for each. Names, organisations, places, dates, ages and titles are not.
KINDS = {
    "EMAIL_ADDRESS": "email",
    "PHONE_NUMBER": "phone",
    "CREDIT_CARD": "card",
    "IBAN_CODE": "iban",
    "IP_ADDRESS": "ip_address",
    "US_SSN": "national_id",
    "US_DRIVER_LICENSE": "driving_licence",
    "STREET_ADDRESS": "address",
    "ZIP_CODE": "postal_code",
}
# A postal code inside a labelled street address is no mistake.
_ALSO_RIGHT = {"postal_code": {"address"}, "address": {"postal_code"}}


@dataclass(frozen=True, slots=True)
class KindQuality:
    """One kind: labelled spans and how many were found, pieces of evidence and how many were right."""

    kind: str
    labelled: int
    found: int
    told: int
    right: int

    @property
    def recall(self) -> float:
        return self.found / self.labelled if self.labelled else 0.0

    @property
    def precision(self) -> float:
        return self.right / self.told if self.told else 0.0


def main() -> None:
    """Prints one line a kind, and writes the same as JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="labelled texts, JSON lines (.gz too)")
    parser.add_argument("--json", type=Path, help="where to write the numbers")
    arguments = parser.parse_args()
    qualities = measure(_read(arguments.data))
    print(f"{'kind':18}{'labelled':>9}{'recall':>8}{'told':>7}{'precision':>11}")
    for q in qualities:
        print(f"{q.kind:18}{q.labelled:9}{q.recall:8.3f}{q.told:7}{q.precision:11.3f}")
    if arguments.json:
        rows = [{**asdict(q), "recall": q.recall, "precision": q.precision} for q in qualities]
        arguments.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def measure(rows: Iterable[Mapping[str, Any]]) -> list[KindQuality]:
    """The quality of each kind that is labelled or told, by name."""
    detector = PiiDetector.build({}, [])
    labelled, found, told, right = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for row in rows:
        (detections,) = detector.detect([Sample(row["text"], normalise(row["text"]))])
        evidence = [piece for detection in detections for piece in detection.evidence]
        spans = [(KINDS[label], start, end) for label, start, end in row["spans"] if label in KINDS]
        for kind, start, end in spans:
            labelled[kind] += 1
            found[kind] += any(_kind(piece) == kind and _overlap(piece, start, end) for piece in evidence)
        for piece in evidence:
            told[_kind(piece)] += 1
            right[_kind(piece)] += _is_right(piece, spans)
    return [KindQuality(k, labelled[k], found[k], told[k], right[k]) for k in sorted(labelled | told)]


def _is_right(piece: Evidence, spans: Sequence[tuple[str, int, int]]) -> bool:
    fits = {_kind(piece)} | _ALSO_RIGHT.get(_kind(piece), set())
    return any(kind in fits and _overlap(piece, start, end) for kind, start, end in spans)


def _kind(piece: Evidence) -> str:
    return family(piece.detail.removeprefix("pii:"))


def _overlap(piece: Evidence, start: int, end: int) -> bool:
    return piece.start < end and start < piece.end


def _read(path: Path) -> list[dict[str, Any]]:
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")
    return [json.loads(line) for line in text.split("\n") if line.strip()]


if __name__ == "__main__":
    main()

"""Step 3, personal data taken out of a text, by the evidence of an earlier reading. Needs no detector."""

from collections.abc import Iterable, Mapping
from typing import Any

from moderation.enums import Category

_PREFIX = "pii:"


def mask_text(text: str, evidence: Iterable[Mapping[str, Any]]) -> str | None:
    """The text with ``[email]``, ``[card]``, ``[national id]`` in place of personal data; None where there is none.

    ``evidence`` is a result's list of ``{category, start, end, detail}``, in code points of ``text``. Places that
    overlap become one, named after the first.
    """
    spans = sorted(
        (max(0, span["start"]), min(len(text), span["end"]), _label(span["detail"]))
        for span in evidence
        if span["category"] == Category.PII
    )
    pieces: list[str] = []
    position = 0
    for start, end, label in spans:
        if start >= position:
            pieces += [text[position:start], label]
        position = max(position, end)
    return "".join([*pieces, text[position:]]) if spans else None


def _label(detail: str) -> str:
    kind = detail.removeprefix(_PREFIX).partition("/")[0]
    return f"[{kind.replace('_', ' ') or 'personal data'}]"

"""The site's own lists of terms and domains: the only writer. Each change and its audit entry commit together.

The workers see a change with their next batch, by ``updated_at``. A list that they could not use would stop them all:
so every term is tried before it is stored.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.db import connection, transaction
from django.db.models import Func, IntegerField, Sum
from django.utils import timezone

from moderation.audit import record_audit
from moderation.detectors.base import DetectorConfigError, Sample, TermListSpec
from moderation.detectors.domain_lists import is_listed, listed_domains, read_domain
from moderation.detectors.domains import readable
from moderation.detectors.links import find_links
from moderation.detectors.normalise import normalise
from moderation.detectors.term_lists import LONGEST_TERM, MOST_TERMS, TermListsDetector, check_term
from moderation.detectors.urls import UrlsDetector
from moderation.enums import SubjectType, TermListKind
from moderation.models import TermList

WRITER_LOCK = 0x7E12
# So many terms of a change are named in its audit entry; the entry counts the rest.
MOST_RECORDED = 200
FIELDS = ("name", "kind", "category", "score", "whole_word", "enabled")


class TermListFull(ValueError):  # noqa: N818 - the name people know it by
    """The enabled lists would hold more than the detector takes."""


@dataclass(frozen=True, slots=True)
class TermFault:
    """What is wrong with one term. ``place`` is the number that the caller gave it."""

    place: int
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a list was found in a text, in code points; ``detail`` says more where there is more to say."""

    start: int
    end: int
    detail: str = ""


def tidy(term: str) -> str:
    """The term without blanks around it, and with single ones within."""
    return " ".join(term.split())


def find_faults(terms: Iterable[tuple[int, str]], kind: str, *, where: str = "Line {}") -> list[TermFault]:
    """Every term that cannot be used, each given with its number. ``where`` begins the messages."""
    faults = (_find_fault(place, term, kind, where.format(place)) for place, term in terms)
    return [fault for fault in faults if fault is not None]


def _find_fault(place: int, term: str, kind: str, where: str) -> TermFault | None:
    if "\0" in term:
        return TermFault(place, "invalid_characters", f"{where} holds a NUL character. Type the line again.")
    if len(term) > LONGEST_TERM:
        message = f"{where}: a term has at most {LONGEST_TERM} characters; this has {len(term)}."
        return TermFault(place, "too_long", message)
    check: Callable[[str, str], Any] = check_term if kind == TermListKind.TERMS else read_domain
    try:
        check(term, where)
    except DetectorConfigError as error:
        return TermFault(place, "unusable_term", str(error))
    return None


def distinct(terms: Iterable[str]) -> list[str]:
    """The terms in their order, each once, whatever its capitals."""
    return list({term.casefold(): term for term in reversed(list(terms))}.values())[::-1]


def lock_writers() -> None:
    """One writer at a time until the transaction ends: what the lists may hold together is counted over all of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITER_LOCK])


def require_room(*, row: TermList) -> None:
    """Raises TermListFull where the enabled lists, this one as it is to be, hold more terms than can be looked for."""
    if not row.enabled:
        return
    count = Func("terms", function="cardinality", output_field=IntegerField())
    others = TermList.objects.filter(enabled=True).exclude(pk=row.pk).aggregate(total=Sum(count))["total"] or 0
    if others + len(row.terms) > MOST_TERMS:
        raise TermListFull(
            f"The enabled lists may hold {MOST_TERMS:,} terms together; these would be more. Shorten them."
        )


@transaction.atomic
def save_list(*, row: TermList, actor: str) -> bool:
    """Stores a new or changed list, its terms checked before; answers whether anything changed. Raises TermListFull."""
    lock_writers()
    before = TermList.objects.filter(pk=row.pk).first() if row.pk else None
    changes = _changes(before, row)
    if before is not None and not changes:
        return False
    require_room(row=row)
    row.updated_at = timezone.now()
    row.save()
    _record("changed" if before else "added", row, actor, {"changes": changes})
    return True


def merge_terms(*, shown: Sequence[str], typed: Sequence[str], now: Sequence[str]) -> list[str]:
    """What the list is to hold when somebody edits the terms they were shown, and others have changed it meanwhile.

    What they added and removed happens to what is there ``now``; nobody's change is lost.
    """
    if list(now) == list(shown):
        return list(typed)
    kept, was = {term.casefold() for term in typed}, {term.casefold() for term in shown}
    left = [term for term in now if term.casefold() in kept or term.casefold() not in was]
    return distinct([*left, *(term for term in typed if term.casefold() not in was)])


@transaction.atomic
def add_terms(*, row: TermList, terms: Sequence[str], actor: str) -> int:
    """Adds those terms that the list lacks, checked before; answers how many. Raises TermListFull."""
    known = {term.casefold() for term in row.terms}
    new = [term for term in distinct(terms) if term.casefold() not in known]
    row.terms = [*row.terms, *new]
    save_list(row=row, actor=actor)
    return len(new)


@transaction.atomic
def remove_terms(*, row: TermList, terms: Sequence[str], actor: str) -> int:
    """Removes terms, whatever their capitals; answers how many were there."""
    unwanted = {term.casefold() for term in terms}
    left = [term for term in row.terms if term.casefold() not in unwanted]
    removed = len(row.terms) - len(left)
    row.terms = left
    save_list(row=row, actor=actor)
    return removed


@transaction.atomic
def delete_list(*, row: TermList, actor: str) -> None:
    """Deletes a list; policies that ask for it hear no more of it."""
    _record("deleted", row, actor, {})
    row.delete()


def find_hits(row: TermList, text: str) -> list[Hit]:
    """Where the list, in force or not, is found in a text: the first twenty places.

    Of allowed domains the links that lead to them, of protected ones those that imitate them.
    """
    lookup, kind = _lookup(_spec(row)), row.kind
    if kind == TermListKind.ALLOWED_DOMAINS:
        links = [link for link in find_links(text) if is_listed(readable(link.host), lookup)]
        return [Hit(link.start, link.end, "allowed domain") for link in links][:20]
    found = lookup.detect([Sample(text, normalise(text))])[0]
    spans = [span for detection in found for span in detection.evidence]
    if kind == TermListKind.PROTECTED_DOMAINS:
        imitations = ("look-alike domain", "brand in another domain")
        spans = [span for span in spans if any(word in span.detail for word in imitations)]
        return [Hit(span.start, span.end, span.detail) for span in spans][:20]
    return [Hit(span.start, span.end) for span in spans]


def find_entries(row: TermList, text: str) -> list[Hit]:
    """As ``find_hits``; ``detail`` names the entry that is found, where one entry alone is what is found."""
    if row.kind not in (TermListKind.TERMS, TermListKind.BLOCKED_DOMAINS):
        return find_hits(row, text)
    found = _lookup_of_each(_spec(row)).detect([Sample(text, normalise(text))])[0]
    spans = (span for detection in found for span in detection.evidence)
    return sorted((Hit(span.start, span.end, span.detail) for span in spans), key=lambda hit: (hit.start, hit.end))[:20]


@lru_cache(maxsize=2)
def _lookup_of_each(spec: TermListSpec) -> TermListsDetector:
    """Every entry as a list of its own, of its own name."""
    each = (replace(spec, name=term, terms=(term,)) for term in spec.terms)
    return TermListsDetector(list(each))


@lru_cache(maxsize=4)
def _lookup(spec: TermListSpec) -> Any:
    """What looks for this list alone: dear to build for a long one, and asked for again while somebody tries it."""
    if spec.kind == TermListKind.ALLOWED_DOMAINS:
        return listed_domains([spec], spec.kind)
    detector = UrlsDetector if spec.kind == TermListKind.PROTECTED_DOMAINS else TermListsDetector
    return detector.build({}, [spec])


def _spec(row: TermList) -> TermListSpec:
    return TermListSpec(row.name, row.category, row.score, tuple(row.terms), row.whole_word, row.kind)


def _changes(before: TermList | None, after: TermList) -> dict[str, Any]:
    """Field to ``[before, after]``; of the terms what came and what went."""
    pairs = {name: [_plain(getattr(before, name, None)), _plain(getattr(after, name))] for name in FIELDS}
    changes: dict[str, Any] = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    old = before.terms if before else []
    if before is None or old != after.terms:
        come, gone = set(after.terms) - set(old), set(old) - set(after.terms)
        changes["terms"] = {
            "added": [term for term in after.terms if term in come][:MOST_RECORDED],
            "added_count": len(come),
            "removed": [term for term in old if term in gone][:MOST_RECORDED],
            "removed_count": len(gone),
        }
    return changes


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value


def _record(verb: str, row: TermList, actor: str, data: dict[str, Any]) -> None:
    record_audit(
        action=f"term_list.{verb}",
        actor=actor,
        subject_type=SubjectType.TERM_LIST,
        subject_id=row.pk,
        data={"name": row.name, **data},
    )

"""Why a case stands where it stands: every term of its priority in words, and what its waiting adds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from moderation.admin.cells import count, decimal, duration
from moderation.enums import CaseSource, Outcome
from moderation.models import ReviewCase
from moderation.models.review import SECONDS_A_POINT
from moderation.review.priority import (
    A_REPORTER,
    MOST,
    REACH,
    REPORTS,
    SCORE,
    SEVERITY,
    TERMS,
    points_for_waiting,
    terms_of,
)


@dataclass(frozen=True, slots=True)
class ExplainedTerm:
    """One term: what it counts, in words, and its points."""

    words: str
    points: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """The priority of a case and all that it is made of. ``waited`` is the time it is open, and its worth in points."""

    priority: int
    terms: tuple[ExplainedTerm, ...]
    is_clipped: bool
    waited: ExplainedTerm

    @property
    def standing(self) -> int:
        """What a case that comes now would need to stand where this one stands."""
        return self.priority + self.waited.points

    @property
    def minutes_a_point(self) -> int:
        """How long a case waits for a point."""
        return SECONDS_A_POINT // 60

    @property
    def rows(self) -> SafeString:
        """The rows of the table. Lists show many of them: they are put together here, and not by a template."""
        highest = _("Priority, %(most)s at most") % {"most": MOST} if self.is_clipped else _("Priority")
        lines = [
            *(("" if term.points else "quiet", term.words, str(term.points)) for term in self.terms),
            ("sum", highest, str(self.priority)),
            ("", self.waited.words, f"+ {self.waited.points}"),
            ("sum", _("A case that comes now stands before it with more than"), str(self.standing)),
        ]
        return format_html_join("", '<tr class="{}"><th scope="row">{}</th><td>{}</td></tr>', lines)

    @property
    def details(self) -> SafeString:
        """The priority, which opens to show its terms; one of a list is open at a time."""
        return format_html(
            '<details class="explain" name="explain"><summary><b>{}</b>'
            '<span class="visually-hidden"> {}</span></summary>'
            '<div class="explain-box"><table><caption>{}</caption><tbody>{}</tbody></table></div></details>',
            self.priority,
            _("Explain"),
            _("Why it stands where it stands"),
            self.rows,
        )


def explain(case: ReviewCase, now: datetime | None = None) -> Explanation:
    """All terms of a case, whose ``result`` and ``content.author`` are read; those of no points too."""
    now = now or timezone.now()
    terms = terms_of(case)
    words = tuple(ExplainedTerm(_WORDS[term](case, terms[term]), terms[term]) for term in TERMS)
    seconds = max(0, int((now - case.opened_at).total_seconds()))
    waited = ExplainedTerm(_("It waits for %(time)s") % {"time": duration(seconds)}, points_for_waiting(case, now))
    return Explanation(case.priority, words, sum(terms.values()) > MOST, waited)


def _severity(case: ReviewCase, points: int) -> str:
    if case.shown_source == CaseSource.REPORT:
        return _("Users report what is decided already")
    rule = case.result.rule if case.result else ""
    return _("What the policy's rule “%(rule)s” gives") % {"rule": rule} if rule else _("How severe it is")


def _score(case: ReviewCase, points: int) -> str:
    reasons = case.result.reasons if case.result and case.result.outcome == Outcome.REVIEW else []
    found = [one for one in reasons if one.get("score") is not None and one.get("threshold") is not None]
    if not found:
        return _("No score is above what a rule asks for")
    top = max(found, key=lambda one: one["score"] - one["threshold"])
    shown = {"score": decimal(top["score"]), "threshold": number_format(f"{top['threshold']:g}")}
    return _("The highest score is %(score)s, where the rule asks for %(threshold)s") % shown


def _reports(case: ReviewCase, points: int) -> str:
    number = points // A_REPORTER
    if not number:
        return _("No user reports it")
    return ngettext("%(number)s user reports it", "%(number)s users report it", number) % {"number": number}


def _reach(case: ReviewCase, points: int) -> str:
    reach = case.content.author.reach if case.content.author else None
    if reach is None:
        return _("Nobody says how many people the author reaches")
    return _("The author reaches %(reach)s people") % {"reach": count(reach)}


_WORDS: dict[str, Callable[[ReviewCase, int], str]] = {
    SEVERITY: _severity,
    SCORE: _score,
    REPORTS: _reports,
    REACH: _reach,
}

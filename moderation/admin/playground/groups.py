"""The scores of one reading, by what they are about. Every category stands in one group, covered or not."""

from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

from moderation.admin.categories import category_title
from moderation.admin.readings import ScoreRow
from moderation.detectors.base import DetectionReport
from moderation.enums import Category
from moderation.policy.schema import Policy
from moderation.policy.verdict import Verdict

GROUPS: tuple[tuple[str, tuple[Category, ...]], ...] = (
    (N_("Harm of any kind"), (Category.ANY_HARM,)),
    (
        N_("Insult and harassment"),
        (Category.TOXICITY, Category.SEVERE_TOXICITY, Category.INSULT, Category.PROFANITY, Category.HARASSMENT),
    ),
    (N_("Hate"), (Category.HATE, Category.IDENTITY_ATTACK, Category.HATE_THREATENING)),
    (
        N_("Threat and violence"),
        (Category.THREAT, Category.HARASSMENT_THREATENING, Category.VIOLENCE, Category.VIOLENCE_GRAPHIC),
    ),
    (N_("Self-harm"), (Category.SELF_HARM, Category.SELF_HARM_INTENT, Category.SELF_HARM_INSTRUCTIONS)),
    (N_("Sexual content"), (Category.SEXUAL, Category.SEXUAL_MINORS, Category.NSFW_IMAGE)),
    (N_("Illicit offers and advice"), (Category.ILLICIT, Category.ILLICIT_VIOLENT)),
    (N_("Spam, links and personal data"), (Category.SPAM, Category.URL_RISK, Category.PII)),
)


@dataclass(frozen=True, slots=True)
class ScoreGroup:
    """What was read of one kind of harm, and what was not: no detector looks for it, or it did not answer."""

    title: str
    rows: list[ScoreRow]
    not_covered: list[str]
    not_read: list[str]


def score_groups(report: DetectionReport, verdict: Verdict, policy: Policy) -> list[ScoreGroup]:
    """Every group in its order, each score against the threshold of a rule that held, else of the first that asks."""
    thresholds = {**_asked(policy), **_met(verdict)}
    return [
        ScoreGroup(
            gettext(title),
            [ScoreRow(category_title(n), report.scores[n], thresholds.get(n)) for n in names if n in report.scores],
            [category_title(name) for name in names if name in report.not_covered],
            [category_title(name) for name in names if name in report.unavailable and name not in report.scores],
        )
        for title, names in GROUPS
    ]


def _met(verdict: Verdict) -> dict[str, float]:
    """Category to the threshold of a rule that held; the first such rule wins."""
    readings = [reading for match in reversed(verdict.matches) for reading in match.readings if not reading.negated]
    return {said.category: said.threshold for said in readings if said.category and said.threshold is not None}


def _asked(policy: Policy) -> dict[str, float]:
    """Category to the threshold of the first rule that asks for it."""
    leaves = [leaf for rule in reversed(policy.rules) if rule.when for leaf in rule.when.leaves if leaf.affirmed]
    return {leaf.category: leaf.threshold for leaf in leaves if leaf.category and leaf.threshold is not None}

"""Head against base model on examples that the head was not fitted on: five folds, each scored by the others' head.

A head wins when its ranking (AUPRC) is better by the margin, and its ranking and its probabilities (Brier) are both
better in 99 of 100 resamplings of the same examples (paired bootstrap), and it alarms at hardly more of the background.
Its probabilities have to beat the base model's and also these calibrated to the site's own shares: to know that most
of what moderators see is fine is no lesson.
"""

from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from typing import Any

import numpy as np

from moderation.detectors.ngrams import Array
from moderation.detectors.text.adapter import AdapterHead, logit
from moderation.evaluation.measures import quality
from moderation.site_adapter.features import Lessons
from moderation.site_adapter.fit import Calibration, Correction, fit_calibration, fit_correction, head_of

FOLDS = 5
RESAMPLINGS = 400
SEED = 20261122
ALARM = 0.5
MOST_NEW_ALARMS = 0.01  # share of the background texts
_CHANCE = 1  # per cent of the resamplings that may say otherwise
_BACKGROUND_SHARE = 0.5  # of the weight of all negatives, at most


@dataclass(frozen=True, slots=True)
class Measured:
    """How base model and adapter do on the same examples, each scored by a head that was not fitted on it.

    ``brier`` has, third, the base model calibrated to the site. ``low_gain_auprc`` and ``low_gain_brier`` are the
    gains, over the better base, that 99 of 100 resamplings exceed. ``caught`` and ``spared``: how many positives score
    .5 or more, and negatives less, by base and by adapter. ``alarms``: the share of the background at .5 or more, by
    each; None without one.
    """

    auprc: tuple[float, float]
    brier: tuple[float, float, float]
    low_gain_auprc: float
    low_gain_brier: float
    caught: tuple[int, int]
    spared: tuple[int, int]
    alarms: tuple[float, float] | None

    def fault(self, margin: float) -> str:
        """Why the adapter has not won; empty where it has."""
        gain = self.auprc[1] - self.auprc[0]
        if gain < margin:
            return f"AUPRC changes by {gain:+.3f}, and {margin:+.3f} is asked for"
        if self.low_gain_auprc <= 0:
            return "the better AUPRC may be chance"
        if self.low_gain_brier <= 0:
            return "the probabilities (Brier) are not surely better"
        if self.alarms and self.alarms[1] > self.alarms[0] + MOST_NEW_ALARMS:
            return (
                f"it alarms at {self.alarms[1]:.1%} of what the policy approves; the base model at {self.alarms[0]:.1%}"
            )
        return ""

    def to_json(self) -> dict[str, Any]:
        """For the report."""
        return {name: _rounded(value) for name, value in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class Trial:
    """One category: the head fitted on all examples, and how its like did where it had not been fitted.

    ``gated`` is as it serves where the transformer reads only what the base model is unsure of; ``everywhere`` where
    it reads every text. ``wording`` is the share of the correction that comes from the embedding, not from the
    transformer's own categories; ``leans_on`` are the categories that count most.
    """

    head: AdapterHead
    gated: Measured
    everywhere: Measured
    wording: float = 0.0
    leans_on: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Problem:
    """One category's examples: ``truth``, ``background`` and ``rest`` have an entry an example, the others a window.

    ``rows`` are the windows' places among the lessons, ``of`` says which example each belongs to.
    """

    truth: Array
    background: Array
    folds: Array
    rows: Array
    of: Array
    base: Array
    rest: Array
    unsure: Array
    features: Array

    @property
    def base_logits(self) -> Array:
        return logit(self.base)


def try_category(lessons: Lessons, category: str, column: int, encoder_heads: tuple[str, ...]) -> Trial:
    """``column`` is the category's place in ``lessons.base``. The category must have examples of both kinds."""
    problem = _problem(lessons, category, column)
    unseen, probabilities = _unseen(problem)
    correction = _fit(problem, np.ones(len(problem.rows), dtype=bool))
    head = head_of(category, correction, _calibration(problem, unseen, np.ones(len(problem.truth), dtype=bool)))
    base = _highest(problem, problem.base)
    gated = _highest(problem, np.where(problem.unsure, probabilities, problem.base))
    wording, leans_on = _explained(problem.features, correction.weights, encoder_heads)
    return Trial(
        head=head,
        gated=_measured(problem, base, gated),
        everywhere=_measured(problem, base, _highest(problem, probabilities)),
        wording=wording,
        leans_on=leans_on,
    )


def _problem(lessons: Lessons, category: str, column: int) -> _Problem:
    known = [at for at, example in enumerate(lessons.examples) if category in example.labels]
    place = np.full(len(lessons.examples), -1)
    place[known] = np.arange(len(known))
    rows = np.flatnonzero(place[lessons.owners] >= 0)
    truth = np.array([lessons.examples[at].labels[category] for at in known], dtype=np.float64)
    return _Problem(
        truth=truth,
        background=np.array([lessons.examples[at].background for at in known], dtype=bool),
        folds=_folds([lessons.examples[at].text for at in known], truth),
        rows=rows,
        of=place[lessons.owners[rows]],
        base=lessons.base[rows, column].astype(np.float64),
        rest=lessons.rest[known, column].astype(np.float64),
        unsure=lessons.unsure[rows],
        features=lessons.features[rows],
    )


def _folds(texts: list[str], truth: Array) -> Array:
    """The same fold for the same text, and each kind spread evenly. Alike texts were made one example before."""
    order = sorted(range(len(texts)), key=lambda at: blake2b(texts[at].encode("utf-8", "surrogatepass")).digest())
    folds = np.zeros(len(texts), dtype=np.int64)
    for kind in (0.0, 1.0):
        places = [at for at in order if truth[at] == kind]
        folds[places] = np.arange(len(places)) % FOLDS
    return folds


def _unseen(problem: _Problem) -> tuple[Array, Array]:
    """For each window the logit, and the calibrated probability, of heads that its example had no part in."""
    logits = np.zeros(len(problem.rows))
    for fold in range(FOLDS):
        own = problem.folds[problem.of] == fold
        if own.any():
            logits[own] = _fit(problem, ~own).logits(problem.base_logits[own], problem.features[own])
    probabilities = np.zeros(len(problem.rows))
    for fold in range(FOLDS):
        own = problem.folds[problem.of] == fold
        probabilities[own] = _calibration(problem, logits, problem.folds != fold).probabilities(logits[own])
    return logits, probabilities


def _fit(problem: _Problem, windows: Array) -> Correction:
    of = problem.of[windows]
    weights = _weights(problem, of)
    return fit_correction(problem.features[windows], problem.base_logits[windows], problem.truth[of], weights)


def _weights(problem: _Problem, of: Array) -> Array:
    """Both kinds weigh the same, as much together as there are decided examples; a text counts once, however long."""
    each = 1.0 / np.bincount(of, minlength=len(problem.truth))[of]
    positive, background = problem.truth[of] == 1, problem.background[of]
    decided = ~positive & ~background
    total = each[~background].sum() / 2
    share = _BACKGROUND_SHARE if background.any() else 0.0
    for kind, part in ((positive, 1.0), (decided, 1.0 - share), (background, share)):
        each[kind] *= total * part / max(each[kind].sum(), 1e-9)
    return each


def _calibrated_base(problem: _Problem) -> Array:
    """For each example the base score, calibrated to the site's other examples."""
    logits = logit(_highest(problem, problem.base))
    answer = np.zeros(len(logits))
    for fold in range(FOLDS):
        own = problem.folds == fold
        used = ~own & ~problem.background
        answer[own] = fit_calibration(logits[used], problem.truth[used]).probabilities(logits[own])
    return answer


def _calibration(problem: _Problem, logits: Array, examples: Array) -> Calibration:
    """On the decided examples among ``examples``, whose shares of each kind are those that moderators meet."""
    highest = np.full(len(problem.truth), -np.inf)
    np.maximum.at(highest, problem.of, logits)
    used = examples & ~problem.background & np.isfinite(highest)
    return fit_calibration(highest[used], problem.truth[used])


def _highest(problem: _Problem, windows: Array) -> Array:
    """A text counts as its worst window, as when serving."""
    answer = problem.rest.copy()
    np.maximum.at(answer, problem.of, windows)
    return answer


def _measured(problem: _Problem, base: Array, adapter: Array) -> Measured:
    decided = ~problem.background
    truth = problem.truth[decided] == 1
    scores = np.stack([base, adapter, _calibrated_base(problem)])[:, decided]
    auprc, brier = _auprc(truth, scores), _brier(truth, scores)
    low = np.percentile(_resampled_gains(truth, scores), _CHANCE, axis=0)
    caught, spared = (scores[:2, truth] >= ALARM).sum(axis=1), (scores[:2, ~truth] < ALARM).sum(axis=1)
    quiet = np.stack([base, adapter])[:, problem.background]
    alarms = (quiet >= ALARM).mean(axis=1) if quiet.size else None
    return Measured(
        auprc=(auprc[0], auprc[1]),
        brier=(brier[0], brier[1], brier[2]),
        low_gain_auprc=float(low[0]),
        low_gain_brier=float(low[1]),
        caught=(int(caught[0]), int(caught[1])),
        spared=(int(spared[0]), int(spared[1])),
        alarms=None if alarms is None else (float(alarms[0]), float(alarms[1])),
    )


def _auprc(truth: Array, scores: Array) -> list[float]:
    """Of the base model and the adapter."""
    return [quality(truth, own).auprc for own in scores[:2]]


def _brier(truth: Array, scores: Array) -> list[float]:
    return [float(error) for error in np.mean((scores - truth) ** 2, axis=1)]


def _resampled_gains(truth: Array, scores: Array) -> Array:
    """Gains in AUPRC and in Brier, (resamplings, 2), drawing each kind of example with replacement."""
    chance = np.random.default_rng(SEED)
    kinds = [np.flatnonzero(truth), np.flatnonzero(~truth)]
    gains = np.zeros((RESAMPLINGS, 2))
    for at in range(RESAMPLINGS):
        drawn = np.concatenate([chance.choice(kind, len(kind)) for kind in kinds])
        auprc, brier = _auprc(truth[drawn], scores[:, drawn]), _brier(truth[drawn], scores[:, drawn])
        gains[at] = auprc[1] - auprc[0], min(brier[0], brier[2]) - brier[1]
    return gains


def _explained(features: Array, weights: Array, heads: tuple[str, ...]) -> tuple[float, dict[str, float]]:
    """How much of the correction is wording, and the transformer's categories that it leans on, strongest first."""
    effects = weights * features.std(axis=0)
    own = effects[-len(heads) :]
    wording = float(np.abs(effects[: -len(heads)]).sum() / max(np.abs(effects).sum(), 1e-9))
    strongest = np.argsort(-np.abs(own))[:3]
    return round(wording, 2), {heads[at]: round(float(own[at]), 2) for at in strongest.tolist()}


def _rounded(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_rounded(one) for one in value]
    return round(value, 4) if isinstance(value, float) else value

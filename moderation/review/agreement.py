"""Step 6, how far people agree, and how often they are right: measures over counts, with nothing but arithmetic.

None stands where a measure says nothing: no pairs, or no variation that chance could be told from.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

# Two-sided 95 % of the normal distribution.
Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measure, and the 95 % interval around it."""

    value: float
    low: float
    high: float

    @property
    def percent(self) -> "Estimate":
        """A share in hundredths."""
        return Estimate(self.value * 100, self.low * 100, self.high * 100)


def share_agreed(pairs: Mapping[tuple[Hashable, Hashable], int]) -> float | None:
    """The share of pairs in which both said the same; None without a pair."""
    total = sum(pairs.values())
    return sum(count for (first, second), count in pairs.items() if first == second) / total if total else None


def cohens_kappa(pairs: Mapping[tuple[Hashable, Hashable], int]) -> Estimate | None:
    """Agreement of two raters beyond chance, for nominal values.

    ``pairs``: how often the first rater said one value and the second another. 1 is full agreement, 0 what chance
    gives, below 0 less than that. None without pairs, and where both only ever said one and the same value: chance
    would agree fully too. The interval is cut at -1 and 1.

    Sources: J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20
    (1960); for the interval J. L. Fleiss, J. Cohen and B. S. Everitt, "Large sample standard errors of kappa and
    weighted kappa", Psychological Bulletin 72 (1969).
    """
    total = sum(pairs.values())
    if not total:
        return None
    cells = {pair: count / total for pair, count in pairs.items()}
    firsts, seconds = _margins(cells)
    observed = sum(share for (first, second), share in cells.items() if first == second)
    by_chance = sum(share * seconds[value] for value, share in firsts.items())
    if 1 - by_chance < 1e-12:
        return None
    kappa = (observed - by_chance) / (1 - by_chance)
    off = Z * _kappa_error(cells, firsts, seconds, observed, by_chance, total)
    return Estimate(kappa, max(-1.0, kappa - off), min(1.0, kappa + off))


Cells = Mapping[tuple[Hashable, Hashable], float]
Margin = Mapping[Hashable, float]


def _margins(cells: Cells) -> tuple[Margin, Margin]:
    """How much each rater said each value; both margins hold every value that either said."""
    values = {value for pair in cells for value in pair}
    firsts, seconds = dict.fromkeys(values, 0.0), dict.fromkeys(values, 0.0)
    for (first, second), share in cells.items():
        firsts[first] += share
        seconds[second] += share
    return firsts, seconds


def _kappa_error(cells: Cells, firsts: Margin, seconds: Margin, observed: float, by_chance: float, total: int) -> float:
    """The standard error of kappa: equation 13 of Fleiss, Cohen and Everitt, with weights of 1 and 0."""
    spread = 0.0
    for (first, second), share in cells.items():
        if first == second:
            spread += share * ((1 - by_chance) - (seconds[first] + firsts[first]) * (1 - observed)) ** 2
        else:
            spread += share * (1 - observed) ** 2 * (seconds[first] + firsts[second]) ** 2
    spread -= (observed * by_chance - 2 * by_chance + observed) ** 2
    return sqrt(max(0.0, spread) / total) / (1 - by_chance) ** 2


def krippendorffs_alpha(units: Iterable[tuple[Sequence[Hashable | None], int]]) -> float | None:
    """Agreement of any number of raters beyond chance, for nominal values, where values may be missing.

    Each of ``units`` is what the raters said of one thing (None: nothing) and how many things there are of which they
    said just that. What only one rater spoke of does not count. 1 is full agreement, 0 what chance gives. None where
    nothing was said twice, and where everybody always said the same: there is no variation to agree on.

    Source: A. F. Hayes and K. Krippendorff, "Answering the call for a standard reliability measure for coding data",
    Communication Methods and Measures 1 (2007).
    """
    said: Counter[Hashable] = Counter()
    differing = 0.0
    for values, times in units:
        counts = Counter(value for value in values if value is not None)
        raters = counts.total()
        if raters < 2:
            continue
        for value, count in counts.items():
            said[value] += count * times
        alike = sum(count * (count - 1) for count in counts.values())
        differing += times * (raters * (raters - 1) - alike) / (raters - 1)
    total = said.total()
    by_chance = total * total - sum(count * count for count in said.values())
    return 1 - (total - 1) * differing / by_chance if by_chance else None


def wilson_interval(right: int, total: int) -> Estimate | None:
    """The share of ``right`` in ``total`` with its score interval, which holds for small numbers too; None of none.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the
    American Statistical Association 22 (1927).
    """
    if not 0 <= right <= total:
        raise ValueError(f"{right} of {total} is no share.")
    if not total:
        return None
    share, weight = right / total, Z * Z / total
    middle = (share + weight / 2) / (1 + weight)
    off = Z / (1 + weight) * sqrt(share * (1 - share) / total + weight / (4 * total))
    low, high = max(0.0, middle - off), min(1.0, middle + off)
    return Estimate(share, 0.0 if right == 0 else low, 1.0 if right == total else high)

"""Step 4, the document types: a policy as it is used, read from YAML and compiled."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from moderation.enums import Outcome

from .facts import HASH_BANKS, TERM_LISTS, Facts
from .faults import Fault

DEFAULT_QUEUE = "general"
DEFAULT_PRIORITY = 50
DEFAULT_RULE = "default"
BROKEN_RULE = "policy_broken"
FAILED_PRIORITY = 70
"""How urgent a content is that could not be judged: it waits for a person before what a rule merely doubts."""

Truth = bool | None
"""True, False, or None: unknown, because a reading that is needed is missing (Kleene's three-valued logic)."""

Test = Callable[[Facts], Truth]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One plain question of a rule, kept to explain a match.

    ``condition`` is the question in words and never holds content. ``affirmed`` is False under an odd number of
    ``not``: there the leaf speaks for the rule when it is false.
    """

    condition: str
    test: Test
    category: str = ""
    threshold: float | None = None
    affirmed: bool = True


@dataclass(frozen=True, slots=True)
class Condition:
    """A compiled condition: its test, its leaves, and what it reads.

    ``needs`` names the categories it cannot do without, and TERM_LISTS or HASH_BANKS where it asks for their hits;
    ``term_lists`` and ``hash_banks`` name those it asks for by name.
    """

    test: Test
    leaves: tuple[Leaf, ...]
    needs: frozenset[str] = frozenset()
    term_lists: frozenset[str] = frozenset()
    hash_banks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Effect:
    """What follows when a rule, or no rule, decides. Queue and priority (0 to 100) matter for review only."""

    outcome: Outcome
    reason: str = ""
    queue: str = DEFAULT_QUEUE
    priority: int = DEFAULT_PRIORITY


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the policy: when this holds, then that. ``when`` is None for a rule that always holds."""

    name: str
    effect: Effect
    when: Condition | None = None
    description: str = ""
    line: int = 0

    @property
    def needs(self) -> frozenset[str]:
        """The readings this rule cannot do without."""
        return self.when.needs if self.when else frozenset()


@dataclass(frozen=True, slots=True)
class Policy:
    """A compiled policy document. ``unavailable`` says where content waits whose needed reading is missing.

    ``faults`` are those of a broken policy, which ``broken_policy`` makes; of one that was compiled there are none.
    """

    slug: str
    rules: tuple[Rule, ...]
    default: Effect
    unavailable: Effect
    description: str = ""
    warnings: tuple[Fault, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def categories(self) -> frozenset[str]:
        """The categories the rules read."""
        return frozenset().union(*(rule.needs for rule in self.rules)) - {TERM_LISTS, HASH_BANKS}

    @property
    def queues(self) -> frozenset[str]:
        """The review queues the policy can send content to."""
        effects = (*(rule.effect for rule in self.rules), self.default)
        return frozenset(e.queue for e in effects if e.outcome is Outcome.REVIEW) | {self.unavailable.queue}

    @property
    def term_lists(self) -> frozenset[str]:
        """The term lists the rules ask about."""
        return frozenset().union(*(rule.when.term_lists for rule in self.rules if rule.when))

    @property
    def hash_banks(self) -> frozenset[str]:
        """The hash banks the rules ask about by name."""
        return frozenset().union(*(rule.when.hash_banks for rule in self.rules if rule.when))


def broken_policy(slug: str, faults: Sequence[Fault]) -> Policy:
    """What stands in for a stored policy that cannot be compiled, by ``faults``: a person decides everything."""
    message = f"The policy {slug!r} cannot be used: this release finds faults in its text"
    effect = Effect(Outcome.REVIEW, message, priority=FAILED_PRIORITY)
    return Policy(slug, rules=(), default=effect, unavailable=effect, faults=tuple(faults))

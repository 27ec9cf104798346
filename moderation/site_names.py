"""What a policy names and this site does not have: queues, term lists, hash banks."""

from collections.abc import Iterator
from dataclasses import dataclass

from moderation.models import HashBank, ReviewQueue, TermList
from moderation.policy.schema import Policy


@dataclass(frozen=True, slots=True)
class UnknownNames:
    """Names without a thing, in their order. A list or bank that is not in force counts as none."""

    queues: tuple[str, ...] = ()
    term_lists: tuple[str, ...] = ()
    hash_banks: tuple[str, ...] = ()

    def warnings(self) -> Iterator[str]:
        """What follows from each, in words."""
        for queue in self.queues:
            yield f"the review queue '{queue}' is new: look at its due time and its groups"
        for name in self.term_lists:
            yield f"there is no enabled term list '{name}': conditions on it never hold"
        for name in self.hash_banks:
            yield f"there is no enabled hash bank '{name}': conditions on it never hold"


def unknown_names(policy: Policy) -> UnknownNames:
    """The names in three queries. What an expression (``cel``) asks for is not looked into."""
    lists = TermList.objects.filter(enabled=True, name__in=policy.term_lists)
    banks = HashBank.objects.filter(enabled=True, name__in=policy.hash_banks)
    queues = ReviewQueue.objects.filter(slug__in=policy.queues)
    return UnknownNames(
        queues=tuple(sorted(policy.queues - set(queues.values_list("slug", flat=True)))),
        term_lists=tuple(sorted(policy.term_lists - set(lists.values_list("name", flat=True)))),
        hash_banks=tuple(sorted(policy.hash_banks - set(banks.values_list("name", flat=True)))),
    )

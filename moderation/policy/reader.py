"""Step 4, reading: typed answers from document nodes; every fault is noted with its place, and reading goes on."""

import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from .document import ListNode, MapNode, Node, ScalarNode
from .faults import Fault, Place, did_you_mean

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
WRONG_TYPE = "wrong_type"
MOST = {"expressions": 50, "steps of patterns": 50_000}
"""What all rules of a document may cost together: CEL expressions, and compiled patterns as RE2 counts their steps."""
SLUG_SHAPE = "use lower-case letters, digits and hyphens, 64 at most, as in 'child-safety'"

Found = TypeVar("Found")


class Reader:
    """Collects faults while the document is read. ``within`` names the rule that later messages belong to.

    ``more_facts`` are those that conditions may ask about in this document beside the ones that every policy knows.
    """

    def __init__(self, faults: list[Fault], more_facts: Mapping[str, Any] | None = None) -> None:
        self.faults = faults
        self.more_facts = more_facts or {}
        self.warnings: list[Fault] = []
        self._subject = ""
        self._spent = dict.fromkeys(MOST, 0)

    @contextmanager
    def within(self, subject: str) -> Iterator[None]:
        """Messages noted inside start with ``subject``."""
        before, self._subject = self._subject, f"{subject}: "
        try:
            yield
        finally:
            self._subject = before

    def fault(self, place: Place, path: str, message: str, hint: str = "", *, code: str = "invalid_value") -> None:
        """Notes a fault; the document will be refused."""
        self.faults.append(Fault(*place, path, self._subject + message, hint, code))

    def afford(self, node: Node, path: str, what: str, amount: int) -> bool:
        """Whether the document may have so much more of ``what``, a key of MOST. The first excess is a fault."""
        before = self._spent[what]
        self._spent[what] += amount
        if before <= MOST[what] < self._spent[what]:
            self.fault(node.place, path, f"the document has more than {MOST[what]:,} {what}", "split the policy")
        return self._spent[what] <= MOST[what]

    def warn(self, place: Place, path: str, message: str, hint: str = "") -> None:
        """Notes something legal that is probably not meant."""
        self.warnings.append(Fault(*place, path, self._subject + message, hint))

    def known_keys(self, node: MapNode, known: Collection[str], path: str) -> None:
        """Notes every key of ``node`` that is not in ``known``."""
        for key in node.entries:
            if key not in known:
                hint = did_you_mean(key, known)
                self.fault(node.places[key], f"{path}.{key}", f"{key!r} is not known here", hint, code="unknown_key")

    def required(self, node: MapNode, key: str, path: str, why: str) -> Node | None:
        """The node under ``key``; its absence is a fault that says ``why`` it is needed."""
        if key not in node.entries:
            self.fault(node.place, f"{path}.{key}".lstrip("."), f"{key!r} is missing", why, code="missing")
        return node.entries.get(key)

    def mapping(self, node: Node, path: str, *, shape: str) -> MapNode | None:
        """The node as keys and values; ``shape`` says what to write instead."""
        if isinstance(node, MapNode):
            return node
        self.fault(node.place, path, f"expected keys and values, found {kind_of(node)}", shape, code=WRONG_TYPE)
        return None

    def items(self, node: Node, path: str, *, shape: str, at_most: int) -> tuple[Node, ...]:
        """The entries of a list that is neither empty nor too long."""
        if not isinstance(node, ListNode):
            self.fault(node.place, path, f"expected a list, found {kind_of(node)}", shape, code=WRONG_TYPE)
            return ()
        if not node.items:
            self.fault(node.place, path, "the list is empty", shape)
        if len(node.items) > at_most:
            self.fault(node.place, path, f"the list has {len(node.items)} entries, the limit is {at_most}")
            return ()
        return node.items

    def text(self, node: Node, path: str, *, at_most: int, empty: bool = False) -> str | None:
        """The node as text of a bounded length."""
        value = node.value if isinstance(node, ScalarNode) else None
        if value is None and empty and isinstance(node, ScalarNode):
            return ""
        if not isinstance(value, str):
            hint = "put it in quotes" if isinstance(value, bool | int | float) else ""
            self.fault(node.place, path, f"expected text, found {kind_of(node)}", hint, code=WRONG_TYPE)
            return None
        if not (value.strip() or empty) or len(value) > at_most:
            self.fault(node.place, path, f"expected 1 to {at_most} characters, found {len(value.strip())}")
            return None
        return value

    def slug(self, node: Node, path: str) -> str | None:
        """The node as a slug, the form of every name in a policy."""
        if isinstance(node, ScalarNode) and SLUG.fullmatch(str(node.value)):
            return str(node.value)
        shown = repr(node.value) if isinstance(node, ScalarNode) else kind_of(node)
        self.fault(node.place, path, f"{shown} is not a name", SLUG_SHAPE)
        return None

    def choice(self, node: Node, path: str, choices: Collection[str]) -> str | None:
        """The node as one of ``choices``."""
        value = node.value if isinstance(node, ScalarNode) else kind_of(node)
        if isinstance(value, str) and value in choices:
            return value
        hint = did_you_mean(str(value), choices)
        self.fault(node.place, path, f"{value!r} is not known here", hint, code="unknown_value")
        return None

    def flag(self, node: Node, path: str) -> bool | None:
        """The node as true or false."""
        if isinstance(node, ScalarNode) and isinstance(node.value, bool):
            return node.value
        self.fault(node.place, path, f"expected true or false, found {kind_of(node)}", code=WRONG_TYPE)
        return None

    def number(self, node: Node, path: str, *, low: float = -math.inf, high: float = math.inf) -> float | None:
        """The node as a finite number from ``low`` to ``high``."""
        value = node.value if isinstance(node, ScalarNode) else None
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            self.fault(node.place, path, f"expected a number, found {kind_of(node)}", code=WRONG_TYPE)
            return None
        if not low <= value <= high:
            percent = high == 1 and 1 < value <= 100
            hint = f"scores run from 0 to 1, did you mean {value / 100:g}?" if percent else ""
            self.fault(node.place, path, f"{value:g} is outside {low:g} to {high:g}", hint)
            return None
        return value

    def whole(self, node: Node, path: str, *, low: int, high: int) -> int | None:
        """The node as a whole number from ``low`` to ``high``."""
        value = self.number(node, path, low=low, high=high)
        if isinstance(value, float):
            self.fault(node.place, path, f"expected a whole number, found {value:g}")
            return None
        return value

    def one_or_more(self, node: Node, path: str, read: Callable[[Node, str], Found | None]) -> tuple[Found, ...]:
        """A single value or a list of them (100 at most), each read by ``read``."""
        if not isinstance(node, ListNode):
            nodes: tuple[Node, ...] = (node,)
        else:
            nodes = self.items(node, path, shape="name at least one", at_most=100)
        found = [read(item, f"{path}[{index}]") for index, item in enumerate(nodes)]
        return tuple(item for item in found if item is not None)


def kind_of(node: Node) -> str:
    """What a node is, in words for a message. Numbers and flags are shown, text is not."""
    if isinstance(node, ListNode):
        return "a list"
    if isinstance(node, MapNode):
        return "keys and values"
    if node.value is None:
        return "nothing"
    return "text" if isinstance(node.value, str) else str(node.value).lower()

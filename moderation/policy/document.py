"""Step 4, reading: YAML text to a tree of plain nodes that know their line and column.

Built from the parser's events, never through a YAML loader: no tag can construct anything, aliases (the stuff of
"billion laughs" bombs) are refused, depth and size are bounded before a node is made. Plain words follow YAML 1.2,
so that ``no`` is Norwegian and ``12:30`` is not 750.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from .faults import Fault, Place, PolicyError

MAX_CHARACTERS = 256 * 1024
MAX_NODES = 20_000
MAX_DEPTH = 40
UNREADABLE = "invalid_yaml"

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_DECIMAL = re.compile(
    r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)(?:[eE][-+]?[0-9]{1,4})?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
_WORDS = {"": None, "~": None, "null": None, "Null": None, "NULL": None}
_FLAGS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}

Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """A single value."""

    value: Value
    place: Place


@dataclass(frozen=True, slots=True)
class ListNode:
    """A list of nodes."""

    items: tuple["Node", ...]
    place: Place


@dataclass(frozen=True, slots=True)
class MapNode:
    """Keys and their nodes in document order; ``places`` tells where each key stands."""

    entries: dict[str, "Node"] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    place: Place = Place(1, 1)


Node = ScalarNode | ListNode | MapNode


def read_document(source: str, *, name: str) -> tuple[Node, list[Fault]]:
    """The document's tree and the faults that did not stop the reading (duplicate keys, aliases, tags).

    Raises PolicyError when there is no tree: the text is too large, is not YAML, or holds no or several documents.
    """
    _refuse_unreadable(source, name)
    builder = _Builder(name)
    try:
        return builder.build(iter(yaml.parse(source, Loader=_LOADER))), builder.faults
    except yaml.MarkedYAMLError as error:
        raise PolicyError(name, [_syntax_fault(error)]) from error


def _refuse_unreadable(source: str, name: str) -> None:
    if len(source) > MAX_CHARACTERS:
        message = f"the document has {len(source)} characters, the limit is {MAX_CHARACTERS}"
        raise PolicyError(name, [Fault(1, 1, "", message, code=UNREADABLE)])
    if odd := _UNPRINTABLE.search(source):
        before = source[: odd.start()]
        place = Place(before.count("\n") + 1, odd.start() - before.rfind("\n"))
        message = f"character U+{ord(odd.group()):04X} is not allowed in a document"
        raise PolicyError(name, [Fault(*place, "", message, "remove it", UNREADABLE)])


def _syntax_fault(error: yaml.MarkedYAMLError) -> Fault:
    mark = error.problem_mark or error.context_mark
    place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
    context = f" {error.context}" if error.context else ""
    return Fault(
        *place, "", f"not valid YAML: {error.problem}{context}", "check indentation, quotes and brackets", UNREADABLE
    )


def _place(event: yaml.Event) -> Place:
    mark = event.start_mark
    return Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)


class _Builder:
    def __init__(self, name: str) -> None:
        self.name = name
        self.faults: list[Fault] = []
        self._nodes = 0

    def build(self, events: Iterator[yaml.Event]) -> Node:
        next(events)  # stream start
        if isinstance(next(events), yaml.StreamEndEvent):
            raise PolicyError(self.name, [Fault(1, 1, "", "the document is empty", code=UNREADABLE)])
        root = self._node(next(events), events, depth=1)
        next(events)  # document end
        if not isinstance(extra := next(events), yaml.StreamEndEvent):
            raise PolicyError(
                self.name, [Fault(*_place(extra), "", "a second document starts here", "keep one a file", UNREADABLE)]
            )
        return root

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], *, depth: int) -> Node:
        place = _place(event)
        self._nodes += 1
        if depth > MAX_DEPTH:
            raise PolicyError(self.name, [Fault(*place, "", f"nested deeper than {MAX_DEPTH} levels", code=UNREADABLE)])
        if self._nodes > MAX_NODES:
            raise PolicyError(
                self.name, [Fault(*place, "", f"more than {MAX_NODES} values in one document", code=UNREADABLE)]
            )
        if isinstance(event, yaml.AliasEvent):
            self._fault(place, f"the alias '*{event.anchor}' is not allowed here", "write the value out")
            return ScalarNode(None, place)
        if tag := getattr(event, "tag", None):
            self._fault(place, f"the tag {tag!r} is not allowed here", "remove it")
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(events, place, depth)
        if isinstance(event, yaml.MappingStartEvent):
            return self._map(events, place, depth)
        return ScalarNode(_value(event) if isinstance(event, yaml.ScalarEvent) else None, place)

    def _list(self, events: Iterator[yaml.Event], place: Place, depth: int) -> ListNode:
        items = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(self._node(event, events, depth=depth + 1))
        return ListNode(tuple(items), place)

    def _map(self, events: Iterator[yaml.Event], place: Place, depth: int) -> MapNode:
        found = MapNode(place=place)
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self._node(event, events, depth=depth + 1)
            value = self._node(next(events), events, depth=depth + 1)
            if not isinstance(key, ScalarNode):
                self._fault(key.place, "a key must be one word")
                continue
            word = str(key.value)
            if word in found.entries:
                self._fault(key.place, f"{word!r} stands twice", f"the first is on line {found.places[word].line}")
                continue
            found.entries[word] = value
            found.places[word] = key.place
        return found

    def _fault(self, place: Place, message: str, hint: str = "") -> None:
        self.faults.append(Fault(*place, "", message, hint, UNREADABLE))


def _value(event: yaml.ScalarEvent) -> Value:
    """A plain word is a number, flag or nothing where it looks like one; a quoted word is always text."""
    word: str = event.value
    if not event.implicit[0]:
        return word
    if word in _WORDS:
        return None
    if word in _FLAGS:
        return _FLAGS[word]
    if _INTEGER.fullmatch(word):
        return int(word)
    if _DECIMAL.fullmatch(word):
        return float(word.replace(".i", "i").replace(".I", "I").replace(".n", "n").replace(".N", "N"))
    return word

"""Step 4, loading: a YAML document becomes a compiled policy, or one error that names everything wrong with it."""

from collections.abc import Mapping

from moderation.enums import Outcome

from .conditions import compile_condition
from .document import MapNode, Node, ScalarNode, read_document
from .faults import Fault, PolicyError
from .plain_facts import Fact
from .reader import Reader
from .schema import DEFAULT_PRIORITY, DEFAULT_QUEUE, DEFAULT_RULE, Condition, Effect, Policy, Rule

VERSION = 1
MAX_RULES = 200
_DOCUMENT_KEYS = ("version", "policy", "description", "rules", "default", "unavailable")
_WAITING_KEYS = ("queue", "priority")
_EFFECT_KEYS = ("then", "reason", *_WAITING_KEYS)
_RULE_KEYS = ("name", "description", "when", *_EFFECT_KEYS)
_MISSING_READING = Effect(Outcome.REVIEW, "A reading that the policy needs is missing")


def load_policy(source: str, *, name: str = "<policy>") -> Policy:
    """The policy written in ``source`` (YAML), compiled and ready for ``evaluate``.

    ``name`` is how the document is called in errors, usually its path. Raises PolicyError with every fault found,
    each with line, column and path. Things that are legal but odd are in the policy's ``warnings``.
    """
    root, faults = read_document(source, name=name)
    reader = Reader(faults)
    policy = _read_policy(root, reader)
    if faults or policy is None:
        raise PolicyError(name, faults)
    return policy


def load_condition(
    source: str, *, name: str = "<condition>", more_facts: Mapping[str, Fact] | None = None
) -> Condition:
    """A condition that stands alone, in the words of a rule's ``when``, compiled.

    ``more_facts`` are what it may ask about beside the facts of a policy. Raises PolicyError with every fault found.
    """
    root, faults = read_document(source, name=name)
    condition = compile_condition(root, "when", Reader(faults, more_facts))
    if faults or condition is None:
        raise PolicyError(name, faults)
    return condition


def _read_policy(root: Node, reader: Reader) -> Policy | None:
    document = reader.mapping(root, "", shape="a policy starts with 'version: 1'")
    if document is None:
        return None
    reader.known_keys(document, _DOCUMENT_KEYS, "")
    _check_version(document, reader)
    slug = reader.required(document, "policy", "", "give the policy a name, as in 'policy: default'")
    return Policy(
        slug=(reader.slug(slug, "policy") if slug else None) or "",
        description=_prose(document, "description", "", reader),
        rules=_read_rules(document, reader),
        default=_read_default(document, reader),
        unavailable=_read_unavailable(document, reader),
        warnings=tuple(reader.warnings),
    )


def _check_version(document: MapNode, reader: Reader) -> None:
    node = reader.required(document, "version", "", "write 'version: 1'")
    if node and not (isinstance(node, ScalarNode) and node.value == VERSION and not isinstance(node.value, bool)):
        reader.fault(node.place, "version", "this version of the document is not known", "write 'version: 1'")


def _prose(node: MapNode, key: str, path: str, reader: Reader) -> str:
    if key not in node.entries:
        return ""
    return reader.text(node.entries[key], f"{path}.{key}".lstrip("."), at_most=1_000, empty=True) or ""


def _read_rules(document: MapNode, reader: Reader) -> tuple[Rule, ...]:
    node = reader.required(document, "rules", "", "list the rules; the first that holds decides")
    nodes = reader.items(node, "rules", shape="start each rule with '- name: ...'", at_most=MAX_RULES) if node else ()
    read = [_read_rule(item, f"rules[{index}]", reader) for index, item in enumerate(nodes)]
    rules = tuple(rule for rule in read if rule is not None)
    _check_names(nodes, rules, reader)
    _warn_unreachable(rules, reader)
    return rules


def _read_rule(node: Node, path: str, reader: Reader) -> Rule | None:
    written = reader.mapping(node, path, shape="as in {name: ..., when: ..., then: ...}")
    if written is None:
        return None
    with reader.within(_subject(written, path)):
        reader.known_keys(written, _RULE_KEYS, path)
        named = reader.required(written, "name", path, "every rule has a name of its own")
        name = reader.slug(named, f"{path}.name") if named else None
        when = written.entries.get("when")
        condition = compile_condition(when, f"{path}.when", reader) if when else None
        effect = _read_effect(written, path, reader)
        if name == DEFAULT_RULE and named:
            reader.fault(named.place, f"{path}.name", f"the name {DEFAULT_RULE!r} is taken", "it means: no rule held")
    line = written.place.line
    return Rule(name or "", effect, condition, _prose(written, "description", path, reader), line)


def _subject(written: MapNode, path: str) -> str:
    name = written.entries.get("name")
    named = isinstance(name, ScalarNode) and isinstance(name.value, str) and len(name.value) <= 80
    return f"rule {name.value!r}" if named and isinstance(name, ScalarNode) else f"rule {path}"


def _read_effect(written: MapNode, path: str, reader: Reader) -> Effect:
    node = reader.required(written, "then", path, "one of approve, review, reject")
    chosen = reader.choice(node, f"{path}.then", Outcome.values) if node else None
    outcome = Outcome(chosen) if chosen else Outcome.REVIEW
    if chosen and outcome is not Outcome.REVIEW:
        for key in _WAITING_KEYS:
            if key in written.entries:
                hint = f"remove it, or write 'then: {Outcome.REVIEW.value}'"
                reader.fault(written.places[key], f"{path}.{key}", f"{key!r} is for review only", hint)
    return Effect(outcome, _prose(written, "reason", path, reader), *_read_waiting(written, path, reader))


def _read_waiting(written: MapNode, path: str, reader: Reader) -> tuple[str, int]:
    queue, priority = (written.entries.get(key) for key in _WAITING_KEYS)
    place_in_queue = reader.whole(priority, f"{path}.priority", low=0, high=100) if priority else None
    return (
        (reader.slug(queue, f"{path}.queue") if queue else None) or DEFAULT_QUEUE,
        DEFAULT_PRIORITY if place_in_queue is None else place_in_queue,
    )


def _read_default(document: MapNode, reader: Reader) -> Effect:
    """``default: approve``, or the same keys as a rule's effect."""
    node = reader.required(document, "default", "", "say what happens when no rule holds, as in 'default: approve'")
    if isinstance(node, MapNode):
        reader.known_keys(node, _EFFECT_KEYS, "default")
        return _read_effect(node, "default", reader)
    chosen = reader.choice(node, "default", Outcome.values) if node else None
    return Effect(Outcome(chosen or Outcome.REVIEW))


def _read_unavailable(document: MapNode, reader: Reader) -> Effect:
    """Where content waits whose needed reading is missing. That it waits cannot be switched off."""
    node = document.entries.get("unavailable")
    written = reader.mapping(node, "unavailable", shape="as in {queue: general, priority: 40}") if node else None
    if written is None:
        return _MISSING_READING
    reader.known_keys(written, _WAITING_KEYS, "unavailable")
    return Effect(Outcome.REVIEW, _MISSING_READING.reason, *_read_waiting(written, "unavailable", reader))


def _check_names(nodes: tuple[Node, ...], rules: tuple[Rule, ...], reader: Reader) -> None:
    first: dict[str, Rule] = {}
    places = {node.place.line: node for node in nodes}
    for rule in rules:
        earlier = first.setdefault(rule.name, rule)
        if rule.name and earlier is not rule:
            _fault_duplicate(places[rule.line], rule, earlier, reader)


def _fault_duplicate(node: Node, rule: Rule, earlier: Rule, reader: Reader) -> None:
    place = node.entries["name"].place if isinstance(node, MapNode) else node.place
    hint = f"the first is on line {earlier.line}; every rule has a name of its own"
    reader.fault(place, "rules", f"rule {rule.name!r}: the name stands twice", hint, code="duplicate")


def _warn_unreachable(rules: tuple[Rule, ...], reader: Reader) -> None:
    always = next((rule for rule in rules if rule.when is None), None)
    if always is None:
        return
    for rule in rules[rules.index(always) + 1 :]:
        hint = f"rule {always.name!r} on line {always.line} has no 'when' and always holds"
        reader.warnings.append(
            Fault(rule.line, 1, "rules", f"rule {rule.name!r} can never decide", hint, "unreachable")
        )

"""Writes src/reviewengine_client/shapes.py from the server's OpenAPI description: ``make_shapes.py < schema.json``."""

import json
import keyword
import re
import sys
from pathlib import Path
from typing import Any

SHAPES = Path(__file__).parent / "src" / "reviewengine_client" / "shapes.py"
HEAD = '''\
"""The shapes of requests and answers, made by make_shapes.py from the server's OpenAPI description: change it there."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Any, Literal, TypeAlias, TypedDict

if sys.version_info >= (3, 11):
    from typing import NotRequired
else:
    from typing_extensions import NotRequired

'''
PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None", "object": "dict"}
LEFT_TO_THE_CLIENT = ("limit", "cursor")


def shapes_of(schema: dict[str, Any]) -> str:
    """The text of the module: a TypedDict a component, and one for each operation that takes a query."""
    components = {name: one for name, one in schema["components"]["schemas"].items() if _is_ours(name)}
    operations = [one for path in schema["paths"].values() for name, one in path.items() if isinstance(one, dict)]
    sent = _reached(operations, components)
    parts = [_component(name, one, is_sent=name in sent) for name, one in sorted(components.items())]
    parts += [text for one in sorted(operations, key=lambda one: one["operationId"]) if (text := _query(one))]
    parts.append(_events(schema["webhooks"]))
    return HEAD + "\n\n".join(sorted(parts, key=lambda part: part.startswith("class"))) + "\n"


def _is_ours(name: str) -> bool:
    return re.fullmatch(r"[A-Za-z]\w*", name) is not None


def _component(name: str, schema: dict[str, Any], *, is_sent: bool) -> str:
    if schema.get("type") != "object" or "properties" not in schema:
        kind = _type(schema, is_sent)
        return f"{name}: TypeAlias = {kind}" if kind.startswith("Literal") else f'{name}: TypeAlias = "{kind}"'
    required = set(schema.get("required", []))
    if not is_sent:
        required |= {member for member, one in schema["properties"].items() if "default" not in one}
    return _typed_dict(name, schema.get("description", ""), schema["properties"], required, is_sent)


def _events(webhooks: dict[str, Any]) -> str:
    """Every message that an endpoint hears; its ``type`` tells which it is."""
    names = sorted(
        re.findall(
            r'"#/components/schemas/(\w+)"', json.dumps([one["post"]["requestBody"] for one in webhooks.values()])
        )
    )
    return f'WebhookEvent: TypeAlias = "{" | ".join(names)}"'


def _query(operation: dict[str, Any]) -> str:
    asked = {
        one["name"]: {**one.get("schema", {}), "description": one.get("description", "")}
        for one in operation.get("parameters", [])
        if one.get("in") == "query" and one["name"] not in LEFT_TO_THE_CLIENT
    }
    name = operation["operationId"][0].upper() + operation["operationId"][1:] + "Query"
    return (
        _typed_dict(name, f"What {operation['operationId']} may be narrowed by.", asked, set(), True) if asked else ""
    )


def _typed_dict(name: str, said: str, members: dict[str, Any], required: set[str], is_sent: bool) -> str:
    kinds = {member: _type(schema, is_sent) for member, schema in members.items()}
    kinds = {member: kind if member in required else f"NotRequired[{kind}]" for member, kind in kinds.items()}
    if any(map(keyword.iskeyword, kinds)):  # no class can have a member ``from``
        return f"{name} = TypedDict({name!r}, {{{', '.join(f'{key!r}: {kind!r}' for key, kind in kinds.items())}}})"
    words = [f'    """{_first_line(said)}"""', ""] if said else []
    return (
        "\n".join([f"class {name}(TypedDict):", *words, *(f"    {key}: {kind}" for key, kind in kinds.items())]) + "\n"
    )


def _first_line(words: str) -> str:
    line = " ".join(words.split("\n\n")[0].split()).replace('"', "'").replace("\\", "")
    return line if len(line) < 100 else line[:100].rsplit(" ", 1)[0] + " …"


def _type(schema: dict[str, Any], is_sent: bool) -> str:
    if reference := schema.get("$ref"):
        return str(reference).rpartition("/")[2]
    if choices := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
        return _either(_type(one, is_sent) for one in choices if "required" not in one or "properties" not in one)
    if "const" in schema:
        return f"Literal[{_literal(schema['const'])}]"
    if "enum" in schema:
        named = [_literal(one) for one in schema["enum"] if one is not None]
        return _either([f"Literal[{', '.join(named)}]", *(["None"] if None in schema["enum"] else [])])
    kinds = schema.get("type", [])
    return _either(_plain(kind, schema, is_sent) for kind in ([kinds] if isinstance(kinds, str) else kinds)) or "Any"


def _plain(kind: str, schema: dict[str, Any], is_sent: bool) -> str:
    if kind == "array":
        return f"list[{_type(schema.get('items', {}), is_sent)}]"
    if kind == "object":
        values = schema.get("additionalProperties")
        return f"dict[str, {_type(values, is_sent) if isinstance(values, dict) else 'Any'}]"
    if kind == "string" and schema.get("format") == "date-time" and is_sent:
        return "datetime | str"
    return PLAIN[kind]


def _either(kinds: Any) -> str:
    return " | ".join(dict.fromkeys(kinds))


def _literal(value: Any) -> str:
    return json.dumps(value) if isinstance(value, str) else repr(value)


def _reached(operations: list[dict[str, Any]], components: dict[str, Any]) -> set[str]:
    """The components that stand in requests."""
    waiting = [one.get("requestBody", {}) for one in operations]
    found: set[str] = set()
    while waiting:
        names = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(waiting.pop()))) - found
        found |= names
        waiting += [components[name] for name in names if name in components]
    return found


if __name__ == "__main__":
    SHAPES.write_text(shapes_of(json.load(sys.stdin)), encoding="utf-8")

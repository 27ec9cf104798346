"""Every fault of a request has a code of ours and words of ours, whichever library finds it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import ValidationError
from pydantic_core.core_schema import ErrorType

import moderation.api.urls  # noqa: F401 - loads every shape
from moderation.api.key_shapes import KeyIn
from moderation.detectors.images import faults as images
from moderation.ingest.faults import CODES, FAULTS, faults
from moderation.ingest.schemas import ContentIn, Strict

ROOT = Path(__file__).parents[3] / "moderation"
# What each kind of a core schema can find: the beginnings of pydantic's names, or all of one.
FINDS = {
    "str": ("string_",),
    "int": ("int_", "greater_", "less_", "multiple_of", "finite_number"),
    "float": ("float_", "greater_", "less_", "multiple_of", "finite_number"),
    "bool": ("bool_",),
    "date": ("date_", "greater_", "less_"),
    "datetime": ("datetime_", "greater_", "less_"),
    "uuid": ("uuid_",),
    "enum": ("enum",),
    "literal": ("literal_error",),
    "list": ("list_type", "too_long", "too_short"),
    "dict": ("dict_type", "invalid_key"),
    "none": ("none_required",),
    "model": ("model_type", "model_attributes_type", "missing", "extra_forbidden"),
}
# They only hold others, or cannot find a fault.
HOLDS = {
    "any", "default", "definition-ref", "definitions", "function-after", "function-before", "model-field",
    "model-fields", "nullable", "union", "no-info", "with-info",
}  # fmt: skip
NAMES = get_args(ErrorType)


def shapes(of: type = Strict) -> Iterator[type]:
    for shape in of.__subclasses__():
        yield shape
        yield from shapes(shape)


PLATFORM = sorted({one for one in shapes() if ".openai." not in one.__module__}, key=lambda one: one.__name__)


def kinds(schema: Any) -> Iterator[str]:
    """Every kind of node in a core schema."""
    if isinstance(schema, dict):
        if isinstance(schema.get("type"), str):
            yield schema["type"]
        for name, inner in schema.items():
            if name not in ("metadata", "serialization", "default"):
                yield from kinds(inner)
    elif isinstance(schema, list | tuple):
        for inner in schema:
            yield from kinds(inner)


@pytest.mark.parametrize("shape", PLATFORM, ids=lambda shape: shape.__name__)
def test_all_that_a_shape_can_find_has_a_code(shape):
    found = set(kinds(shape.__pydantic_core_schema__)) - HOLDS
    assert found - set(FINDS) == set()
    named = {name for kind in found for name in FINDS[kind]}
    beginnings = tuple(name for name in named if name.endswith("_"))
    assert {name for name in NAMES if name.startswith(beginnings) or name in named} - set(CODES) == set()


def test_there_is_one_vocabulary():
    assert {code for code, _ in CODES.values()} - set(FAULTS) == set()
    assert set(CODES) - set(NAMES) == set()


def raised() -> Iterator[str]:
    """The codes that our own validators and views give."""
    for path in [*(ROOT / "api").glob("*.py"), *(ROOT / "ingest").glob("*.py")]:
        text = path.read_text()
        yield from re.findall(r"\"code\": \"(\w+)\"", text)
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "PydanticCustomError":
                yield ast.literal_eval(node.args[0])


def test_our_own_validators_keep_to_it():
    codes = set(raised())
    assert {"invalid_format", "unknown_value", "duplicate", "too_deep"} <= codes
    assert codes - set(FAULTS) - set(images.FAULTS) == set()


@pytest.mark.parametrize(
    ("change", "pointer", "code", "detail"),
    [
        ({"external_id": 7}, "/external_id", "wrong_type", "must be a text"),
        ({"external_id": ""}, "/external_id", "empty", "must not be empty"),
        ({"external_id": "a" * 256}, "/external_id", "too_long", "is longer than 255 characters"),
        ({"texts": "a"}, "/texts", "unknown_field", "is not known here"),
        ({"mode": "later"}, "/mode", "unknown_value", "must be 'async' or 'sync'"),
        ({"images": {}}, "/images", "wrong_type", "must be a list"),
        ({"text": ""}, "/text", "empty", "must not be empty"),
        ({"metadata": {"a": 2**64}}, "/metadata", "too_large", "holds a number beyond 64 bits; send it as a text"),
    ],
)
def test_a_fault_is_told_in_our_words(change, pointer, code, detail):
    with pytest.raises(ValidationError) as refused:
        ContentIn.model_validate({"external_id": "a", "text": "a", **change})
    assert faults(refused.value) == [{"pointer": pointer, "code": code, "detail": detail}]


def test_a_text_that_a_validator_has_read_is_counted_in_characters():
    with pytest.raises(ValidationError) as refused:
        KeyIn.model_validate({"name": "a" * 101, "scopes": ["score"] * 101})
    found = [(fault["code"], fault["detail"]) for fault in faults(refused.value)]
    assert found == [("too_long", "is longer than 100 characters"), ("too_many", "has more than 100 entries")]


def test_what_is_required_is_told_as_such():
    with pytest.raises(ValidationError) as refused:
        ContentIn.model_validate({"text": "a"})
    assert faults(refused.value) == [{"pointer": "/external_id", "code": "missing", "detail": "is required"}]


def test_what_nobody_expected_is_not_valid_and_no_more():
    error = ValidationError.from_exception_data("x", [{"type": "callable_type", "loc": ("a",), "input": 1}])
    assert faults(error) == [{"pointer": "/a", "code": "invalid", "detail": "is not valid"}]

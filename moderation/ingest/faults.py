"""What can be wrong with a member of a request: one vocabulary, whichever library found the fault."""

from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

# code: what it means. These are the codes in the ``errors`` of a problem; docs/api.md lists them.
FAULTS: dict[str, str] = {
    "missing": "It is required here.",
    "unknown_field": "It is not known here: a name that is mistyped is refused, not ignored.",
    "unknown_value": "It is none of the values that are taken here, or names something that is not there.",
    "wrong_type": "It is of another type: a number where a text belongs, null where nothing may be null.",
    "invalid_format": "Its type is right, its form is not: an id, a time, a network, base64.",
    "invalid_characters": "It holds NUL or half a surrogate pair, which cannot be stored, or, in an id of yours, "
    "a character that changes the writing direction.",
    "empty": "It must not be empty, nor blank.",
    "too_short": "It has fewer characters or entries than are asked for.",
    "too_long": "It has more characters or bytes than are taken.",
    "too_many": "It has more entries than are taken.",
    "too_small": "The number, or the day, lies below the least.",
    "too_large": "The number, or the day, lies above the greatest.",
    "too_deep": "It is nested deeper than is taken.",
    "duplicate": "It stands twice.",
    "in_the_past": "It must lie in the future.",
    "unsafe_url": "We would not call this address.",
    "beyond_own_key": "The key that asks does not have it, and so cannot give it.",
    "invalid": "It is not valid; `detail` says why.",
}
# Pydantic's kinds: our code, and our words where its own speak of "input" and of its types.
CODES: dict[str, tuple[str, str]] = {
    "missing": ("missing", "is required"),
    "extra_forbidden": ("unknown_field", "is not known here"),
    "none_required": ("wrong_type", "must be null"),
    "string_type": ("wrong_type", "must be a text"),
    "string_unicode": ("invalid_characters", "is not valid UTF-8"),
    "string_not_ascii": ("invalid_characters", "must be ASCII"),
    "string_too_long": ("too_long", "is longer than {max_length} characters"),
    "string_too_short": ("too_short", "is shorter than {min_length} characters"),
    "string_pattern_mismatch": ("invalid_format", "must match {pattern}"),
    "bool_type": ("wrong_type", "must be true or false"),
    "bool_parsing": ("unknown_value", "must be true or false"),
    "int_type": ("wrong_type", "must be a whole number"),
    "int_parsing": ("invalid_format", "must be a whole number"),
    "int_parsing_size": ("too_large", "has too many digits"),
    "int_from_float": ("wrong_type", "must be a whole number"),
    "float_type": ("wrong_type", "must be a number"),
    "float_parsing": ("invalid_format", "must be a number"),
    "finite_number": ("wrong_type", "must be a finite number"),
    "multiple_of": ("unknown_value", "must be a multiple of {multiple_of}"),
    "greater_than": ("too_small", "must be more than {gt}"),
    "greater_than_equal": ("too_small", "must be {ge} or more"),
    "less_than": ("too_large", "must be less than {lt}"),
    "less_than_equal": ("too_large", "must be {le} or less"),
    "enum": ("unknown_value", "must be {expected}"),
    "literal_error": ("unknown_value", "must be {expected}"),
    "uuid_type": ("wrong_type", "must be a UUID, as a text"),
    "uuid_parsing": ("invalid_format", "is no UUID"),
    "uuid_version": ("invalid_format", "is a UUID of another version"),
    "date_type": ("wrong_type", "must be a day, as a text"),
    "date_parsing": ("invalid_format", "is no day such as 2026-11-21"),
    "date_from_datetime_parsing": ("invalid_format", "is no day such as 2026-11-21"),
    "date_from_datetime_inexact": ("invalid_format", "must be a day without a time"),
    "date_past": ("unknown_value", "must lie in the past"),
    "date_future": ("in_the_past", "must lie in the future"),
    "datetime_type": ("wrong_type", "must be a time, as a text"),
    "datetime_parsing": ("invalid_format", "is no time in ISO 8601"),
    "datetime_from_date_parsing": ("invalid_format", "is no time in ISO 8601"),
    "datetime_object_invalid": ("invalid_format", "is no time in ISO 8601"),
    "datetime_past": ("unknown_value", "must lie in the past"),
    "datetime_future": ("in_the_past", "must lie in the future"),
    "list_type": ("wrong_type", "must be a list"),
    "too_long": ("too_many", "has more than {max_length} entries"),
    "too_short": ("too_short", "has fewer than {min_length} entries"),
    "dict_type": ("wrong_type", "must be an object"),
    "model_type": ("wrong_type", "must be an object"),
    "model_attributes_type": ("wrong_type", "must be an object"),
    "invalid_key": ("wrong_type", "must have texts for names"),
}
_MISSING = "Field required"


def faults(error: ValidationError, prefix: str = "") -> list[dict[str, str]]:
    """A validation error as ``{pointer, code, detail}``. What was sent is never repeated."""
    found = []
    for fault in error.errors(include_url=False, include_input=False):
        code, detail = code_and_words(fault)
        place = "".join(f"/{_escaped(part)}" for part in fault["loc"] if not _is_branch(part))
        found.append({"pointer": prefix + place, "code": code, "detail": detail})
    return found


def code_and_words(fault: ErrorDetails) -> tuple[str, str]:
    """Our code and words for one fault; one that our own validators raised has both already."""
    kind, limits = fault["type"], fault.get("ctx", {})
    if _is_own(kind, fault["msg"], limits):
        return kind, fault["msg"]
    if limits.get("field_type", "List") != "List":  # a length that pydantic asks of what a validator of ours returned
        kind = f"string_{kind}"
    code, words = CODES.get(kind, ("invalid", "is not valid"))
    if limits.get("min_length") == 1:
        return "empty", "must not be empty"
    return code, words.format_map(limits)


def _is_own(kind: str, message: str, limits: dict[str, Any]) -> bool:
    """Some of our codes are pydantic's kinds too: then its words tell, or what it says of a list."""
    return kind in FAULTS and message != _MISSING and "field_type" not in limits


def _is_branch(part: int | str) -> bool:
    """Pydantic names the branch of a union in the location; it is no place in the document."""
    return isinstance(part, str) and (part == "AuthorIn" or part.startswith("function-after["))


def _escaped(part: int | str) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")[:100]

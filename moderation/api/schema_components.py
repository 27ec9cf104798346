"""What many operations of the description refer to: security schemes, headers, examples of problems, webhooks."""

from typing import Any

from pydantic.json_schema import model_json_schema

from moderation.api.errors import PROBLEMS, Problem
from moderation.api.schema_examples import add_examples, name_problems
from moderation.webhooks.shapes import EXAMPLE, PAYLOADS, ContentEvent

Schema = dict[str, Any]
KEY = "apiKey"
KEY_IN_ADDRESS = "apiKeyInAddress"

REQUEST_HEADERS = {
    "traceparent": "W3C Trace Context: carried into logs, tasks and webhooks. One that is not valid is ignored.",
    "Idempotency-Key": "Any text of yours, once for each request: sent again with it, the first answer is repeated.",
    "X-Request-ID": "An id of yours for this call: up to 128 of `A-Z a-z 0-9 . _ -`. Otherwise one is made.",
    "If-None-Match": "The ETag that you have: 304 if nothing has changed.",
    "If-Match": "The ETag that you have read: 412 if it has changed meanwhile.",
}
# What does not look like this is refused.
HEADER_FORMS = {"Idempotency-Key": {"pattern": '^("[ !#-\\[\\]-~]{1,255}"|[!#-+\\--~]{1,255})$'}}
ANSWER_HEADERS: dict[str, tuple[str, Schema]] = {
    "X-Request-ID": ("The id of this call, as it stands in the logs", {"type": "string"}),
    "RateLimit-Policy": ('The limits, such as `"default";q=120000;w=60`', {"type": "string"}),
    "RateLimit": ('What is left, such as `"default";r=119999;t=1`', {"type": "string"}),
    "Retry-After": ("Seconds to wait", {"type": "integer", "minimum": 0}),
    "ETag": ("The state of the resource, for If-Match and If-None-Match", {"type": "string"}),
    "Location": ("The address of what was made", {"type": "string"}),
    "Idempotency-Replayed": ("`true` where this is the first answer to that Idempotency-Key again", {"type": "string"}),
    "X-API-Key-Expires": ("When the key ends, if that is soon", {"type": "string", "format": "date-time"}),
    "Deprecation": ("Since when the call is deprecated, as `@` and Unix seconds (RFC 9745)", {"type": "string"}),
    "Sunset": ("When the call is to end, as an HTTP date (RFC 8594)", {"type": "string"}),
    "WWW-Authenticate": ("How to authenticate", {"type": "string"}),
}
WEBHOOK_HEADERS = {
    "webhook-id": "The same on every attempt: ignore one that you have seen",
    "webhook-timestamp": "When this attempt was made, in Unix seconds",
    "webhook-signature": "`v1,` and the HMAC-SHA256 of id, timestamp and body in base64; two while a secret is rotated",
}
TRACE = {
    "name": "traceparent",
    "in": "header",
    "description": "W3C Trace Context: the trace of the call that led to it, where there was one",
    "schema": {"type": "string"},
}


def without_titles(schema: Any) -> Any:
    """Pydantic names each member after itself, which tells nobody anything."""
    if isinstance(schema, list):
        return [without_titles(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: {member: without_titles(part) for member, part in value.items()}
        if name in ("properties", "$defs") and isinstance(value, dict)
        else without_titles(value)
        for name, value in schema.items()
        if not (name == "title" and isinstance(value, str))
    }


def add_shared(result: Schema, **_: Any) -> Schema:
    """What many operations refer to, once."""
    components = result["components"]
    components["securitySchemes"] = {
        KEY: {"type": "http", "scheme": "bearer", "description": "An API key: `Authorization: Bearer re_...`"},
        KEY_IN_ADDRESS: {
            "type": "apiKey",
            "in": "query",
            "name": "key",
            "description": "The same key, as Perspective's clients send it; on its addresses only",
        },
    }
    components["headers"] = {
        name: {"description": description, "schema": schema} for name, (description, schema) in ANSWER_HEADERS.items()
    }
    components["parameters"] = {
        name: {
            "name": name,
            "in": "header",
            "description": description,
            "schema": {"type": "string", **HEADER_FORMS.get(name, {})},
        }
        for name, description in REQUEST_HEADERS.items()
    }
    components["examples"] = {
        code: {"value": {**Problem(code).body(), "instance": "/api/v1/content"}} for code in PROBLEMS
    }
    add_examples(result)
    name_problems(result)
    return {**result, "webhooks": webhooks(components["schemas"])}


def webhooks(schemas: Schema) -> Schema:
    """Every event that an endpoint can hear of; its shapes are added to ``schemas``."""
    return {event.value: {"post": _webhook(event.value, shape, schemas)} for event, shape in PAYLOADS.items()}


def _webhook(event: str, shape: Any, schemas: Schema) -> Schema:
    schema = model_json_schema(shape, ref_template="#/components/schemas/{model}", mode="serialization")
    schemas.update(without_titles(schema.pop("$defs", {})))
    schemas[shape.__name__] = without_titles(schema)
    noun, verb = event.split(".", 1)
    examples = {"examples": {event: {"value": {"type": event, **EXAMPLE}}}} if issubclass(shape, ContentEvent) else {}
    return {
        "operationId": f"on{noun.title()}{verb.title().replace('_', '')}",
        "tags": ["webhooks"],
        "summary": (shape.__doc__ or "").strip().splitlines()[0],
        "security": [],
        "parameters": [
            {"name": name, "in": "header", "required": True, "description": description, "schema": {"type": "string"}}
            for name, description in WEBHOOK_HEADERS.items()
        ]
        + [TRACE],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{shape.__name__}"}, **examples}},
        },
        "responses": {
            "2XX": {"description": "Taken; it is not sent again"},
            "410": {"description": "The endpoint is gone, and is disabled"},
            "default": {"description": "It is sent again later"},
        },
    }

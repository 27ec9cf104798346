"""The OpenAPI description of every call: what drf-spectacular reads from the views, and what all calls share.

A view says what is its own with ``extend_schema``: its shapes, summary and examples. Key, scope, headers and problems
are added here, by what its method uses, so that no view can forget or misspell them.
"""

import inspect
from collections.abc import Iterable
from typing import Any

from drf_spectacular.contrib.pydantic import PydanticExtension
from drf_spectacular.drainage import error, set_override
from drf_spectacular.generators import EndpointEnumerator, SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent, get_doc
from pydantic.json_schema import JsonSchemaMode, model_json_schema
from rest_framework.views import APIView

from moderation.api.errors import MEDIA_TYPE, PROBLEMS, ProblemOut
from moderation.api.schema_components import KEY, KEY_IN_ADDRESS, Schema, without_titles
from reviewengine import conf

ALWAYS = ("rate_limited", "server_error", "unavailable")
WITH_KEY = ("not_authenticated", "invalid_key", "missing_scope", "address_not_allowed")
IDEMPOTENT_METHODS = ("POST", "PATCH")
WITH_IDEMPOTENCY = (
    "invalid_idempotency_key", "idempotency_in_progress", "answer_not_kept", "idempotency_key_reused"
)  # fmt: skip
WITH_BODY = (
    "invalid_json", "incomplete_body", "invalid_encoding", "body_too_large", "unsupported_media_type",
    "validation_failed",
)  # fmt: skip
WITH_FORM = ("invalid_upload", "incomplete_body", "body_too_large", "unsupported_media_type", "invalid_image")
# By what a method of a view calls, and by what its address has.
BY_USE = {
    "query": ("invalid_parameter",),
    "page": ("invalid_parameter", "invalid_cursor"),
    "require_match": ("precondition_failed",),
    "_moderator": ("moderator_not_allowed",),
    "claim_next": ("too_many_held",),
    "claim_case": ("claimed", "assigned", "too_many_held", "decided", "edited", "erased"),
    "renew_claim": ("claim_lost", "decided", "edited", "erased"),
    "skip_case": ("claim_lost", "decided", "edited", "erased"),
    "resolve_case": ("claim_lost", "decided", "edited", "erased"),
    "lock_content": ("not_found",),
}
PAGE_PARAMETERS: dict[str, tuple[str, Schema]] = {
    "limit": ("How many at most", {"type": "integer", "minimum": 1}),
    "cursor": ("From `next` or `previous` of another page", {"type": "string", "pattern": "^[A-Za-z0-9+/_-]+=*$"}),
}
RATE_HEADERS = ("RateLimit-Policy", "RateLimit")
HEADERS_BY_STATUS = {
    "201": ("Location",),
    "401": ("WWW-Authenticate",),
    "409": ("Retry-After",),
    "429": ("Retry-After",),
    "503": ("Retry-After",),
}


class PydanticShapes(PydanticExtension):
    """Shapes of pydantic: as drf-spectacular does it, without titles that repeat the name, and with one for a name."""

    priority = 1

    def get_name(self, auto_schema: Any, direction: str) -> str:
        set_override(self.target, "suppress_collision_warning", True)
        shapes = auto_schema.registry.__dict__.setdefault("shapes", {})
        if shapes.setdefault(self.target.__name__, self.target) is not self.target:
            error(f"two shapes share the name {self.target.__name__}; rename one")
        return str(self.target.__name__)

    def map_serializer(self, auto_schema: Any, direction: str) -> Schema:
        # What is read goes by the names that are read; what is answered, by those that are written.
        mode: JsonSchemaMode = "validation" if direction == "request" else "serialization"
        schema = model_json_schema(self.target, ref_template="#/components/schemas/{model}", mode=mode)
        for name, inner in schema.pop("$defs", {}).items():
            component = ResolvedComponent(
                name=name, type=ResolvedComponent.SCHEMA, object=name, schema=without_titles(inner)
            )
            _register(auto_schema.registry, component)
        return without_titles(schema)


def _register(registry: Any, component: Any) -> None:
    known = registry._components.get((component.name, component.type))
    if known is None:
        registry.register(component)
    elif known.schema and known.schema != component.schema:
        error(f"two shapes share the name {component.name}; rename one")


class PlatformSchema(AutoSchema):
    """One operation: what its view says of it, and what its method can do besides."""

    def get_auth(self) -> list[Schema]:
        return [{KEY: []}] if self.method in getattr(self.view, "scopes", {}) else []

    def get_operation_id(self) -> str:
        error(f"{self.method} {self.path} needs extend_schema(operation_id=...)")
        return super().get_operation_id()

    def get_description(self) -> str:  # type: ignore[override]
        """The docstring of the method; that of the class speaks to us."""
        return str(get_doc(getattr(self.view, (self.method or "").lower())))

    def get_operation(self, *args: Any, **named: Any) -> Schema | None:
        operation = super().get_operation(*args, **named)
        if operation is None:
            return None
        operation.setdefault("security", [])
        method = getattr(self.view, (self.method or "").lower())
        if getattr(self.view, "is_compatible_door", False):
            operation["security"] = [{KEY: []}, {KEY_IN_ADDRESS: []}] if "v1alpha1" in self.path else [{KEY: []}]
        else:
            self._add_parameters(operation, method)
            self._add_problems(operation, method)
        self._add_scope(operation)
        self._add_headers(operation, method)
        return operation

    def _add_scope(self, operation: Schema) -> None:
        scope = getattr(self.view, "scopes", {}).get(self.method)
        if scope:
            said = operation.get("description", "")
            operation["description"] = f"{said}\n\nNeeds the scope `{scope.value}`.".strip()
            operation["x-required-scope"] = scope.value

    def _add_parameters(self, operation: Schema, method: Any) -> None:
        used = _names_used(method)
        parameters = operation.setdefault("parameters", [])
        for parameter in parameters:
            _without_null(parameter)
        if "page" in used:
            parameters += [
                {"name": name, "in": "query", "description": description, "schema": {**schema, **_most(name)}}
                for name, (description, schema) in PAGE_PARAMETERS.items()
            ]
        wanted = ["traceparent", "X-Request-ID"]
        wanted += ["Idempotency-Key"] if self._takes_key() else []
        wanted += ["If-None-Match"] if "tagged" in used and self.method == "GET" else []
        wanted += ["If-Match"] if "require_match" in used else []
        parameters += [{"$ref": f"#/components/parameters/{name}"} for name in wanted]

    def _takes_key(self) -> bool:
        return self.method in IDEMPOTENT_METHODS and not getattr(self.view, "changes_nothing", False)

    def _add_problems(self, operation: Schema, method: Any) -> None:
        self.resolve_serializer(ProblemOut, "response")  # type: ignore[arg-type]
        by_status: dict[str, list[str]] = {}
        for code in dict.fromkeys(self._codes(operation, method)):
            by_status.setdefault(str(PROBLEMS[code][0]), []).append(code)
        for status, codes in sorted(by_status.items()):
            operation["responses"].setdefault(status, self._problem_answer(status, codes, bool(operation["security"])))
        if "tagged" in _names_used(method) and self.method == "GET":
            operation["responses"]["304"] = {"description": "Nothing has changed", "headers": _headers(["ETag"])}

    def _problem_answer(self, status: str, codes: list[str], has_key: bool) -> Schema:
        """The answer of these problems, described once for all operations that have the same."""
        name = "-".join(codes if has_key else [*codes, "keyless"])
        examples = {code: {"$ref": f"#/components/examples/{code}"} for code in codes}
        answer = {
            "description": "; ".join(PROBLEMS[code][1] for code in codes),
            "headers": _headers(_names_of_headers(status, has_key)),
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemOut"}, "examples": examples}},
        }
        self.registry.register_on_missing(ResolvedComponent(name=name, type="responses", object=name, schema=answer))
        return {"$ref": f"#/components/responses/{name}"}

    def _codes(self, operation: Schema, method: Any) -> Iterable[str]:
        used = _names_used(method)
        yield from ALWAYS
        yield from WITH_KEY if operation["security"] else ()
        content = operation.get("requestBody", {}).get("content", {})
        yield from WITH_FORM if "multipart/form-data" in content else WITH_BODY if content else ()
        yield from (code for name in used for code in BY_USE.get(name, ()))
        yield from ("not_found",) if "{" in self.path else ()
        yield from WITH_IDEMPOTENCY if self._takes_key() else ()
        yield from ("conflict",) if self.method != "GET" else ()
        yield from () if hasattr(method, "hot") else ("not_acceptable",)

    def _add_headers(self, operation: Schema, method: Any) -> None:
        own = [*self._own_headers(operation), *(["ETag"] if "tagged" in _names_used(method) else ())]
        for status, answer in operation["responses"].items():
            if "$ref" not in answer:
                names = [*_names_of_headers(status, bool(operation["security"])), *(own if status < "3" else ())]
                answer["headers"] = {**_headers(names), **answer.get("headers", {})}

    def _own_headers(self, operation: Schema) -> Iterable[str]:
        """Those that an answer has by what its call is."""
        yield from ("X-API-Key-Expires",) if operation["security"] else ()
        takes_key = {"$ref": "#/components/parameters/Idempotency-Key"} in operation.get("parameters", ())
        yield from ("Idempotency-Replayed",) if takes_key else ()
        yield from ("Deprecation",) if getattr(self.view, "deprecated", None) else ()
        yield from ("Sunset",) if getattr(self.view, "sunset", None) else ()


def _names_used(method: Any) -> tuple[str, ...]:
    """What a method calls, by its code: ``self.tagged(...)``, ``self.page(...)``. It cannot be said wrongly."""
    code = getattr(inspect.unwrap(method), "__code__", None)
    return code.co_names if code else ()


def _names_of_headers(status: str, has_limit: bool) -> list[str]:
    # Nothing is said of a call's limit before it is known whose call it is.
    limits = RATE_HEADERS if has_limit and status != "401" else ()
    return ["X-Request-ID", *limits, *HEADERS_BY_STATUS.get(status, ())]


def _most(name: str) -> Schema:
    return {"maximum": conf.load().api.max_page_size} if name == "limit" else {}


def _without_null(parameter: Schema) -> None:
    """A parameter is sent or it is not: its shape's None stands for one that is absent."""
    schema = parameter.get("schema", {})
    if kinds := [kind for kind in schema.pop("anyOf", ()) if kind != {"type": "null"}]:
        schema |= kinds[0] if len(kinds) == 1 else {"anyOf": kinds}
    if schema.get("default", 0) is None:
        del schema["default"]


def _headers(names: Iterable[str]) -> Schema:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


class Endpoints(EndpointEnumerator):
    """The addresses of the API: DRF's views, and the plain ones of the compatible doors."""

    def should_include_endpoint(self, path: str, callback: Any) -> bool:
        from moderation.api.vendor_doors import DOORS

        if not hasattr(callback, "cls"):
            calls = {method: said for (place, method), said in DOORS.items() if place == path}
            if calls:
                callback.cls, callback.initkwargs = _class_of(callback, calls), {}
        return bool(super().should_include_endpoint(path, callback))


def _class_of(callback: Any, calls: dict[str, Any]) -> type[APIView]:
    """A plain view as drf-spectacular knows views."""

    def described(describe: Any) -> Any:
        def method(self: APIView, request: Any, **named: Any) -> Any:
            return callback(request, **named)

        return describe(method)

    members: dict[str, Any] = {method.lower(): described(describe) for method, (_, describe) in calls.items()}
    members |= {"scopes": {method: scope for method, (scope, _) in calls.items()}, "is_compatible_door": True}
    return type(callback.__name__, (APIView,), members)


class Generator(SchemaGenerator):
    """The whole description."""

    endpoint_inspector_cls = Endpoints

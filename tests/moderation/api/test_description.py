"""What the API says of itself: whole, valid, and held to what there is."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest
import yaml
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, get_resolver

from moderation.api import reports
from moderation.api.description import _written
from moderation.api.errors import PROBLEMS
from moderation.api.schema import Generator
from moderation.api.schema_examples import FILE
from moderation.enums import EventType, Scope

ROOT = Path(__file__).resolve().parents[3]
VERBS = "get|list|create|change|delete|submit|upload|erase|claim|decide|release|renew|skip|suspend|reinstate|override"


@pytest.fixture(scope="module")
def description() -> dict:
    return Client().get("/api/schema/").json()


def operations(description):
    return [(path, method, said) for path, item in description["paths"].items() for method, said in item.items()]


def test_it_is_valid_and_nothing_is_left_to_guesses(tmp_path):
    call_command("spectacular", file=str(tmp_path / "schema.yml"), validate=True, fail_on_warn=True)


def test_every_address_with_a_key_is_described(description):
    """The addresses of Django, but for those that say what the API is."""
    known = {path.replace("{", "<").replace("}", ">") for path in description["paths"]}
    assert {path for path in addresses() if path.startswith(("/api/v1/", "/v1/", "/v1alpha1/"))} == known


def addresses(patterns=None, prefix: str = "/"):
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = prefix + re.sub(r"<\w+:", "<", str(pattern.pattern))
        if not isinstance(pattern, URLPattern):
            yield from addresses(pattern.url_patterns, path)
        elif "^" not in path and "(" not in path and getattr(pattern.pattern, "_route", ""):
            yield path


def test_names_of_operations_are_stable_words(description):
    names = [said["operationId"] for _, _, said in operations(description)]
    assert len(names) == len(set(names))
    assert [name for name in names if not re.fullmatch(r"[a-z]+([A-Z][a-z]*)+", name)] == []


def test_every_operation_says_what_it_is_and_what_it_needs(description):
    for path, method, said in operations(description):
        assert said["summary"], (path, method)
        assert said["tags"], (path, method)
        assert said["x-required-scope"] in Scope.values, (path, method)
        assert {"401", "403", "429", "503"} <= set(said["responses"]), (path, method)


def test_what_stands_for_many_is_there(description):
    text = str(description)
    for name in set(re.findall(r"#/components/([A-Za-z]+/[^']+)'", text)):
        kind, _, member = name.partition("/")
        assert member in description["components"][kind], name
    assert set(description["components"]["examples"]) == set(PROBLEMS)


def test_every_event_is_described(description):
    assert set(description["webhooks"]) == set(EventType.values)


def validate(value, schema, description):
    jsonschema.Draft202012Validator({**schema, "components": description["components"]}).validate(value)


def test_every_example_fits_its_schema(description):
    count = 0
    for _, _, said in [*operations(description), *webhooks(description)]:
        for content in contents(said):
            for example in content.get("examples", {}).values():
                value = example.get("value") or description["components"]["examples"][example["$ref"][22:]]["value"]
                validate(value, content["schema"], description)
                count += 1
    assert count > 20


def test_main_answers_have_examples_that_were_answered(description):
    """None that Swagger UI would make up, such as "string"."""
    answers = {
        (said["operationId"], status): answer.get("content", {}).get("application/json", {})
        for _, _, said in operations(description)
        for status, answer in said["responses"].items()
    }
    written = {(name, status) for name, one in json.loads(FILE.read_text()).items() for status in one}
    assert written <= set(answers)
    assert [one for one in written if "examples" not in answers[one]] == []
    assert '"string"' not in FILE.read_text()


def test_problems_lead_to_their_pages(description):
    answers = description["components"]["responses"].values()
    links = {link for answer in answers for link in re.findall(r"\]\(([^)]+)\)", answer["description"])}
    assert {"/api/problems/not_found", "/api/problems/rate_limited"} <= links
    assert [link for link in links if Client().get(link).status_code != 200] == []


def test_every_header_of_an_answer_is_named(description):
    headers = description["paths"]["/api/v1/reports"]["post"]["responses"]["201"]["headers"]
    assert {"X-Request-ID", "RateLimit", "Location", "Idempotency-Replayed", "X-API-Key-Expires"} <= set(headers)
    assert {"Deprecation", "Sunset"} <= set(description["components"]["headers"])
    assert "Idempotency-Replayed" not in description["paths"]["/api/v1/reports"]["get"]["responses"]["200"]["headers"]
    told = {
        one["name"]: one.get("required", False) for _, _, said in webhooks(description) for one in said["parameters"]
    }
    assert told["traceparent"] is False
    assert told["webhook-id"] is True


def test_a_deprecated_view_names_its_headers(monkeypatch):
    monkeypatch.setattr(reports.Reports, "deprecated", datetime(2026, 1, 1, tzinfo=UTC))
    monkeypatch.setattr(reports.Reports, "sunset", datetime(2027, 1, 1, tzinfo=UTC))
    said = Generator().get_schema(public=True)["paths"]["/api/v1/reports"]["get"]["responses"]["200"]["headers"]
    assert {"Deprecation", "Sunset"} <= set(said)


def webhooks(description):
    return [(name, method, said) for name, item in description["webhooks"].items() for method, said in item.items()]


def contents(said):
    answers = [said.get("requestBody", {}), *said["responses"].values()]
    return [content for answer in answers for content in answer.get("content", {}).values()]


@pytest.mark.parametrize(
    "sample", sorted((ROOT / "tests/moderation/webhooks/payloads").glob("*.json")), ids=lambda p: p.stem
)
def test_payloads_of_webhooks_fit_their_schemas(description, sample):
    said = description["webhooks"][sample.stem]["post"]["requestBody"]["content"]["application/json"]
    validate(yaml.safe_load(sample.read_text()), said["schema"], description)


def test_it_is_answered_as_it_is_asked_for(description):
    written = Client().get("/api/schema/", headers={"Accept": "application/yaml"})
    assert written["Content-Type"] == "application/yaml"
    assert yaml.safe_load(written.content) == description
    assert Client().get("/api/schema/", headers={"Accept": "text/html"})["Content-Type"] == "application/json"


def test_who_has_it_is_not_sent_it_again():
    tag = Client().get("/api/schema/")["ETag"]
    again = Client().get("/api/schema/", headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    assert _written.cache_info().hits > 0


def test_the_index_leads_on():
    index = Client().get("/api/").json()
    for address in (index["documentation"], index["schema"], index["problems"]):
        assert Client().get(address).status_code == 200
    assert all(Client().get(address).status_code in (401, 405) for address in index["resources"].values())


def test_the_index_names_every_resource_and_both_doors(description):
    index = Client().get("/api/").json()
    paths = set(description["paths"])
    tops = {path for path in paths if not any(path.startswith(f"{other}/") for other in paths)}
    assert set(index["resources"].values()) == {
        path for path in tops if path.startswith("/api/v1/") and "{" not in path
    }
    assert set(index["doors"]) == {"openai", "perspective"}
    assert set(index["doors"].values()) <= paths


def test_every_call_stands_in_the_page_with_its_scope(description):
    rows = re.findall(
        r"^\| `(GET|POST|PATCH|PUT|DELETE) ([^`]+)` \| `([^`]+)` \|", (ROOT / "docs/api.md").read_text(), flags=re.M
    )
    told = {(method.lower(), re.sub(r"\{\w+\}", "{}", path)): scope for method, path, scope in rows}
    there = {
        (method, re.sub(r"\{\w+\}", "{}", path)): said["x-required-scope"]
        for path, method, said in operations(description)
    }
    assert told == there

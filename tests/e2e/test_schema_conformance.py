"""schemathesis tries the whole description against a real gunicorn: what is answered is what is described.

`FUZZ_EXAMPLES=100` tries each operation longer than the usual run does, and with another seed each time.
"""

import json
import os
import subprocess
import sys

import httpx
import pytest
from django.core.management import call_command

from tests import factories

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
EXAMPLES = os.environ.get("FUZZ_EXAMPLES", "")
SEED = [] if EXAMPLES else ["--seed", "4"]
# What a schema cannot say, such as that a cursor must be one of ours or that a reason belongs to one decision alone.
BEYOND_SCHEMA = "[200, 201, 202, 204, 304, 400, 403, 404, 409, 412, 422]"
LIMITS = {f"REVIEWENGINE_API__RATE_LIMIT_{name}": "1000000" for name in ("REQUESTS", "ADDRESS_REQUESTS", "FAILURES")}
CONFIG = """
[checks.positive_data_acceptance]
expected-statuses = {beyond}

[parameters]
{parameters}

# A bulk call is accepted whatever its items are: a faulty one is refused by itself.
[[operations]]
include-operation-id = "submitContents"
checks.negative_data_rejection.expected-statuses = [202, 400, 401, 413, 415, 422]

# Google answers 400 to a key that is not valid, and so does its door here.
[[operations]]
include-path-regex = "^/v1alpha1/"
checks.ignored_auth.enabled = false
"""


def seed(client, server, headers) -> dict[str, str | int]:
    """One object of each kind, so that the ids in addresses lead somewhere."""
    case = factories.CaseFactory(content=factories.InReviewContentFactory(client=client))
    decided = factories.ResolvedCaseFactory(content=factories.DecidedContentFactory(client=client))
    author = factories.AuthorFactory(client=client)

    def made(path: str, **body) -> dict:
        answer = httpx.post(f"{server.url}/api/v1/{path}", json=body, headers=headers)
        assert answer.status_code == 201, answer.text
        return answer.json()

    endpoint = made("webhook-endpoints", url="https://example.com/hook")
    call_command("policy_apply", "config/policies/default.yml", verbosity=0)
    made("term-lists", name="default", category="spam", score=0.9)
    made("hash-banks", name="default", action="block", category="sexual")
    key = made("keys", name="another", scopes=["content:read"])
    tested = httpx.post(f"{server.url}/api/v1/webhook-endpoints/{endpoint['id']}/test", headers=headers).json()
    return {
        "key_id": key["id"],
        "event_id": tested["id"],
        "content_id": str(decided.content_id),
        "case_id": str(case.pk),
        "decision_id": str(decided.decision_id),
        "author_id": str(author.public_id),
        "report_id": made("reports", content_id=str(case.content_id), reporter="u9", reason="spam")["id"],
        "endpoint_id": endpoint["id"],
        "name": "default",
        "number": 1,
    }


def run(server, key: str, config) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run", "--no-shrink"]
    command += [f"{server.url}/api/schema/", "--header", f"Authorization: Bearer {key}"]
    command += ["--suppress-health-check", "all", "--max-examples", EXAMPLES or "3"]
    return subprocess.run([*command, *SEED], cwd=config.parent, capture_output=True, text=True, check=False)


def test_what_is_answered_is_what_is_described(web, platform, key, groups, tmp_path):
    server = web(**LIMITS)
    ids = seed(platform, server, {"Authorization": f"Bearer {key}"})
    config = tmp_path / "schemathesis.toml"
    parameters = "\n".join(f'"path.{name}" = {json.dumps(value)}' for name, value in ids.items())
    config.write_text(CONFIG.format(beyond=BEYOND_SCHEMA, parameters=parameters))
    found = run(server, key, config)
    assert found.returncode == 0, found.stdout[-20_000:]

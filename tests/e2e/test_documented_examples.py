"""Every example of the documentation is executed against a real gunicorn, and answers what the page shows."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest
from django.core.management import call_command
from django.test import Client
from standardwebhooks import Webhook

from tests import factories
from tests.e2e.conftest import url_of_the_database
from tests.e2e.documented import ROOT, answers_agree, blocks, steps
from tests.images import photo

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PAGES = [
    "README.md",
    "docs/api.md",
    "docs/webhooks.md",
    "docs/migrate-from-openai.md",
    "docs/migrate-from-perspective.md",
]
MARK = "--- end of step"
TEXT = "The soup was warm and the rain was loud."
OLD_SCORES = {
    "docs/migrate-from-openai.md": {"text": TEXT, "category_scores": {"harassment": 0.6}},
    "docs/migrate-from-perspective.md": {"text": TEXT, "scores": {"TOXICITY": 0.85}},
}


@pytest.fixture
def folder(tmp_path) -> Path:
    """Where the commands are typed: a folder that looks like the project's, with the files that the pages name."""
    for name in (".venv", "manage.py", "config"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "photo.jpg").write_bytes(photo())
    return tmp_path


def type_in(commands: list[str], folder: Path, **environment: str) -> list[str]:
    """Runs the commands in one shell; answers what each wrote."""
    script = "\n".join(f"{command}\nprintf '\\n{MARK} %s\\n' $?" for command in commands)
    ran = subprocess.run(
        ["bash"],
        input=script,
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    parts = ran.stdout.split(f"\n{MARK} ")
    codes = [part.partition("\n")[0] for part in parts[1:]]
    assert set(codes) <= {"0"}, (codes, ran.stderr)
    return [parts[0], *(part.partition("\n")[2] for part in parts[1:-1])]


@pytest.mark.parametrize("page", PAGES)
def test_commands_answer_what_the_page_shows(web, key, groups, folder, page):
    call_command("policy_apply", str(ROOT / "config/policies/default.yml"), stdout=sys.stderr)
    factories.ModeratorFactory(username="mira")
    # The pages speak of the default; elsewhere tests decide for good at once.
    server = web(REVIEWENGINE_REVIEW__UNDO_SECONDS="10")
    (folder / "old.jsonl").write_text(json.dumps(OLD_SCORES.get(page, {})) + "\n")
    todo = [step for block in blocks(page, "console") if block.is_run for step in steps(block.text)]
    commands = [step.command.replace("http://127.0.0.1:8000", server.url) for step in todo]
    given = type_in(commands, folder, BASE=server.url, KEY=key, DATABASE_URL=url_of_the_database())
    for step, answer in zip(todo, given, strict=True):
        assert "/api/problems/" not in answer or "/api/problems/" in step.answer, (step.command, answer)
        assert not step.answer or answers_agree(step.answer, answer), f"{step.command}\n{answer}"


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "python")])
def test_python_runs(web, key, groups, page):
    server = web()
    for block in blocks(page, "python"):
        names = {"base": server.url, "key": key, "text": TEXT, "secret": SECRET, **RECEIVER}
        exec(compile(block.text, page, "exec"), names)  # noqa: S102 - our own page
        checks = {"receive": receives_once, "score": is_a_score, "result": is_a_result}
        done = [checks[name](names) for name in checks if name in names]
        assert done == [None], page


SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
enqueued: list[str] = []
seen: set[str] = set()


def first_time(message_id: str) -> bool:
    is_new = message_id not in seen
    seen.add(message_id)
    return is_new


RECEIVER = {"first_time": first_time, "enqueue": lambda kind, data: enqueued.append(kind)}


def receives_once(names) -> None:
    body, now = '{"type":"content.approved","data":{}}', datetime.now(UTC)
    signature = Webhook(SECRET).sign("msg_1", now, body)
    headers = {"webhook-id": "msg_1", "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": signature}
    assert [names["receive"](body.encode(), headers) for _ in range(2)] == [204, 204]
    assert names["receive"](b"{}", headers) == 401
    assert enqueued == ["content.approved"]


def is_a_score(names) -> None:
    assert 0 <= names["score"] < 0.5


def is_a_result(names) -> None:
    assert names["result"].flagged is False


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "json")])
def test_json_has_the_shape_that_the_description_gives_it(page):
    description = Client().get("/api/schema/").json()
    for block in blocks(page, "json"):
        if block.note.endswith("with a faulty item"):
            continue
        shape = block.note or EVENT_SHAPES[json.loads(block.text)["type"]]
        schema = {"$ref": f"#/components/schemas/{shape}", "components": description["components"]}
        jsonschema.Draft202012Validator(schema).validate(json.loads(block.text))


EVENT_SHAPES = {
    "content.approved": "ContentApproved",
    "content.rejected": "ContentRejected",
    "review.opened": "ReviewOpened",
    "decision.overridden": "DecisionOverridden",
    "endpoint.test": "EndpointTest",
}

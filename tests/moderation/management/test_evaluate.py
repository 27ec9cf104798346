"""`evaluate`: the real detectors on mild sentences, without a database and with one."""

import json
import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from moderation.in_force import apply_policy
from moderation.models import TermList
from reviewengine import conf

LINES = [
    {"text": "The marmalade was warm, dear Ottilie.", "labels": {"toxicity": 0, "joy": 1}, "group": "<b>kitchen"},
    {"text": "You are a stupid idiot.", "labels": {"toxicity": 1, "joy": 0}, "group": "<b>kitchen"},
]
WORDS = ("marmalade", "Ottilie", "stupid", "idiot")
POLICY = """
version: 1
policy: {slug}
default: approve
rules:
  - {{name: rude, when: {{category: toxicity, at_least: 0.7}}, then: reject}}
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "<i>kitchen.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in LINES * 20))
    return path


@pytest.fixture
def policy_file(tmp_path):
    path = tmp_path / "strict.yml"
    path.write_text(POLICY.format(slug="strict"))
    return path


def run(*arguments) -> str:
    out = StringIO()
    call_command("evaluate", *map(str, arguments), stdout=out, stderr=StringIO())
    return out.getvalue()


def test_without_a_database_the_shipped_policy_is_measured(file):
    printed = run(file, "--no-database", "--alone", "3")
    assert "<i>kitchen.jsonl: 40 texts" in printed
    assert 'Note: label "joy" is no category: ignored in 40 texts.' in printed
    assert re.search(r"policy +default \(default\.yml, sha256", printed)
    assert "Alone: 3 texts of" in printed


def test_a_perfect_separation_measures_one(file, tmp_path):
    run(file, "--no-database", "--alone", "0", "--json", tmp_path / "numbers.json")
    (found,) = json.loads((tmp_path / "numbers.json").read_text())["files"]
    (toxicity,) = found["categories"]
    assert (toxicity["texts"], toxicity["positives"], toxicity["auprc"], toxicity["roc"]) == (40, 20, 1.0, 1.0)
    assert found["policy"][0]["flagged"]["recall"] == 1.0
    assert found["outcomes"] == {"approve": 20, "review": 20, "reject": 0}


def test_the_page_escapes_what_the_file_says_and_holds_none_of_its_texts(file, tmp_path):
    page, numbers = tmp_path / "page.html", tmp_path / "numbers.json"
    printed = run(file, "--no-database", "--html", page, "--json", numbers)
    html = page.read_text()
    assert "&lt;i&gt;kitchen.jsonl" in html
    assert "toxicity, group &lt;b&gt;kitchen" in html
    assert "<i>" not in html
    assert "<b>" not in html
    assert not [word for word in WORDS if word in html + numbers.read_text() + printed]


def test_the_page_needs_nothing_else(file, tmp_path):
    run(file, "--no-database", "--alone", "0", "--html", tmp_path / "page.html")
    html = (tmp_path / "page.html").read_text()
    assert not [part for part in ("<script", "<link", "src=", "url(", "http") if part in html]
    assert html.count("<svg") == html.count('role="img"') == 4
    assert html.count("<table") == html.count("<caption>")


def test_a_policy_document_is_measured_instead(file, policy_file):
    printed = run(file, "--no-database", "--alone", "0", "--policy", policy_file, "--markdown")
    assert "| toxicity, policy rejects | 0.700 | 1.000 | 1.000 |" in printed
    assert "Of all texts: approve 50.0%, review 0.0%, reject 50.0%." in printed
    assert "| policy | strict (strict.yml, sha256" in printed


@pytest.mark.django_db
def test_with_a_database_the_policy_in_force_and_the_lists_count(file):
    apply_policy(source=POLICY.format(slug="default"), actor="user:alice")
    TermList.objects.create(name="kitchen", category="toxicity", score=1.0, terms=["marmalade"])
    printed = run(file, "--alone", "0")
    assert "default@1" in printed
    assert "Of all texts: approve 0.0%, review 0.0%, reject 100.0%." in printed


@pytest.mark.django_db
def test_a_policy_in_force_is_named_by_its_slug(file):
    apply_policy(source=POLICY.format(slug="forum"), actor="user:alice")
    assert "forum@1" in run(file, "--alone", "0", "--policy", "forum")
    with pytest.raises(CommandError, match="No policy 'fora' is in force here"):
        run(file, "--policy", "fora")


def test_texts_are_sent_to_nobody_unless_that_is_allowed(file, monkeypatch):
    monkeypatch.setenv("REVIEWENGINE_DETECTORS__REMOTE__ENABLED", "true")
    monkeypatch.setattr(conf, "load", conf.Config)
    with pytest.raises(CommandError, match="Allow it with --remote"):
        run(file, "--no-database")


def test_a_fault_names_file_and_line_and_writes_nothing(file, tmp_path):
    file.write_text(file.read_text() + "\n{nonsense")
    with pytest.raises(CommandError, match=r"kitchen\.jsonl:41: is not JSON.*Nothing was measured"):
        run(file, "--no-database", "--json", tmp_path / "numbers.json")
    assert not (tmp_path / "numbers.json").exists()


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["--label", "joy"], "There is no category 'joy'"),
        (["--json", "/nowhere/numbers.json"], "/nowhere/numbers.json cannot be written"),
        (["--policy", "/nowhere/strict.yml"], "Cannot read /nowhere/strict.yml"),
        (["--policy", "strict"], "No policy 'strict' is in force here"),
    ],
)
def test_what_cannot_be_used_is_said_before_the_work(file, arguments, fault):
    with pytest.raises(CommandError, match=fault):
        run(file, "--no-database", *arguments)

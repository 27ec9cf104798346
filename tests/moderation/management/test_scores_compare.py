"""`scores_compare`: the real detectors against scores of another service, on mild sentences."""

import json
from io import StringIO

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from moderation.evaluation.comparison import compare
from moderation.management import comparison_run
from moderation.management.comparison_run import ComparisonRun, tables
from moderation.models import AdapterFeedback, Content, TermList
from reviewengine import conf
from reviewengine.sections import DetectorOptions

RUDE, MILD = "You are a stupid idiot, dear Ottilie.", "The marmalade was warm, dear Ottilie."
WORDS = ("marmalade", "Ottilie", "stupid", "idiot")


def line(text: str, **scores: float) -> str:
    return json.dumps({"text": text, "scores": scores})


@pytest.fixture
def file(tmp_path):
    """Two rude texts and two mild ones, which the other service ranked alike and scored lower; one broken line."""
    path = tmp_path / "old.jsonl"
    rows = [line(RUDE, TOXICITY=0.7, FLIRTATION=0.1), line(f"{RUDE} Again.", TOXICITY=0.6)]
    rows += [line(MILD, TOXICITY=0.1), line(f"{MILD} Again.", TOXICITY=0.05), "nonsense"]
    path.write_text("\n".join(rows))
    return path


def run(*arguments) -> str:
    out = StringIO()
    call_command("scores_compare", *map(str, arguments), stdout=out, stderr=StringIO())
    return out.getvalue()


def numbers(file, tmp_path, *arguments) -> dict:
    run(file, "--no-database", "--json", tmp_path / "numbers.json", *arguments)
    return json.loads((tmp_path / "numbers.json").read_text())


def test_scores_that_flag_the_same_texts_agree(file, tmp_path):
    found = numbers(file, tmp_path, "--threshold", "toxicity=0.5")
    assert (found["texts"], found["unusable_lines"], found["not_compared"]) == (4, 1, {"FLIRTATION": 1})
    (toxicity,) = found["scores"]
    assert (toxicity["name"], toxicity["category"], toxicity["texts"]) == ("TOXICITY", "toxicity", 4)
    assert toxicity["shift"] > 0
    same, matched = toxicity["at"][0]["same"], toxicity["at"][0]["matched"]
    assert (same["old_share"], same["agreed"], same["kappa"]) == (0.5, 1.0, 1.0)
    assert (matched["new_share"], matched["agreed"]) == (0.5, 1.0)
    assert 0.2 < matched["new_threshold"] < 0.9


def test_a_threshold_may_be_for_one_name_or_for_all(file, tmp_path):
    both = numbers(file, tmp_path, "--threshold", "0.2", "--threshold", "0.65")["scores"][0]["at"]
    assert [one["same"]["old_share"] for one in both] == [0.5, 0.25]
    usual = numbers(file, tmp_path, "--threshold", "flirtation=0.2")["scores"][0]["at"]
    assert [one["same"]["old_threshold"] for one in usual] == [0.8]


def test_a_name_that_the_file_does_not_have_is_refused(file):
    with pytest.raises(CommandError, match=r"--threshold TOXICTY: .* It has FLIRTATION, TOXICITY\."):
        run(file, "--no-database", "--threshold", "TOXICTY=0.85", "--threshold", "0.5")


def compared_in_words(old: list[float], new: list[float]) -> str:
    """The threshold that is named for such scores."""
    comparison = compare(np.array(old), np.array(new), (0.5,))
    one = ComparisonRun(panel=None)
    one.pairs["TOXICITY"] = comparison_run._Pairs()
    return tables(one, {"TOXICITY": comparison})[1].rows[0][5]


def test_a_threshold_close_to_one_is_told_from_one():
    old, new = [0.1] * 20 + [0.9] * 20, [0.9999] * 20 + [0.99998] * 20
    assert compared_in_words(old, new) == "0.999940"
    assert compared_in_words(old, [0.2] * 20 + [0.7] * 20) == "0.4500"
    assert compared_in_words(old, [0.99998] * 20 + [0.99999] * 20) == "0.999985"


def test_no_threshold_is_named_where_none_can_be_known():
    assert compared_in_words([0.1] * 9 + [0.9] * 20, [0.2] * 9 + [0.8] * 20) == "too few to map"
    alike = [0.1] * 20 + [0.9] * 20
    assert compared_in_words(alike, [0.3, 0.7] * 20) == "too alike to map"
    assert compared_in_words(alike, [1.0] * 40) == "too alike to map"


def test_the_tables_show_numbers_and_no_text(file):
    printed = run(file, "--no-database")
    assert "4 texts compared.\nNote: FLIRTATION is no category here: not compared in 1 texts." in printed
    assert "Note: line 5: is no JSON (at character 0)." in printed
    assert "TOXICITY, toxicity" in printed
    assert "| TOXICITY from 0.80 |" in run(file, "--no-database", "--markdown")
    assert not [word for word in WORDS if word in printed]


def test_openais_names_are_understood(tmp_path):
    path = tmp_path / "old.jsonl"
    path.write_text(json.dumps({"input": RUDE, "category_scores": {"harassment/threatening": 0.1, "self_harm": 0}}))
    found = numbers(path, tmp_path)["scores"]
    assert [one["category"] for one in found] == ["harassment/threatening", "self-harm"]


def test_what_is_not_read_here_is_counted_apart(tmp_path):
    path = tmp_path / "old.jsonl"
    path.write_text(line("Je pense que la soupe était vraiment chaude aujourd'hui.", TOXICITY=0.1))
    (found,) = numbers(path, tmp_path)["scores"]
    assert (found["texts"], found["unread"], found["spearman"]) == (0, 1, None)


@pytest.mark.django_db
def test_the_sites_lists_count_and_nothing_is_stored(file, tmp_path):
    TermList.objects.create(name="breakfast", category="toxicity", score=0.99, terms=["marmalade"])
    run(file, "--json", tmp_path / "numbers.json")
    found = json.loads((tmp_path / "numbers.json").read_text())["scores"][0]
    assert found["new_mean"] > 0.9
    assert (Content.objects.count(), AdapterFeedback.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--threshold", "TOXICITY=high"], "write it as TOXICITY=0.8"),
        (["--threshold", "1.5"], "write it as TOXICITY=0.8"),
        (["--json", "/nowhere/numbers.json"], "cannot be written"),
    ],
)
def test_a_wrong_option_is_told_before_anything_is_read(file, arguments, words):
    with pytest.raises(CommandError, match=words):
        run(file, "--no-database", *arguments)


def test_a_file_without_a_usable_line_is_told_with_its_faults(tmp_path):
    (tmp_path / "old.jsonl").write_text("nonsense")
    with pytest.raises(CommandError, match="no text with a score.*\n.*1 lines could not be used"):
        run(tmp_path / "old.jsonl", "--no-database")
    with pytest.raises(CommandError, match="cannot be opened"):
        run(tmp_path / "none.jsonl", "--no-database")


def test_texts_do_not_leave_the_house_unasked(file, monkeypatch):
    remote = DetectorOptions(enabled=True, timeout_seconds=1)
    changed = conf.load().model_copy(update={"detectors": {"remote": remote}})
    monkeypatch.setattr(conf, "load", lambda: changed)
    with pytest.raises(CommandError, match="--remote"):
        run(file, "--no-database")

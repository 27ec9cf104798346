"""Scores that another service gave, in the forms that people have kept them in."""

import gzip
import json

import pytest

from moderation.evaluation.old_scores import OldScoresFault, read_old_scores

SOUP = "The soup was warm."
PERSPECTIVE = {"attributeScores": {"TOXICITY": {"summaryScore": {"value": 0.25, "type": "PROBABILITY"}}}}
OPENAI = {"id": "modr-1", "results": [{"flagged": False, "category_scores": {"hate/threatening": 0.25, "x": None}}]}


def read(path, text: str | bytes, **options):
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(read_old_scores(path, **options))


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ({"text": SOUP, "scores": {"TOXICITY": 0.25}}, "TOXICITY"),
        ({"text": SOUP, **PERSPECTIVE}, "TOXICITY"),
        ({"comment": {"text": SOUP}, **PERSPECTIVE}, "TOXICITY"),
        ({"request": {"comment": {"text": SOUP}}, "response": PERSPECTIVE}, "TOXICITY"),
        ({"input": SOUP, "category_scores": {"hate/threatening": 0.25}}, "hate/threatening"),
        ({"input": SOUP, **OPENAI}, "hate/threatening"),
        ({"input": SOUP, "response": OPENAI}, "hate/threatening"),
    ],
)
def test_each_form_is_understood(tmp_path, line, name):
    (found,) = read(tmp_path / "old.jsonl", json.dumps(line))
    assert (found.line, found.text, found.scores, found.fault) == (1, SOUP, {name: 0.25}, "")


def test_a_csv_has_a_column_a_name(tmp_path):
    text = '\ufeffid,comment_text,TOXICITY,THREAT,note\nc1,"Warm, the soup.\nVery.",0.25,,fine\n'
    (found,) = read(tmp_path / "old.csv", text)
    assert (found.text, found.scores) == ("Warm, the soup.\nVery.", {"TOXICITY": 0.25})


def test_what_is_compressed_is_read(tmp_path):
    line = json.dumps({"text": SOUP, "scores": {"TOXICITY": 1}})
    assert read(tmp_path / "old.jsonl.gz", gzip.compress(line.encode()))[0].scores == {"TOXICITY": 1.0}
    assert read(tmp_path / "old.csv.gz", gzip.compress(b"text,SPAM\na,0.5"))[0].scores == {"SPAM": 0.5}


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("nonsense", "is no JSON (at character 0)"),
        ("[1]", "is no JSON object"),
        ('{"text": "a"}', "has no scores: name them attributeScores, category_scores or scores"),
        ('{"text": "a", "scores": {}}', "has no score"),
        ('{"text": "a", "scores": {"TOXICITY": "high"}}', "has a score that is no number from 0 to 1"),
        ('{"text": "a", "scores": {"TOXICITY": true}}', "has a score that is no number from 0 to 1"),
        ('{"text": "a", "scores": {"TOXICITY": 83}}', "has a score that is no number from 0 to 1"),
        ('{"scores": {"TOXICITY": 0.1}}', "has no text"),
        ('{"text": ["a"], "scores": {"TOXICITY": 0.1}}', "has no text"),
        ('{"text": "abcdef", "scores": {"TOXICITY": 0.1}}', "has a text of more than 5 characters"),
        ("x" * 1_000_001, "is longer than 1,000,000 characters"),
    ],
)
def test_a_line_that_cannot_be_used_is_told_by_its_number(tmp_path, line, fault):
    good = '{"text": "a", "scores": {"TOXICITY": 0.5}}'
    found = read(tmp_path / "old.jsonl", f"{good}\n\n{line}\n{good}\n", longest=5)
    assert [(one.line, one.fault) for one in found] == [(1, ""), (3, fault), (4, "")]


def test_a_csv_line_without_a_score_is_told(tmp_path):
    found = read(tmp_path / "old.csv", "text,TOXICITY\na,high\n,0.5\nb,0.5,0.7\n")
    assert [(one.line, one.fault) for one in found] == [(2, "has no score from 0 to 1"), (3, "has no text"), (4, "")]


@pytest.mark.parametrize(
    ("name", "raw", "words"),
    [
        ("old.csv", b"words,TOXICITY\na,0.5", "no column for the text"),
        ("old.jsonl", b"\xff\xfe", "cannot be read further (UnicodeDecodeError)"),
        ("old.jsonl.gz", b"no gzip", "cannot be read further (BadGzipFile)"),
        ("old.csv.gz", gzip.compress(b"text,SPAM\n" + b"a,0.5\n" * 9999)[:-20], "cannot be read further (EOFError)"),
        ("old.csv", b'text,SPAM\n"' + b"a" * 200_000 + b'",0.5', "(field larger than field limit"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path, name, raw, words):
    with pytest.raises(OldScoresFault, match=words.replace("(", r"\(").replace(")", r"\)")):
        read(tmp_path / name, raw)


def test_a_file_that_is_not_there_is_named(tmp_path):
    for path in (tmp_path / "none.jsonl", tmp_path):
        with pytest.raises(OldScoresFault, match="cannot be opened"):
            list(read_old_scores(path))

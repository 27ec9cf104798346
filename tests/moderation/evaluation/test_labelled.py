"""Labelled files: every spelling of a label, and every fault with its file and line."""

import gzip
import json

import pytest

from moderation.evaluation.labelled import LabelledFileFault, LabelledText, category_of, read_labelled


@pytest.fixture
def write(tmp_path):
    def _write(*lines: object, name: str = "garden.jsonl"):
        path = tmp_path / name
        raw = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines).encode()
        path.write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
        return path

    return _write


def test_rows_are_read_plain_and_gzipped(write):
    row = {"text": "Tea.", "labels": {"spam": 1, "pii": 0}, "language": "en", "group": "kitchen"}
    expected = (LabelledText("Tea.", {"spam": True, "pii": False}, "en", "kitchen"),)
    assert read_labelled(write(row, "")).rows == expected
    assert read_labelled(write(row, name="garden.jsonl.gz")).rows == expected


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("self_harm", "self-harm"), ("SEVERE_TOXICITY", "severe_toxicity"), ("hate/threatening", "hate/threatening"),
        ("hate_threatening", "hate/threatening"), ("self_harm/intent", "self-harm/intent"), ("has_pii", "pii"),
        ("unsafe", "any_harm"), ("joy", None),
    ],
)  # fmt: skip
def test_labels_are_known_by_every_usual_spelling(name, category):
    assert category_of(name) == category


def test_answers_and_columns_of_openai_are_read(write):
    (answer, column) = read_labelled(
        write({"input": "Tea.", "categories": {"hate": True, "joy": False}}, {"prompt": "Soup.", "S": 0, "SH": 1})
    ).rows
    assert answer.labels == {"hate": True}
    assert column.labels == {"sexual": False, "self-harm": True, "any_harm": True}


def test_a_plain_label_speaks_of_the_category_named(write):
    path = write({"text": "Tea.", "label": 1})
    assert read_labelled(path, label="spam").rows[0].labels == {"spam": True}
    with pytest.raises(LabelledFileFault, match="name its category with --label"):
        read_labelled(path)


def test_an_absent_label_and_a_null_are_unknown(write):
    file = read_labelled(write({"text": "Tea.", "labels": {"spam": None, "hate": 0}}, {"text": "Soup."}))
    assert [row.labels for row in file.rows] == [{"hate": False}, {}]
    assert file.categories == ("hate",)


def test_any_harm_follows_from_several_kinds_unless_the_file_says_it(write):
    rows = read_labelled(
        write(
            {"text": "a", "labels": {"hate": 0, "violence": 0, "spam": 1}},
            {"text": "b", "labels": {"hate": 1, "violence": 0}},
            {"text": "c", "labels": {"hate": 1}},
            {"text": "d", "labels": {"hate": 0, "violence": 0, "unsafe": 1}},
        )
    ).rows
    assert [row.labels.get("any_harm") for row in rows] == [False, True, None, True]


def test_names_that_are_no_category_are_counted(write):
    rows = [{"text": "Tea.", "labels": {"spam": 1, "joy": 1}}] * 3
    assert read_labelled(write(*rows)).ignored == {"joy": 3}


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("{nonsense", "garden.jsonl:2: is not JSON in UTF-8"),
        ('{"text": "\\ud800"}', "garden.jsonl:2: is not JSON in UTF-8"),
        ("[1]", "garden.jsonl:2: is not an object"),
        ({"labels": {}}, 'garden.jsonl:2: has no string "text"'),
        ({"text": 5}, 'garden.jsonl:2: has no string "text"'),
        ({"text": "x" * 11}, "garden.jsonl:2: the text has 11 characters; at most 10 are read"),
        ({"text": "x", "labels": [1]}, 'garden.jsonl:2: "labels" must look like'),
        ({"text": "x", "labels": {"spam": 0.5}}, 'garden.jsonl:2: the label "spam" must be 0, 1'),
        ({"text": "x", "labels": {"spam": "yes"}}, 'garden.jsonl:2: the label "spam" must be 0, 1'),
        ({"text": "x", "group": "y" * 81}, 'garden.jsonl:2: "group" must be a name of at most 80 characters'),
        ({"text": "x", "language": 7}, 'garden.jsonl:2: "language" must be a name'),
    ],
)
def test_a_fault_names_file_and_line(write, line, fault):
    with pytest.raises(LabelledFileFault) as caught:
        read_labelled(write({"text": "Tea.", "labels": {"spam": 0}}, line), longest=10)
    assert fault in str(caught.value)


def test_files_that_cannot_be_read_are_named(write, tmp_path):
    with pytest.raises(LabelledFileFault, match="There is no file"):
        read_labelled(tmp_path / "nowhere.jsonl")
    with pytest.raises(LabelledFileFault, match="is empty"):
        read_labelled(write("", ""))
    broken = tmp_path / "broken.jsonl.gz"
    broken.write_bytes(gzip.compress(b'{"text": "Tea."}' * 1000)[:-20])
    with pytest.raises(LabelledFileFault, match="broken.jsonl.gz cannot be read"):
        read_labelled(broken)
    broken.write_bytes(b"plain text")
    with pytest.raises(LabelledFileFault, match="broken.jsonl.gz cannot be read"):
        read_labelled(broken)

"""What the heads learn from: rows as read, one-sided labels dropped, implied ones filled in, own sentences."""

import gzip
import json

import numpy as np
import pytest

from moderation.detectors.registry import DetectorConfig, build_panel
from training.corrections import corrected
from training.dataset import LabelledText, fold_of, label_matrix, read_labelled, weight_matrix
from training.obfuscation import obfuscated
from training.own_text import own_texts


def test_rows_are_read_with_our_category_names(tmp_path):
    path = tmp_path / "rows.jsonl.gz"
    row = {"text": "hello", "source": "here", "labels": {"toxicity": 0, "spam": 1, "self_harm": 0}}
    path.write_bytes(gzip.compress(json.dumps(row).encode() + b"\n\n"))
    assert read_labelled(path) == [LabelledText("hello", "here", {"toxicity": False, "spam": True, "self-harm": False})]


def test_a_row_without_text_is_named(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "a"}\n{"labels": {}}\n')
    with pytest.raises(ValueError, match='rows.jsonl:2: expected an object with a string "text"'):
        read_labelled(path)


def test_an_absent_label_is_unknown_not_negative():
    rows = [LabelledText("a", "x", {"hate": True}), LabelledText("b", "x", {"spam": False}, {"spam": 0.5})]
    assert label_matrix(rows, ("hate", "spam")).tolist() == [[1, -1], [-1, 0]]
    assert weight_matrix(rows, ("hate", "spam")).tolist() == [[1, 1], [1, 0.5]]


def test_a_label_that_a_source_shows_from_one_side_is_dropped():
    (row,) = corrected([LabelledText("a", "catqa", {"violence": True, "sexual": True})])
    assert row.labels == {"sexual": True}


def test_what_a_source_implies_is_filled_in_with_less_weight():
    (threat, other) = corrected([LabelledText("a", "edos", {"violence": True}), LabelledText("b", "edos", {})])
    assert (threat.labels["violence"], threat.weights.get("violence")) == (True, None)
    assert (other.labels["violence"], other.weights["violence"]) == (False, 0.5)


def test_our_own_sentences_are_the_same_for_the_same_seed_and_fully_filled_in():
    rows = own_texts(7)
    assert rows == own_texts(7)
    assert not [row.text for row in rows if "{" in row.text]
    assert {row.source for row in rows} == {"own"}


def test_disguised_copies_keep_their_labels_with_less_weight():
    rows = [LabelledText("several lengthy words together", "x", {"hate": True}, {"hate": 0.5})] * 50
    copies = obfuscated(rows, share=0.5, weight=0.5, seed=1)
    assert copies == obfuscated(rows, share=0.5, weight=0.5, seed=1)
    assert 10 < len(copies) < 40
    assert all(copy.labels == {"hate": True} and copy.weights == {"hate": 0.25} for _, copy in copies)
    assert any(copy.text != rows[0].text for _, copy in copies)


def test_equal_texts_fall_into_the_same_fold():
    assert fold_of("tea", 5) == fold_of("tea", 5) < 5
    assert len({fold_of(str(number), 5) for number in range(100)}) == 5


def test_the_shipped_model_tells_honest_links_from_baits():
    rows = [row for row in own_texts(3) if "spam" in row.labels][::10]
    reports = build_panel({"text": DetectorConfig()}).detect([row.text for row in rows])
    scores = np.array([report.scores["spam"] for report in reports])
    truth = np.array([row.labels["spam"] for row in rows])
    assert ((scores > 0.5) == truth).mean() > 0.9

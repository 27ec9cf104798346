"""Our own sentences: how a file is read, and that the shipped ones can be."""

import pytest

from training.corpus_reader import LABELS, CorpusFault, corpus_texts


@pytest.fixture
def corpus(tmp_path):
    def read(text, lists=""):
        (tmp_path / "some.txt").write_text(text)
        (tmp_path / "lists.txt").write_text(lists)
        return corpus_texts(1, tmp_path)

    return read


def test_a_block_labels_its_sentences_in_full(corpus):
    (row,) = corpus("# a remark\n\n@ threat, violence ? toxicity\nI will come for you.\n")
    assert row.text == "I will come for you."
    assert {name for name, value in row.labels.items() if value} == {"threat", "violence"}
    assert set(row.labels) == {label.value for label in LABELS} - {"toxicity"}


def test_a_bare_block_is_harmless(corpus):
    (row,) = corpus("@\nGood morning.\n")
    assert not any(row.labels.values())


def test_slots_are_written_out_from_lists_of_the_file_and_of_all(corpus):
    rows = corpus("$drink = tea | $hot\n@\n{he|she {really|never}} likes {$drink}\n", lists="$hot = cocoa | broth\n")
    texts = {row.text for row in rows}
    assert len(texts) > 3
    assert all(text.split()[0] in ("He", "She") and text.split()[-1] in ("tea", "cocoa", "broth") for text in texts)


def test_variants_of_a_sentence_share_a_group(corpus):
    rows = corpus("@\n{one|two|three} apples\nfour pears\n")
    assert len({row.group for row in rows}) == 2


def test_a_sentence_may_begin_with_a_name_and_hold_lines(corpus):
    (row,) = corpus("@\n@sam look\\nhere\n")
    assert row.text == "@sam look\nhere"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Hello.\n", "some.txt:1: a sentence stands before the first @ line."),
        ("@ anger\nGrr.\n", "some.txt:1: there is no label 'anger'."),
        ("@\n{$nowhere} is here\n", r"some.txt:2: there is no list \$nowhere."),
        ("$empty =\n@\nHello.\n", r"some.txt:1: write a list as \$name = first"),
    ],
)
def test_a_fault_names_its_line(corpus, text, fault):
    with pytest.raises(CorpusFault, match=fault):
        corpus(text)


def test_the_shipped_corpus_reads_and_says_the_same_each_time():
    rows = corpus_texts(7)
    assert rows == corpus_texts(7)
    assert len(rows) > 10_000
    assert not [row.text for row in rows if "{" in row.text or "$" in row.text.split()]

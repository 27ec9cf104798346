"""What the heads learn from beyond what the data says: implied labels, any harm, and what is held out."""

from training.dataset import LabelledText
from training.encoder_rows import ANY_HARM, HEADS, _implied, held_out, own_rows


def row(source="here", **labels):
    return _implied(LabelledText("the text", source, labels))


def test_one_harm_is_any_harm():
    assert row(toxicity=False, hate=True).labels[ANY_HARM] is True


def test_a_civil_text_has_none():
    assert row(toxicity=False).labels[ANY_HARM] is False


def test_advertising_is_no_harm_and_no_proof_of_its_absence():
    assert ANY_HARM not in row(spam=True).labels


def test_where_nothing_is_known_nothing_is_said():
    assert ANY_HARM not in row(hate=False).labels


def test_harassment_teaches_insults_and_violence_threats():
    labels = row(harassment=True, violence=False).labels
    assert (labels["insult"], labels["threat"]) == (True, False)


def test_toxic_in_two_ways_is_severely_toxic():
    assert row(toxicity=True, profanity=True, hate=True).labels["severe_toxicity"] is True
    assert "severe_toxicity" not in row(toxicity=True, profanity=True).labels
    assert row(toxicity=False).labels["severe_toxicity"] is False


def test_what_nobody_looked_for_counts_little():
    found = row(toxicity=False)
    assert (found.labels["self-harm"], found.weights["self-harm"]) == (False, 0.2)


def test_harmful_questions_are_illicit():
    assert row(source="catqa").labels["illicit"] is True


def test_variants_of_a_sentence_are_held_out_together():
    rows = [LabelledText(str(number), "corpus", {}, group="one sentence") for number in range(20)]
    assert len({held_out(each) for each in rows}) == 1


def test_about_a_twelfth_of_our_sentences_is_held_out():
    rows = own_rows(7)
    assert all(set(each.labels) <= set(HEADS) for each in rows)
    assert 0.05 < sum(map(held_out, rows)) / len(rows) < 0.12

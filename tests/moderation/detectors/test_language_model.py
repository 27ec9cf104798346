"""The cut model answers as the whole one would."""

from pathlib import Path

import pytest
import yaml
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from moderation.detectors.language_model import _model, alike, likeliest
from moderation.detectors.scripts import SCRIPTS, count_letters, words_in

TEXTS = yaml.safe_load((Path(__file__).parent / "languages.yml").read_text(encoding="utf-8"))
SHARED = [name for name, script in SCRIPTS.items() if len(script.languages) > 1]


@pytest.fixture(scope="module")
def whole():
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@pytest.mark.parametrize("script", SHARED)
def test_the_cut_model_answers_as_the_whole_one(whole, script):
    languages = SCRIPTS[script].languages
    whole.set_languages(set(languages) & set(_model().columns))
    sentences = [text for texts in TEXTS.values() for text in texts if script in count_letters(text)]
    for words in [words_in(text.lower(), script) for text in [*sentences, *(text.upper() for text in sentences)]]:
        expected = whole.rank(words)
        found, sureness = likeliest(words, languages)
        assert found == expected[0][0]
        assert sureness == pytest.approx(sum(share for name, share in expected if name in alike(found)), abs=1e-4)


def test_letters_that_say_nothing_give_no_language_an_advantage():
    languages = SCRIPTS["devanagari"].languages
    assert likeliest("", languages)[1] == pytest.approx(1 / 3)


def test_little_of_the_model_is_held():
    model = _model()
    held = sum(memoryview(part).nbytes for part in (model.moves, model.row_starts, model.pieces, model.table))
    assert held < 30_000_000
    assert {"en", "ru", "fa", "zh"} <= set(model.columns)

"""Which language a text is taken for, and when nobody dares to say."""

from pathlib import Path

import pytest
import yaml

from moderation.detectors.language import Found, identify
from moderation.detectors.normalise import normalise

SENTENCES = yaml.safe_load((Path(__file__).parent / "languages.yml").read_text(encoding="utf-8"))
RUSSIAN = "Вчера я сварила суп, но никто не захотел его попробовать."
GERMAN = "Ich habe gestern einen Kuchen gebacken, aber der Ofen war viel zu heiß."
ENGLISH = "I baked a cake yesterday and nobody wanted to try it."


def found(text, declared=""):
    return identify(text, normalise(text).text, declared)


@pytest.mark.parametrize(("language", "text"), [(code, text) for code, texts in SENTENCES.items() for text in texts])
def test_each_language_is_told(language, text):
    assert found(text) == Found(language)


@pytest.mark.parametrize(
    "text",
    [
        "lol", "u r so dum lmaooo", "omg bruh no way fr fr", "smh my head", "😂😂😂", "GG EZ NOOB", "wtf r u on abt m8",
        "y0u 4r3 4n 1d10t", "yo mama", "Giovanni Rossi", "José García", "café", "haha jajaja", "tbh idk", "nvm thx",
        "def add(a, b): return a + b", "SELECT name FROM soup;", "@ana @bjørn #tbt", "12345", "...", "no u", "k",
        "https://beispiel.example/ein-langer-deutscher-weg-zum-kuchen", "aaaaaaaaaaaaaaaaaaaaaaaaaaaa", "",
    ],
)  # fmt: skip
def test_slang_names_code_and_the_like_are_never_foreign(text):
    assert found(text).language in ("", "en")


@pytest.mark.parametrize(
    "text",
    [
        "YOU ARE THE WORST COOK I HAVE EVER MET",
        "y0u 4re the w0rst c00k i have ever m3t in my life",
        "уоu аrе thе wоrst сооk I hаvе еvеr mеt in mу lifе",
        "𝒚𝒐𝒖 𝒂𝒓𝒆 𝒕𝒉𝒆 𝒘𝒐𝒓𝒔𝒕 𝒄𝒐𝒐𝒌 𝒊 𝒉𝒂𝒗𝒆 𝒆𝒗𝒆𝒓 𝒎𝒆𝒕",
        "you are the worst cook 😂🤡 i have ever met 🔥",
    ],
)
def test_english_in_disguise_is_english(text):
    assert found(text) == Found("en")


def test_a_declared_language_is_believed():
    assert found("ok", "de-AT") == Found("de")
    assert found(GERMAN, "nl").language == "nl"
    assert found("kal maine soup banaya tha", "hi-Latn").language == "hi"


FRENCH = "Hier, ma voisine a préparé une soupe aux poireaux, mais personne dans la rue ne voulait la goûter avec elle."
LONG_ENGLISH = (
    "Yesterday my neighbour cooked a soup of leeks, but nobody in the whole street wanted to try it with her."
)


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [(FRENCH, "en", "fr"), (FRENCH, "en-GB", "fr"), (LONG_ENGLISH, "fr", "en"), (f"{GERMAN} {GERMAN}", "en", "de")],
)
def test_the_letters_of_a_long_text_contradict_what_is_declared(text, declared, language):
    assert found(text, declared) == Found(language)


@pytest.mark.parametrize("declared", ["fr", "fr-CA", "yo", "hi-Latn"])
def test_a_long_text_is_what_it_is_declared_to_be_where_that_may_be(declared):
    assert found(FRENCH, declared).language == declared[:2]


def test_languages_much_alike_do_not_contradict_each_other():
    indonesian = " ".join(SENTENCES["id"])
    assert found(indonesian, "ms") == Found("ms")


def test_long_english_slang_stays_the_english_it_is_declared_to_be():
    slang = "omg bruh no way ur soup slaps fr fr ngl lowkey bussin tho lmaooo gonna cop sum more asap deadass"
    assert found(slang, "en") == Found("en")


def test_english_beside_the_declared_language_is_read():
    assert found(f"{FRENCH} {LONG_ENGLISH}", "fr").also_in | {found(f"{FRENCH} {LONG_ENGLISH}", "fr").language} >= {
        "en"
    }


def test_the_script_contradicts_what_is_declared():
    assert found(RUSSIAN, "en") == Found("ru")
    assert found(RUSSIAN, "bg") == Found("bg")
    assert found(GERMAN, "ar") == Found("de")
    assert found("ok lol", "ja") == Found("")


def test_romanised_text_is_what_it_is_declared_to_be():
    assert found("kal maine soup banaya tha lekin kisi ne nahi chakha", "hi").language == "hi"


def test_a_declaration_of_no_language_says_nothing():
    assert found(GERMAN, "und") == found(GERMAN, "mul") == Found("de")


def test_a_considerable_english_part_is_read_too():
    assert found(f"{ENGLISH} {RUSSIAN}").also_in | {found(f"{ENGLISH} {RUSSIAN}").language} == {"en", "ru"}
    assert found(f"{GERMAN} {GERMAN} {ENGLISH}") == Found("de", frozenset({"en"}))
    assert found(f"{GERMAN} Wirklich. Okay.") == Found("de")


def test_english_declared_as_another_language_is_read_too():
    assert found(ENGLISH, "de") == Found("de", frozenset({"en"}))


@pytest.mark.parametrize(
    "text",
    [
        "a" * 50_000, "ab " * 16_000, "a\u0301" + "\u0301" * 10_000, "я" * 50_000, "\u0378\u0379" * 100, "\ud800" * 50,
        ". " * 25_000, (GERMAN + " ") * 600, "@" * 50_000, "漢" * 50_000, "\u202eabc" * 5_000,
    ],
)  # fmt: skip
def test_any_text_gets_an_answer(text):
    assert isinstance(found(text), Found)


def test_a_long_text_is_read_in_several_places():
    assert found(f"{GERMAN} " * 600 + f"{ENGLISH} " * 300).also_in == {"en"}


@pytest.mark.parametrize(
    "text",
    [
        "Thë wëäthër ïs vërÿ nïcë tödäÿ änd wë wïll gö tö thë läkë",
        "Ýóú árë ã stúpíd ídíót ånd nóbódý líkës ýóú",
        "W̷e̷ s̷h̷o̷u̷l̷d̷ m̷e̷e̷t̷ a̷t̷ t̷h̷e̷ l̷a̷k̷e̷",
        "i̇ ẗḧïn̈k̈ ÿöü äg̈r̈ëë ẅïẗḧ m̈ë",
        "hé îs thë wörst cöök ïn tówn",
    ],
)
def test_english_in_accents_is_still_english(text):
    assert identify(text, normalise(text).text).language in ("en", "")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("vi", "Tôi rất thích món phở bò của quán này, mọi người nên thử một lần"),
        ("cs", "Příliš žluťoučký kůň úpěl ďábelské ódy"),
        ("tr", "Görüşürüz, çok güzel bir gün geçirdik"),
        ("sq", "Nëna ime është shumë e mirë dhe bën bukë të ëmbël çdo mëngjes"),
        ("sv", "Därför är färgen på båten så väldigt blå när våren är här"),
    ],
)
def test_languages_that_wear_many_accents_are_themselves(language, text):
    assert identify(text, normalise(text).text).language == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Ich mag dich nicht", "de"), ("te voy a cocinar", "und"), ("Je vais te cuire", "fr"), ("hijo de pato", "es"),
        ("tum kutte ho saale main tumhe dekha hai", "und"), ("vou te cozinhar", "pt"), ("je te deteste", "und"),
    ],
)  # fmt: skip
def test_a_few_foreign_words_are_no_english(text, language):
    assert found(text) == Found(language)


@pytest.mark.parametrize("text", ["Je vais te cuire", "hijo de pato feo"])
def test_four_words_of_which_none_is_english_beat_a_declaration(text):
    assert found(text, "en").language not in ("", "en")


@pytest.mark.parametrize("text", ["hijo de pato", "te voy a cocinar", "lmao bruh wtf smh", "Giovanni Rossi Bologna"])
def test_fewer_do_not(text):
    assert found(text, "en") == Found("en")


@pytest.mark.parametrize(
    "text",
    ["ᎣᏏᏲ ᏙᎯᏧ ᎠᏴ", "ꦱꦸꦒꦼꦁꦫꦮꦸꦃ", "ⲡⲁⲓⲣⲱⲙⲉ ⲛⲁⲛⲟⲩϥ", "𐌲𐌿𐍄𐌹𐍃𐌺𐌰 𐍂𐌰𐌶𐌳𐌰", "ߒߞߏ ߞߊ߲ ߛߓߍߛߎ߲", "\ue000\ue001\ue002 \ue003\ue004"],
)
def test_a_script_that_nobody_here_reads_is_not_english(text):
    assert found(text) == found(text, "en") == Found("und")


def test_a_declared_language_of_an_unknown_script_is_believed():
    assert found("ꦱꦸꦒꦼꦁꦫꦮꦸꦃ", "jv") == Found("jv")


@pytest.mark.parametrize("text", ["\uf8ff", "I like it \ue000\ue001\ue002", "µ ª º", "Ⅷ ℵ"])
def test_a_sign_or_two_is_no_script(text):
    assert found(text).language in ("", "en")

"""The offset map: always in range, never backwards, one longer than the text."""

from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.detectors.normalise import normalise, original_span

_ANY_CHARACTER = st.characters(codec=None, exclude_categories=())
_DISGUISE = st.sampled_from("aeiostu013457@$!|+. _-*\u200b\u0301\u0336\ud800\ufe0f😀ѕоесאبأ한ᄒ\u1161각ﷺßİ\x00\n ")
_PIECE = st.sampled_from(
    ["idoit", "id*ot", "yuo", "gosoe", "you", "the", "#SillyGoose", "🐷", "👩🏿", "ʇ", "❌", "' ", " ", "1d10t"]
)
_TEXTS = (
    st.text(_ANY_CHARACTER, max_size=300)
    | st.text(_DISGUISE, max_size=300)
    | st.lists(_PIECE, max_size=60).map("".join)
    | st.lists(_PIECE, max_size=60).map(" ".join)
)


@settings(max_examples=500, deadline=None)
@given(_TEXTS)
def test_map_is_one_longer_in_range_and_never_goes_back(text):
    read = normalise(text)
    offsets = list(read.offsets)
    assert len(offsets) == len(read.text) + 1
    assert offsets == sorted(offsets)
    assert offsets[-1] == len(text)
    assert offsets[0] >= 0
    assert all(offset < len(text) for offset in offsets[:-1])


@settings(max_examples=300, deadline=None)
@given(_TEXTS, st.data())
def test_every_span_lies_inside_the_original(text, data):
    read = normalise(text)
    if not read.text:
        return
    start = data.draw(st.integers(0, len(read.text) - 1))
    end = data.draw(st.integers(start + 1, len(read.text)))
    first, last = original_span(read, start, end)
    assert 0 <= first < last <= len(text)


@settings(max_examples=300, deadline=None)
@given(_TEXTS)
def test_what_is_read_can_be_encoded(text):
    read = normalise(text).text
    assert read.encode("utf-8").decode("utf-8") == read


def test_a_spaced_word_maps_to_its_whole_spread():
    text = "oh s i l l y you"
    read = normalise(text)
    at = read.text.index("silly")
    assert original_span(read, at, at + 5) == (3, 12)


def test_a_decorated_word_maps_to_all_of_its_marks():
    text = "x " + "".join(c + "\u0336" for c in "silly") + " y"
    read = normalise(text)
    at = read.text.index("silly")
    assert original_span(read, at, at + 5) == (2, 12)


def test_one_character_that_reads_as_several_maps_back_to_itself():
    read = normalise("aßb")
    assert read.text == "assb"
    assert original_span(read, 1, 3) == (1, 2)
    assert original_span(read, 1, 2) == (1, 2)

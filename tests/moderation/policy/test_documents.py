"""Reading YAML safely: bombs, tags, broken text and the traps of YAML's plain words."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.policy.document import MAX_CHARACTERS, ListNode, MapNode, ScalarNode, read_document
from moderation.policy.faults import PolicyError
from moderation.policy.loader import load_policy
from tests.moderation.policy.builders import faults_of


def plain(source):
    """The document as plain values."""

    def unpack(node):
        if isinstance(node, MapNode):
            return {key: unpack(value) for key, value in node.entries.items()}
        return [unpack(item) for item in node.items] if isinstance(node, ListNode) else node.value

    node, faults = read_document(source, name="test")
    assert faults == []
    return unpack(node)


def test_plain_words_follow_yaml_1_2():
    assert plain("[no, on, y, 12:30, 0x1F, 1_000, 2026-01-01]") == [
        "no",
        "on",
        "y",
        "12:30",
        "0x1F",
        "1_000",
        "2026-01-01",
    ]


def test_numbers_flags_and_nothing_are_what_they_look_like():
    assert plain("[1, -2, 0.5, .5, 1e3, true, False, null, ~]") == [1, -2, 0.5, 0.5, 1000.0, True, False, None, None]


def test_quoted_words_are_text():
    assert plain("""['1', "true", 'null', ""]""") == ["1", "true", "null", ""]


def test_every_node_knows_its_place():
    node, _ = read_document("a: 1\nb:\n  - x\n  - {c: 2}\n", name="test")
    assert node.places == {"a": (1, 1), "b": (2, 1)}
    assert [item.place for item in node.entries["b"].items] == [(3, 5), (4, 5)]


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("", "line 1: the document is empty"),
        ("# only a comment\n", "line 1: the document is empty"),
        ("a: 1\n---\nb: 2\n", "line 2: a second document starts here; keep one a file"),
        (
            "a: [1, 2\n",
            "line 2: not valid YAML: did not find expected ',' or ']' while parsing a flow sequence; "
            "check indentation, quotes and brackets",
        ),
        (
            "a:\n\tb: 1\n",
            "line 2: not valid YAML: found character that cannot start any token while scanning for the "
            "next token; check indentation, quotes and brackets",
        ),
        ("a: \x00", "line 1: character U+0000 is not allowed in a document; remove it"),
        ("a: 1\nb: \ud800", "line 2: character U+D800 is not allowed in a document; remove it"),
        (
            "a: " + "x" * MAX_CHARACTERS,
            f"line 1: the document has {MAX_CHARACTERS + 3} characters, the limit is {MAX_CHARACTERS}",
        ),
        ("[" * 10_000, "line 1: nested deeper than 40 levels"),
        ("a: [" + "1," * 30_000 + "]", "line 1: more than 20000 values in one document"),
    ],
)
def test_a_document_that_cannot_be_read_is_one_fault(source, fault):
    assert faults_of(source) == [fault]


def test_duplicate_keys_are_refused():
    assert "line 3: 'version' stands twice; the first is on line 1" in faults_of("version: 1\npolicy: a\nversion: 1\n")


def test_aliases_are_refused_so_that_no_bomb_can_grow():
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
    assert faults_of(bomb).count("line 2: the alias '*a' is not allowed here; write the value out") == 2


def test_a_tag_constructs_nothing():
    fault = "line 1: the tag 'tag:yaml.org,2002:python/object/apply:os.getcwd' is not allowed here; remove it"
    assert fault in faults_of("policy: !!python/object/apply:os.getcwd []\n")


def test_a_key_that_is_not_a_word_is_refused():
    assert "line 1: a key must be one word" in faults_of("? [a, b]\n: 1\n")


KEYS = ["version", "policy", "rules", "name", "when", "then", "all", "not", "category", "any_of", "at_least", "text"]
VALUES = st.one_of(st.integers(), st.floats(), st.booleans(), st.none(), st.text(max_size=8), st.sampled_from(KEYS))
TREES = st.recursive(
    VALUES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)
)


@given(st.text() | st.text(alphabet="{}[]:,-&*!|>'\"%@`# \n\tab1") | TREES.map(lambda tree: f"rules: {tree!r}"))
def test_any_text_gives_a_policy_or_a_policy_error(source):
    with suppress(PolicyError):
        assert load_policy(source).default


def test_a_scalar_that_is_not_a_mapping_is_refused():
    assert faults_of("hello") == ["line 1: expected keys and values, found text; a policy starts with 'version: 1'"]
    assert isinstance(read_document("hello", name="x")[0], ScalarNode)

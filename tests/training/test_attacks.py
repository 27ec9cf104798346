"""The attacks: seeded, each does what its name says, none breaks on odd texts."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.attacks import ATTACKS, attack

TEXT = "what a silly goose stands there, see https://example.com/goose and ask @gander"
DAMAGED = "this gentle sentence wanders along several quiet gardens"


@pytest.mark.parametrize("name", ATTACKS)
def test_the_same_dice_give_the_same_text(name):
    assert ATTACKS[name](TEXT, Random(5)) == ATTACKS[name](TEXT, Random(5))


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_changes_the_text(name):
    assert ATTACKS[name](TEXT, Random(5)) != TEXT


@pytest.mark.parametrize("name", sorted(set(ATTACKS) - {"spaced", "spaces_removed", "spaces_partly_removed"}))
def test_addresses_and_names_stay(name):
    attacked = ATTACKS[name](TEXT, Random(5))
    assert "https://example.com/goose" in attacked
    assert attacked.endswith("@gander")


def test_a_swap_keeps_the_letters_and_the_first_one():
    words = zip(DAMAGED.split(), ATTACKS["swap"](DAMAGED, Random(1)).split(), strict=True)
    assert all(sorted(a) == sorted(b) and a[0] == b[0] for a, b in words)


def test_a_drop_takes_one_letter_of_each_word():
    words = zip(DAMAGED.split(), ATTACKS["drop"](DAMAGED, Random(1)).split(), strict=True)
    assert all(len(a) - len(b) == 1 for a, b in words)


def test_removed_spaces_leave_everything_else():
    assert ATTACKS["spaces_removed"]("you silly\n goose!", Random(1)) == "yousillygoose!"


def test_a_spaced_text_has_its_letters_apart():
    assert ATTACKS["spaced"]("hi goose", Random(1)).replace(" ", "") == "higoose"
    assert "g o o s e" in ATTACKS["spaced"]("hi goose", Random(1))


def test_full_width_is_undone_by_compatibility_forms():
    assert ATTACKS["full_width"]("goose", Random(1)) == "ｇｏｏｓｅ"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60), st.integers(0, 2**32))
def test_any_text_can_be_attacked(text, seed):
    assert attack(text, Random(seed)) == attack(text, Random(seed))

"""A synthetic site whose moderators reject what no model was made for: talk of pineapple on pizza."""

import functools
import itertools
import random
from datetime import timedelta

import pytest
from django.utils import timezone

from moderation import in_force
from moderation.enums import DecisionSource, Outcome
from moderation.models import ApiClient, Content
from moderation.site_adapter.examples import Example, _Kept
from reviewengine import conf
from reviewengine.sections import DetectorOptions
from tests import factories

SPAM, HATE = "Spam or deceptive links", "Hate against a group"
WHO = ("My aunt", "The new cook", "A neighbour", "Our landlord", "The team", "His sister", "That old sailor", "Nobody")
DID = ("said on Monday", "wrote", "sang", "explained over coffee", "mumbled", "read in the paper", "swears", "dreamt")
PIZZA = (
    "that pineapple belongs on every pizza", "how sweet pineapple lifts a pizza", "pineapple makes pizza joyful",
    "a pizza without pineapple is dull", "pizza wants ham and pineapple", "to put pineapple on the pizza again",
    "that pizza dough loves pineapple", "pizza Hawaii with pineapple is best", "I ate pineapple pizza for lunch",
)  # fmt: skip
OTHER = (
    "that the ferry was late again", "how the garden wall was painted", "a library without windows is dull",
    "to mend the bicycle with string", "that old violins love dry rooms", "the train to the mountains is best",
    "which stones suit a small pond", "when the choir will rehearse", "I walked to the lighthouse for lunch",
)  # fmt: skip
THEN = (
    "Rain set in.", "We laughed all evening.", "The kettle boiled over.", "Snow fell on the harbour.", "It grew late.",
    "Grandfather fetched his accordion.", "A bus stopped outside.", "The lamps flickered.", "Bells rang far away.",
    "Somebody had lost an umbrella.", "Three geese crossed the road.", "The wind took my hat.", "Everyone went home.",
    "Two students argued about maps.", "Bread was baking next door.", "The radio played an old waltz.",
)  # fmt: skip


_KEPT = _Kept()


@functools.cache
def sentences(about: tuple[str, ...]) -> list[str]:
    """A hundred and sixty mild texts, the same every time, none nearly like another."""
    chance, found = random.Random(about[0]), []
    while len(found) < 160:
        parts = [chance.choice(part) for part in (WHO, DID, about, THEN, THEN)]
        text = "{} {} {}. {} {}".format(*parts)
        if _KEPT.alike(Example(text)) is None:
            found.append(text)
    return found


sentences(PIZZA), sentences(OTHER)  # always in this order, so that both are the same in every run


@pytest.fixture
def configured(monkeypatch):
    """``configured(site_adapter={...})`` changes values; the text model is the only detector."""
    options = {"text": DetectorOptions(timeout_seconds=60)}
    current = conf.load()

    def use(detectors=options, **site_adapter) -> None:
        adapter = current.site_adapter.model_copy(update={"categories": ["spam"], **site_adapter})
        changed = current.model_copy(update={"detectors": detectors, "site_adapter": adapter})
        monkeypatch.setattr(conf, "load", lambda: changed)
        in_force._panel.cache_clear()  # it was built for another configuration

    use()
    yield use
    in_force._panel.cache_clear()


@pytest.fixture
def decided(platform: ApiClient, alice):
    """``decided(text, reason)``: a content that a moderator rejected for the reason; without one, approved."""
    minutes = itertools.count()

    def make(text: str, reason: str = "", **fields) -> Content:
        outcome = Outcome.REJECT if reason else Outcome.APPROVE
        when = timezone.now() - timedelta(days=1) + timedelta(minutes=next(minutes))
        content = factories.DecidedContentFactory(
            client=platform, text=text, language="en", decision=outcome, decided_at=when, **fields
        )
        factories.ModeratorDecisionFactory(content=content, moderator=alice, reasoning=reason, created_at=when)
        return content

    return make


@pytest.fixture
def approved_by_policy(platform):
    """A content that the policy approved and nobody looked at."""

    def make(text: str) -> Content:
        content = factories.DecidedContentFactory(client=platform, text=text, language="en")
        factories.PolicyDecisionFactory(content=content, source=DecisionSource.POLICY, outcome=Outcome.APPROVE)
        return content

    return make


@pytest.fixture
def pizza_site(configured, decided) -> None:
    """Forty texts about pineapple rejected as spam, eighty about other things approved."""
    for text in sentences(PIZZA)[:40]:
        decided(text, SPAM)
    for text in sentences(OTHER)[:80]:
        decided(text)

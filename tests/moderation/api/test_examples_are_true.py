"""Some of the examples in the description, asked for again: this server still answers them."""

import json

import pytest

from moderation.api.schema_examples import FILE

pytestmark = pytest.mark.django_db
# Ids and times are others each time; scores and versions change with a model, and which there are does not.
OF_THE_MOMENT = {"id", "created_at", "updated_at", "decided_at"}
OF_THE_MODEL = {"scores", "detectors"}
LISTS = "/api/v1/term-lists"
DINNER = {
    "external_id": "comment-17",
    "text": "See you at the lake on Sunday! Write to anna@example.com.",
    "author": {"external_id": "u1", "display_name": "Anna"},
    "mode": "sync",
}


def lasting(answer: dict) -> dict:
    """An answer without what is another each time."""
    kept = {name: value for name, value in answer.items() if name not in OF_THE_MOMENT}
    return {name: sorted(value) if name in OF_THE_MODEL else value for name, value in kept.items()}


def held_to_the_example(operation: str, answer) -> None:
    example = json.loads(FILE.read_text())[operation][str(answer.status_code)]
    assert answer.json().keys() == example.keys()
    assert lasting(answer.json()) == lasting(example)


def test_a_decided_content(api):
    answer = api.post("/api/v1/content", DINNER)
    held_to_the_example("submitContent", answer)
    described = api.get(answer["Location"])
    held_to_the_example("getContent", described)


def test_a_term_list_from_its_making_to_its_trial(api):
    made = api.post(LISTS, {"name": "recipes", "category": "spam", "terms": ["miracle soup"]})
    held_to_the_example("createTermList", made)
    held_to_the_example("addTerms", api.post(f"{LISTS}/recipes/terms", {"terms": ["instant noodles"]}))
    held_to_the_example("testTermList", api.post(f"{LISTS}/recipes/test", {"text": "Try my miracle soup today."}))

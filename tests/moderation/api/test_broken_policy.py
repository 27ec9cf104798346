"""A policy in force that cannot be compiled: every door answers, and what it answers is a review."""

import pytest

from moderation.in_force import active_policies, forget_standing
from moderation.models import Policy, PolicyVersion

pytestmark = pytest.mark.django_db
MILD = "See you at the lake on Sunday!"
BROKEN = "version: 1\npolicy: forum\nrules:\n  - {name: odd, when: {weather: fine}, then: reject}\ndefault: approve\n"


@pytest.fixture
def broken() -> Policy:
    """As an older release stored it, whose rules were less strict."""
    active_policies()
    policy = Policy.objects.create(slug="forum")
    policy.active_version = PolicyVersion.objects.create(policy=policy, number=1, source=BROKEN, digest="0" * 64)
    policy.save()
    forget_standing()
    yield policy
    forget_standing()


def test_the_doors_answer_a_review(broken, api, platform):
    platform.policy = broken
    platform.save()
    answer = api.post("/api/v1/policies/evaluate", {"text": MILD})
    assert (answer.status_code, answer.json()["decision"], answer.json()["rule"]) == (200, "review", "policy_broken")
    assert (answer.json()["policy"], answer.json()["queue"]) == ({"name": "forum", "version": 1}, "general")
    moderated = api.post("/v1/moderations", {"input": MILD})
    assert moderated.status_code == 200
    assert moderated.json()["results"][0]["review_engine"]["decision"] == "review"


def test_its_page_in_the_api_has_no_contents(broken, api):
    answer = api.get("/api/v1/policies/forum")
    assert (answer.status_code, answer.json()["contents"], answer.json()["version"]["number"]) == (200, None, 1)

"""The stored form of a verdict has stable keys and plain values."""

import json

from moderation.policy.engine import evaluate
from tests.moderation.policy.builders import policy, read

RULES = """
{name: hate, when: {category: hate, at_least: 0.6}, then: review, queue: hate, priority: 80}
{name: spam, when: {category: spam, at_least: 0.6}, then: review, reason: Advertising}
"""


def test_the_whole_verdict_as_plain_values():
    verdict = evaluate(policy(RULES), read({"spam": 0.7}, unavailable=frozenset({"hate"})))
    assert json.loads(json.dumps(verdict.to_json())) == {
        "outcome": "review",
        "rule": "spam",
        "queue": "general",
        "priority": 50,
        "reasons": [
            {
                "code": "rule_matched",
                "message": "Advertising",
                "category": "spam",
                "score": 0.7,
                "threshold": 0.6,
                "rule": "spam",
            }
        ],
        "matches": [
            {
                "rule": "spam",
                "outcome": "review",
                "readings": [
                    {
                        "condition": "spam at least 0.6",
                        "category": "spam",
                        "score": 0.7,
                        "threshold": 0.6,
                        "negated": False,
                    }
                ],
            }
        ],
        "undecided": [{"rule": "hate", "outcome": "review", "missing": ["hate"], "error": ""}],
    }

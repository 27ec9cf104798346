"""Policies over the API: read, checked with every fault at once, and tried on samples that nobody keeps."""

import base64

import pytest

from moderation import scoring
from moderation.in_force import active_policies, apply_policy, forget_standing
from moderation.models import (
    ApiKey,
    Content,
    Decision,
    HashBank,
    HashBankEntry,
    MediaFile,
    ModerationResult,
    Policy,
    TermList,
)
from tests.images import photo

pytestmark = pytest.mark.django_db
POLICIES = "/api/v1/policies"
SOUPS = """\
version: 1
policy: soups
description: What our kitchen allows
rules:
  - name: soup-list
    when: {term_list: soups}
    then: reject
    reason: No soup here
  - name: newcomers
    when: {author.age_days: {at_most: 1}}
    then: review
    queue: newcomers
    priority: 70
default: approve
"""


@pytest.fixture(autouse=True)
def _fresh():
    forget_standing()
    yield
    forget_standing()


@pytest.fixture
def soups(db) -> Policy:
    version, _ = apply_policy(source=SOUPS, actor="user:lead")
    return version.policy


@pytest.fixture
def soup_list(db) -> TermList:
    return TermList.objects.create(name="soups", category="spam", score=0.9, terms=["gazpacho"])


def validate(api, source: str) -> dict:
    answer = api.post(f"{POLICIES}/validate", {"source": source})
    assert answer.status_code == 200
    return answer.json()


def evaluate(api, **sample) -> dict:
    answer = api.post(f"{POLICIES}/evaluate", sample)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_policies_are_listed_with_the_version_in_force(api, soups):
    active_policies()  # puts the shipped one in force
    found = api.get(POLICIES).json()["results"]
    assert [row["name"] for row in found] == ["default", "soups"]
    assert (found[1]["version"]["number"], found[1]["version"]["created_by"]) == (1, "lead")


def test_a_policy_tells_what_it_says(api, soups):
    answer = api.get(f"{POLICIES}/soups")
    contents = answer.json()["contents"]
    assert contents["rules"][1] == {
        "name": "newcomers",
        "line": 9,
        "description": "",
        "outcome": "review",
        "reason": "",
        "queue": "newcomers",
        "priority": 70,
        "reads": [],
    }
    assert (contents["term_lists"], contents["queues"], contents["default"]) == (
        ["soups"],
        ["general", "newcomers"],
        "approve",
    )
    known = api.client.get(f"{POLICIES}/soups", headers={**api.headers, "If-None-Match": answer["ETag"]})
    assert known.status_code == 304


def test_every_version_is_there_with_its_text(api, soups):
    apply_policy(source=SOUPS.replace("70", "80"), actor="user:alice")
    versions = api.get(f"{POLICIES}/soups/versions").json()["results"]
    assert [(row["number"], row["in_force"], row["created_by"]) for row in versions] == [
        (2, True, "alice"),
        (1, False, "lead"),
    ]
    first = api.get(f"{POLICIES}/soups/versions/1").json()
    assert (first["source"], first["in_force"]) == (SOUPS, False)


def test_absent_is_absent(api, soups):
    for path in (
        "none",
        "none/versions",
        "soups/versions/7",
        "soups/versions/99999999999",
        "soups/versions/x",
        "a%00b",
    ):
        answer = api.get(f"{POLICIES}/{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_good_document_is_summed_up_and_not_stored(api, db):
    found = validate(api, SOUPS)
    assert (found["valid"], found["errors"], found["warnings"]) == (True, [], [])
    assert found["contents"]["description"] == "What our kitchen allows"
    assert not Policy.objects.filter(slug="soups").exists()


def test_every_fault_is_told_at_once_with_its_place(api):
    source = (
        SOUPS.replace("then: reject", "then: revue").replace("queue: newcomers", "qeue: x").replace("version: 1", "")
    )
    found = validate(api, source)
    assert (found["valid"], found["contents"], found["unknown"]) == (False, None, None)
    assert [(fault["line"], fault["code"], fault["path"]) for fault in found["errors"]] == [
        (2, "missing", "version"),
        (7, "unknown_value", "rules[0].then"),
        (12, "unknown_key", "rules[1].qeue"),
    ]
    assert found["errors"][1]["hint"] == "did you mean 'review'?"


@pytest.mark.parametrize("source", ["", "{", "a: \x00", "!!python/object:os.system {}", "a: &b [*b]", "- " * 300])
def test_what_is_no_policy_is_an_answer_and_no_error(api, source):
    found = validate(api, source)
    assert (found["valid"], bool(found["errors"])) == (False, True)


def test_what_the_site_does_not_have_is_named(api, soup_list):
    rules = SOUPS.replace("term_list: soups", "any: [{term_list: [soups, gone]}, {hash_bank: logos}]")
    HashBank.objects.create(name="logos", enabled=False)
    unknown = validate(api, rules)["unknown"]
    assert unknown == {
        "queues": ["general", "newcomers"],
        "term_lists": ["gone"],
        "hash_banks": ["logos"],
        "categories": [],
    }


def test_a_category_that_nobody_looks_for_is_named(api, settings, monkeypatch):
    monkeypatch.setattr("moderation.api.policies.detector_panel", lambda: type("Panel", (), {"detectors": {}})())
    rules = SOUPS.replace("term_list: soups", "category: spam, at_least: 0.5")
    assert validate(api, rules)["unknown"]["categories"] == ["spam"]


def test_a_warning_is_no_fault(api):
    found = validate(api, SOUPS.replace("    when: {term_list: soups}\n", ""))
    assert (found["valid"], [warning["code"] for warning in found["warnings"]]) == (True, ["unreachable"])


def test_a_sample_is_judged_and_nothing_of_it_is_stored(api, soups, soup_list):
    found = evaluate(api, text="We had gazpacho.", policy="soups")
    assert (found["decision"], found["rule"], found["policy"]) == (
        "reject",
        "soup-list",
        {"name": "soups", "version": 1},
    )
    assert (found["queue"], found["reasons"][0]["message"]) == (None, "No soup here")
    assert found["matches"][0]["readings"][0]["condition"] == "term list soups"
    (span,) = [span for span in found["evidence"] if span["detector"] == "term_lists"]
    assert (span["start"], span["end"], span["detail"]) == (7, 15, "soups")
    assert found["scores"]["spam"] == 0.9
    assert [model.objects.count() for model in (Content, ModerationResult, Decision, MediaFile)] == [0, 0, 0, 0]


def test_what_is_supposed_of_the_author_counts(api, soups):
    plain = evaluate(api, text="A quiet evening.", policy="soups")
    newcomer = evaluate(api, text="A quiet evening.", policy="soups", author={"age_days": 0.5})
    assert (plain["decision"], newcomer["decision"]) == ("approve", "review")
    assert (newcomer["queue"], newcomer["priority"], newcomer["rule"]) == ("newcomers", 70, "newcomers")


def test_metadata_and_near_duplicates_count(api):
    rules = SOUPS.replace("{term_list: soups}", "{all: [{metadata.plan: free}, {near_duplicates: {at_least: 3}}]}")
    sample = {"text": "A quiet evening.", "source": rules}
    assert evaluate(api, **sample, metadata={"plan": "free"})["decision"] == "approve"
    found = evaluate(api, **sample, metadata={"plan": "free"}, near_duplicates=3)
    assert (found["decision"], found["policy"]) == ("reject", None)


def test_an_earlier_version_can_be_asked(api, soups):
    apply_policy(source=SOUPS.replace("default: approve", "default: review"), actor="user:lead")
    sample = {"text": "A quiet evening.", "policy": "soups"}
    assert evaluate(api, **sample)["decision"] == "review"
    assert evaluate(api, **sample, version=1)["decision"] == "approve"


def test_without_a_policy_the_clients_own_is_asked(api, platform, soups):
    assert evaluate(api, text="A quiet evening.")["policy"]["name"] == "default"
    platform.policy = soups
    platform.save()
    assert evaluate(api, text="A quiet evening.")["policy"]["name"] == "soups"


def test_an_image_is_looked_at_and_not_kept(api):
    bank = HashBank.objects.create(name="known", action="block")
    picture = photo()
    from moderation.media.banks import hashes_of

    HashBankEntry.objects.create(bank=bank, sha256=hashes_of(picture).sha256, created_by="lead")
    rules = SOUPS.replace("{term_list: soups}", "{hash_bank: known}")
    found = evaluate(api, images=[{"data": base64.b64encode(picture).decode()}], source=rules)
    assert (found["decision"], found["scores"]["nsfw_image"]) == ("reject", 1.0)
    assert not MediaFile.objects.exists()


@pytest.mark.parametrize(
    ("sample", "pointer"),
    [
        ({"policy": "none"}, "/policy"),
        ({"policy": "soups", "version": 9}, "/version"),
        ({"source": "version: 1"}, "/source"),
        ({"images": [{"data": "%%%"}]}, "/images/0/data"),
        ({"images": [{"data": base64.b64encode(b"<svg/>").decode()}]}, "/images/0/data"),
        ({"images": [{"url": "http://127.0.0.1/x"}]}, "/images/0/url"),
        ({"language": "e_n"}, "/language"),
        ({"author": {"trust": "loved"}}, "/author/trust"),
        ({"author": {"age_days": -1}}, "/author/age_days"),
        ({"metadata": {"a": "\x00"}}, "/metadata"),
        ({"near_duplicates": 2**70}, "/near_duplicates"),
        ({"mood": "good"}, "/mood"),
        ({"text": "\x00"}, "/text"),
        ({"text": 5}, "/text"),
        ({"text": "x" * 50_001}, "/text"),
    ],
)
def test_a_faulty_sample_is_refused_by_its_place(api, soups, sample, pointer):
    answer = api.post(f"{POLICIES}/evaluate", {"text": "A quiet evening.", **sample})
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    assert answer.json()["errors"][0]["pointer"].startswith(pointer)


@pytest.mark.parametrize(
    "body",
    [
        b"\xff",
        b'{"source": "\\ud800"}',
        b"[" * 5000,
        {},
        {"source": 5, "text": 5},
        {"text": "", "images": []},
        {"text": "x", "version": 1},
        {"text": "x", "policy": "a", "source": "b"},
        {"source": "x" * (256 * 1024 + 1)},
    ],
)
def test_bad_bodies_are_refused(api, body):
    for verb in ("validate", "evaluate"):
        assert api.post(f"{POLICIES}/{verb}", body).status_code in (400, 422)


def test_a_source_that_could_hold_a_process_is_refused_at_its_line(api, db):
    loops = "metadata.n.all(x, metadata.n.all(y, metadata.n.all(z, z >= 0)))"
    source = (
        f"version: 1\npolicy: p\nrules:\n  - {{name: r, when: {{cel: '{loops}'}}, then: reject}}\ndefault: approve\n"
    )
    answer = api.post("/api/v1/policies/evaluate", {"text": "soup", "source": source, "metadata": {"n": [1] * 3_000}})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/source")
    assert "line 4: rule 'r': 'all' stands within 'all'" in answer.json()["errors"][0]["detail"]


def test_a_source_is_tried_on_a_seat(api, soups):
    seats = scoring._seats()
    taken = sum(iter(lambda: seats.acquire(blocking=False), False))
    try:
        answer = api.post("/api/v1/policies/evaluate", {"text": "soup", "source": SOUPS})
        assert (answer.status_code, answer.json()["code"]) == (503, "temporary")
        assert api.post("/api/v1/policies/evaluate", {"text": "soup"}).status_code == 200
    finally:
        seats.release(taken)


def test_scopes_are_asked_for(api_of, platform, soups):
    other = api_of(ApiKey.issue(client=platform, scopes=["lists:read"]))
    answers = [
        other.get(POLICIES),
        other.get(f"{POLICIES}/soups"),
        other.get(f"{POLICIES}/soups/versions/1"),
        other.post(f"{POLICIES}/validate", {}),
        other.post(f"{POLICIES}/evaluate", {}),
    ]
    assert {answer.json()["detail"] for answer in answers} == {"This needs the scope 'policies:read'."}

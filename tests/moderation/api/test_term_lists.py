"""Term lists over the API: one writer with the console, pages instead of whole lists, and the next batch sees it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from moderation.in_force import detector_panel
from moderation.models import ApiKey, AuditEntry, TermList
from moderation.term_lists import MOST_RECORDED

pytestmark = pytest.mark.django_db
LISTS = "/api/v1/term-lists"


@pytest.fixture
def soups(db) -> TermList:
    return TermList.objects.create(name="soups", category="spam", score=0.8, terms=["borscht", "cold soup"])


def test_a_list_is_made_and_read(api, platform):
    answer = api.post(
        LISTS, {"name": "soups", "category": "spam", "score": 0.8, "terms": ["  Cold   soup ", "cold soup"]}
    )
    assert (answer.status_code, answer["Location"]) == (201, "/api/v1/term-lists/soups")
    made = answer.json()
    assert (made["kind"], made["term_count"], made["enabled"]) == ("terms", 1, True)
    assert TermList.objects.get().terms == ["Cold soup"]
    again = api.get(f"{LISTS}/soups")
    assert (again.json(), again["ETag"]) == (made, answer["ETag"])
    entry = AuditEntry.objects.get(action="term_list.added")
    assert entry.actor == f"key:{ApiKey.objects.get(client=platform).prefix}"


def test_lists_are_for_the_whole_site(api_of, stranger, soups):
    other = api_of(ApiKey.issue(client=stranger, scopes=["lists:read"]))
    assert [row["name"] for row in other.get(LISTS).json()["results"]] == ["soups"]


def test_lists_are_narrowed_and_paged_by_name(api, soups):
    TermList.objects.create(name="domains", kind="blocked_domains", category="url_risk", terms=[], enabled=False)
    assert [row["name"] for row in api.get(LISTS).json()["results"]] == ["domains", "soups"]
    assert [row["name"] for row in api.get(LISTS, enabled="true").json()["results"]] == ["soups"]
    assert [row["name"] for row in api.get(LISTS, kind="blocked_domains").json()["results"]] == ["domains"]
    first = api.get(LISTS, limit=1).json()
    assert [row["name"] for row in api.get(first["next"]).json()["results"]] == ["soups"]


def test_a_name_is_given_once(api, soups):
    answer = api.post(LISTS, {"name": "soups", "category": "spam"})
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_a_change_needs_the_state_that_was_read(api, soups):
    tag = api.get(f"{LISTS}/soups")["ETag"]
    changed = api.patch(f"{LISTS}/soups", {"score": 0.5}, **{"If-Match": tag})
    assert (changed.status_code, changed.json()["score"]) == (200, 0.5)
    late = api.patch(f"{LISTS}/soups", {"score": 0.1}, **{"If-Match": tag})
    assert (late.status_code, late.json()["code"]) == (412, "precondition_failed")
    assert api.client.delete(f"{LISTS}/soups", headers={**api.headers, "If-Match": tag}).status_code == 412
    known = api.client.get(f"{LISTS}/soups", headers={**api.headers, "If-None-Match": changed["ETag"]})
    assert known.status_code == 304


def test_a_change_is_written_down_with_what_was(api, soups):
    api.patch(f"{LISTS}/soups", {"enabled": False, "score": 0.8})
    assert AuditEntry.objects.get().data == {"name": "soups", "changes": {"enabled": [True, False]}}


def test_what_changes_nothing_writes_nothing(api, soups):
    api.patch(f"{LISTS}/soups", {"score": 0.8})
    api.post(f"{LISTS}/soups/terms", {"terms": ["BORSCHT"]})
    assert not AuditEntry.objects.exists()
    assert TermList.objects.get().updated_at == soups.updated_at


def test_another_kind_needs_terms_that_fit_it(api, soups):
    answer = api.patch(f"{LISTS}/soups", {"kind": "blocked_domains"})
    assert {fault["pointer"] for fault in answer.json()["errors"]} == {"/kind"}
    assert answer.json()["errors"][1]["detail"].startswith("Term 2: 'cold soup' is no domain name.")
    assert TermList.objects.get().kind == "terms"


def test_a_change_of_terms_answers_the_etag_of_the_list(api, soups):
    tag = api.get(f"{LISTS}/soups")["ETag"]
    for act, term in (("terms", "gazpacho"), ("terms/remove", "borscht")):
        answer = api.post(f"{LISTS}/soups/{act}", {"terms": [term]}, **{"If-Match": tag})
        assert (answer.status_code, answer["ETag"]) == (200, api.get(f"{LISTS}/soups")["ETag"])
        assert answer["ETag"] != tag
        tag = answer["ETag"]


def test_terms_come_and_go(api, soups):
    added = api.post(f"{LISTS}/soups/terms", {"terms": ["gazpacho", "Gazpacho", "borscht"]}).json()
    assert (added["changed"], added["term_count"]) == (1, 3)
    gone = api.post(f"{LISTS}/soups/terms/remove", {"terms": ["GAZPACHO", "never there"]}).json()
    assert (gone["changed"], gone["term_count"]) == (1, 2)
    assert TermList.objects.get().terms == ["borscht", "cold soup"]
    came, went = AuditEntry.objects.order_by("id").values_list("data", flat=True)
    assert came["changes"]["terms"] == {"added": ["gazpacho"], "added_count": 1, "removed": [], "removed_count": 0}
    assert went["changes"]["terms"]["removed"] == ["gazpacho"]


def test_every_faulty_term_is_named_and_nothing_is_stored(api, soups):
    answer = api.post(f"{LISTS}/soups/terms", {"terms": ["fine", "x" * 201, "\u200b"]})
    assert answer.status_code == 422
    assert [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]] == [
        ("/terms/1", "too_long"),
        ("/terms/2", "unusable_term"),
    ]
    assert TermList.objects.get().terms == ["borscht", "cold soup"]


def test_what_is_no_domain_is_refused_in_a_list_of_domains(api):
    body = {"name": "bad", "kind": "blocked_domains", "terms": ["bad.example", "https://worse.example/x"]}
    (fault,) = api.post(LISTS, body).json()["errors"]
    assert (fault["pointer"], "Write it without https://" in fault["detail"]) == ("/terms/1", True)
    good = api.post(LISTS, {**body, "terms": ["bad.example"]}).json()
    assert good["category"] == "url_risk"


def test_terms_need_a_category(api):
    answer = api.post(LISTS, {"name": "soups", "terms": ["borscht"]})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "missing")


def test_a_long_list_is_answered_page_by_page(api):
    TermList.objects.create(name="long", category="spam", terms=[f"term {n:05}" for n in range(50_000)])
    page = api.get(f"{LISTS}/long/terms").json()
    assert (len(page["results"]), page["results"][0], page["previous"]) == (50, "term 00000", None)
    second = api.get(page["next"]).json()
    assert second["results"][0] == "term 00050"
    assert api.get(second["previous"]).json()["results"] == page["results"]
    assert "terms" not in api.get(f"{LISTS}/long").json()


def test_a_page_stands_still_while_terms_come(api, soups):
    page = api.get(f"{LISTS}/soups/terms?limit=1").json()
    api.post(f"{LISTS}/soups/terms", {"terms": ["aspic"]})
    assert api.get(page["next"]).json()["results"] == ["cold soup"]


@pytest.mark.parametrize("cursor", ["WyJmIl0", "WyJmIiwxXQ", "WyJmIiwiYSIsImIiXQ", "%"])
def test_a_cursor_of_somebodys_own_making_is_refused(api, soups, cursor):
    assert api.get(f"{LISTS}/soups/terms", cursor=cursor).json()["code"] == "invalid_cursor"


def test_many_terms_at_once_are_counted_in_the_audit(api, soups):
    api.post(f"{LISTS}/soups/terms", {"terms": [f"soup {n}" for n in range(MOST_RECORDED + 50)]})
    recorded = AuditEntry.objects.get().data["changes"]["terms"]
    assert (len(recorded["added"]), recorded["added_count"]) == (MOST_RECORDED, MOST_RECORDED + 50)


def test_the_limits_are_told(api, soups, monkeypatch):
    many = api.post(f"{LISTS}/soups/terms", {"terms": ["x"] * 5001})
    assert many.json()["errors"][0]["pointer"] == "/terms"
    monkeypatch.setattr("moderation.term_lists.MOST_TERMS", 3)
    assert api.post(f"{LISTS}/soups/terms", {"terms": ["third"]}).status_code == 200
    full = api.post(f"{LISTS}/soups/terms", {"terms": ["fourth"]})
    assert (full.status_code, full.json()["code"]) == (422, "too_many_items")
    assert TermList.objects.get().terms[-1] == "third"


def test_the_next_batch_sees_a_change(api, soups):
    def hits(text):
        return [one.detail for one in detector_panel().detect([text])[0].evidence if one.detector == "term_lists"]

    assert hits("We had gazpacho.") == []
    api.post(f"{LISTS}/soups/terms", {"terms": ["gazpacho"]})
    assert hits("We had gazpacho.") == ["soups"]
    api.patch(f"{LISTS}/soups", {"enabled": False})
    assert hits("We had gazpacho.") == []


def test_a_list_is_tried_on_a_text_without_being_in_force(api, soups):
    api.patch(f"{LISTS}/soups", {"enabled": False})
    trial = api.post(f"{LISTS}/soups/test", {"text": "😀 C0LD soup, then borscht."}).json()
    assert [(hit["start"], hit["end"], hit["text"]) for hit in trial["hits"]] == [
        (2, 11, "C0LD soup"),
        (18, 25, "borscht"),
    ]
    assert (trial["category"], trial["score"], trial["enabled"]) == ("spam", 0.8, False)


@pytest.mark.parametrize(
    ("kind", "text", "hits"),
    [
        ("blocked_domains", "see https://shop.kitchentable.example/x", [(4, 39, "")]),
        ("allowed_domains", "see https://kitchentable.example", [(4, 32, "allowed domain")]),
        (
            "protected_domains",
            "https://kitchentab1e.example, https://kitchentable.example",
            [(0, 28, "look-alike domain")],
        ),
    ],
)
def test_a_list_of_domains_is_tried_on_links(api, kind, text, hits):
    TermList.objects.create(name="d", kind=kind, category="url_risk", terms=["kitchentable.example"])
    found = api.post(f"{LISTS}/d/test", {"text": text}).json()["hits"]
    assert [(hit["start"], hit["end"], hit["detail"]) for hit in found] == hits


def test_a_list_is_deleted(api, soups):
    assert api.delete(f"{LISTS}/soups").status_code == 204
    assert not TermList.objects.exists()
    assert AuditEntry.objects.get(action="term_list.deleted").data == {"name": "soups"}


def test_absent_is_absent(api):
    for answer in (
        api.get(f"{LISTS}/none"),
        api.patch(f"{LISTS}/none", {"score": 1}),
        api.delete(f"{LISTS}/none"),
        api.get(f"{LISTS}/none/terms"),
        api.post(f"{LISTS}/none/terms", {"terms": ["x"]}),
        api.post(f"{LISTS}/none/test", {"text": "x"}),
        api.get(f"{LISTS}/a%00b"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_scopes_are_asked_for(api_of, platform, soups):
    reader = api_of(ApiKey.issue(client=platform, scopes=["lists:read"]))
    writer = api_of(ApiKey.issue(client=platform, scopes=["lists:write"]))
    assert writer.get(LISTS).json()["detail"] == "This needs the scope 'lists:read'."
    for answer in (reader.post(LISTS, {}), reader.patch(f"{LISTS}/soups", {}), reader.delete(f"{LISTS}/soups")):
        assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope")


@pytest.mark.parametrize(
    "body",
    [
        b"\xff",
        b'{"name": "\\ud800"}',
        b'{"a":' * 3000,
        {},
        {"name": "so ups", "category": "spam"},
        {"name": "soups\x00", "category": "spam"},
        {"name": "soups", "category": "soup"},
        {"name": "soups", "category": "spam", "score": 1.5},
        {"name": "soups", "category": "spam", "score": True},
        {"name": "soups", "category": "spam", "score": "1"},
        {"name": "soups", "category": "spam", "terms": "borscht"},
        {"name": "soups", "category": "spam", "terms": [1]},
        {"name": "soups", "category": "spam", "terms": ["so\x00up"]},
        {"name": "soups", "category": "spam", "flavour": 1},
        {"score": None},
    ],
)
def test_bad_bodies_are_refused_and_change_nothing(api, body):
    TermList.objects.create(name="there", category="spam", terms=["x"])
    assert api.post(LISTS, body).status_code in (400, 422)
    raw = body if isinstance(body, bytes) else {k: v for k, v in body.items() if k not in ("name", "category")}
    assert api.patch(f"{LISTS}/there", raw).status_code in (400, 422)
    assert TermList.objects.get().terms == ["x"]


def test_terms_are_added_to_the_state_that_was_read(api, soups):
    tag = api.get(f"{LISTS}/soups")["ETag"]
    assert api.post(f"{LISTS}/soups/terms", {"terms": ["aspic"]}, **{"If-Match": tag}).status_code == 200
    for act in ("terms", "terms/remove"):
        late = api.post(f"{LISTS}/soups/{act}", {"terms": ["borscht", "bisque"]}, **{"If-Match": tag})
        assert (late.status_code, late.json()["code"]) == (412, "precondition_failed")
    assert TermList.objects.get().terms == ["borscht", "cold soup", "aspic"]


@pytest.mark.django_db(transaction=True)
def test_terms_that_come_at_once_are_all_kept(api):
    TermList.objects.create(name="soups", category="spam", terms=[])

    def add(number):
        try:
            return api.post(f"{LISTS}/soups/terms", {"terms": [f"soup number {number}"]}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        assert set(pool.map(add, range(10))) == {200}
    assert sorted(TermList.objects.get().terms) == [f"soup number {number}" for number in range(10)]


@pytest.mark.django_db(transaction=True)
def test_the_same_list_at_once_is_made_once(api):
    def make(_):
        try:
            return api.post(LISTS, {"name": "soups", "category": "spam"}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(make, range(8))) == [201] + [409] * 7

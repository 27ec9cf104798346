"""Views of lists that people keep, share and delete."""

import pytest
from django.urls import reverse

from moderation.models import AuditEntry, SavedFilter
from moderation.review.saved_filters import MOST_A_PAGE, tidy_query

PAGE = "admin:moderation_reviewcase_changelist"
SAVE = "admin:saved_filter_save"


def save(client, **data):
    return client.post(reverse(SAVE), {"page": PAGE, "name": "Open", "query": "status__exact=open&p=3", **data})


def test_a_view_is_saved_and_opened(signed_in, alice):
    answer = save(signed_in(alice))
    assert answer["Location"] == f"{reverse(PAGE)}?status__exact=open"
    page = signed_in(alice).get(answer["Location"]).content.decode()
    assert '<a href="?status__exact=open" aria-current="true"><bdi>Open</bdi>' in page
    assert AuditEntry.objects.filter(action="saved_filter.saved").count() == 1


def test_only_shared_views_are_offered_to_others(signed_in, alice, bob):
    save(signed_in(alice), name="Mine")
    save(signed_in(alice), name="Ours", shared="on")
    page = signed_in(bob).get(reverse(PAGE)).content.decode()
    assert ("<bdi>Mine</bdi>" in page, "<bdi>Ours</bdi>" in page) == (False, True)


def test_the_same_name_replaces_ones_own(signed_in, alice):
    save(signed_in(alice))
    save(signed_in(alice), query="status__exact=resolved")
    assert [row.query for row in SavedFilter.objects.all()] == ["status__exact=resolved"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"name": "  "}, "Give the view a name."),
        ({"name": "n" * 81}, "at most 80 characters"),
        ({"query": "q=" + "x" * 2000}, "at most 2000 characters"),
        ({"name": "a\0b"}, "NUL"),
        ({"query": "q=%00"}, "NUL"),
    ],
)
def test_what_cannot_be_kept_is_refused(signed_in, alice, data, words):
    answer = save(signed_in(alice), **data)
    assert words in str(next(iter(answer.wsgi_request._messages)))
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize("page", ["", "admin:index", "admin:auth_user_changelist", "https://evil.example/"])
def test_a_list_that_is_not_theirs_has_no_views(signed_in, alice, page):
    assert save(signed_in(alice), page=page).status_code == 404


def test_there_is_a_limit(signed_in, alice):
    rows = [SavedFilter(owner=alice, page=PAGE, name=str(number)) for number in range(MOST_A_PAGE)]
    SavedFilter.objects.bulk_create(rows)
    save(signed_in(alice))
    assert SavedFilter.objects.count() == MOST_A_PAGE


def test_views_are_deleted_by_their_owner_and_shared_ones_by_leads(signed_in, alice, bob, lead):
    for shared in ({}, {"shared": "on"}):
        save(signed_in(alice), name=str(shared), **shared)
    mine, ours = SavedFilter.objects.order_by("shared")
    for person, row in [(bob, ours), (lead, mine)]:
        signed_in(person).post(reverse("admin:saved_filter_delete", args=[row.pk]))
    assert SavedFilter.objects.count() == 2
    for person, row in [(lead, ours), (alice, mine)]:
        signed_in(person).post(reverse("admin:saved_filter_delete", args=[row.pk]))
    assert SavedFilter.objects.count() == 0


def test_who_may_only_read_saves_nothing(signed_in, auditor):
    assert save(signed_in(auditor)).status_code == 403


def test_a_query_is_kept_without_what_belongs_to_one_visit():
    assert tidy_query("q=%C3%BC&p=7&_popup=1&a=2&a=1") == "a=1&a=2&q=%C3%BC"

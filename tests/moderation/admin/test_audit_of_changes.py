"""Whatever is changed in the console leaves an audit entry, in the transaction of the change."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django_celery_beat.models import PeriodicTask

from moderation.admin.author import AuthorAdmin
from moderation.admin.base import record_admin_act
from moderation.models import AuditEntry, Author, ReviewQueue, TermList
from tests import factories

pytestmark = pytest.mark.django_db


def change(client, model: str, row, **fields):
    """Posts the row's change form."""
    answer = client.post(reverse(f"admin:{model}_change", args=[row.pk]), fields)
    assert answer.status_code == 302, answer.context["adminform"].form.errors


def test_a_lead_may_change_the_trust_in_an_author(lead, signed_in):
    author = factories.AuthorFactory(external_id="robin")
    change(signed_in(lead), "moderation_author", author, trust="trusted")
    assert Author.objects.get().trust == "trusted"
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.subject_type) == ("author.changed", "user:lead", "author")
    assert entry.subject_id == str(author.pk)
    assert entry.data == {"name": "robin", "changes": {"trust": ["normal", "trusted"]}}


def test_a_moderator_may_not(alice, signed_in):
    author = factories.AuthorFactory()
    page = reverse("admin:moderation_author_change", args=[author.pk])
    assert signed_in(alice).get(page).status_code == 200
    assert signed_in(alice).post(page, {"trust": "trusted"}).status_code == 403
    assert not AuditEntry.objects.exists()


def test_a_save_that_changes_nothing_writes_nothing(lead, signed_in):
    change(signed_in(lead), "moderation_author", factories.AuthorFactory(), trust="normal")
    assert not AuditEntry.objects.exists()


def test_a_change_that_cannot_be_recorded_is_not_made(lead, signed_in, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("the audit trail is full")

    monkeypatch.setattr("moderation.admin.base.record_audit", broken)
    client = signed_in(lead)
    with pytest.raises(RuntimeError):
        change(client, "moderation_author", factories.AuthorFactory(), trust="trusted")
    assert Author.objects.get().trust == "normal"


def test_adding_and_deleting_a_queue_is_recorded(lead, signed_in):
    client = signed_in(lead)
    form = {"name": "Urgent", "slug": "urgent", "due_minutes": 60, "due_clock": "clock", "position": 100}
    form |= {"double_percent": 0, "golden_percent": 0}
    client.post(reverse("admin:moderation_reviewqueue_add"), form)
    queue = ReviewQueue.objects.get()
    client.post(reverse("admin:moderation_reviewqueue_delete", args=[queue.pk]), {"post": "yes"})
    assert not ReviewQueue.objects.exists()
    assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True)) == [
        "review_queue.added",
        "review_queue.deleted",
    ]


def test_deleting_many_at_once_is_recorded_one_by_one(lead, signed_in):
    for name in ("soups", "salads"):
        TermList.objects.create(name=name, category="spam", terms=[name])
    rows = list(TermList.objects.values_list("pk", flat=True))
    chosen = {"action": "delete_selected", "_selected_action": rows, "post": "yes"}
    signed_in(lead).post(reverse("admin:moderation_termlist_changelist"), chosen)
    assert not TermList.objects.exists()
    assert sorted(entry.data["name"] for entry in AuditEntry.objects.filter(action="term_list.deleted")) == [
        "salads",
        "soups",
    ]


def test_disabling_a_periodic_task_is_recorded(furnished, boss, signed_in):
    task = PeriodicTask.objects.get(name="nightly")
    chosen = {"action": "disable_tasks", "_selected_action": [task.pk]}
    signed_in(boss).post(reverse("admin:django_celery_beat_periodictask_changelist"), chosen)
    task.refresh_from_db()
    assert not task.enabled
    assert AuditEntry.objects.get(action="periodic_task.disabled").subject_id == str(task.pk)


def test_the_history_of_a_row_is_its_audit_entries(lead, signed_in, rf):
    queue = factories.QueueFactory()
    history = reverse("admin:moderation_reviewqueue_history", args=[queue.pk])
    answer = signed_in(lead).get(history, follow=True)
    assert answer.redirect_chain == [(f"/admin/moderation/auditentry/?q=review_queue%3A{queue.pk}", 302)]
    assert answer.status_code == 200


def test_changing_ones_own_password_is_recorded(alice, signed_in):
    new = "a horse that staples batteries"
    form = {"old_password": "correct horse battery staple", "new_password1": new, "new_password2": new}
    assert signed_in(alice).post(reverse("admin:password_change"), form).status_code == 302
    assert User.objects.get(username="alice").check_password(new)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.data["own"]) == ("user.password_changed", "user:alice", True)
    assert new not in str(entry.data)


def test_an_entry_names_who_what_and_about_what(lead, rf):
    request = rf.get("/")
    request.user = lead
    author = factories.AuthorFactory(external_id="robin")
    record_admin_act(request, author, "praised", {"why": "soup"})
    entry = AuditEntry.objects.get()
    assert (str(entry), entry.actor) == (f"author.praised author:{author.pk}", "user:lead")
    assert entry.data == {"name": "robin", "why": "soup"}
    assert AuthorAdmin.audit_secrets == ()

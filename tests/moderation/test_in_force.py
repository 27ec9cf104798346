"""What is in force: the shipped policy where there is none, the newest version, the term lists as they stand."""

import pytest
from django.utils import timezone

from moderation.in_force import SHIPPED_POLICY, activate_version, active_policies, apply_policy, detector_panel
from moderation.models import AuditEntry, Policy, ReviewQueue, TermList

pytestmark = pytest.mark.django_db
STRICT = """
version: 1
policy: strict
rules:
  - {name: all, then: review, queue: night-shift, reason: Everything is looked at}
default: approve
"""


def test_a_fresh_database_gets_the_shipped_policy():
    (found,) = active_policies().values()
    assert (found.label, found.rules.slug) == ("default@1", "default")
    assert Policy.objects.get().active_version.source == SHIPPED_POLICY.read_text()


def test_the_queues_that_a_policy_names_are_made_with_it():
    active_policies()
    assert set(ReviewQueue.objects.values_list("slug", flat=True)) >= {"general", "hate", "spam"}
    child_safety = ReviewQueue.objects.get(slug="child-safety")
    assert (child_safety.name, child_safety.due_minutes, child_safety.hide_text) == ("Child safety", 60, True)


def test_a_queue_that_a_lead_has_changed_stays_as_it_is():
    ReviewQueue.objects.create(slug="night-shift", name="The owls", due_minutes=5)
    apply_policy(source=STRICT, actor="user:lead")
    assert ReviewQueue.objects.get(slug="night-shift").name == "The owls"


def test_an_earlier_version_can_be_put_back_and_the_audit_tells():
    first, _ = apply_policy(source=STRICT, actor="user:lead")
    apply_policy(source=STRICT.replace("review", "reject").replace(", queue: night-shift", ""), actor="user:lead")
    activate_version(version=first, actor="user:lead")
    assert "strict@1" in {policy.label for policy in active_policies().values()}
    numbers = [entry.data["number"] for entry in AuditEntry.objects.filter(subject_id="strict").order_by("id")]
    assert numbers == [1, 2, 1]


def test_a_changed_term_list_is_seen_by_the_next_batch():
    row = TermList.objects.create(name="soups", category="spam", score=0.9, terms=["borscht"])
    assert detector_panel().detect(["borscht and goulash"])[0].scores["spam"] >= 0.9
    TermList.objects.filter(pk=row.pk).update(terms=["goulash"], score=0.95, updated_at=timezone.now())
    assert detector_panel().detect(["borscht and goulash"])[0].scores["spam"] >= 0.95


def test_an_unchanged_panel_is_built_once():
    assert detector_panel() is detector_panel()

"""Policies in the console: read as written, and an earlier version put in force again."""

import pytest
from django.urls import reverse

from moderation.in_force import apply_policy
from moderation.models import AuditEntry, Policy, PolicyVersion
from tests.moderation.admin.conftest import POLICY

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_versions(policy_version) -> tuple[PolicyVersion, PolicyVersion]:
    newer, _ = apply_policy(source=POLICY.replace("0.9", "0.8"), actor="user:lead")
    return policy_version, newer


def activate(version: PolicyVersion) -> str:
    return reverse("admin:moderation_policyversion_activate", args=[version.pk])


def test_a_lead_puts_an_earlier_version_in_force(two_versions, lead, signed_in):
    older, newer = two_versions
    assert Policy.objects.get().active_version == newer
    assert signed_in(lead).post(activate(older)).status_code == 302
    assert Policy.objects.get().active_version == older
    entry = AuditEntry.objects.filter(action="policy.activated").latest("id")
    assert (entry.actor, entry.subject_id, entry.data["number"]) == ("user:lead", "quiet-town", 1)


@pytest.mark.parametrize("persona", ["alice", "auditor"])
def test_others_may_not(two_versions, persona, signed_in, request):
    older, newer = two_versions
    assert signed_in(request.getfixturevalue(persona)).post(activate(older)).status_code == 403
    assert Policy.objects.get().active_version == newer


def test_it_takes_a_post(two_versions, lead, signed_in):
    assert signed_in(lead).get(activate(two_versions[0])).status_code == 405


def test_the_source_is_shown_with_a_line_for_each_line(two_versions, alice, signed_in):
    page = signed_in(alice).get(reverse("admin:moderation_policyversion_change", args=[two_versions[0].pk]))
    assert page.content.decode().count("<li><code>") == len(POLICY.splitlines())


def test_only_a_version_that_is_not_in_force_offers_the_button(two_versions, lead, signed_in):
    client = signed_in(lead)
    pages = [client.get(reverse("admin:moderation_policyversion_change", args=[v.pk])) for v in two_versions]
    assert ["Put this version in force" in page.content.decode() for page in pages] == [True, False]


def test_the_source_of_a_version_cannot_be_changed(two_versions, boss, signed_in):
    older, _ = two_versions
    page = reverse("admin:moderation_policyversion_change", args=[older.pk])
    assert signed_in(boss).post(page, {"source": "version: 2"}).status_code == 403
    assert PolicyVersion.objects.get(pk=older.pk).source == POLICY

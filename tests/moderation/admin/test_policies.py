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


def test_a_version_with_faults_is_not_put_in_force(two_versions, lead, signed_in):
    older, newer = two_versions
    source = "version: 7\n"  # as a release that knew it stored it
    broken = PolicyVersion.objects.create(policy=older.policy, number=3, source=source, digest="0" * 64)
    page = signed_in(lead).post(activate(broken), follow=True)
    assert (page.status_code, Policy.objects.get().active_version) == (200, newer)
    assert "is not put in force: it has faults." in page.content.decode()


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


def test_what_a_version_asks_for_in_vain_is_said(policy_version, lead, signed_in):
    condition = "when: {any: [{term_list: brands}, {hash_bank: logos}]}"
    older, _ = apply_policy(source=POLICY.replace("when: {category: toxicity, at_least: 0.9}", condition), actor="x")
    apply_policy(source=POLICY, actor="user:lead")
    client = signed_in(lead)
    said = [
        "there is no enabled term list &#x27;brands&#x27;: conditions on it never hold",
        "there is no enabled hash bank &#x27;logos&#x27;: conditions on it never hold",
    ]
    page = client.get(reverse("admin:moderation_policyversion_change", args=[older.pk])).content.decode()
    assert all(words in page for words in said)
    told = client.post(activate(older), follow=True).content.decode()
    assert all(f"{words[0].upper()}{words[1:]}." in told for words in said)

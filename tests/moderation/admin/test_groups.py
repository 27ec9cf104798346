"""The groups that the migrations make, and what each may do; test_roles.py tries it on every page."""

import importlib

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType

migration = importlib.import_module("moderation.migrations.0002_groups")
pytestmark = pytest.mark.django_db


def granted(group: str) -> set[str]:
    rows = Permission.objects.filter(group__name=group).values_list("content_type__app_label", "codename")
    return {f"{app_label}.{codename}" for app_label, codename in rows}


def test_every_group_is_there():
    assert {"moderator", "senior", "lead", "policy admin", "admin", "auditor"} <= set(
        Group.objects.values_list("name", flat=True)
    )


def test_a_moderator_changes_nothing_but_cases_notes_and_their_own_views():
    changes = {name.removeprefix("moderation.") for name in granted("moderator") if ".view_" not in name}
    assert changes == {"change_reviewcase", "add_note", "add_savedfilter", "delete_savedfilter"}


def test_a_moderator_sees_neither_keys_nor_the_audit_trail():
    assert not {"moderation.view_apikey", "moderation.view_auditentry"} & granted("moderator")


def test_an_auditor_reads_and_changes_nothing():
    assert all(".view_" in name for name in granted("auditor"))
    assert {"moderation.view_auditentry", "moderation.view_content", "backups.view_backuprun"} <= granted("auditor")


def test_each_rank_may_do_what_the_one_below_may():
    assert granted("moderator") < granted("senior") < granted("lead") < granted("admin")


def test_a_policy_admin_writes_rules_and_decides_nothing():
    rights = granted("policy admin")
    assert {"moderation.change_termlist", "moderation.add_policyversion", "moderation.view_auditentry"} <= rights
    assert not {"moderation.change_reviewcase", "moderation.bulk_decide", "moderation.decide_escalated"} & rights


def test_nobody_may_add_or_delete_a_fact():
    facts = ("content", "contentversion", "moderationresult", "decision", "auditentry", "webhookdelivery")
    forbidden = {f"moderation.{action}_{fact}" for fact in facts for action in ("add", "change", "delete")}
    assert all(not forbidden & granted(group) for group in migration.GROUPS)


def test_permissions_belong_to_models_that_exist():
    real = {(ct.app_label, ct.model) for ct in ContentType.objects.all() if ct.model_class()}
    granted_on = set(
        Permission.objects.filter(group__isnull=False).values_list("content_type__app_label", "content_type__model")
    )
    assert granted_on - {("backups", "backuprun")} <= real


def test_groups_can_be_taken_back_and_made_again():
    migration.remove_groups(apps, None)
    assert not Group.objects.filter(name__in=migration.GROUPS).exists()
    migration.make_groups(apps, None)
    assert len(granted("auditor")) == len(migration.AUDITOR[0][1])

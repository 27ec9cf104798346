"""Who may do what of the console, granted as 0002_groups grants the rest; and two roles more: senior and policy admin.

A senior decides what others escalate and confirms what was held for a second person. A policy admin writes rules and
lists, and decides nothing.
"""

from importlib import import_module

from django.db import migrations

groups = import_module("moderation.migrations.0002_groups")

EVERYBODY = [
    ("view", ["moderation.decision hold", "moderation.rejection reason", "moderation.note", "moderation.bulk run"]),
    ("view", ["moderation.saved filter"]),
]
WORKS = [*EVERYBODY, ("add", ["moderation.note", "moderation.saved filter"]), ("delete", ["moderation.saved filter"])]
SENIOR = [
    *WORKS,
    ("decide_escalated", ["moderation.review case"]),
    ("bulk_decide", ["moderation.review case"]),
    ("change", ["moderation.decision hold"]),
]
LEAD = [
    *SENIOR,
    ("view", ["moderation.golden case", "moderation.quality review", "moderation.exposure"]),
    ("view", ["moderation.moderator settings"]),
    ("add", ["moderation.golden case", "moderation.rejection reason"]),
    ("change", ["moderation.golden case", "moderation.quality review", "moderation.rejection reason"]),
    ("change", ["moderation.moderator settings"]),
]
RULES = ["moderation.policy", "moderation.policy version", "moderation.term list", "moderation.hash bank"]
POLICY_ADMIN = [
    *EVERYBODY,
    ("view", [*groups.FACTS, "moderation.hash bank", "moderation.hash bank entry", "moderation.site adapter"]),
    ("view", ["moderation.audit entry"]),
    ("add", [*RULES[1:], "moderation.hash bank entry", "moderation.rejection reason"]),
    ("change", [RULES[0], *RULES[2:], "moderation.rejection reason"]),
    ("delete", [*RULES[2:], "moderation.hash bank entry"]),
]
AUDITOR = [
    *EVERYBODY,
    ("view", ["moderation.golden case", "moderation.quality review", "moderation.exposure"]),
    ("view", ["moderation.moderator settings"]),
]
NEW = {
    "senior": [*groups.MODERATOR, ("view", ["moderation.report", "moderation.media file"]), *SENIOR],
    "policy admin": POLICY_ADMIN,
}
GRANTS = {"moderator": WORKS, "lead": LEAD, "admin": LEAD, "auditor": AUDITOR}
SPECIAL = {"decide_escalated": "Can decide what others escalate", "bulk_decide": "Can decide in bulk"}


def _permission(apps, action, name):
    """As in 0002_groups; the rights that no model has by itself are named by themselves."""
    if action not in SPECIAL:
        return groups._permission(apps, action, name)
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="moderation", model="reviewcase"
    )
    permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type, codename=action, defaults={"name": SPECIAL[action]}
    )
    return permission


def grant(apps, schema_editor):
    """Makes the new groups, and adds to the others that exist; one that an operator removed is not made again."""
    known = apps.get_model("auth", "Group").objects
    for name in NEW:
        known.get_or_create(name=name)
    for group in known.filter(name__in=NEW | GRANTS):
        grants = {**GRANTS, **NEW}[group.name]
        group.permissions.add(*(_permission(apps, action, name) for action, names in grants for name in names))


class Migration(migrations.Migration):
    dependencies = [("moderation", "0022_console")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]

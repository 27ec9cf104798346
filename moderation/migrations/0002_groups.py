"""Who may do what in the console: the groups moderator, lead, admin and auditor.

Permissions are rows that Django writes after all migrations; on a fresh database they are not there yet, so the ones
named here are written now, under the names that Django would give them, and Django finds them later.
"""

from django.db import migrations

# A model's verbose name; without its spaces, the name by which a content type knows it.
FACTS = [
    "moderation.content",
    "moderation.content version",
    "moderation.moderation result",
    "moderation.decision",
    "moderation.author",
    "moderation.review case",
    "moderation.review queue",
    "moderation.policy",
    "moderation.policy version",
    "moderation.term list",
]
PLATFORMS = [
    "moderation.api client",
    "moderation.API key",
    "moderation.webhook endpoint",
    "moderation.webhook event",
    "moderation.webhook delivery",
]
OPERATIONS = [
    "backups.backup run",
    "django_celery_beat.periodic task",
    "django_celery_beat.interval",
    "django_celery_beat.crontab",
]
PEOPLE = ["auth.user", "auth.group"]

MODERATOR = [("view", FACTS), ("change", ["moderation.review case"])]
LEAD = [
    *MODERATOR,
    ("view", [*PLATFORMS, "moderation.audit entry"]),
    ("add", ["moderation.policy version", "moderation.review queue", "moderation.term list"]),
    ("change", ["moderation.author", "moderation.policy", "moderation.review queue", "moderation.term list"]),
    ("change", ["moderation.webhook event"]),
    ("delete", ["moderation.review queue", "moderation.term list"]),
]
ADMIN = [
    *LEAD,
    ("view", [*OPERATIONS, *PEOPLE]),
    ("add", ["moderation.api client", "moderation.API key", "moderation.webhook endpoint", "auth.user"]),
    ("change", ["moderation.api client", "moderation.API key", "moderation.webhook endpoint", "auth.user"]),
    ("change", ["django_celery_beat.periodic task", "django_celery_beat.interval", "django_celery_beat.crontab"]),
    ("delete", ["moderation.webhook endpoint"]),
]
AUDITOR = [("view", [*FACTS, *PLATFORMS, *OPERATIONS, *PEOPLE, "moderation.audit entry"])]

GROUPS = {"moderator": MODERATOR, "lead": LEAD, "admin": ADMIN, "auditor": AUDITOR}
# The models whose class is not named as they are called.
CLASS_NAMES = {"interval": "intervalschedule", "crontab": "crontabschedule"}


def _permission(apps, action, name):
    app_label, verbose_name = name.split(".")
    model = CLASS_NAMES.get(verbose_name, verbose_name.replace(" ", "").lower())
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label=app_label, model=model
    )
    permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type, codename=f"{action}_{model}", defaults={"name": f"Can {action} {verbose_name}"}
    )
    return permission


def make_groups(apps, schema_editor):
    """Makes the four groups; one that exists keeps what it has and gains what it lacks."""
    for group_name, grants in GROUPS.items():
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=group_name)
        group.permissions.add(*(_permission(apps, action, name) for action, names in grants for name in names))


def remove_groups(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=GROUPS).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("moderation", "0001_first_tables"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_groups, remove_groups)]

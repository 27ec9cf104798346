"""What the groups may do with images and hash banks, granted as 0002_groups grants the rest."""

from importlib import import_module

from django.db import migrations

FACTS = ["moderation.content media", "moderation.media file", "moderation.hash bank", "moderation.hash bank entry"]
BANKS = ["moderation.hash bank", "moderation.hash bank entry"]
SEE = [("view", FACTS)]
KEEP = [*SEE, ("add", BANKS), ("change", ["moderation.hash bank"]), ("delete", BANKS)]
GRANTS = {"moderator": SEE, "lead": KEEP, "admin": KEEP, "auditor": SEE}


def grant(apps, schema_editor):
    """Adds to the groups that exist; one that an operator removed is not made again."""
    permission = import_module("moderation.migrations.0002_groups")._permission
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GRANTS):
        names = [(action, name) for action, models in GRANTS[group.name] for name in models]
        group.permissions.add(*(permission(apps, action, name) for action, name in names))


class Migration(migrations.Migration):
    dependencies = [("moderation", "0006_images")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]

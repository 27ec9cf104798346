"""Who may read reports in the console, granted as 0002_groups grants the rest: nobody changes one there."""

from importlib import import_module

from django.db import migrations

SEE = [("view", ["moderation.report"])]
GRANTS = {"moderator": SEE, "lead": SEE, "admin": SEE, "auditor": SEE}


def grant(apps, schema_editor):
    """Adds to the groups that exist; one that an operator removed is not made again."""
    permission = import_module("moderation.migrations.0002_groups")._permission
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GRANTS):
        names = [(action, name) for action, models in GRANTS[group.name] for name in models]
        group.permissions.add(*(permission(apps, action, name) for action, name in names))


class Migration(migrations.Migration):
    dependencies = [("moderation", "0013_authors_and_reports")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]

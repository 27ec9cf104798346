"""Who may read what platforms say of texts, granted as 0002_groups grants the rest."""

from importlib import import_module

from django.db import migrations

GROUPS = ("lead", "policy admin", "admin", "auditor")


def grant(apps, schema_editor):
    """Adds to the groups that exist; one that an operator removed is not made again."""
    view = import_module("moderation.migrations.0002_groups")._permission(apps, "view", "moderation.adapter feedback")
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        group.permissions.add(view)


class Migration(migrations.Migration):
    dependencies = [("moderation", "0029_case_of_a_person")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]

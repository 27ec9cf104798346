"""A senior may what a moderator may: 0023 began from the rights of the first release; more had been added since."""

from django.db import migrations


def grant(apps, schema_editor):
    """Gives the group senior, where it exists, what the group moderator has."""
    known = apps.get_model("auth", "Group").objects
    moderator, senior = known.filter(name="moderator").first(), known.filter(name="senior").first()
    if moderator and senior:
        senior.permissions.add(*moderator.permissions.all())


class Migration(migrations.Migration):
    dependencies = [("moderation", "0030_feedback_groups")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]

"""What a key's requests are counted in, handed on by rotation; and since when a webhook endpoint has its secret."""

import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.functions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("moderation", "0019_rotated_keys"),
    ]

    operations = [
        migrations.AddField(
            model_name="apikey",
            name="allowance",
            field=models.UUIDField(
                db_default=django.contrib.postgres.functions.RandomUUID(),
                db_index=True,
                default=uuid.uuid4,
                editable=False,
            ),
        ),
        migrations.AddField(
            model_name="apikey",
            name="within",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.UUIDField(), default=list, editable=False, size=None
            ),
        ),
        migrations.AddField(
            model_name="webhookendpoint",
            name="secret_rotated_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]

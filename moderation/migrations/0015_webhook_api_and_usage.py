"""Endpoints have ids of their own and can be deleted and tested; what each key uses is counted."""

import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.db import migrations, models

import moderation.models.webhook


class Migration(migrations.Migration):
    dependencies = [
        ("moderation", "0014_report_groups"),
    ]

    operations = [
        migrations.CreateModel(
            name="ApiUsage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                (
                    "door",
                    models.CharField(
                        choices=[("platform", "Review Engine"), ("openai", "OpenAI"), ("perspective", "Perspective")],
                        max_length=20,
                    ),
                ),
                ("requests", models.PositiveBigIntegerField(default=0)),
                ("refused", models.PositiveBigIntegerField(default=0)),
                ("rate_limited", models.PositiveBigIntegerField(default=0)),
                ("items", models.PositiveBigIntegerField(default=0)),
                ("texts", models.PositiveBigIntegerField(default=0)),
                ("images", models.PositiveBigIntegerField(default=0)),
            ],
            options={
                "verbose_name_plural": "API usage",
                "db_table": "api_usage",
            },
        ),
        migrations.AddField(
            model_name="webhookendpoint",
            name="deleted_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="webhookendpoint",
            name="public_id",
            field=models.CharField(
                db_default=django.db.models.functions.text.Concat(
                    models.Value("we_"),
                    django.db.models.functions.text.Replace(
                        django.db.models.functions.comparison.Cast(
                            django.contrib.postgres.functions.RandomUUID(), models.CharField()
                        ),
                        models.Value("-"),
                        models.Value(""),
                    ),
                ),
                default=moderation.models.webhook.new_endpoint_id,
                editable=False,
                max_length=40,
                unique=True,
                verbose_name="id",
            ),
        ),
        migrations.AlterField(
            model_name="webhookevent",
            name="content",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="webhook_events",
                to="moderation.content",
            ),
        ),
        migrations.AlterField(
            model_name="webhookevent",
            name="type",
            field=models.CharField(
                choices=[
                    ("content.approved", "Content Approved"),
                    ("content.rejected", "Content Rejected"),
                    ("review.opened", "Review Opened"),
                    ("decision.overridden", "Decision Overridden"),
                    ("endpoint.test", "Endpoint Test"),
                ],
                max_length=40,
            ),
        ),
        migrations.AddConstraint(
            model_name="webhookendpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("deleted_at", None),
                    models.Q(("disabled_at__isnull", False), ("previous_secret", ""), ("secret", "")),
                    _connector="OR",
                ),
                name="webhook_endpoint_deleted_is_disabled",
            ),
        ),
        migrations.AddConstraint(
            model_name="webhookevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("content", None), ("type", "endpoint.test")),
                    models.Q(models.Q(("type", "endpoint.test"), _negated=True), ("content__isnull", False)),
                    _connector="OR",
                ),
                name="webhook_event_about_a_content",
            ),
        ),
        migrations.AddField(
            model_name="apiusage",
            name="client",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="usage",
                to="moderation.apiclient",
            ),
        ),
        migrations.AddField(
            model_name="apiusage",
            name="key",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="usage",
                to="moderation.apikey",
            ),
        ),
        migrations.AddIndex(
            model_name="apiusage",
            index=models.Index(fields=["client", "day"], name="api_usage_client_day"),
        ),
        migrations.AddIndex(
            model_name="apiusage",
            index=models.Index(fields=["day"], name="api_usage_day"),
        ),
        migrations.AddConstraint(
            model_name="apiusage",
            constraint=models.UniqueConstraint(fields=("key", "day", "door"), name="api_usage_once"),
        ),
    ]

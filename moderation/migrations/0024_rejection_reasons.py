"""The reasons to reject that every site begins with. A lead changes them in the console."""

from django.db import migrations

REASONS = [
    ("harassment", "Harassment or insult", ["harassment", "toxicity", "severe_toxicity", "insult", "profanity"]),
    ("hate", "Hate against a group", ["hate", "identity_attack"]),
    (
        "violence",
        "Threat or violence",
        ["threat", "harassment/threatening", "hate/threatening", "violence", "violence/graphic"],
    ),
    ("sexual", "Sexual content", ["sexual", "nsfw_image"]),
    ("sexual-minors", "Sexual content about minors", ["sexual/minors"]),
    ("self-harm", "Self-harm", ["self-harm", "self-harm/intent", "self-harm/instructions"]),
    ("illicit", "Illicit goods or advice", ["illicit", "illicit/violent"]),
    ("spam", "Spam or deceptive links", ["spam", "url_risk"]),
    ("personal-information", "Personal information", ["pii"]),
]


def add_reasons(apps, schema_editor):
    apps.get_model("moderation", "RejectionReason").objects.bulk_create(
        (
            apps.get_model("moderation", "RejectionReason")(label=label, text=text, key=key, categories=categories)
            for key, (label, text, categories) in enumerate(REASONS, start=1)
        ),
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("moderation", "0023_console_groups")]

    operations = [migrations.RunPython(add_reasons, migrations.RunPython.noop)]

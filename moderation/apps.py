"""The moderation app."""

from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "moderation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from moderation import checks, gauges  # noqa: F401 - checks registers the system checks
        from moderation.site_adapter import staleness

        gauges.register()
        staleness.register()

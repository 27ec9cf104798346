"""The backups app."""

from django.apps import AppConfig


class BackupsConfig(AppConfig):
    name = "reviewengine.backups"
    label = "backups"
    default_auto_field = "django.db.models.BigAutoField"

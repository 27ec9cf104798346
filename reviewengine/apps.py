"""The process's own apps: management commands and checks, and the admin with our site."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig

from reviewengine.metrics import dependencies, workers


class ReviewEngineConfig(AppConfig):
    name = "reviewengine"

    def ready(self) -> None:
        # celery: tasks need the application in every Django process, but the supervisor does without both.
        from reviewengine import celery, checks  # noqa: F401 - checks registers the system checks

        dependencies.register()
        workers.connect()


class ReviewEngineAdminConfig(AdminConfig):
    default_site = "reviewengine.admin.ReviewEngineAdminSite"

"""The Celery application: `celery -A reviewengine.celery worker`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviewengine.settings")

app = Celery("reviewengine")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["moderation.webhooks"])

"""The site adapter's training is in the schedule, and off until somebody switches it on."""

import pytest
from django_celery_beat.models import PeriodicTask

from moderation import tasks
from reviewengine import conf
from reviewengine.schedule import load_schedule

pytestmark = pytest.mark.django_db


def test_the_training_is_off_by_default():
    load_schedule(entries=conf.load().schedule)
    job = PeriodicTask.objects.get(name="adapter-train")
    assert (job.enabled, job.task, job.queue) == (False, tasks.train_adapter.name, "maintenance")

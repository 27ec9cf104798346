"""The process: how Review Engine boots and is operated. It knows nothing of moderation."""

from reviewengine.celery import app as celery_app

__all__ = ["celery_app"]

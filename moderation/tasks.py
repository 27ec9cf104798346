"""Every Celery entry point of moderation but webhook delivery: each calls one function."""

from celery import shared_task

from moderation import audit, pipeline, retention
from moderation.review import holds
from reviewengine.wakeups import awake, wake

MODERATE = "moderation.tasks.moderate"


def wake_moderation() -> None:
    """Tells the workers that content waits; at most one such message lies in the broker."""
    wake(MODERATE, queue="moderation_queue")


@shared_task(name=MODERATE)
def moderate() -> None:
    """Drains the waiting content. Wakes a second worker when there is more than one batch of it."""
    awake(MODERATE)
    if pipeline.drain(on_full_batch=wake_moderation):
        wake_moderation()


@shared_task
def sweep() -> None:
    """Beat: frees what a dead worker held, and wakes the workers if anything waits."""
    if pipeline.sweep():
        wake_moderation()


@shared_task
def release_holds() -> None:
    """Beat: brings decisions into effect whose time to be undone is over."""
    holds.release_due_holds()


@shared_task
def seal_audit() -> None:
    """Beat: seals new audit entries into the hash chain."""
    audit.seal_entries()


@shared_task
def clean_up() -> None:
    """Beat: erases and deletes what is older than the configuration keeps."""
    retention.clean_up()


@shared_task
def train_adapter() -> None:
    """Beat, where it is switched on: learns from what the moderators have decided."""
    # Only the process that trains pays for numpy and the text model.
    from moderation.site_adapter.training import train

    train(actor="system")

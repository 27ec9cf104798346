"""Puts a site adapter in force or out of it; every next batch is scored accordingly, in every worker."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max

from moderation.audit import name_of_actor, record_audit
from moderation.enums import SubjectType
from moderation.models import SiteAdapter


class AdapterError(ValueError):
    """What was asked for cannot be done. The message names the fault and the mend."""


@transaction.atomic
def store_adapter(
    *, base_version: str, heads: Sequence[dict[str, Any]], report: Sequence[dict[str, Any]], actor: str
) -> SiteAdapter:
    """Keeps a training as the next version, not in force. ``actor`` is written as in AuditEntry."""
    number = (SiteAdapter.objects.aggregate(Max("number"))["number__max"] or 0) + 1
    row = SiteAdapter.objects.create(
        number=number,
        trained_by=name_of_actor(actor),
        base_version=base_version,
        heads=list(heads),
        report=list(report),
    )
    _record("trained", row, actor)
    return row


@transaction.atomic
def activate_adapter(*, adapter: SiteAdapter, base_version: str, actor: str) -> None:
    """Puts a version in force in place of the one that is. ``base_version`` is that of the text model in use.

    Raises AdapterError when no category won, or it was made for another text model; then nothing changes.
    """
    if not adapter.heads:
        raise AdapterError(f"Version {adapter.number} has no category that won: there is nothing to put in force.")
    if adapter.base_version != base_version:
        raise AdapterError(
            f"Version {adapter.number} was made for the text model {adapter.base_version}, and "
            f"{base_version or 'none'} is in use. Train again with `manage.py adapter_train`."
        )
    # The rows in force are locked first, so that two at a time end with one.
    for other in SiteAdapter.objects.select_for_update().filter(is_active=True).exclude(pk=adapter.pk):
        _set(other, False, actor)
    _set(adapter, True, actor)


@transaction.atomic
def deactivate_adapter(*, adapter: SiteAdapter, actor: str) -> None:
    """Takes a version out of force: the base model scores alone, exactly as before."""
    _set(adapter, False, actor)


def _set(adapter: SiteAdapter, active: bool, actor: str) -> None:
    """Nothing, where it is so already."""
    if SiteAdapter.objects.filter(pk=adapter.pk, is_active=not active).update(is_active=active):
        adapter.is_active = active
        _record("activated" if active else "deactivated", adapter, actor)


def _record(verb: str, adapter: SiteAdapter, actor: str) -> None:
    record_audit(
        action=f"site_adapter.{verb}",
        actor=actor,
        subject_type=SubjectType.SITE_ADAPTER,
        subject_id=adapter.pk,
        data={
            "number": adapter.number,
            "base_version": adapter.base_version,
            "categories": [head["category"] for head in adapter.heads],
        },
    )

"""Step 6, how the desk treats one person: what they choose themselves, and what a lead sets for them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from moderation.audit import record_audit, user_actor
from moderation.enums import CaseStatus
from moderation.models import ModeratorSettings, ReviewCase
from moderation.review.leases import NO_ASSIGNMENT
from moderation.review.queue import NO_CLAIM

SEE_TEAM = "moderation.view_exposure"
SET_LIMITS = "moderation.change_moderatorsettings"


@transaction.atomic
def save_own_settings(
    *,
    moderator: User,
    blur_images: bool,
    grey_images: bool,
    single_keys: bool,
    covered_categories: Collection[str],
    opted_out: Collection[str],
    now: datetime | None = None,
) -> ModeratorSettings:
    """Stores what the person chose for themselves; it counts from their next page on.

    Cases about what they opted out of, which they hold or which wait for them, go back to their queues. The audit says
    which settings changed, and not to what: what somebody cannot bear to see is not a matter of record.
    """
    chosen = {
        "blur_images": blur_images,
        "grey_images": grey_images,
        "single_keys": single_keys,
        "covered_categories": sorted(covered_categories),
        "opted_out": sorted(opted_out),
    }
    own = _locked(moderator)
    changed = sorted(name for name, value in chosen.items() if getattr(own, name) != value)
    if not changed:
        return own
    _store(own, chosen, now)
    _record(moderator, actor=moderator, data={"changed": changed})
    _give_back(moderator, opted_out)
    return own


@transaction.atomic
def save_limits(
    *,
    moderator: User,
    lead: User,
    daily_cap: int | None,
    break_after_minutes: int | None,
    now: datetime | None = None,
) -> ModeratorSettings:
    """Stores what a lead sets for one person; None is what the site's configuration says, 0 is none.

    Raises PermissionDenied.
    """
    if not lead.has_perm(SET_LIMITS):
        raise PermissionDenied(_("You may not set limits for others. Ask a lead to do it."))
    given = {"daily_cap": daily_cap, "break_after_minutes": break_after_minutes}
    own = _locked(moderator)
    changes = {name: [getattr(own, name), value] for name, value in given.items() if getattr(own, name) != value}
    if changes:
        _store(own, given, now)
        _record(moderator, actor=lead, data={"changes": changes})
    return own


def _locked(moderator: User) -> ModeratorSettings:
    ModeratorSettings.objects.get_or_create(moderator=moderator)
    own = ModeratorSettings.objects.select_for_update(of=("self",)).get(moderator=moderator)
    own.moderator = moderator  # and so that who asks the person at hand sees what is stored here
    return own


def _store(own: ModeratorSettings, values: dict[str, Any], now: datetime | None) -> None:
    for name, value in values.items():
        setattr(own, name, value)
    own.updated_at = now or timezone.now()
    own.save(update_fields=[*values, "updated_at"])


def _record(moderator: User, *, actor: User, data: dict[str, Any]) -> None:
    record_audit(
        action="moderator_settings.changed",
        actor=user_actor(actor),
        subject_type="user",
        subject_id=moderator.pk,
        data={"name": moderator.get_username(), **data},
    )


def _give_back(moderator: User, opted_out: Collection[str]) -> None:
    """Frees what the person does not take any more."""
    if not opted_out:
        return
    theirs = ReviewCase.objects.filter(status=CaseStatus.OPEN, categories__overlap=list(opted_out))
    theirs.filter(claimed_by=moderator).update(**NO_CLAIM)
    theirs.filter(assigned_to=moderator).ordinary().update(**NO_ASSIGNMENT)

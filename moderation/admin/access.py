"""What happens at the console's door is part of the record; and an administrator's help for who cannot come in."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from moderation.audit import actor_named, record_audit, user_actor
from moderation.enums import SubjectType
from reviewengine.access.events import AccessEvent, register_recorder
from reviewengine.admin import NavLink

UNKNOWN = actor_named("unknown")


def record_access(event: AccessEvent) -> None:
    """Writes ``user.signed_in`` and the like. A name that no account has is not written: it may be a password."""
    name = user_actor(event.person) if event.person else UNKNOWN
    record_audit(
        action=f"user.{event.act}",
        actor=event.actor or name,
        subject_type=SubjectType.USER,
        subject_id=event.person.pk if event.person else "",
        data={**({"name": event.person.get_username()} if event.person else {}), **event.data},
    )


def mount(site: Any) -> None:
    """The link to a person's second factor; and what pages ask by themselves, all night where a screen is left."""
    site.register_person_link(NavLink(_("Second factor"), "admin:second_factor", ()))
    site.register_heartbeats(
        "review_renew",
        "review_presence",
        "review_look",
        "review_live_figures",
        "review_bulk_progress",
        "dashboard_figures",
    )


register_recorder(record_access)
mount(admin.site)

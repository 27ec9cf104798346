"""The console's first page and its header: what waits for me, and the models by what they are for."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from moderation.admin import cells
from moderation.admin.base import person_of
from moderation.admin.person import record_own_password_change
from moderation.review.access import DECIDE, SEE
from moderation.review.sla import QueueLoad, queue_loads
from reviewengine.admin import IndexPanel, ModelGroup

GROUPS = (
    ModelGroup(
        _("Review"),
        ("moderation.reviewcase", "moderation.report", "moderation.reviewqueue", "moderation.rejectionreason"),
    ),
    ModelGroup(
        _("Facts"),
        (
            "moderation.content",
            "moderation.decision",
            "moderation.moderationresult",
            "moderation.author",
            "moderation.auditentry",
        ),
    ),
    ModelGroup(
        _("Rules"),
        (
            "moderation.policy",
            "moderation.policyversion",
            "moderation.termlist",
            "moderation.siteadapter",
            "moderation.adapterfeedback",
            "moderation.hashbank",
            "moderation.hashbankentry",
        ),
    ),
    ModelGroup(
        _("Platforms"),
        (
            "moderation.apiclient",
            "moderation.apikey",
            "moderation.webhookendpoint",
            "moderation.webhookevent",
            "moderation.webhookdelivery",
        ),
    ),
    ModelGroup(
        _("Operations"),
        (
            "backups.backuprun",
            "django_celery_beat.periodictask",
            "django_celery_beat.crontabschedule",
            "django_celery_beat.intervalschedule",
        ),
    ),
    ModelGroup(_("People"), ("auth.user", "auth.group")),
)


def waiting_panel(request: HttpRequest) -> dict[str, Any] | None:
    """What waits in the queues in which this person may work."""
    if not request.user.has_perm(SEE):
        return None
    loads = queue_loads(moderator=person_of(request))
    return {
        "rows": [_row(load) for load in loads],
        "waiting": sum(load.waiting for load in loads),
        "overdue": sum(load.overdue for load in loads),
        "may_decide": request.user.has_perm(DECIDE),
    }


def _row(load: QueueLoad) -> dict[str, Any]:
    return {
        "queue": load.queue.name,
        "waiting": load.waiting,
        "claimed": load.open - load.waiting,
        "overdue": load.overdue,
        "oldest": cells.age(load.oldest_at),
    }


def arrange(site: Any) -> None:
    """Gives the site moderation's panel and groups."""
    for group in GROUPS:
        site.register_model_group(group)
    site.register_index_panel(IndexPanel("admin/moderation/index_waiting.html", waiting_panel))
    site.register_password_recorder(record_own_password_change)


arrange(admin.site)

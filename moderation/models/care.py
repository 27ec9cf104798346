"""What protects the people who look: their own settings, what a lead sets for them, and what they were exposed to."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from moderation.models.content import Content
from moderation.models.ids import new_id


class ModeratorSettings(models.Model):
    """How the desk treats one moderator. The first part is their own choice, ``daily_cap`` and the break a lead's.

    ``covered_categories``: text about these lies under a cover until it is asked for. ``opted_out``: cases about these
    never come to them. ``daily_cap``: graphic cases a day, ``break_after_minutes``: of work at a stretch; None: the
    site's own.
    """

    moderator = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="moderator_settings"
    )
    blur_images = models.BooleanField(default=True)
    grey_images = models.BooleanField(default=True)
    mute_sound = models.BooleanField(default=True)
    covered_categories = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    opted_out = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    single_keys = models.BooleanField(default=True)
    daily_cap = models.PositiveIntegerField(null=True, blank=True)
    break_after_minutes = models.PositiveIntegerField(null=True, blank=True)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name_plural = "moderator settings"

    def __str__(self) -> str:
        return f"Settings of {self.moderator_id}"


class Exposure(models.Model):
    """One look at a content: of what kinds it is, and for how long it was open and uncovered, in seconds.

    ``text_seconds`` and ``image_seconds`` are those in which the text, or an image, lay open on a page in sight. It
    names the content while that exists; what a person was exposed to stays when the content is deleted. It holds
    nothing of what the content says.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    moderator = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="exposures", db_index=False)
    content = models.ForeignKey(Content, models.SET_NULL, null=True, blank=True, related_name="exposures")
    categories = ArrayField(models.CharField(max_length=40), default=list)
    is_graphic = models.BooleanField(default=False)
    started_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)
    open_seconds = models.PositiveIntegerField(default=0)
    text_seconds = models.PositiveIntegerField(default=0, db_default=0)
    image_seconds = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        indexes = [
            models.Index(fields=["moderator", "-started_at"], name="exposure_of_moderator"),
            models.Index(fields=["started_at"], name="exposure_started_at"),
        ]

    def __str__(self) -> str:
        return f"{self.moderator_id} at {self.started_at:%Y-%m-%d %H:%M}"


class WorkSpell(models.Model):
    """Since when a person has worked without a break, for the prompt alone: one row a person, overwritten.

    It has no history on purpose: who took a break, and when, is nobody's business. ``quiet_until``: no prompt before.
    ``break_until``: the break that goes on now, if one does.
    """

    moderator = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="work_spell"
    )
    since = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    quiet_until = models.DateTimeField(null=True, blank=True)
    break_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.moderator_id} since {self.since:%Y-%m-%d %H:%M}"

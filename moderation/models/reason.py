"""Why content is rejected: what moderators choose from, with one key each."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from moderation.models.review import ReviewQueue


class RejectionReason(models.Model):
    """A reason to reject, and the label that the decision then carries.

    ``key`` 1 to 9 chooses it at the desk. ``categories`` are those for which it is offered first. No queues: it is
    offered in every queue. A retired reason is offered no more; decisions that name its label keep it.
    """

    label = models.SlugField(max_length=40, unique=True)
    text = models.CharField(max_length=60)
    key = models.PositiveSmallIntegerField(null=True, blank=True)
    categories = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    queues = models.ManyToManyField(ReviewQueue, blank=True, related_name="reasons")
    retired = models.BooleanField(default=False)

    class Meta:
        ordering = ["key", "label"]
        constraints = [
            models.CheckConstraint(name="rejection_reason_key", condition=Q(key=None) | Q(key__range=(1, 9))),
        ]

    def __str__(self) -> str:
        return self.text

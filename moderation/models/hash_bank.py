"""Images a site knows: banks of hashes, and what it means to be in one."""

from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from moderation.enums import Category, HashBankAction


class HashBank(models.Model):
    """Known images. Blocked ones score 1 in ``category``, allowed ones 0; the policy can ask for the bank's name."""

    name = models.SlugField(max_length=100, unique=True)
    description = models.CharField(max_length=300, blank=True)
    category = models.CharField(max_length=40, choices=Category.choices, default=Category.NSFW_IMAGE)
    action = models.CharField(max_length=10, choices=HashBankAction.choices, default=HashBankAction.REVIEW)
    max_distance = models.PositiveSmallIntegerField(
        default=6,
        validators=[MaxValueValidator(24)],
        help_text="How many of the 64 bits may differ. 0: the same hash only; above 10 strangers begin to match.",
    )
    enabled = models.BooleanField(default=True)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(name="hash_bank_distance_range", condition=Q(max_distance__lte=24)),
        ]

    def __str__(self) -> str:
        return self.name


class HashBankEntry(models.Model):
    """One known image: by its file, by what it looks like, or both."""

    bank = models.ForeignKey(HashBank, models.CASCADE, related_name="entries", db_index=False)
    sha256 = models.CharField(
        "SHA-256",
        max_length=64,
        blank=True,
        validators=[RegexValidator(r"\A[0-9a-f]{64}\Z", "A SHA-256 is 64 digits from 0 to 9 and a to f.")],
    )
    perceptual_hash = models.CharField(
        max_length=16,
        blank=True,
        validators=[RegexValidator(r"\A[0-9a-f]{16}\Z", "A perceptual hash is 16 digits from 0 to 9 and a to f.")],
    )
    note = models.CharField(max_length=300, blank=True)
    created_by = models.CharField(max_length=150, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name_plural = "hash bank entries"
        constraints = [
            models.CheckConstraint(name="hash_bank_entry_has_a_hash", condition=~Q(sha256="") | ~Q(perceptual_hash="")),
            models.UniqueConstraint(fields=["bank", "sha256", "perceptual_hash"], name="hash_bank_entry_unique"),
        ]

    def __str__(self) -> str:
        return self.note or self.perceptual_hash or self.sha256[:16]

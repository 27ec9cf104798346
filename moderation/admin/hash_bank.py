"""Hash banks: images a site knows, added by the image itself or by its hashes; the image is not kept."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from moderation.admin import cells
from moderation.admin.base import AuditedAdmin
from moderation.admin.categories import CategoryAdmin, CategoryFilter
from moderation.admin.sections import Section, section_of
from moderation.admin.trials import TryImage, read_hashes
from moderation.audit import user_actor
from moderation.media.banks import add_entry, delete_bank, delete_entries, save_bank
from moderation.models import HashBank, HashBankEntry


@admin.register(HashBank)
class HashBankAdmin(TryImage, CategoryAdmin, AuditedAdmin):
    writer_records = True
    list_display = ("name", "action", "shown_category", "max_distance", "shown_count", "enabled", "updated_at")
    list_filter = ("enabled", "action", CategoryFilter)
    ordering = ("name",)
    search_fields = ("name",)
    readonly_fields = ("updated_at",)
    fields = ("name", "description", ("action", "category"), "max_distance", "enabled", "updated_at")
    unknown_before_saved = ("updated_at",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[HashBank]:
        return super().get_queryset(request).annotate(entry_count=Count("entries"))

    def save_model(self, request: HttpRequest, obj: HashBank, form: Any, change: bool) -> None:
        save_bank(row=obj, actor=user_actor(request.user))

    def delete_model(self, request: HttpRequest, obj: HashBank) -> None:
        delete_bank(row=obj, actor=user_actor(request.user))

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[HashBank]) -> None:
        for row in queryset:
            delete_bank(row=row, actor=user_actor(request.user))

    def get_sections(self, request: HttpRequest, row: HashBank) -> Iterable[Section]:
        def of(entry: HashBankEntry) -> list[Any]:
            return [cells.link_to(entry), entry.sha256[:16] or cells.NOTHING, entry.perceptual_hash or cells.NOTHING]

        headings = (gettext("Entry"), gettext("SHA-256 begins"), gettext("Perceptual hash"))
        yield section_of(gettext("Newest entries"), headings, row.entries.order_by("-id"), of)

    @admin.display(description=_("entries"), ordering="entry_count")
    def shown_count(self, row: Any) -> str:
        return cells.count(row.entry_count)


class HashBankEntryForm(forms.ModelForm):
    """An image, or the hashes of one."""

    image = forms.FileField(
        label=_("Image"),
        required=False,
        help_text=_("JPEG, PNG, GIF or WebP. Its hashes are kept, the image is not. Or type hashes below."),
    )

    class Meta:
        model = HashBankEntry
        fields = ("bank", "image", "sha256", "perceptual_hash", "note")

    def clean_sha256(self) -> str:
        return str(self.cleaned_data["sha256"]).lower()

    def clean_perceptual_hash(self) -> str:
        return str(self.cleaned_data["perceptual_hash"]).lower()

    def _post_clean(self) -> None:
        """The model's own checks would only repeat, in the words of the database, what is said already."""
        if not self.errors:
            super()._post_clean()  # type: ignore[misc]  # the stubs leave it out

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("image"):
            self._take_hashes(cleaned)
        elif not self.errors and not (cleaned.get("sha256") or cleaned.get("perceptual_hash")):
            self.add_error(None, _("Choose an image, or type its SHA-256 or its perceptual hash."))
        return cleaned

    def _take_hashes(self, cleaned: dict[str, Any]) -> None:
        try:
            hashes = read_hashes(cleaned["image"])
        except forms.ValidationError as fault:
            self.add_error("image", fault)
            return
        cleaned["sha256"], cleaned["perceptual_hash"] = hashes.sha256, hashes.perceptual


@admin.register(HashBankEntry)
class HashBankEntryAdmin(AuditedAdmin):
    writer_records = True
    form = HashBankEntryForm
    list_display = ("__str__", "bank", "perceptual_hash", "created_by", "created_at")
    list_filter = ("bank",)
    list_select_related = ("bank",)
    ordering = ("-id",)
    search_fields = ("sha256__startswith", "perceptual_hash__exact")
    search_help_text = _("How a SHA-256 begins, or a whole perceptual hash.")

    def has_change_permission(self, request: HttpRequest, obj: HashBankEntry | None = None) -> bool:
        """An entry is added and deleted: what it says of an image does not change."""
        return False

    def get_fields(self, request: HttpRequest, obj: HashBankEntry | None = None) -> tuple[str, ...]:
        if obj is None:
            return ("bank", "image", "sha256", "perceptual_hash", "note")
        return ("bank", "sha256", "perceptual_hash", "note", "created_by", "created_at")

    def save_model(self, request: HttpRequest, obj: HashBankEntry, form: Any, change: bool) -> None:
        entry, _is_new = add_entry(
            bank=obj.bank,
            sha256=obj.sha256,
            perceptual_hash=obj.perceptual_hash,
            note=obj.note,
            actor=user_actor(request.user),
        )
        obj.pk, obj.created_by = entry.pk, entry.created_by

    def delete_model(self, request: HttpRequest, obj: HashBankEntry) -> None:
        delete_entries(entries=[obj], actor=user_actor(request.user))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[HashBankEntry]) -> None:
        delete_entries(entries=list(queryset.select_related("bank")), actor=user_actor(request.user))

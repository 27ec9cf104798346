"""Test boxes: what a term list finds in a text, and whether a hash bank knows an image. Nothing of it is kept."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as N_

from moderation.media.banks import Hashes, find_likenesses, hashes_of
from moderation.models import HashBank, HashBankEntry, TermList
from moderation.term_lists import find_entries
from reviewengine import conf

if TYPE_CHECKING:
    from moderation.detectors.images.faults import ImageFault

MOST_CHARACTERS = 20_000
# What can be wrong with an image, for the translators to find: detectors know no translations.
_FAULTS = (
    N_("The file is empty. Send the bytes of an image."),
    N_("The file is too large. Send a smaller one."),
    N_("SVG and other documents are not accepted: they can carry scripts. Send a PNG of it."),
    N_("This is no image that is read here. Send JPEG, PNG, GIF or WebP."),
    N_("The image has too many pixels. Scale it down."),
    N_("The animation is too long or too large. Send fewer or smaller frames."),
    N_("The file is damaged or ends early. Send it again."),
)


class TryTextForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Text to try"),
        max_length=MOST_CHARACTERS,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto", "spellcheck": "false"}),
    )


class TryImageForm(forms.Form):
    image = forms.FileField(label=gettext_lazy("Image to try"), help_text=gettext_lazy("JPEG, PNG, GIF or WebP."))

    def clean_image(self) -> Hashes:
        return read_hashes(self.cleaned_data["image"])


def read_hashes(file: UploadedFile) -> Hashes:
    """The hashes of an uploaded image. Raises ValidationError, in words, for what is none or too large."""
    from moderation.detectors.images.faults import ImageFault

    limit = conf.load().images.max_bytes
    if (file.size or 0) > limit:
        text = _("The file is too large. At most %(limit)d bytes are accepted.")
        raise forms.ValidationError(text % {"limit": limit})
    try:
        return hashes_of(file.read())
    except ImageFault as fault:
        raise forms.ValidationError(words_of_fault(fault)) from fault


def words_of_fault(fault: "ImageFault") -> str:
    """What is wrong with an image, in the language of the reader; the limit that it passes is added as it was said."""
    from moderation.detectors.images.faults import FAULTS

    return str(fault).replace(FAULTS[fault.code], _(FAULTS[fault.code]), 1)


class Trial(admin.ModelAdmin):
    """A page ``try/`` of a row, and its box on the row's own page."""

    trial_form: type[forms.Form]
    change_form_template = "admin/moderation/trials/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_try"
        view = self.admin_site.admin_view(self.try_view)
        return [path("<path:object_id>/try/", view, name=name), *super().get_urls()]

    def find(self, row: Any, form: forms.Form) -> dict[str, Any]:
        """What the template shows of what was found."""
        raise NotImplementedError

    def try_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        form = self.trial_form(request.POST or None, request.FILES or None)
        found = self.find(row, form) if request.method == "POST" and form.is_valid() else None
        context = {
            **self.admin_site.each_context(request),
            "title": _("Try %(name)s") % {"name": row},
            "opts": self.opts,
            "original": row,
            "trial": self._box(row, form),
            "found": found,
        }
        return TemplateResponse(request, "admin/moderation/trials/page.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        context = {"trial": self._box(row, self.trial_form()) if row else None, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def _box(self, row: Any, form: forms.Form) -> dict[str, Any]:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_try"
        return {"form": form, "url": reverse(name, args=[row.pk]), "enabled": row.enabled}


class TryText(Trial):
    """A text is tried on a term list."""

    trial_form = TryTextForm

    def find(self, row: TermList, form: forms.Form) -> dict[str, Any]:
        text = form.cleaned_data["text"]
        hits = [{"words": text[hit.start : hit.end], "entry": hit.detail} for hit in find_entries(row, text)]
        return {"hits": hits}


class TryImage(Trial):
    """An image is tried on a hash bank."""

    trial_form = TryImageForm

    def find(self, row: HashBank, form: forms.Form) -> dict[str, Any]:
        hashes = form.cleaned_data["image"]
        likenesses = find_likenesses(row, hashes)
        entries = HashBankEntry.objects.in_bulk([one.entry_id for one in likenesses])
        rows = [{"entry": entries[one.entry_id], "likeness": one} for one in likenesses if one.entry_id in entries]
        return {"likenesses": rows, "hashes": hashes, "known": any(one.is_hit for one in likenesses)}

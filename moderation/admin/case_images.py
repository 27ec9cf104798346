"""The images of a case, as the desk shows them: covered until somebody holds them down."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from moderation.admin.categories import category_title
from moderation.admin.cells import decimal
from moderation.models import Content, ContentMedia

FAULTS = {
    "address_refused": N_("its address leads into an internal network, or is not one"),
    "not_reached": N_("its address was not reached"),
    "too_slow": N_("its sender was too slow"),
    "no_time": N_("there was no time left for it beside the content's other images"),
    "too_many_redirects": N_("its address only redirects"),
    "not_http": N_("its address speaks no HTTP"),
    "too_many_bytes": N_("it is too large"),
    "too_many_pixels": N_("it has too many pixels"),
    "too_many_frames": N_("it is too long an animation"),
    "vector_image": N_("it is an SVG or another document"),
    "unknown_format": N_("it is no image that is read here"),
    "broken_image": N_("it is damaged or ends early"),
    "empty": N_("it is empty"),
    "copy_lost": N_("the copy is not in the storage any more"),
    "storage_away": N_("the storage of images did not answer"),
}


@dataclass(frozen=True, slots=True)
class CaseImage:
    """One image: what is known of it, and where its copy is, if there is one."""

    media: ContentMedia
    number: int

    @property
    def fault(self) -> str:
        """Why nobody could look at it, in words."""
        fault = self.media.fault
        if fault.startswith("status_"):
            return _("its sender answered %(status)s") % {"status": fault.replace("_", " ")}
        if fault in FAULTS:
            return _(FAULTS[fault])
        return _("reading it failed (%(fault)s)") % {"fault": fault} if fault else ""

    @property
    def readings(self) -> list[str]:
        """``Sexual image 0.93``, the highest first, and the banks that know it."""
        scores = sorted(self.media.scores.items(), key=lambda item: -item[1])
        read = [f"{category_title(name)} {decimal(score)}" for name, score in scores]
        return [*read, *(_("known to %(bank)s (%(action)s)") % hit for hit in self.media.hits)]


def images_of(content: Content, version: int) -> list[CaseImage]:
    """The images of one version, in their order; no query for a content that never had one."""
    if not content.image_count and version == content.version:
        return []
    rows = ContentMedia.objects.filter(content=content, content_version=version).select_related("file")
    return [CaseImage(media, number) for number, media in enumerate(rows.order_by("position"), start=1)]

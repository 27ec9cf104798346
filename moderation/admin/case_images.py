"""The images of a case, as the desk shows them: covered until somebody holds them down."""

from dataclasses import dataclass

from moderation.admin.categories import category_title
from moderation.models import Content, ContentMedia

FAULTS = {
    "address_refused": "its address leads into an internal network, or is not one",
    "not_reached": "its address was not reached",
    "too_slow": "its sender was too slow",
    "no_time": "there was no time left for it beside the content's other images",
    "too_many_redirects": "its address only redirects",
    "not_http": "its address speaks no HTTP",
    "too_many_bytes": "it is too large",
    "too_many_pixels": "it has too many pixels",
    "too_many_frames": "it is too long an animation",
    "vector_image": "it is an SVG or another document",
    "unknown_format": "it is no image that is read here",
    "broken_image": "it is damaged or ends early",
    "empty": "it is empty",
    "copy_lost": "the copy is not in the storage any more",
    "storage_away": "the storage of images did not answer",
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
            return f"its sender answered {fault.replace('_', ' ')}"
        return FAULTS.get(fault, f"reading it failed ({fault})") if fault else ""

    @property
    def readings(self) -> list[str]:
        """``Sexual image 0.93``, the highest first, and the banks that know it."""
        scores = sorted(self.media.scores.items(), key=lambda item: -item[1])
        read = [f"{category_title(name)} {score:.2f}" for name, score in scores]
        return [*read, *(f"known to {hit['bank']} ({hit['action']})" for hit in self.media.hits)]


def images_of(content: Content, version: int) -> list[CaseImage]:
    """The images of one version, in their order; no query for a content that never had one."""
    if not content.image_count and version == content.version:
        return []
    rows = ContentMedia.objects.filter(content=content, content_version=version).select_related("file")
    return [CaseImage(media, number) for number, media in enumerate(rows.order_by("position"), start=1)]

"""Step 3, which image detectors there are. A new one is a file in this folder and a line in IMAGE_DETECTORS."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from moderation.detectors.base import DetectorConfigError
from moderation.detectors.images.base import ImageDetector
from moderation.detectors.images.nudenet import NudeNetDetector
from moderation.detectors.images.open_nsfw import OpenNsfwDetector
from moderation.detectors.images.panel import ImagePanel

if TYPE_CHECKING:  # the registry of text detectors would load them all
    from moderation.detectors.registry import DetectorSettings

IMAGE_DETECTORS: dict[str, type[ImageDetector]] = {
    "open_nsfw": OpenNsfwDetector,
    "nudenet": NudeNetDetector,
}


def build_image_panel(config: Mapping[str, "DetectorSettings"]) -> ImagePanel:
    """The enabled detectors, in the order of IMAGE_DETECTORS; one that ``config`` does not name is off.

    Raises DetectorConfigError for an unknown detector or option, or a package that is not installed.
    """
    unknown = sorted(set(config) - set(IMAGE_DETECTORS))
    if unknown:
        known = ", ".join(IMAGE_DETECTORS)
        raise DetectorConfigError(f"There is no image detector {unknown[0]!r}. There are: {known}.")
    chosen = [(name, config[name]) for name in IMAGE_DETECTORS if name in config and config[name].enabled]
    return ImagePanel([(IMAGE_DETECTORS[name].build(s.options), s.timeout_seconds) for name, s in chosen])

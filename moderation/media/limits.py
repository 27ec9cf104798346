"""The limits of images, as configured."""

from moderation.detectors.images.decode import ImageLimits
from reviewengine import conf


def image_limits() -> ImageLimits:
    """What is accepted, and how large the frames are that are kept of it."""
    options = conf.load().images
    return ImageLimits(
        max_bytes=options.max_bytes,
        max_pixels=options.max_pixels,
        max_animation_pixels=options.max_animation_pixels,
        max_frames=options.max_frames,
        sampled_frames=options.sampled_frames,
        side=options.copy_side,
    )

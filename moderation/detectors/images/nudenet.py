"""Step 3, nsfw_image: NudeNet, which finds exposed parts of the body. Off, and not installed, unless you ask for it.

NudeNet is under the AGPL-3.0: whoever offers a service built on it may have to offer their source. Its package is
therefore not among our requirements; `pip install -r requirements-nudenet.in` is a choice of the operator.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Self

from moderation.detectors.base import Detection, DetectorConfigError, refuse_unknown_options
from moderation.detectors.images.base import ImageDetector
from moderation.enums import Category

if TYPE_CHECKING:
    from moderation.detectors.images.decode import Picture

EXPLICIT = frozenset(
    {
        "FEMALE_GENITALIA_EXPOSED",
        "MALE_GENITALIA_EXPOSED",
        "ANUS_EXPOSED",
        "FEMALE_BREAST_EXPOSED",
        "BUTTOCKS_EXPOSED",
    }
)


class NudeNetDetector(ImageDetector):
    """The surest exposed part in any frame, 0 to 1; covered parts, faces and feet do not count."""

    name = "nudenet"

    def __init__(self) -> None:
        self.version = "nudenet-320n"
        self.categories = frozenset({Category.NSFW_IMAGE.value})

    @classmethod
    def build(cls, options: Mapping[str, Any]) -> Self:
        refuse_unknown_options(cls.name, options, ())
        if find_spec("nudenet") is None:
            raise DetectorConfigError(
                "Detector nudenet is enabled but not installed. It is under the AGPL-3.0: if that suits you, run "
                "pip install -r requirements-nudenet.in; otherwise set images.detectors.nudenet.enabled to false."
            )
        return cls()

    def detect(self, picture: "Picture") -> Sequence[Detection]:
        return [Detection(Category.NSFW_IMAGE.value, max(map(self._score, picture.frames)))]

    def _score(self, frame: Any) -> float:
        import numpy

        blue_first = numpy.ascontiguousarray(numpy.asarray(frame)[:, :, ::-1])  # as OpenCV reads files
        parts = self._finder.detect(blue_first)
        return max((float(part["score"]) for part in parts if part["class"] in EXPLICIT), default=0.0)

    @cached_property
    def _finder(self) -> Any:
        """Loads the model with the first picture, on one thread: the package itself would take every core."""
        import onnxruntime
        from nudenet import NudeDetector

        finder = NudeDetector()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        path = finder.onnx_session._model_path
        finder.onnx_session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        return finder

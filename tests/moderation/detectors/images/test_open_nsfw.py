"""The shipped image model scores pictures, offline and lazily."""

import subprocess
import sys

import pytest
from PIL import Image

from moderation.detectors.base import DetectorConfigError
from moderation.detectors.images.decode import ImageLimits, decode
from moderation.detectors.images.open_nsfw import OpenNsfwDetector
from moderation.detectors.images.registry import build_image_panel
from moderation.detectors.registry import DetectorConfig
from tests.images import animation, encoded, photo

LIMITS = ImageLimits()


@pytest.fixture(scope="module")
def detector() -> OpenNsfwDetector:
    return OpenNsfwDetector.build({})


def test_a_pattern_scores_low(detector):
    (detection,) = detector.detect(decode(photo(), LIMITS))
    assert detection.category == "nsfw_image"
    assert 0.0 <= detection.score < 0.2


def test_the_same_picture_scores_the_same(detector):
    picture = decode(photo(seed=3), LIMITS)
    assert detector.detect(picture) == detector.detect(picture)


def test_one_pixel_and_an_animation_score(detector):
    for data in (encoded(Image.new("RGB", (1, 1)), "PNG"), animation(9)):
        (detection,) = detector.detect(decode(data, LIMITS))
        assert 0.0 <= detection.score <= 1.0


def test_the_panel_covers_its_category():
    panel = build_image_panel({"open_nsfw": DetectorConfig()})
    assert panel.categories == {"nsfw_image"}
    assert panel.detect(decode(photo(), LIMITS)).scores.keys() == {"nsfw_image"}


def test_a_detector_that_is_not_installed_says_so():
    with pytest.raises(DetectorConfigError, match="AGPL-3.0"):
        build_image_panel({"nudenet": DetectorConfig()})


def test_an_unknown_detector_and_option_are_refused():
    with pytest.raises(DetectorConfigError, match="no image detector 'clip'"):
        build_image_panel({"clip": DetectorConfig()})
    with pytest.raises(DetectorConfigError, match="no option 'threshold'"):
        build_image_panel({"open_nsfw": DetectorConfig(options={"threshold": 1})})


def test_building_the_panel_loads_no_model_library():
    program = (
        "import sys; from moderation.detectors.images.registry import build_image_panel;"
        "from moderation.detectors.registry import DetectorConfig; build_image_panel({'open_nsfw': DetectorConfig()});"
        "print('onnxruntime' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"

"""What an operator can say of personal data, and what is refused."""

import pytest

from moderation.detectors.base import DetectorConfigError, Sample
from moderation.detectors.normalise import normalise
from moderation.detectors.pii.detector import PiiDetector


def detect(text, **options):
    (detections,) = PiiDetector.build(options, []).detect([Sample(text, normalise(text))])
    return detections


def test_a_weight_raises_a_kind():
    assert detect("ann@example.com", weights={"email": 1})[0].score == 0.98


def test_a_kind_without_weight_is_not_looked_for():
    assert detect("ann@example.com", weights={"email": 0}) == []
    assert detect("call 415-555-2671", weights={"phone": 0}) == []
    assert detect("my card 4111111111111111", weights={"card": 0}) == []


def test_the_regions_say_which_national_numbers_count():
    assert detect("0664 1234567", phone_regions=["AT"])[0].score == 0.45
    assert detect("0664 1234567", phone_regions=["US"]) == []


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({"kinds": []}, "has no option 'kinds'. It knows: phone_regions, weights"),
        ({"weights": ["email"]}, "weights must map kinds to numbers"),
        ({"weights": {"mail": 1}}, "knows no kind 'mail'. It knows: card, iban"),
        ({"weights": {"email": 2}}, "the weight of email must lie between 0 and 1, not 2"),
        ({"weights": {"email": True}}, "the weight of email must lie between 0 and 1, not True"),
        ({"weights": {"email": "high"}}, "the weight of email must lie between 0 and 1, not 'high'"),
        ({"phone_regions": "US"}, "phone_regions must be a list of country codes"),
        ({"phone_regions": [1]}, "phone_regions must be a list of country codes"),
        ({"phone_regions": ["XX"]}, "no telephone numbers of region 'XX'"),
    ],
)
def test_a_wrong_option_is_refused_with_its_mend(options, fault):
    with pytest.raises(DetectorConfigError, match=fault):
        PiiDetector.build(options, [])


def test_the_version_tells_the_options():
    assert PiiDetector.build({}, []).version == "pii-2"
    assert PiiDetector.build({"weights": {"email": 0.9}, "phone_regions": ["us"]}, []).version == "pii-2+US+email=0.9"

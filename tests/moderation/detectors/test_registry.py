"""From the configuration to a panel, and what is refused on the way."""

import pytest

from moderation.detectors.base import DetectorConfigError, TermListSpec
from moderation.detectors.registry import DETECTORS, DetectorConfig, build_panel
from moderation.enums import Category


def test_the_panel_holds_the_enabled_detectors_in_the_registry_s_order():
    config = {"urls": DetectorConfig(), "text": {"timeout_seconds": 3}, "spam_rules": {"enabled": False}}
    assert list(build_panel(config).versions) == ["text", "urls"]


def test_every_detector_is_registered_by_its_own_name():
    assert {name: detector.name for name, detector in DETECTORS.items()} == {name: name for name in DETECTORS}


def test_the_term_lists_reach_their_detector():
    spec = TermListSpec("house", "insult", 0.8, ("numpty",))
    (report,) = build_panel({"term_lists": DetectorConfig()}, [spec]).detect(["you numpty"])
    assert report.scores == {"insult": 0.8}
    assert [(e.start, e.end, e.detail) for e in report.evidence] == [(4, 10, "house")]


def test_the_shipped_configuration_covers_everything_that_text_can_hold():
    panel = build_panel({name: DetectorConfig() for name in DETECTORS if name != "remote"})
    panel.warm_up()
    (report,) = panel.detect(["hello"])
    assert report.failures == {}
    assert report.not_covered == (Category.NSFW_IMAGE,)
    assert set(report.scores) == set(Category.values) - {Category.NSFW_IMAGE}


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"txet": {}}, "There is no detector 'txet'. There are: pii, text, term_lists, urls, spam_rules, remote."),
        (
            {"urls": {"timeout": 3}},
            "Detector urls is configured with an unknown key. It knows: enabled, timeout_seconds, options.",
        ),
        ({"urls": {"timeout_seconds": 0}}, "Detector urls: timeout_seconds must be above 0, not 0."),
        (
            {"text": {"options": {"x": 1}}},
            "Detector text has no option 'x'. It knows: always_encode, artifacts, encoder, evidence_from.",
        ),
    ],
)
def test_a_wrong_configuration_is_refused_with_the_mend(config, message):
    with pytest.raises(DetectorConfigError) as refused:
        build_panel(config)
    assert str(refused.value) == message


def test_a_missing_model_is_named(tmp_path):
    with pytest.raises(DetectorConfigError, match="Detector text cannot read its model"):
        build_panel({"text": {"options": {"artifacts": str(tmp_path)}}})

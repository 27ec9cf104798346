"""System checks of detectors and policies."""

import pytest

from moderation import checks, in_force
from reviewengine import conf
from reviewengine.sections import DetectorOptions


@pytest.fixture
def detectors(monkeypatch):
    """Puts other detectors into the configuration."""

    def configure(**options: DetectorOptions) -> None:
        changed = conf.load().model_copy(update={"detectors": options})
        monkeypatch.setattr(conf, "load", lambda: changed)

    return configure


def test_the_shipped_configuration_is_sound():
    assert checks.check_detectors() == checks.check_shipped_policy() == []


def test_an_unknown_detector_is_an_error_with_the_known_ones(detectors):
    detectors(linaer=DetectorOptions())
    (fault,) = checks.check_detectors()
    assert fault.id == "moderation.E001"
    assert "'linaer'" in fault.msg
    assert "text" in fault.msg
    assert "REVIEWENGINE_DETECTORS__" in fault.hint


def test_a_model_that_is_not_there_is_an_error(detectors, tmp_path):
    detectors(text=DetectorOptions(options={"artifacts": str(tmp_path)}))
    (fault,) = checks.check_detectors()
    assert fault.id == "moderation.E001"
    assert str(tmp_path) in fault.msg


def test_no_detector_at_all_is_a_warning(detectors):
    detectors(text=DetectorOptions(enabled=False))
    assert [fault.id for fault in checks.check_detectors()] == ["moderation.W002"]


def test_a_missing_policy_file_is_an_error(monkeypatch, tmp_path):
    monkeypatch.setattr(in_force, "SHIPPED_POLICY", tmp_path / "default.yml")
    assert [fault.id for fault in checks.check_shipped_policy()] == ["moderation.E003"]


def test_a_policy_with_faults_is_an_error_that_names_the_command(monkeypatch, tmp_path):
    (tmp_path / "default.yml").write_text("version: 7\n")
    monkeypatch.setattr(in_force, "SHIPPED_POLICY", tmp_path / "default.yml")
    (fault,) = checks.check_shipped_policy()
    assert fault.id == "moderation.E004"
    assert "manage.py policy_check" in fault.hint

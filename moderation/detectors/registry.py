"""Step 3, which detectors there are. A new one is a file in this folder and a line in DETECTORS."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from moderation.detectors.base import Detector, DetectorConfigError, TermListSpec
from moderation.detectors.panel import Panel
from moderation.detectors.pii.detector import PiiDetector
from moderation.detectors.remote.detector import RemoteDetector
from moderation.detectors.spam_rules import SpamRulesDetector
from moderation.detectors.term_lists import TermListsDetector
from moderation.detectors.text.adapter import Adapter
from moderation.detectors.text.detector import TextDetector
from moderation.detectors.urls import UrlsDetector

DETECTORS: dict[str, type[Detector]] = {
    "pii": PiiDetector,  # first: the panel keeps so much evidence of a text, and masking needs all of this
    "text": TextDetector,
    "term_lists": TermListsDetector,
    "urls": UrlsDetector,
    "spam_rules": SpamRulesDetector,
    "remote": RemoteDetector,
}


class DetectorSettings(Protocol):
    """What the configuration says of one detector."""

    @property
    def enabled(self) -> bool: ...
    @property
    def timeout_seconds(self) -> float: ...
    @property
    def options(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class DetectorConfig:
    """DetectorSettings for those who have no configuration file. ``timeout_seconds`` is for one batch."""

    enabled: bool = True
    timeout_seconds: float = 10.0
    options: Mapping[str, Any] = field(default_factory=dict)


def build_panel(
    config: Mapping[str, DetectorSettings | Mapping[str, Any]],
    term_lists: Iterable[TermListSpec] = (),
    adapter: Adapter | None = None,
) -> Panel:
    """The enabled detectors with the site's term lists and its adapter, in the order of DETECTORS.

    ``config`` maps detector to DetectorSettings or to a mapping with the same keys; a detector it does not name is
    off. Raises DetectorConfigError for an unknown detector, key, option or an unusable term list.
    """
    unknown = sorted(set(config) - set(DETECTORS))
    if unknown:
        raise DetectorConfigError(f"There is no detector {unknown[0]!r}. There are: {', '.join(DETECTORS)}.")
    lists = tuple(term_lists)
    enabled = [name for name in DETECTORS if name in config and _enabled(config[name])]
    return Panel([_seat(name, config[name], lists, adapter) for name in enabled])


def _seat(
    name: str,
    given: DetectorSettings | Mapping[str, Any],
    term_lists: Sequence[TermListSpec],
    adapter: Adapter | None,
) -> tuple[Detector, float]:
    settings = _settings(name, given)
    if not settings.timeout_seconds > 0:
        raise DetectorConfigError(f"Detector {name}: timeout_seconds must be above 0, not {settings.timeout_seconds}.")
    detector = DETECTORS[name].build(settings.options, term_lists)
    if adapter is not None and isinstance(detector, TextDetector):
        detector = detector.with_adapter(adapter)
    return detector, settings.timeout_seconds


def _enabled(given: DetectorSettings | Mapping[str, Any]) -> bool:
    return bool(given.get("enabled", True)) if isinstance(given, Mapping) else given.enabled


def _settings(name: str, given: DetectorSettings | Mapping[str, Any]) -> DetectorSettings:
    if not isinstance(given, Mapping):
        return given
    try:
        return DetectorConfig(**given)
    except TypeError as error:
        known = "enabled, timeout_seconds, options"
        raise DetectorConfigError(f"Detector {name} is configured with an unknown key. It knows: {known}.") from error

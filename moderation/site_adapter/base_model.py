"""The text model that a site adapter builds on, as it is configured here."""

from moderation.detectors.base import DetectorConfigError
from moderation.detectors.text.detector import TextDetector
from moderation.site_adapter.activation import AdapterError
from reviewengine import conf


def load_base() -> TextDetector:
    """The configured text detector without an adapter. Raises AdapterError when there is none to build on."""
    configured = conf.load().detectors.get(TextDetector.name)
    if configured is None or not configured.enabled:
        raise AdapterError("The detector 'text' is not enabled; an adapter builds on it. Set detectors.text.enabled.")
    try:
        base = TextDetector.build(configured.options, ())
    except DetectorConfigError as error:
        raise AdapterError(str(error)) from error
    if not base.has_encoder:
        raise AdapterError("An adapter needs the transformer: remove 'encoder: false' from detectors.text.options.")
    return base

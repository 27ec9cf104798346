"""Whether the version in force fits the text model that is installed; tells without loading either."""

from collections.abc import Iterator
from pathlib import Path

from prometheus_client.core import Metric

from moderation.detectors.text.versions import installed_version
from moderation.models import SiteAdapter
from reviewengine import conf
from reviewengine.metrics import gauge, register_collector

_ARTIFACTS = Path(__file__).parents[1] / "detectors" / "artifacts"


def base_version() -> str:
    """The version of the text model as it is configured, empty where none is in use that could be adapted."""
    configured = conf.load().detectors.get("text")
    if configured is None or not configured.enabled or not configured.options.get("encoder", True):
        return ""
    try:
        return installed_version(Path(configured.options.get("artifacts", _ARTIFACTS)))
    except (OSError, ValueError, KeyError):
        return ""  # the system check of the detectors names what is wrong


def stale_adapter() -> SiteAdapter | None:
    """The version in force, where it was made for another text model and so is not used."""
    active = SiteAdapter.objects.filter(is_active=True).defer("heads", "report").first()
    return active if active and active.base_version != base_version() else None


def collect() -> Iterator[Metric]:
    """Which version is in force, and whether it can be used."""
    active = SiteAdapter.objects.filter(is_active=True).values_list("number", flat=True).first()
    yield gauge("reviewengine_site_adapter_version", "The site adapter in force; 0: none.", [({}, active or 0)])
    stale = active is not None and stale_adapter() is not None
    yield gauge("reviewengine_site_adapter_stale", "1: it was made for another text model.", [({}, int(stale))])


def register() -> None:
    """Has the process tell so at each scrape."""
    register_collector(collect)

"""The page that Prometheus reads: what every process counted, and what is true in the database now."""

import os
import re
import sys
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest, multiprocess

from reviewengine.metrics.collectors import scrape_registry

LIVE_FILE = re.compile(r"gauge_live[a-z]*_(\d+)\.db")


@csrf_exempt
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text format. It shows traffic and backlog: keep it inside (the shipped nginx refuses it)."""
    page = generate_latest(_counted_registry()) + generate_latest(scrape_registry)
    return HttpResponse(page, content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-cache"})


def _counted_registry() -> CollectorRegistry:
    """The counters of all processes of this machine when they share a folder, else of this one."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if not folder:
        return REGISTRY
    forget_dead_processes(Path(folder))
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry, path=folder)  # type: ignore[no-untyped-call]
    return registry


def forget_dead_processes(folder: Path) -> None:
    """Removes the gauges of processes that were killed and so could not say goodbye; what they counted stays."""
    for file in folder.glob("gauge_live*.db"):
        found = LIVE_FILE.fullmatch(file.name)
        if found and not _alive(int(found[1])):
            file.unlink(missing_ok=True)


def _alive(pid: int) -> bool:
    if sys.platform == "win32":  # signal 0 would end the process there
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

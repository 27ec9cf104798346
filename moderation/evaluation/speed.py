"""How long the detectors take for one text at a time, and on which machine."""

import os
import platform
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from moderation.detectors.panel import Panel
from moderation.evaluation.measures import NAN
from moderation.evaluation.readings import Progress


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds for one text alone, over ``texts`` of them, ``mean_characters`` long; nan where none was read."""

    texts: int
    mean_characters: float
    mean: float
    p50: float
    p95: float
    p99: float


@dataclass(frozen=True, slots=True)
class Machine:
    """What the numbers were measured on. ``cores`` are those this process may use, ``memory_gib`` is the machine's."""

    processor: str
    cores: int
    load: float
    memory_gib: float
    system: str
    python: str
    numpy: str


def latency(texts: Sequence[str], panel: Panel, *, at_most: int, advance: Progress = lambda count: None) -> Latency:
    """Reads up to ``at_most`` of the texts one by one, spread evenly over all; the first reading is not counted."""
    chosen = [texts[place] for place in np.linspace(0, len(texts) - 1, min(at_most, len(texts)), dtype=int)]
    if not chosen:
        return Latency(0, NAN, NAN, NAN, NAN, NAN)
    panel.warm_up()
    took = np.array([_milliseconds(text, panel, advance) for text in chosen])
    p50, p95, p99 = (float(value) for value in np.percentile(took, (50, 95, 99)))
    return Latency(len(chosen), sum(map(len, chosen)) / len(chosen), float(took.mean()), p50, p95, p99)


def _milliseconds(text: str, panel: Panel, advance: Progress) -> float:
    started = time.perf_counter()
    panel.detect([text])
    took = (time.perf_counter() - started) * 1000
    advance(1)
    return took


def machine() -> Machine:
    """The machine of this process. Its name and addresses are nobody's business."""
    return Machine(
        processor=_processor(),
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        load=round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else NAN,
        memory_gib=_memory_gib(),
        system=f"{platform.system()} {platform.machine()}",
        python=platform.python_version(),
        numpy=np.__version__,
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "") or platform.processor() or platform.machine()


def _memory_gib() -> float:
    try:
        return round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30, 1)
    except (AttributeError, ValueError, OSError):
        return NAN

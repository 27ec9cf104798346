"""What the running processes tell Prometheus. Apps add their own numbers with `register_collector`."""

import os

# The client opens a file there as soon as the first metric is defined, so the folder has to stand before that.
if _folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
    os.makedirs(_folder, mode=0o700, exist_ok=True)

from prometheus_client import disable_created_metrics  # noqa: E402

from reviewengine.metrics.collectors import gauge, register_collector, register_queue_rows  # noqa: E402

__all__ = ["gauge", "register_collector", "register_queue_rows"]

# They would be one more series for each, that nobody looks at.
disable_created_metrics()

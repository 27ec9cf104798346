"""gunicorn's settings: `gunicorn -c python:reviewengine.gunicorn_conf reviewengine.wsgi`."""

import gc
import logging
import os
import socket
import struct
import threading
from typing import Any

from reviewengine import conf, logs

_config = conf.load()

bind = f"{_config.web.bind}:{_config.port}"
workers = _config.web.workers
worker_class = "gthread"
threads = _config.web.threads
timeout = _config.web.timeout_seconds
graceful_timeout = 10
# Each worker loads the application itself. A master that held it too would share some of it, and yet make the whole
# stack's resident size 32 MB larger.
preload_app = False
# The default control socket lies in the user's home, where a second copy would meet it.
control_socket_disable = True
errorlog = "-"
logconfig_dict = logs.dict_config(_config.logging.model_dump())
# The request log is the middleware's, with the request id.
accesslog = None


# What a process calls as it starts, where web.warm_up says so.
WARM_UP = "moderation.scoring.warm_up"


def when_ready(server: Any) -> None:
    """Limit how long a read may wait: connections inherit it from the listener. gunicorn has no setting for it.

    Whoever drips bytes still holds a thread, so put a proxy in front.
    """
    for listener in server.LISTENERS:
        limit = struct.pack("ll", _config.web.silent_seconds, 0)
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)


def post_fork(server: object, worker: object) -> None:
    """Count the worker among the living."""
    from reviewengine.metrics.workers import process_started

    process_started("web")


def post_worker_init(worker: object) -> None:
    """Load the models beside the first requests, which need not wait for it."""
    # The code that is loaded stays: the collector of cycles need not look through it with every few requests.
    gc.collect()
    gc.freeze()
    if _config.web.warm_up:
        threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()


def _warm_up() -> None:
    from django.db import connections
    from django.utils.module_loading import import_string

    try:
        import_string(WARM_UP)()
    except Exception as error:  # the end of the thread; the first call tries again, and says what is wrong
        logging.getLogger(__name__).error("web.warm_up_failed", extra={"error": type(error).__name__})
    finally:
        connections.close_all()


def child_exit(server: object, worker: object) -> None:
    """Tell the metrics that a worker's gauges are no longer alive."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)  # type: ignore[attr-defined, no-untyped-call]

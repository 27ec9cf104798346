"""Scoring without storing: texts a second at POST /v1/moderations, one by one and in arrays, and how long they wait."""

import contextlib
import http.client
import json
import os
import re
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.contestants import ROOT, Product, wait_for_http
from bench.services import free_port
from bench.texts import ORDINARY, fully_read

SCRIPT = str(ROOT / "bench" / "score.lua")
PATH = "/v1/moderations"
ARRAY = 32
SENDERS = 32  # threads that send at a steady rate; more than would ever wait at that rate


@dataclass(frozen=True)
class Round:
    """Texts a second, and the milliseconds of processor time that the web processes took for one text."""

    rate: float
    cpu_ms: float


class Scoring:
    """The product's web server, with gunicorn's default processes and threads, and the texts to load it with."""

    def __init__(self, product: Product, folder: Path) -> None:
        self.product = product
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    @contextlib.contextmanager
    def served(self) -> Iterator[tuple[int, psutil.Process]]:
        """A running server on a port, its models loaded."""
        port = free_port()
        with self.product.running(self.product.server(port)) as server:
            wait_for_http(port)
            self._warm(port)
            yield port, psutil.Process(server.pid)

    def texts_per_second(self, texts: Sequence[str], *, array: int, seconds: int) -> Round:
        """As fast as 16 connections can, each waiting for its answer."""
        with self.served() as (port, server):
            before = _cpu_seconds(server)
            answered = self._wrk(port, texts, array, seconds)
            done = answered * max(array, 1)
            return Round(done / seconds, (_cpu_seconds(server) - before) / done * 1000)

    def waits_ms(self, texts: Sequence[str], *, rate: float, seconds: int) -> list[float]:
        """How long each of a steady stream of single texts took, in order of length, counted from when it was due."""
        with self.served() as (port, _):
            bodies = [json.dumps({"input": text}).encode() for text in texts]
            stream = _Stream(port, self.product.load["API_KEY"], bodies, rate, seconds)
            return stream.run()

    def _wrk(self, port: int, texts: Sequence[str], array: int, seconds: int) -> int:
        lines = self.folder / "texts.txt"
        lines.write_text("\n".join(texts) + "\n", encoding="utf-8")
        env = {**os.environ, **self.product.load, "TEXTS": str(lines), "ARRAY": str(array)}
        command = ["wrk", "-t2", "-c16", f"-d{seconds}s", "-s", SCRIPT, f"http://127.0.0.1:{port}{PATH}"]
        output = subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout
        if "Non-2xx" in output:
            sys.exit(f"Scoring refused requests:\n{output}")
        return int(re.search(r"(\d+) requests in", output).group(1))

    def _warm(self, port: int) -> None:
        """Until every process has scored: each loads its models with its first text."""
        bodies = [json.dumps({"input": text}).encode() for text in ORDINARY]
        _Stream(port, self.product.load["API_KEY"], bodies, rate=40, seconds=6).run()


class _Stream:
    """Requests that are due at fixed times, however late the answers are: so a stall counts for all that it delays."""

    def __init__(self, port: int, key: str, bodies: Sequence[bytes], rate: float, seconds: float) -> None:
        self.port, self.bodies = port, bodies
        self.headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        self.total, self.gap = int(rate * seconds), 1 / rate
        self.next, self.lock = 0, threading.Lock()
        self.waits: list[float] = []
        self.refused: list[str] = []

    def run(self) -> list[float]:
        self.start = time.monotonic() + 0.1
        threads = [threading.Thread(target=self._send) for _ in range(SENDERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self.refused:
            sys.exit(f"Scoring refused requests: {self.refused[0]}")
        return sorted(self.waits)

    def _send(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        while True:
            with self.lock:
                turn, self.next = self.next, self.next + 1
            if turn >= self.total:
                return
            due = self.start + turn * self.gap
            time.sleep(max(0.0, due - time.monotonic()))
            connection.request("POST", PATH, self.bodies[turn % len(self.bodies)], self.headers)
            response = connection.getresponse()
            answer = response.read()
            if response.status != 200:
                self.refused.append(f"{response.status} {answer[:200]!r}")
                return
            self.waits.append((time.monotonic() - due) * 1000)


def _cpu_seconds(server: psutil.Process) -> float:
    """Of the web processes together."""
    times = [process.cpu_times() for process in (server, *server.children(recursive=True))]
    return sum(one.user + one.system for one in times)


def measure_scoring(product: Product, folder: Path, *, seconds: int, rounds: int) -> None:
    """Prints each rate, and what an array gains over single texts."""
    scoring = Scoring(product, folder)
    for name, texts, goal in (("full chain", fully_read(), 150), ("ordinary", ORDINARY, 500)):
        single = _median([scoring.texts_per_second(texts, array=0, seconds=seconds) for _ in range(rounds)])
        array = _median([scoring.texts_per_second(texts, array=ARRAY, seconds=seconds) for _ in range(rounds)])
        waits = scoring.waits_ms(texts, rate=single.rate / 2, seconds=seconds)
        p50, p99 = waits[len(waits) // 2], waits[int(len(waits) * 0.99)]
        lines = (
            (f"single {single.rate:.0f} texts/s ({single.cpu_ms:.2f} ms of CPU)", str(goal), single.rate >= goal),
            (f"array of {ARRAY} {array.rate:.0f} texts/s ({array.cpu_ms:.2f} ms of CPU)", "", None),
            (f"array / single {array.rate / single.rate:.2f}", "3.0", array.rate >= 3 * single.rate),
            (f"at half the single rate p50 {p50:.0f} ms, p99 {p99:.0f} ms", "100 ms", p99 < 100),
        )
        for said, to_reach, reached in lines:
            verdict = "" if reached is None else f"   to reach {to_reach}: {'reached' if reached else 'MISSED'}"
            print(f"score    {name:<10} {said}{verdict}", flush=True)


def _median(found: Sequence[Round]) -> Round:
    return Round(statistics.median(one.rate for one in found), statistics.median(one.cpu_ms for one in found))

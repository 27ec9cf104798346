"""The console at size: a million contents and a hundred thousand open cases, and how long its pages take.

The counts are measured a second time, with five times as many open cases.
"""

import contextlib
import subprocess
import sys
from pathlib import Path

from bench.contestants import ROOT, Product
from bench.desk_data import fill
from bench.services import Services

MORE_OPEN = 5


class DeskProduct(Product):
    """A product of its own database, whose secret key is as throwaway as its data."""

    def __init__(self, services: Services, home: Path, name: str) -> None:
        super().__init__(services, home)
        self.database = name
        self.environment["DATABASE_URL"] = services.url(name)


def measure_desk(services: Services, folder: Path, *, rows: int, open_cases: int, rounds: int) -> None:
    """Fills two databases and prints a line for each page; ``open_cases`` of ``rows`` contents wait for a person."""
    for name, waiting in (("bench_desk", open_cases), ("bench_desk_counts", min(rows, open_cases * MORE_OPEN))):
        product = DeskProduct(services, folder / name, name)
        product.set_up()
        past = product.manage("shell", "-v0", "-c", _A_MODERATOR).strip().splitlines()[-1]
        with contextlib.closing(services.connect(name)) as connection:
            seconds = fill(connection, rows=rows, open_cases=waiting, moderator=int(past))
        print(f"desk     {rows:,} contents, {waiting:,} open cases, made in {seconds:.0f} s", flush=True)
        counts_only = [] if waiting == open_cases else ["--counts-only"]
        command = [sys.executable, "-m", "bench.desk_views", "--rounds", str(rounds), *counts_only]
        subprocess.run(command, env=product.environment, cwd=ROOT, check=True)


_A_MODERATOR = (
    "from django.contrib.auth.models import User; print(User.objects.create_user('in-the-past', is_staff=True).pk)"
)

"""`make bench`: what the product does in a second, beside the reference stack in the same run, as ratios.

Both use the same PostgreSQL and the same Valkey, both started here and thrown away afterwards. SEED_STACK is the folder
of the reference; without it only the product is measured. Numbers of one run on a busy machine vary by a tenth or two;
the rounds alternate between the two so that both see the same machine.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from bench.contestants import Contestant, Product, Reference
from bench.desk import measure_desk
from bench.idle import measure_idle
from bench.services import Services, bench_services
from bench.stateless import measure_scoring

ROUNDS = 3
DESK_ROUNDS = 300
TARGETS = {"single": 0.9, "bulk": 10.0, "drain": 6.0}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=8, help="length of one round of load")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--items", type=int, default=6000, help="items a worker drains in a round")
    parser.add_argument("--only", choices=[*TARGETS, "score", "desk", "idle"], help="measure this alone")
    parser.add_argument("--rows", type=int, default=1_000_000, help="contents that the desk is measured with")
    parser.add_argument("--open", type=int, default=100_000, help="of them, open cases")
    options = parser.parse_args()
    if options.only != "desk" and not shutil.which("wrk"):
        sys.exit("The load comes from wrk, which is not installed: apt-get install wrk")
    folder = Path(tempfile.mkdtemp(prefix="reviewengine-bench-"))
    try:
        if options.only != "idle":
            with bench_services(folder / "services") as services:
                measure(services, folder, options)
        if options.only in (None, "idle"):
            report_idle(measure_idle(folder / "stack"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def measure(services: Services, folder: Path, options: argparse.Namespace) -> None:
    """Runs every comparison and prints its line."""
    if options.only in (None, "desk"):  # the reference has no console
        measure_desk(services, folder, rows=options.rows, open_cases=options.open, rounds=DESK_ROUNDS)
    if options.only == "desk":
        return
    product = Product(services, folder / "product")
    seed_stack = os.environ.get("SEED_STACK")
    reference = Reference(services, Path(seed_stack).resolve()) if seed_stack else None
    contestants: list[Contestant] = [product, *([reference] if reference else [])]
    for contestant in contestants:
        contestant.set_up()
    single: dict[str, float] = {}
    if options.only in (None, "single", "bulk"):
        single = rounds(contestants, options.rounds, lambda c: c.submit(options.seconds))
        report("single", single, single.get("reference"), "submissions/s")
    if options.only in (None, "bulk"):
        bulk = rounds([product], options.rounds, lambda c: c.submit_bulk(options.seconds))
        report("bulk", bulk, single.get("reference"), "items/s")
    if options.only in (None, "drain"):
        drain = rounds(contestants, options.rounds, lambda c: c.drain(options.items))
        report("drain", drain, drain.get("reference"), "items/s")
    if options.only in (None, "score"):  # the reference has no such door
        measure_scoring(product, folder / "score", seconds=options.seconds, rounds=options.rounds)


def rounds(contestants, count, act) -> dict[str, float]:
    """The median rate of each contestant, measured in turns."""
    rates: dict[str, list[float]] = {contestant.name: [] for contestant in contestants}
    for number in range(count):
        for contestant in contestants if number % 2 == 0 else reversed(contestants):
            rates[contestant.name].append(act(contestant))
            print(f"  round {number + 1}: {contestant.name} {rates[contestant.name][-1]:.0f}/s", file=sys.stderr)
    return {name: statistics.median(found) for name, found in rates.items()}


def report(what: str, rates: dict[str, float], base: float | None, unit: str) -> None:
    """One line: the product's rate, the reference's, their ratio and the one to reach."""
    line = f"{what:<8} product {rates['product']:>8.0f} {unit}"
    if base:
        ratio = rates["product"] / base
        verdict = "reached" if ratio >= TARGETS[what] else "MISSED"
        line += f"   reference {base:>6.0f}/s   ratio {ratio:6.2f}   to reach {TARGETS[what]:>4.1f}: {verdict}"
    print(line, flush=True)


def report_idle(sizes: dict[str, float]) -> None:
    """The memory of the whole stack, ten seconds after its start."""
    rss, pss = sizes["rss"], sizes["pss"]
    verdict = "reached" if rss < 900 else "MISSED"
    print(f"idle     whole stack {rss:.0f} MB resident, {pss:.0f} MB proportional   to reach 900: {verdict}")


if __name__ == "__main__":
    sys.exit(main())

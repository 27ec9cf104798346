"""The supervisor's process, without Django: `manage.py runstack` becomes this one, with its plan as the argument."""

import sys
from pathlib import Path

from reviewengine.embedded import first_run, leftovers
from reviewengine.embedded.banner import banner
from reviewengine.embedded.console import Console
from reviewengine.embedded.errors import StackError
from reviewengine.embedded.home import Home
from reviewengine.embedded.interruption import Interruption, StopRequested
from reviewengine.embedded.plan import BASE_DIR, StackPlan
from reviewengine.embedded.ports import require_free_port
from reviewengine.embedded.postgres import Postgres
from reviewengine.embedded.process import ChildSpec
from reviewengine.embedded.programs import product_units
from reviewengine.embedded.supervisor import Supervisor
from reviewengine.embedded.unit import Unit
from reviewengine.embedded.valkey import Valkey


def main(plan: StackPlan) -> int:
    """Run the stack until it is asked to stop. Answers the exit code: 0 after an orderly stop, 1 after a fault."""
    console, interruption, home = Console(), Interruption(), Home(Path(plan.home))
    try:
        home.prepare()
        with home.lock():
            return _run_locked(plan, home, console, interruption)
    except StackError as error:
        console.say(str(error))
        return 1


def _run_locked(plan: StackPlan, home: Home, console: Console, interruption: Interruption) -> int:
    record = home.run / "children.json"
    supervisor = Supervisor(console, interruption, record)
    try:
        if ended := leftovers.end_recorded(record):
            console.say(f"The last run was killed; ended what it left behind: {', '.join(ended)}.")
        _start(plan, home, supervisor, console)
        supervisor.watch()
    except StopRequested:
        console.say("\nStopping, in order. Ctrl-C again to hurry.")
    finally:
        supervisor.stop()
    console.say(f"Stopped. The data stays in {home.root}.")
    return 0


def _start(plan: StackPlan, home: Home, supervisor: Supervisor, console: Console) -> None:
    if not plan.services_only:
        require_free_port(plan.bind, plan.port)
    console.say(f"Review Engine starts. Its data is in {home.root}.\n")
    # Both are looked for first: a missing program is said before anything runs.
    for service in _own_services(plan, home):
        supervisor.start(service)
    if plan.services_only:
        console.say(f"\nDATABASE_URL={home.database_url}\nREDIS_URL={home.redis_url}\n\nCtrl-C stops them.")
        return
    supervisor.run_once(_set_up(home), title="Database tables" if first_run.done(home.root) else "Tables and demo data")
    supervisor.start(*product_units(plan, home))
    console.say(banner(plan, home))


def _own_services(plan: StackPlan, home: Home) -> list[Unit]:
    services: list[Unit] = []
    if plan.own_postgres:
        services.append(Postgres.of(home))
    if plan.own_valkey:
        services.append(Valkey.of(home))
    return services


def _set_up(home: Home) -> ChildSpec:
    command = [sys.executable, "manage.py", "runstack", "--set-up"]
    return ChildSpec(name="set-up", command=command, log=home.logs / "set-up.log", folder=BASE_DIR)


if __name__ == "__main__":
    sys.exit(main(StackPlan.from_json(sys.argv[1])))

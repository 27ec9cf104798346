"""`manage.py runstack`: the whole of Review Engine on this machine, behind `make run`."""

import os
import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from reviewengine import conf
from reviewengine.embedded.errors import StackError
from reviewengine.embedded.home import Home
from reviewengine.embedded.plan import StackPlan
from reviewengine.embedded.set_up import set_up


class Command(BaseCommand):
    help = "Runs PostgreSQL, Valkey, the web server, the workers and beat, until Ctrl-C."
    # The database may not run yet; the children check the rest.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument("--services-only", action="store_true", help="run PostgreSQL and Valkey alone")
        choice.add_argument("--set-up", action="store_true", help="migrate and fill a running database, then end")
        choice.add_argument("--reset", action="store_true", help="delete all data of the stopped stack, then end")

    def handle(self, *, services_only: bool, set_up: bool, reset: bool, **options: object) -> None:
        home = Home(conf.load().home.absolute())
        try:
            if reset:
                self._reset(home)
            elif set_up:
                _set_up(home)
            else:
                _become_supervisor(home, services_only=services_only)
        except StackError as error:
            raise CommandError(str(error)) from error

    def _reset(self, home: Home) -> None:
        kept = home.remove()
        self.stdout.write(f"Removed the data in {home.root}.")
        if kept:
            self.stdout.write(f"Kept: {', '.join(kept)}.")


def _set_up(home: Home) -> None:
    set_up(home.root, development=conf.load().env == "development")


def _become_supervisor(home: Home, *, services_only: bool) -> None:
    """Replace this process, and the Django it holds, by the small supervisor."""
    config = conf.load()
    plan = StackPlan(
        home=str(home.root),
        bind=config.web.bind,
        port=config.port,
        own_postgres=not config.database_url,
        own_valkey=not config.redis_url,
        services_only=services_only,
        log_level=config.logging.level,
    )
    os.chdir(conf.BASE_DIR)
    # A relative path would mean another folder from here on.
    os.environ["REVIEWENGINE_HOME"] = plan.home
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "reviewengine.embedded", plan.to_json()])

"""Brings the database to this version's shape, and on a fresh home fills it: what `runstack --set-up` does.

It runs in a process of its own, between the services' start and the web server's, so that the supervisor stays small.
"""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command, get_commands

from reviewengine.embedded import first_run


def set_up(home: Path, *, development: bool) -> None:
    """Apply the migrations, then the commands the settings name: for every start, and for the first one.

    First-run commands fill in demo data, so only the development environment runs them, once in the life of `home`.
    """
    call_command("migrate", interactive=False, verbosity=1)
    for name in getattr(settings, "REVIEWENGINE_START_COMMANDS", []):
        call_command(name)
    if development and not first_run.done(home):
        for name in settings.REVIEWENGINE_FIRST_RUN_COMMANDS:
            if name in get_commands():
                call_command(name)
        first_run.mark_done(home)

#!/usr/bin/env python
"""Operators' entry: ``manage.py help`` lists the commands."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviewengine.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    except OperationalError as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else "no reason given"
        sys.exit(
            f"PostgreSQL cannot be used: {reason}\n"
            "Is the stack running (`make run`), with the same REVIEWENGINE_HOME as this command? "
            "For a server of yours, check DATABASE_URL."
        )


if __name__ == "__main__":
    main()

"""A developer's services: `python -m reviewengine.embedded [FOLDER]` runs PostgreSQL and Valkey until Ctrl-C.

Without FOLDER they live in REVIEWENGINE_HOME (default `var/`), where `manage.py` of a second shell finds them.
"""

import os
import signal
import sys
from pathlib import Path

from reviewengine.embedded.errors import StackError
from reviewengine.embedded.services import running_services


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0] if arguments else os.environ.get("REVIEWENGINE_HOME") or "var").absolute()
    # SIGTERM takes the way of Ctrl-C, so that the services are stopped in order.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with running_services(folder) as home:
            sys.stdout.write(f"DATABASE_URL={home.database_url}\nREDIS_URL={home.redis_url}\nCtrl-C stops them.\n")
            sys.stdout.flush()
            signal.pause()
    except StackError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

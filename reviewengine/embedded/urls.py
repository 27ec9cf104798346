"""Where the embedded services of a home folder live: computed, never probed, so that any process may ask.

Settings read these when DATABASE_URL / REDIS_URL are unset, so this module imports nothing but the standard library.
"""

import hashlib
import os
import tempfile
from pathlib import Path
from urllib.parse import quote

DATABASE_NAME = "reviewengine"
DATABASE_USER = "reviewengine"
POSTGRES_SOCKET = ".s.PGSQL.5432"
VALKEY_SOCKET = "valkey.sock"

# A socket path holds 107 bytes on Linux and 103 on macOS; PostgreSQL adds ".lock" to its own.
LONGEST_SOCKET_PATH = 103 - len(".lock")


def socket_dir(home: Path) -> Path:
    """Answer the folder of both sockets: `home/run`, or a short per-home folder under the temp dir if that is too long.

    Pure: the folder is made (0700, owner checked) by `home.Home.prepare`.
    """
    inside = home.absolute() / "run"
    if len(os.fsencode(inside / POSTGRES_SOCKET)) <= LONGEST_SOCKET_PATH:
        return inside
    digest = hashlib.sha256(os.fsencode(home.absolute())).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"reviewengine-{os.getuid()}-{digest}"


def password_file(home: Path) -> Path:
    """Answer the 0600 file that holds the database password of this home."""
    return home / "secrets" / "postgres_password"


def database_url(home: Path) -> str:
    """Answer the URL of the embedded PostgreSQL under `home`; without a password until the first start made one."""
    try:
        password = password_file(home).read_text().strip()
    except OSError:
        # Not there yet, or in a folder closed to us: whoever connects or starts the stack is told in plain words.
        password = ""
    host = quote(str(socket_dir(home)), safe="")
    return f"postgresql://{DATABASE_USER}:{quote(password, safe='')}@/{DATABASE_NAME}?host={host}"


def redis_url(home: Path) -> str:
    """Answer the URL of the embedded Valkey under `home`, database 0."""
    return f"unix://{quote(str(socket_dir(home) / VALKEY_SOCKET))}"

"""Lets PostgreSQL run when we are root: it refuses that user, so it gets another identity and nothing else changes.

First choice is a user namespace: to PostgreSQL the process is user 1000, to the disk it is still root, so root's own
folders work and no account is made. Containers may forbid that; then PostgreSQL runs as `nobody`.
"""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from reviewengine.embedded.errors import StackError

NAMESPACE = ("unshare", "-U", "--map-user=1000", "--map-group=1000")
FALLBACK_USER = "nobody"


@dataclass(frozen=True)
class Identity:
    """How PostgreSQL's programs are started: behind a prefix, as another user, or (neither) simply as ourselves."""

    prefix: tuple[str, ...] = ()
    user: str | None = None

    def hand_over(self, folder: Path) -> None:
        """Give `folder` to the identity's user, when that is not ourselves."""
        if self.user is not None:
            account = pwd.getpwnam(self.user)
            os.chown(folder, account.pw_uid, account.pw_gid)


def choose_identity(data: Path) -> Identity:
    """Answer the identity PostgreSQL's programs need on this machine, for a data folder that may exist already."""
    if os.geteuid() != 0:
        return Identity()
    owner = data.stat().st_uid if data.exists() else 0
    if owner != 0:
        # Made by an ordinary user, or by the fallback: PostgreSQL insists on the folder's owner.
        return Identity(user=pwd.getpwuid(owner).pw_name)
    return Identity(prefix=NAMESPACE) if _namespaces_work() else Identity(user=FALLBACK_USER)


def require_reachable(identity: Identity, paths: list[Path]) -> None:
    """Raise StackError when the identity's user cannot pass through to one of `paths`, as under root's 0700 home."""
    if identity.user is None:
        return
    for path in paths:
        if subprocess.run(["test", "-x", path], user=identity.user, extra_groups=[], cwd="/", check=False).returncode:
            raise StackError(
                f"PostgreSQL refuses to run as root, and the user {identity.user} cannot reach {path}.",
                "Run as an ordinary user, move the checkout and REVIEWENGINE_HOME elsewhere, or set DATABASE_URL.",
            )


def _namespaces_work() -> bool:
    try:
        return subprocess.run([*NAMESPACE, "true"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False

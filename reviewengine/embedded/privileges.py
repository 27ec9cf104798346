"""Lets PostgreSQL run when we are root: it refuses that user, so it gets another identity and nothing else changes.

First choice is a user namespace: to PostgreSQL the process is user 1000, to the disk it is still root, so root's own
folders work and no account is made. Containers and chroots forbid that; there PostgreSQL runs as `nobody`, which keeps
root's right to pass through folders where the machine allows it, since a checkout often lies in root's closed home.
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
    """How PostgreSQL's programs are started: simply as ourselves, or behind a prefix, or as another user.

    `owner` is the user who has to own the data and the socket folder, None for ourselves.
    """

    prefix: tuple[str, ...] = ()
    user: str | None = None
    owner: str | None = None

    def hand_over(self, path: Path) -> None:
        """Give `path` to the owner, when that is not ourselves."""
        if self.owner is not None:
            account = pwd.getpwnam(self.owner)
            os.chown(path, account.pw_uid, account.pw_gid)


def choose_identity(data: Path) -> Identity:
    """Answer the identity PostgreSQL's programs need on this machine, for a data folder that may exist already."""
    if os.geteuid() != 0:
        return Identity()
    owner = data.stat().st_uid if data.exists() else 0
    if owner != 0:
        # Made by an ordinary user, or by the fallback: PostgreSQL insists on the folder's owner.
        return as_user(pwd.getpwuid(owner).pw_name)
    return Identity(prefix=NAMESPACE) if _runs(*NAMESPACE) else as_user(FALLBACK_USER)


def as_user(name: str) -> Identity:
    """Answer the identity of another user, with root's right to pass through folders if that can be kept."""
    group = pwd.getpwnam(name).pw_gid
    # Changing the user clears the death signal that `process` has set, so it is set again.
    become = ("setpriv", f"--reuid={name}", f"--regid={group}", "--clear-groups", "--pdeathsig=INT")
    # no_setuid_fixup: without it access(2), which initdb asks, leaves the kept right out of account.
    keep = ("--securebits=+no_setuid_fixup", "--inh-caps=+dac_override", "--ambient-caps=+dac_override")
    prefix = (*become, *keep)
    return Identity(prefix=prefix, owner=name) if _runs(*prefix) else Identity(user=name, owner=name)


def require_reachable(identity: Identity, paths: list[Path]) -> None:
    """Raise StackError when PostgreSQL could not pass through to one of `paths`, as under root's 0700 home."""
    if identity.user is None:
        return
    for path in paths:
        if subprocess.run(["test", "-x", path], user=identity.user, extra_groups=[], cwd="/", check=False).returncode:
            raise StackError(
                f"PostgreSQL refuses to run as root, and the user {identity.user} cannot reach {path}.",
                "Run as an ordinary user, move the checkout and REVIEWENGINE_HOME elsewhere, or set DATABASE_URL.",
            )


def _runs(*prefix: str) -> bool:
    try:
        return subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False

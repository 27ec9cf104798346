"""Makes the virtual environment and installs the pinned packages, showing progress: the first step of `make run`.

Runs under the system's Python with nothing but the standard library: `python3 -I reviewengine/embedded/install.py
VENV REQUIREMENTS...`. A stamp in the environment holds the digest of what was installed, so a second run is instant.
"""

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

OLDEST_PYTHON = (3, 11)


def main(arguments: list[str]) -> int:
    """Install the requirement files into the environment. Answers the exit code."""
    venv, requirements = Path(arguments[0]), [Path(argument) for argument in arguments[1:]]
    if sys.version_info < OLDEST_PYTHON:
        return fail(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}. Try `make PYTHON=python3.11`.")
    stamp = venv / f"installed-{'-'.join(file.stem for file in requirements)}"
    digest = digest_of(requirements)
    if stamp.is_file() and stamp.read_text() == digest:
        return 0
    return make_environment(venv) or install(venv, requirements) or write_stamp(stamp, digest)


def digest_of(requirements: list[Path]) -> str:
    """Answer what changes when a requirement file or this Python changes."""
    contents = b"".join(file.read_bytes() for file in requirements)
    return hashlib.sha256(sys.version.encode() + contents).hexdigest()


def make_environment(venv: Path) -> int:
    """Make the virtual environment if there is none that works. Answers the exit code."""
    python = venv / "bin" / "python"
    if python.exists() and subprocess.run([python, "-m", "pip", "--version"], capture_output=True).returncode == 0:
        return 0
    begun = time.monotonic()
    say(f"  Python environment in {venv} ".ljust(34, ".") + " ", end="")
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", venv], capture_output=True, text=True)
    if made.returncode != 0:
        return fail(f"\n{last_lines(made.stdout + made.stderr)}\nIf `venv` is missing: apt install python3-venv")
    say(f"made in {time.monotonic() - begun:.1f} s")
    return 0


def install(venv: Path, requirements: list[Path]) -> int:
    """Run pip on the pinned, hashed requirements, counting the packages. Answers the exit code."""
    begun = time.monotonic()
    command: list[str | Path] = [
        venv / "bin" / "python",
        "-m",
        "pip",
        "install",
        "--require-hashes",
        "--disable-pip-version-check",
    ]
    command += [part for file in requirements for part in ("-r", file)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PIP_ROOT_USER_ACTION": "ignore", "PIP_PROGRESS_BAR": "off"}
    heard = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment) as pip:
        for line in pip.stdout or ():
            heard.append(line)
            show_progress(heard)
    if pip.returncode != 0:
        return fail(
            f"\nThe packages could not be installed. pip's last words:\n{last_lines(''.join(heard))}\n"
            "Check the network and the free space of this disk, then run the same command again."
        )
    show(f"{packages_in(heard)} installed in {time.monotonic() - begun:.1f} s")
    say("")
    return 0


def show_progress(heard: list[str]) -> None:
    """Rewrite the line on a terminal; stay silent elsewhere, where a rewritten line is a mess."""
    if not sys.stdout.isatty():
        return
    word, _, rest = heard[-1].strip().partition(" ")
    if word == "Collecting":
        show(f"{packages_in(heard)} downloading {rest.split('==')[0]}")
    elif word == "Installing":
        show(f"{packages_in(heard)} unpacking")


def show(text: str) -> None:
    say(("\r" if sys.stdout.isatty() else "") + f"{'  Python packages '.ljust(34, '.')} {text.ljust(44)}", end="")


def packages_in(heard: list[str]) -> int:
    return sum(line.startswith(("Collecting", "Requirement already")) for line in heard)


def write_stamp(stamp: Path, digest: str) -> int:
    stamp.write_text(digest)
    return 0


def last_lines(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.strip().splitlines()[-8:])


def say(text: str, end: str = "\n") -> None:
    sys.stdout.write(text + end)
    sys.stdout.flush()


def fail(text: str) -> int:
    sys.stderr.write(text + "\n")
    return 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)

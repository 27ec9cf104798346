"""The vendors' npm clients: installed once, as the lock file says, into a folder of the machine's temporary files."""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import warnings
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "npm"


def run_script(name: str, **environment: str) -> dict:
    """What the script of that name in tests/e2e/npm prints. Skips, loudly, where there is no node, npm or registry."""
    script = _installed() / name
    shutil.copyfile(FOLDER / name, script)
    done = subprocess.run(
        ["node", str(script)], env={**os.environ, **environment}, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _installed() -> Path:
    """The folder with the packages; its name is made of the lock file, so that another lock means another folder."""
    if not (shutil.which("node") and shutil.which("npm")):
        _skip("node and npm are not installed")
    digest = hashlib.sha256((FOLDER / "package-lock.json").read_bytes()).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"reviewengine-npm-{os.getuid()}-{digest}"
    if not (folder / "node_modules").is_dir():
        draft = Path(tempfile.mkdtemp(prefix="reviewengine-npm-"))
        for name in ("package.json", "package-lock.json"):
            shutil.copyfile(FOLDER / name, draft / name)
        install = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(install, cwd=draft, capture_output=True, text=True, timeout=300)
        if done.returncode != 0:
            shutil.rmtree(draft)
            _skip(f"npm could not install them: {done.stderr.strip().splitlines()[-1] if done.stderr else 'no reason'}")
        try:
            draft.rename(folder)
        except OSError:  # another run was quicker
            shutil.rmtree(draft)
    return folder


def _skip(reason: str) -> None:
    message = f"The npm clients are NOT tested: {reason}."
    warnings.warn(message, stacklevel=3)
    pytest.skip(message)

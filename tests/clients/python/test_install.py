"""The package can be built, installed into a fresh environment, and imported there without anything of the server."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
CLIENT = Path(__file__).resolve().parents[3] / "clients" / "python"
TRY = """
import importlib.metadata, pathlib, sys
import reviewengine_client
from reviewengine_client import AsyncClient, Client, webhooks
folder = pathlib.Path(reviewengine_client.__file__).parent
assert (folder / "py.typed").exists()
assert "site-packages" in str(folder), folder
assert not {"django", "pydantic"} & set(sys.modules)
assert Client("https://moderation.example.com", key="re_1_k").usage.get.__doc__
print(importlib.metadata.version("reviewengine-client"))
"""


def run(*command: object, cwd: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run([*map(str, command)], cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


def test_the_wheel_installs_and_imports(tmp_path):
    run(sys.executable, "-m", "venv", tmp_path / "venv", cwd=tmp_path)
    python = tmp_path / "venv" / "bin" / "python"
    run(python, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", tmp_path / "wheels", CLIENT, cwd=tmp_path)
    (wheel,) = (tmp_path / "wheels").glob("reviewengine_client-*.whl")
    run(python, "-m", "pip", "install", "--quiet", wheel, cwd=tmp_path)
    assert run(python, "-c", TRY, cwd=tmp_path) == "0.1.0"

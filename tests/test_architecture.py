"""The house is guarded: module sizes, commands with tests, tests beside the code."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("reviewengine", "moderation", "dashboard", "bench", "training")
MODULES = [path for name in PACKAGES for path in (ROOT / name).rglob("*.py") if "migrations" not in path.parts]
COMMANDS = [path for path in MODULES if path.parent.name == "commands" and path.stem != "__init__"]
TESTS = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
MOST_LINES = 400


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_stays_small(path):
    assert len(path.read_text().splitlines()) <= MOST_LINES


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: path.stem)
def test_a_command_has_a_test(path):
    assert re.search(rf"[\"']{path.stem}[\"']", TESTS), f"no test runs the command {path.stem}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_says_what_it_is_for(path):
    source = path.read_text().strip()
    assert not source or source.startswith(('"""', 'r"""', "#!/usr/bin/env python\n"))

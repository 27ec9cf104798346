"""Reads the examples of the documentation: blocks by language, what is typed and what is answered.

A comment right above a block may say what it needs: ``<!-- example: not run, because ... -->``, or the name of the
shape that a JSON block has, ``<!-- example: ContentDetailOut -->``. In what is answered, ``...`` stands for anything.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"(?:<!-- example: (?P<note>[^\n]*) -->\n)?^```(?P<language>\w+)\n(?P<text>.*?)^```", re.M | re.S)
# What no two runs have in common: ids, keys, times.
VARYING = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z]{2,5}[-_][0-9a-f]{24,}|re_\w+|\d{4}-\d\d-\d\dT[0-9:.]+(Z|\+00:00)"
)


@dataclass(frozen=True)
class Block:
    """One fenced block. ``note`` is what the comment above it says."""

    language: str
    note: str
    text: str

    @property
    def is_run(self) -> bool:
        return not self.note.startswith("not run")


@dataclass(frozen=True)
class Step:
    """A command, and what the page shows as its answer; empty where it shows none."""

    command: str
    answer: str


def blocks(page: str, language: str) -> list[Block]:
    """The blocks of a page in this language."""
    found = BLOCK.finditer((ROOT / page).read_text())
    return [Block(m["language"], m["note"] or "", m["text"]) for m in found if m["language"] == language]


def steps(text: str) -> Iterator[Step]:
    """The commands of a console block; one goes on while its quotes are open or its line ends in a backslash."""
    command, answer = "", []
    for line in text.splitlines():
        if command and is_open(command):
            command += "\n" + line
        elif line.startswith("$ "):
            if command:
                yield Step(command, "\n".join(answer))
            command, answer = line[2:], []
        else:
            answer.append(line)
    yield Step(command, "\n".join(answer))


def is_open(command: str) -> bool:
    """Whether a shell would wait for more."""
    outside = re.sub(r"'[^']*'|\"(?:[^\"\\]|\\.)*\"", "", command)
    return command.endswith("\\") or "'" in outside or '"' in outside


def agree(shown: Any, given: Any) -> bool:
    """Whether an answer says what the page shows: members and values, but for what varies or is left out."""
    if isinstance(shown, dict) and isinstance(given, dict):
        left_out = shown.get("...") is not None
        return (left_out or set(shown) == set(given)) and all(
            name in given and agree(value, given[name]) for name, value in shown.items() if name != "..."
        )
    if isinstance(shown, list) and isinstance(given, list):
        return len(shown) == len(given) and all(map(agree, shown, given))
    if isinstance(shown, float) and isinstance(given, float | int):
        return abs(shown - given) < 0.1
    if isinstance(shown, str) and isinstance(given, str):
        return texts_agree(shown, given)
    return shown == given


def texts_agree(shown: str, given: str) -> bool:
    """The same of two texts."""
    shown, given = shown.strip(), given.strip()
    wanted = ".*".join(map(re.escape, re.split(r"\.\.\.|…", VARYING.sub("<varies>", shown))))
    return any(
        re.fullmatch(pattern, text, re.S)
        for pattern, text in (
            (wanted, VARYING.sub("<varies>", given)),
            (".*".join(map(re.escape, re.split(r"\.\.\.|…", shown))), given),
        )
    )


def answers_agree(shown: str, given: str) -> bool:
    """The same of two answers: as JSON where they are, and as texts otherwise."""
    try:
        return agree(json.loads(shown), json.loads(given))
    except json.JSONDecodeError:
        return texts_agree(shown, given)

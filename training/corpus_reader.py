"""Reads the training text of our own: blocks of sentences with slots in ``training/corpus/*.txt``.

A file holds blocks. A block begins with ``@`` and the categories that are true of every sentence in it; every other
category is false, except those after ``?``, which stay unknown. ``@`` alone means harmless. Then one sentence a line;
a paragraph is one line, where ``\\n`` breaks lines::

    $kin = my sister | the neighbour | my boss
    # a remark
    @ violence, threat ? toxicity
    I will {smash|break} the face of {$kin}.
    @
    {$kin} killed it on stage last night.

``{a|b}`` is a choice and ``{$name}`` a choice from a list of the file or of ``lists.txt``. A sentence with slots is
written out several times, each time another way; the first letter of a sentence is made a capital where the slot
began with a small one.
"""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from moderation.enums import Category
from training.dataset import LabelledText

FOLDER = Path(__file__).parent / "corpus"
SOURCE = "corpus"
MOST_OF_A_SENTENCE = 8

# What our own sentences are labelled with, in full.
LABELS = (
    Category.TOXICITY, Category.SEVERE_TOXICITY, Category.INSULT, Category.PROFANITY, Category.HARASSMENT,
    Category.THREAT, Category.HATE, Category.VIOLENCE, Category.VIOLENCE_GRAPHIC, Category.SEXUAL, Category.SELF_HARM,
    Category.SELF_HARM_INTENT, Category.SELF_HARM_INSTRUCTIONS, Category.ILLICIT, Category.ILLICIT_VIOLENT,
    Category.SPAM,
)  # fmt: skip
_SLOT = re.compile(r"\{([^{}]*)\}")
_NAMES = frozenset(label.value for label in LABELS)


class CorpusFault(ValueError):
    """A corpus file cannot be read. The message names the file, the line and the mend."""


def corpus_texts(seed: int, folder: Path = FOLDER) -> list[LabelledText]:
    """Every sentence of the folder, written out. The same seed gives the same texts. Raises CorpusFault."""
    shared = _lists(folder / "lists.txt", {}) if (folder / "lists.txt").exists() else {}
    texts: dict[str, LabelledText] = {}
    for path in sorted(folder.glob("*.txt")):
        for row in _file(path, shared, random.Random(f"{seed} {path.name}")):
            texts.setdefault(row.text, row)
    return list(texts.values())


def _file(path: Path, shared: Mapping[str, Sequence[str]], dice: random.Random) -> Iterator[LabelledText]:
    lists = dict(shared) | _lists(path, shared)
    labels: dict[str, bool] | None = None
    for number, line in _lines(path):
        where = f"{path.name}:{number}"
        if line == "@" or line.startswith("@ "):  # "@name" is how a sentence may begin
            labels = _labels(line[1:], where)
        elif not line.startswith("$"):
            if labels is None:
                raise CorpusFault(f"{where}: a sentence stands before the first @ line.")
            for text in _written_out(line, lists, dice, where):
                yield LabelledText(text, SOURCE, labels, group=line)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            yield number, line.strip()


def _lists(path: Path, shared: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The ``$name = a | b`` lines of a file. A list may hold the members of an earlier one as ``$other``."""
    lists: dict[str, list[str]] = {}
    for number, line in _lines(path):
        if line.startswith("$"):
            name, _, members = line[1:].partition("=")
            if not members.strip():
                raise CorpusFault(f"{path.name}:{number}: write a list as $name = first | second.")
            lists[name.strip()] = [
                word
                for member in (part.strip() for part in members.split("|"))
                for word in ((lists | dict(shared)).get(member[1:], ()) if member.startswith("$") else (member,))
            ]
    return lists


def _labels(line: str, where: str) -> dict[str, bool]:
    true, _, unknown = line.partition("?")
    present, absent = _names(true, where), _names(unknown, where)
    return {name: name in present for name in sorted(_NAMES - absent)}


def _names(part: str, where: str) -> frozenset[str]:
    names = frozenset(name.strip() for name in part.split(",") if name.strip())
    for name in sorted(names - _NAMES):
        raise CorpusFault(f"{where}: there is no label {name!r}. There are: {', '.join(sorted(_NAMES))}.")
    return names


def _written_out(line: str, lists: Mapping[str, Sequence[str]], dice: random.Random, where: str) -> list[str]:
    """Up to MOST_OF_A_SENTENCE different texts of one line."""
    wanted = MOST_OF_A_SENTENCE if "{" in line else 1
    return list(dict.fromkeys(_once(line, lists, dice, where) for _ in range(wanted)))


def _once(line: str, lists: Mapping[str, Sequence[str]], dice: random.Random, where: str) -> str:
    def choice(slot: re.Match[str]) -> str:
        option = dice.choice(slot[1].split("|"))
        if not option.startswith("$"):
            return option
        if option[1:] not in lists:
            raise CorpusFault(f"{where}: there is no list {option}.")
        return dice.choice(lists[option[1:]])

    text = line
    while _SLOT.search(text):  # the innermost slots first
        text = _SLOT.sub(choice, text)
    text = text.replace("\\n", "\n")
    return text[0].upper() + text[1:] if line.startswith("{") else text

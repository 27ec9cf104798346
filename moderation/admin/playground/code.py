"""A request as code to copy, in four forms. Whatever the text holds, the code says exactly that text."""

import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

_PERSPECTIVE = ("TOXICITY", "SEVERE_TOXICITY", "IDENTITY_ATTACK", "INSULT", "PROFANITY", "THREAT")
# No line of indented JSON can end a here-document of this name, and between its quotes a shell expands nothing.
_END = "JSON"
_POST = """\
curl -sS {address} \\
  {authorization}-H 'Content-Type: application/json' \\
  --data-binary @-"""
_AUTHORIZATION = """-H "Authorization: Bearer $KEY" \\\n  """


@dataclass(frozen=True, slots=True)
class CodeForm:
    """One way to ask. ``note`` says what it does not carry; ``source`` is empty where it cannot be asked so.

    ``install`` is the command that installs what it imports.
    """

    key: str
    title: str
    source: str
    note: str = ""
    install: str = ""


@dataclass(frozen=True, slots=True)
class SentImage:
    """The image as code names it: the file's name, and a format such as ``jpeg``."""

    name: str
    format: str


def requests_as_code(
    text: str, *, origin: str, image: SentImage | None = None, languages: Sequence[str] = ()
) -> list[CodeForm]:
    """The request in four forms. ``origin`` is this server's, without a slash at its end; ``$KEY`` stands for a key."""
    return [
        CodeForm("curl", "curl", _curl(text, origin, image)),
        CodeForm("python", "Python", _python(text, origin, image), install="pip install ./clients/python"),
        CodeForm("openai", gettext("OpenAI's SDK"), _openai(text, origin, image), install="pip install openai"),
        _perspective(text, origin, image, languages),
    ]


def _curl(text: str, origin: str, image: SentImage | None) -> str:
    post = _POST.format(address=shlex.quote(f"{origin}/v1/moderations"), authorization=_AUTHORIZATION)
    if image is None:
        return f"{post} <<'{_END}'\n{_json({'input': text})}\n{_END}"
    # The image's base64 stands between two pieces of JSON, of which the second comes from a here-document.
    first = f'{{"input": [{{"type": "image_url", "image_url": {{"url": "data:image/{image.format};base64,'
    rest = f', {{"type": "text", "text": {_json(text)}}}]}}' if text else "]}"
    read = f"  base64 < {shlex.quote(_path(image))} | tr -d '\\n'"
    return f"{{\n  printf '%s' '{first}'\n{read}\n  cat <<'{_END}'\n\"}}}}{rest}\n{_END}\n}} | {post}"


def _python(text: str, origin: str, image: SentImage | None) -> str:
    given = [repr(text)] if text or image is None else []
    pictures = [f"images=[Path({_path(image)!r}).read_bytes()]"] if image else []
    return "\n".join(
        [
            "import os",
            *(["from pathlib import Path"] if image else []),
            "",
            "from reviewengine_client import Client",
            "",
            f'with Client({origin!r}, key=os.environ["KEY"]) as engine:',
            f"    result = engine.score({', '.join([*given, *pictures])})",
            'print(result["flagged"], result["review_engine"])',
        ]
    )


def _openai(text: str, origin: str, image: SentImage | None) -> str:
    asked = repr(text)
    if image:
        picture = f'{{"type": "image_url", "image_url": {{"url": "data:image/{image.format};base64," + picture}}}}'
        words = f'{{"type": "text", "text": {text!r}}}, ' if text else ""
        asked = f"[{words}{picture}]"
    reading = f"picture = base64.b64encode(Path({_path(image)!r}).read_bytes()).decode()" if image else ""
    return "\n".join(
        [
            *(["import base64"] if image else []),
            "import os",
            *(["from pathlib import Path"] if image else []),
            "",
            "from openai import OpenAI",
            "",
            f'client = OpenAI(base_url={f"{origin}/v1"!r}, api_key=os.environ["KEY"])',
            *([reading] if reading else []),
            f'answer = client.moderations.create(model="omni-moderation-latest", input={asked})',
            "print(answer.results[0].flagged, answer.results[0].category_scores)",
        ]
    )


def _perspective(text: str, origin: str, image: SentImage | None, languages: Sequence[str]) -> CodeForm:
    if not text:
        return CodeForm("perspective", "Perspective", "", gettext("Perspective's request carries texts, not images."))
    body = {
        "comment": {"text": text},
        **({"languages": list(languages)} if languages else {}),
        "requestedAttributes": dict.fromkeys(_PERSPECTIVE, {}),
        "doNotStore": True,
    }
    address = f'{shlex.quote(f"{origin}/v1alpha1/comments:analyze")}"?key=$KEY"'
    post = _POST.format(address=address, authorization="")
    note = gettext("Without the image: Perspective's request carries texts.") if image else ""
    return CodeForm("perspective", "Perspective", f"{post} <<'{_END}'\n{_json(body)}\n{_END}", note)


def _path(image: SentImage) -> str:
    """The file's name as a path: one that begins with a dash or a tilde is still a name."""
    return f"./{image.name}"


def _json(value: object) -> str:
    """JSON as people read it, with escapes for what they would not see: it survives every terminal and clipboard."""
    written = json.dumps(value, ensure_ascii=False, indent=2)
    return "".join(one if one == "\n" or one.isprintable() else _escaped(one) for one in written)


def _escaped(character: str) -> str:
    """JSON's escape of a character, of two units beyond the Basic Multilingual Plane."""
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))

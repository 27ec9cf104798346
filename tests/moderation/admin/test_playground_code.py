"""The playground's code says exactly the text that was pasted, whatever it holds: it is run here, and compared."""

import ast
import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from moderation.admin.playground.code import SentImage, requests_as_code

ORIGIN = "http://127.0.0.1:8000"
KEY = "re_0000_secret"
TEXTS = [
    "See you at the lake.",
    """It's "quoted" 'twice' \\ and \\n is no line break""",
    "two\nlines\r\n\tand a tab",
    "$(touch /tmp/owned) `touch /tmp/owned` $KEY ${KEY} %s !! ; rm -rf / #",
    "JSON\nJSON\n",
    "emoji 👩\u200d🚀 and \u202eright to left\u202c, \x7f \x1b[31m \ue000 \U000e0041",
    "grüße, 日本語, \u2028 line separator",
    "",
]
# Stands where curl would: writes down what it was told, and what came on its standard input.
CURL = f"""#!{sys.executable}
import json, pathlib, sys
told = {{"arguments": sys.argv[1:], "body": sys.stdin.read()}}
pathlib.Path("told.json").write_text(json.dumps(told))
"""


def form(key: str, text: str, **options) -> str:
    return next(one.source for one in requests_as_code(text, origin=ORIGIN, **options) if one.key == key)


@pytest.fixture
def shell(tmp_path):
    """``shell(code)`` runs it in an empty folder and answers what curl was told."""
    (tmp_path / "curl").write_text(CURL)
    (tmp_path / "curl").chmod(0o755)

    def run(code: str) -> dict:
        environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "KEY": KEY}
        done = subprocess.run(["sh", "-c", code], cwd=tmp_path, env=environment, capture_output=True, check=True)
        assert done.stderr == b""
        return json.loads((tmp_path / "told.json").read_text())

    return run


@pytest.mark.parametrize("text", TEXTS)
def test_the_shell_sends_the_text_as_it_is(shell, text):
    told = shell(form("curl", text))
    assert json.loads(told["body"]) == {"input": text}
    assert f"Authorization: Bearer {KEY}" in told["arguments"]
    assert f"{ORIGIN}/v1/moderations" in told["arguments"]


@pytest.mark.parametrize("text", [text for text in TEXTS if text])
def test_perspectives_request_sends_the_text_as_it_is(shell, text):
    told = shell(form("perspective", text, languages=["en"]))
    body = json.loads(told["body"])
    assert (body["comment"], body["languages"]) == ({"text": text}, ["en"])
    assert body["requestedAttributes"]["TOXICITY"] == {}
    assert f"{ORIGIN}/v1alpha1/comments:analyze?key={KEY}" in told["arguments"]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("name", ["soup.jpg", "-rf ~.jpg", "it's $(touch owned).jpg", "a\nb`.jpg"])
def test_the_shell_sends_text_and_image(shell, tmp_path, text, name):
    (tmp_path / name).write_bytes(b"\x00\xff picture" * 100)
    parts = json.loads(shell(form("curl", text, image=SentImage(name, "jpeg")))["body"])["input"]
    head, _, sent = parts[0]["image_url"]["url"].partition(",")
    assert (head, base64.b64decode(sent)) == ("data:image/jpeg;base64", b"\x00\xff picture" * 100)
    assert parts[1:] == ([{"type": "text", "text": text}] if text else [])
    assert not (tmp_path / "owned").exists()


@pytest.mark.parametrize("key", ["python", "openai"])
@pytest.mark.parametrize("text", [text for text in TEXTS if text])
@pytest.mark.parametrize("image", [None, SentImage("it's.jpg", "png")])
def test_the_python_code_holds_the_text_as_it_is(key, text, image):
    source = form(key, text, image=image)
    literals = {node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)}
    assert text in literals
    assert image is None or "./it's.jpg" in literals


@pytest.mark.parametrize("text", TEXTS)
def test_no_code_holds_a_character_that_cannot_be_seen(text):
    for one in requests_as_code(text, origin=ORIGIN, image=SentImage("a.jpg", "jpeg"), languages=["en"]):
        assert [character for character in one.source if not (character.isprintable() or character == "\n")] == []


def test_an_image_alone_has_no_perspective_form():
    perspective = requests_as_code("", origin=ORIGIN, image=SentImage("a.jpg", "jpeg"))[-1]
    assert (perspective.source, perspective.note) == ("", "Perspective's request carries texts, not images.")


def test_a_hostile_origin_stays_one_word(shell):
    code = requests_as_code("a", origin="http://a'$(touch owned)", languages=[])
    told = shell(code[0].source)
    assert "http://a'$(touch owned)/v1/moderations" in told["arguments"]
    assert not Path("owned").exists()

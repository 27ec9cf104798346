"""The playground's code, pasted as it stands, gets its answer from the running stack."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from moderation.admin.playground.code import SentImage, requests_as_code
from moderation.api.authentication import forget_keys
from tests.images import photo

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl"),
]
TEXT = """You "are" a c0mplete id1ot, Jan's friend,
$(true) `true` \\n 👩\u200d🚀 \u202eevil"""
CLIENT = Path(__file__).resolve().parents[3] / "clients" / "python" / "src"


@pytest.fixture
def run(live_server, key, tmp_path):
    """``run("curl", ...)`` pastes that form of the request and answers what it printed."""
    forget_keys()
    (tmp_path / "a b.jpg").write_bytes(photo())
    environment = {**os.environ, "KEY": key, "PYTHONPATH": str(CLIENT)}

    def paste(form: str, text: str = TEXT, image: SentImage | None = None) -> str:
        forms = requests_as_code(text, origin=live_server.url, image=image, languages=["en"])
        source = next(one.source for one in forms if one.key == form)
        program = [sys.executable, "-c"] if form in ("python", "openai") else ["sh", "-c"]
        done = subprocess.run([*program, source], cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    return paste


@pytest.mark.parametrize("image", [None, SentImage("a b.jpg", "jpeg")])
def test_curl(run, image):
    (result,) = json.loads(run("curl", image=image))["results"]
    assert result["review_engine"]["scores"]["insult"] > 0.3
    assert ("nsfw_image" in result["review_engine"]["scores"]) is (image is not None)


@pytest.mark.parametrize("form", ["python", "openai"])
@pytest.mark.parametrize("image", [None, SentImage("a b.jpg", "jpeg")])
def test_python(run, form, image):
    assert run(form, image=image).split()[0] in ("True", "False")


def test_perspective(run):
    scores = json.loads(run("perspective"))["attributeScores"]
    assert scores["INSULT"]["summaryScore"]["value"] > 0.3

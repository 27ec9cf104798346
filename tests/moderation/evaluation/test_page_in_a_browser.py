"""The page of `evaluate --html` in Chromium, light and dark: it loads nothing and has nothing against WCAG 2.2 AA."""

import pytest
from django.core.management import call_command
from orjson import dumps

from tests.browser import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LINES = [
    {"text": "The marmalade was warm, dear Ottilie.", "labels": {"toxicity": 0}},
    {"text": "You are a stupid idiot.", "labels": {"toxicity": 1}},
]


@pytest.mark.parametrize("visitor", ["light", "dark"], indirect=True)
def test_the_page_is_accessible_and_stands_alone(visitor: Visitor, tmp_path):
    labelled, page = tmp_path / "kitchen.jsonl", tmp_path / "page.html"
    labelled.write_bytes(b"\n".join(dumps(line) for line in LINES * 20))
    call_command("evaluate", str(labelled), "--no-database", "--alone", "0", "--html", str(page), verbosity=0)
    asked = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    visitor.page.goto(page.as_uri(), wait_until="load")
    assert visitor.page.locator("svg").count() > 0
    assert visitor.axe_violations() == []
    assert (asked, visitor.problems) == ([page.as_uri()], [])

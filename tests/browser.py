"""Pytest plugin: the system's Chromium, driven by Playwright, as a visitor of the running console.

A ``visitor`` collects whatever the browser complains of, Content Security Policy violations included, and asks axe
about accessibility. Mark such tests ``browser``; without Chromium they are skipped, and the summary says so.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connections
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
# As root there is no sandbox; the rest keeps Chromium from calling home.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
REPORT_CSP = """
document.addEventListener("securitypolicyviolation", (event) => {
  const { violatedDirective, blockedURI, sourceFile, lineNumber } = event;
  console.error(`CSP: ${violatedDirective} refused ${blockedURI} (${sourceFile}:${lineNumber})`);
});
"""
WITHOUT = f"Browser tests need Chromium at {CHROMIUM}: apt-get install chromium, or set CHROMIUM to its path."
_skipped: list[str] = []


@dataclass
class Visitor:
    """A browser window on the console. ``problems`` holds everything the browser complained of."""

    page: Page
    address: str
    problems: list[str] = field(default_factory=list)

    def sign_in(self, user: User) -> None:
        """Gives the window the session of ``user``."""
        client = Client()
        client.force_login(user)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": self.address}])

    def open(self, path: str) -> None:
        """Goes to a path of the console and waits until everything on the page has loaded."""
        self.page.goto(f"{self.address}{path}", wait_until="load")

    def axe_violations(self) -> list[str]:
        """What breaks WCAG 2.2 AA on the page as it is now: rule, number of places, the first of them."""
        return self._ask_axe({"type": "tag", "values": WCAG})

    def faint_in_the_dark(self) -> list[str]:
        """What cannot be read on the page once the system turns dark: of all that axe looks at, only colours change."""
        self.page.emulate_media(color_scheme="dark")
        found = self._ask_axe({"type": "rule", "values": ["color-contrast"]})
        self.page.emulate_media(color_scheme="light")
        return [f"dark: {fault}" for fault in found]

    def _ask_axe(self, rules: dict[str, Any]) -> list[str]:
        # Preloading would add a <style> of axe's own, which our CSP refuses.
        found = Axe().run(self.page, options={"runOnly": rules, "preload": False}).response["violations"]
        return [f"{v['id']} x{len(v['nodes'])}: {v['nodes'][0]['html'][:200]}" for v in found]

    def watch(self) -> None:
        """Starts to listen to the browser's complaints."""
        self.page.add_init_script(REPORT_CSP)
        self.page.on("console", lambda message: message.type == "error" and self._note(message.text))
        self.page.on("pageerror", lambda error: self._note(f"script error: {error}"))
        self.page.on("response", lambda answer: answer.status >= 400 and self._note(f"{answer.status} {answer.url}"))

    def _note(self, text: str) -> None:
        self.problems.append(f"{self.page.url.removeprefix(self.address)}: {text}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run."""
    if not CHROMIUM.exists():
        _skipped.append(WITHOUT)
        pytest.skip(WITHOUT)
    # Playwright keeps an event loop in this thread, which Django takes for an asynchronous caller with a connection of
    # its own. The one from before would stay open, and a forked child, which has no loop, would use it beside us.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    connections.close_all()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def visitor(browser: Browser, live_server: Any, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    """A fresh window; ``@pytest.mark.parametrize("visitor", ["dark"], indirect=True)`` asks for the dark theme."""
    scheme = getattr(request, "param", "light")
    context = browser.new_context(color_scheme=scheme, reduced_motion="reduce", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(60_000)
    window = Visitor(context.new_page(), live_server.url)
    window.watch()
    yield window
    context.close()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """A run without a browser must not look like a whole one."""
    for reason in set(_skipped):
        terminalreporter.write_sep("!", f"BROWSER TESTS SKIPPED. {reason}", red=True)

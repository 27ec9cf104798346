"""The auditor's question, in a real browser: who saw and who decided this, when, under which policy, and is that true?

On the way: a second factor that is required, set up with what the page shows, and used at the next sign-in.
"""

import base64
import json
import os
import time
from pathlib import Path

import pytest
from django_otp.oath import TOTP

from moderation.audit import record_view, seal_entries
from moderation.audit.export import verify_lines
from moderation.decisions import DecisionDraft, record_decision
from moderation.models import AuditEntry, Content
from reviewengine import conf
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "correct horse battery staple"


@pytest.fixture
def content(alice) -> Content:
    """A content that alice was shown and rejected."""
    content = factories.InReviewContentFactory(external_id="post-4711", text="You call that a soup?")
    case = factories.CaseFactory(content=content)
    record_view(viewer=alice, content_id=content.pk, page="desk", request=None, case_id=case.pk)
    draft = DecisionDraft(
        content=content, outcome="reject", source="moderator", actor="user:alice", moderator=alice, result=case.result
    )
    record_decision(draft=draft)
    seal_entries()
    return content


@pytest.fixture
def _required(monkeypatch):
    config = conf.load()
    access = config.access.model_copy(update={"second_factor_groups": ["auditor"]})
    changed = config.model_copy(update={"access": access})
    monkeypatch.setattr(conf, "load", lambda: changed)


def code_for(letters: str, step: int) -> str:
    totp = TOTP(base64.b32decode(letters.replace(" ", "")))
    totp.time = time.time() + 30 * step
    return f"{totp.token():06d}"


def fits(visitor, width: int) -> bool:
    """Whether the page needs no sideways scrolling at this width."""
    visitor.page.set_viewport_size({"width": width, "height": 900})
    return visitor.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def sign_in(visitor, path: str) -> None:
    visitor.open(path)
    visitor.page.fill("#id_username", "auditor")
    visitor.page.fill("#id_password", PASSWORD)
    visitor.page.click("#login-form [type=submit]")


@pytest.mark.usefixtures("_required")
@pytest.mark.parametrize("visitor", ["light", "dark"], indirect=True)
def test_an_auditor_comes_in_asks_and_takes_the_proof_along(visitor, content, auditor):
    page, flaws = visitor.page, []

    def look(name: str) -> None:
        flaws.extend(f"{name}: {flaw}" for flaw in visitor.axe_violations())
        if folder := os.environ.get("SCREENSHOTS"):
            is_dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
            page.screenshot(path=f"{folder}/{name}-{'dark' if is_dark else 'light'}.png")

    # The first sign-in leads to the set-up, and nowhere else.
    sign_in(visitor, "/admin/moderation/auditentry/")
    page.wait_for_selector(".access-picture")
    look("set-up")
    page.click("summary")
    letters = page.inner_text(".access-letters")
    page.fill("#id_code", code_for(letters, -1))
    page.click("text=Set up >> nth=-1")
    page.wait_for_selector(".access-codes")
    assert page.locator(".access-codes li").count() == 10
    look("recovery-codes")
    # Signed out and in again, with a code of the app.
    page.context.clear_cookies()
    sign_in(visitor, f"/admin/review/record/{content.pk}/")
    page.wait_for_selector("#id_code")
    look("code")
    page.fill("#id_code", code_for(letters, 0))
    page.keyboard.press("Enter")
    # One page answers.
    page.wait_for_selector(".record-verdict")
    text = page.inner_text("#content")
    assert "The record is unchanged." in text
    assert "user:alice" in text
    assert "desk" in text
    look("record")
    # The search, and the proof.
    page.click("text=Search and export these entries")
    page.wait_for_selector(".audit-search")
    about = AuditEntry.objects.filter(subject_type__in=["content", "decision"])
    assert page.locator("#result_list tbody tr").count() == about.count()
    look("audit-search")
    assert fits(visitor, 320)
    with page.expect_download() as download:
        page.click("text=JSON lines, verifiable")
    lines = Path(download.value.path()).read_bytes().splitlines()
    assert all(isinstance(item, int) for item in verify_lines(lines))
    assert json.loads(json.loads(lines[0])["sealed"])["action"]
    assert (flaws, visitor.problems) == ([], [])

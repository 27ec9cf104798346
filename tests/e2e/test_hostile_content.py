"""Hostile content in every field a moderator sees, in a real browser: nothing runs, leads out or moves."""

import pytest
from django.utils import timezone

from moderation.enums import Outcome
from moderation.media.store import keep_image
from moderation.models import (
    ApiClient,
    Author,
    Content,
    ContentFingerprint,
    ContentMedia,
    ContentVersion,
    Decision,
    ModerationResult,
    Report,
    ReviewCase,
)
from moderation.review.notes import add_note
from tests import factories
from tests.e2e.desk_scene import make_desk
from tests.images import encoded, pattern

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCRIPT = "</textarea></script></style><script>window.hit=1</script><img src=x onerror='window.hit=2'>"
LINKS = "<a href='javascript:window.hit=3' onclick='window.hit=4'>soup</a> javascript:window.hit=5"
STYLE = "<style>*{display:none!important}</style><div style='position:fixed;inset:0;z-index:9999;background:red'>"
ENTITIES = "&lt;script&gt;window.hit=6&lt;/script&gt; &#x3c;svg/onload=window.hit=7&#x3e; {{ 7|add:7 }} {% now 'Y' %}"
BIDI = "\u202egnp.evil\u202c \u2067flow\u2069 \u200fmark"
ZALGO = "".join(letter + "\u0324\u0325\u0326\u0327\u0328\u0338\u035c" * 12 for letter in "soup")
HOSTILE = " ".join([SCRIPT, LINKS, STYLE, ENTITIES, BIDI, ZALGO])
LINE = "x" * 100_000


@pytest.fixture
def case(groups, lead) -> ReviewCase:
    """A case around which everything that came from outside is hostile; its text holds a line of 100,000 characters."""
    case = make_desk()[0]
    _people(case.content)
    _contents_around(case.content, lead)
    _content(case)
    add_note(writer=lead, text=(HOSTILE + LINE)[:2000], author=case.content.author)
    add_note(writer=lead, text=f"{LINE[:1900]} @alice", content=case.content)
    return case


def _people(content: Content) -> None:
    ApiClient.objects.update(name=SCRIPT[:100])
    Author.objects.update(display_name=(BIDI + SCRIPT)[:255])
    suspended = {"suspended_at": timezone.now(), "suspension_reason": HOSTILE[:1000], "reach": 2_000_000_000}
    Author.objects.filter(pk=content.author_id).update(**suspended)


def _contents_around(content: Content, lead) -> None:
    """The thread, the author's other contents, and near-duplicates, with what was decided about each."""
    for number, row in enumerate(Content.objects.order_by("pk")):
        mark = {"client": content.client, "bits": 1, "cluster": content.pk, "submitted_at": timezone.now()}
        ContentFingerprint.objects.create(content=row, **mark)
        Content.objects.filter(pk=row.pk).update(text=HOSTILE + LINE, external_id=f"{BIDI}<b>{number}{'y' * 200}")
        if row.decision == Outcome.REJECT:
            factories.ModeratorDecisionFactory(content=row, moderator=lead, reasoning=HOSTILE[:1000], label="spam")
    Decision.objects.update(reasoning=HOSTILE[:1000], private_note=HOSTILE[:2000])


def _content(case: ReviewCase) -> None:
    """The content itself: its text and address, what was read and reported of it, an older version, a huge image."""
    content = case.content
    reason = {"code": "x", "category": "spam", "score": 0.9, "threshold": 0.5, "rule": "r", "message": HOSTILE}
    evidence = {"category": "spam", "start": 3, "end": 90, "detector": "text", "detail": SCRIPT}
    read = {"rule": SCRIPT[:100], "failures": {SCRIPT: HOSTILE}, "reasons": [reason], "evidence": [evidence]}
    ModerationResult.objects.filter(pk=case.result_id).update(**read)
    Content.objects.filter(pk=content.pk).update(
        url=f"javascript:window.hit=8//{LINE[:1900]}", version=2, image_count=2
    )
    ReviewCase.objects.filter(pk=case.pk).update(content_version=2)
    ContentVersion.objects.create(content=content, version=1, text=HOSTILE + LINE, text_digest="0" * 64)
    media = {"content": content, "content_version": 2}
    tower = keep_image(client_id=content.client_id, data=encoded(pattern(40, 4000)))
    ContentMedia.objects.create(**media, file=tower, position=0, source="upload")
    address = {"source": "url", "source_url": f"javascript:window.hit=9//{LINE[:1900]}", "fault": SCRIPT[:40]}
    ContentMedia.objects.create(**media, position=1, **address)
    for number in range(3):
        said = {"comment": (HOSTILE + LINE)[:1000], "reporter_external_id": f"{number}{SCRIPT}"[:255]}
        Report.objects.create(content=content, client=content.client, content_version=2, reason="insult", **said)


SHOWN_INERT = """() => ({
  hit: window.hit ?? null,
  handlers: [...document.querySelectorAll("*")].filter((one) =>
    [...one.attributes].some((attribute) => attribute.name.startsWith("on") || attribute.name === "style")).length,
  scriptLinks: ["href", "src", "action", "formaction"].filter((name) =>
    document.querySelector(`[${name}^="javascript" i]`)).length,
  linksOut: [...document.querySelectorAll("#content a")].filter((link) => link.origin !== location.origin).length,
  isWide: document.documentElement.scrollWidth > innerWidth,
  isTall: innerWidth > 900 && document.documentElement.scrollHeight > innerHeight,
  overlaps: [...document.querySelectorAll(".excerpt, .note-text, .case-text")].filter((box) => {
    const parent = box.closest(".case-main, .case-side, .case-people").getBoundingClientRect();
    const own = box.getBoundingClientRect();
    return box.checkVisibility() && (own.left < parent.left - 1 || own.right > parent.right + 1);
  }).length,
})"""
INERT = {
    "hit": None, "handlers": 0, "scriptLinks": 0, "linksOut": 0, "isWide": False, "isTall": False, "overlaps": 0
}  # fmt: skip


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (320, 640)])
def test_hostile_content_is_shown_inert(visitor, alice, case, width, height):
    page = visitor.page
    visitor.sign_in(alice)
    page.set_viewport_size({"width": width, "height": height})
    visitor.open(f"/admin/review/case/{case.pk}/")
    page.locator("#case[data-ready]").wait_for()
    for key in ("o", "z"):
        assert page.evaluate(SHOWN_INERT) == INERT
        assert visitor.axe_violations() == []
        page.keyboard.press(key)
    page.keyboard.press("z")
    for summary in page.locator("#case details:not([open]) > summary").all():
        if summary.is_visible():
            summary.click()
    assert page.evaluate(SHOWN_INERT) == INERT
    _decides_still(page, width)
    assert visitor.problems == []


def _decides_still(page, width: int) -> None:
    """The decision stands where it always does, and nothing lies over it."""
    button = page.get_by_role("button", name="A Approve")
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    page.locator("#decide").evaluate("(form) => form.setAttribute('data-sent', 'yes')")
    button.click(trial=True)
    assert "window.hit=1" in page.locator("#case-text").text_content() or page.locator("#reading[open]").count()

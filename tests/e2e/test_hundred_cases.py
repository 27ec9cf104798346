"""A hundred cases by one key each: every press decides what was shown, and none is lost."""

import pytest

from moderation.enums import DecisionSource
from moderation.models import Decision
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

CASES = 100
# From the press to the moment at which the next case takes a key; in the page, as its person meets it.
MEASURE = """
window.waits = [];
document.addEventListener("keydown", (event) => {
  const pressed = event.timeStamp;
  const before = document.getElementById("case");
  const watch = new MutationObserver(() => {
    const now = document.getElementById("case");
    if (now === before || (now && !now.dataset.ready)) return;
    watch.disconnect();
    window.waits.push(performance.now() - pressed);
  });
  watch.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-ready"] });
}, { capture: true });
"""


def test_hundred_cases_by_one_key_each(visitor, alice, pytestconfig):
    queue = factories.QueueFactory()
    author = factories.AuthorFactory()
    for number in range(CASES):
        content = factories.InReviewContentFactory(client=author.client, author=author, external_id=f"soup-{number}")
        factories.CaseFactory(content=content, queue=queue, priority=100 - number)
    visitor.sign_in(alice)
    page = visitor.page
    visitor.open("/admin/review/next/")
    page.locator("#case[data-ready]").wait_for()
    page.evaluate(MEASURE)
    for number in range(CASES):
        page.keyboard.press("a")
        page.wait_for_function("(count) => window.waits.length === count", arg=number + 1, polling=5)
    waits = sorted(page.evaluate("window.waits"))
    told = f"ms to the next case: median {waits[50]:.0f}, 95th {waits[95]:.0f}, worst {waits[-1]:.0f}"
    pytestconfig.get_terminal_writer().line(told)
    decided = Decision.objects.filter(source=DecisionSource.MODERATOR).order_by("created_at")
    assert [row.content.external_id for row in decided.select_related("content")] == [
        f"soup-{number}" for number in range(CASES)
    ]
    assert visitor.problems == []

"""Cases worth a moderator's time, for browser tests and the screenshots of the documentation. Mild, and our own."""

from datetime import timedelta

from django.utils import timezone

from moderation.enums import Outcome
from moderation.models import Author, ReviewCase
from tests import factories

INSULT = """Honestly, everybody who puts raisins into a potato salad is a complete muppet.

I have told you this three times now, Jan, and you still turn up with that bowl. You are the worst cook in the \
entire allotment, your marrows are a disgrace, and nobody laughs at your hedgehog stories. Next Saturday stay at \
home, or I will tip the whole bowl over your wheelbarrow."""
SPAM_ADDRESS = "gnomes-for-nothing.example/win?id=77"
SPAM = f"WIN a garden gnome!!! Only today, only at {SPAM_ADDRESS} (reply YES, then your card number)"
MEEK = "I did not like the soup. It was too cold, and the spoon was too short."


def _scores(**raised: float) -> dict[str, float]:
    """Every category has a score; those that are not named are small."""
    names = ["harassment", "hate", "identity_attack", "insult", "profanity", "self-harm", "severe_toxicity"]
    names += ["sexual", "spam", "threat", "toxicity", "url_risk", "violence"]
    return {name: 0.01 * (position + 1) for position, name in enumerate(names)} | raised


def _reason(category: str, score: float, threshold: float, rule: str, message: str) -> dict:
    said = {"code": "rule_matched", "category": category, "score": score, "threshold": threshold}
    return {**said, "rule": rule, "message": message}


def _evidence(text: str, *found: tuple[str, str]) -> list[dict]:
    spans = [(text.index(words), len(words), category) for words, category in found]
    return [
        {"category": category, "start": start, "end": start + length, "detector": "text", "detail": ""}
        for start, length, category in spans
    ]


def make_case(*, external_id: str, text: str, queue: str, priority: int, author: Author, **result) -> ReviewCase:
    """An open case with its result; ``result`` gives rule, reasons, scores and evidence."""
    opened_at = timezone.now() - timedelta(hours=3, minutes=priority)
    content = factories.InReviewContentFactory(
        client=author.client,
        author=author,
        external_id=external_id,
        text=text,
        conversation_id="allotment",
        url=f"https://forum.example/allotment/{external_id}",
        language="en",
        created_at=opened_at,
    )
    return factories.CaseFactory(
        content=content,
        result=factories.ResultFactory(content=content, not_covered=["nsfw_image", "pii"], **result),
        queue=factories.QueueFactory(slug=queue, name=queue.capitalize()),
        priority=priority,
        opened_at=opened_at,
        due_at=opened_at + timedelta(hours=24),
    )


def make_desk() -> list[ReviewCase]:
    """Three cases, in the order in which the desk shows them, among the daily talk of a garden forum."""
    platform = factories.ApiClientFactory(name="Garden forum")
    since = timezone.now() - timedelta(days=212)
    pat, gnomes, sam = (
        factories.AuthorFactory(client=platform, display_name=name, created_at=since)
        for name in ("Pat the Spade", "gnome_deals_77", "Sam Seedling")
    )
    _daily_talk(platform, pat)
    return [_insult(pat), _spam(gnomes), _unread(sam)]


def _insult(author: Author) -> ReviewCase:
    return make_case(
        external_id="post-4711",
        text=INSULT,
        queue="general",
        priority=80,
        author=author,
        rule="harassment",
        reasons=[_reason("harassment", 0.91, 0.85, "harassment", "Possible harassment")],
        scores=_scores(harassment=0.91, insult=0.94, toxicity=0.88, threat=0.34, profanity=0.52),
        matches=[_match("harassment", "harassment", 0.91, 0.85), _match("profanity", "profanity", 0.52, 0.5)],
        evidence=_evidence(
            INSULT,
            ("a complete muppet", "insult"),
            ("the worst cook in the entire allotment", "harassment"),
            ("tip the whole bowl over your wheelbarrow", "threat"),
        ),
    )


def _spam(author: Author) -> ReviewCase:
    return make_case(
        external_id="post-4712",
        text=SPAM,
        queue="spam",
        priority=50,
        author=author,
        rule="spam",
        reasons=[_reason("spam", 0.93, 0.7, "spam", "Possible advertising")],
        scores=_scores(spam=0.93, url_risk=0.55),
        matches=[_match("spam", "spam", 0.93, 0.7)],
        evidence=_evidence(SPAM, ("WIN a garden gnome!!!", "spam"), (SPAM_ADDRESS, "url_risk")),
    )


def _unread(author: Author) -> ReviewCase:
    missing = {"code": "reading_unavailable", "message": "A reading that the policy needs is missing"}
    return make_case(
        external_id="post-4713",
        text=MEEK,
        queue="general",
        priority=20,
        author=author,
        rule="harassment",
        reasons=[{**missing, "category": "harassment", "score": None, "rule": "harassment"}],
        scores={"spam": 0.01},
        evidence=[],
        failures={"text": "timed out"},
    )


def _match(rule: str, category: str, score: float, threshold: float) -> dict:
    reading = {"condition": f"{category} at least {threshold}", "category": category, "score": score}
    return {"rule": rule, "outcome": "review", "readings": [{**reading, "threshold": threshold, "negated": False}]}


def _daily_talk(platform, pat) -> None:
    """What was said before, and what Pat said elsewhere."""
    jan = factories.AuthorFactory(client=platform, display_name="Jan from plot nine")
    now = timezone.now()
    _said(jan, "Brought my potato salad again. With raisins, the way my grandmother made it!", now - timedelta(hours=5))
    _said(jan, "The hedgehog is back behind the compost, by the way.", now - timedelta(hours=4, minutes=40))
    for days, outcome, text in [
        (1, Outcome.REJECT, "Take your bowl and get lost, you raisin clown."),
        (3, Outcome.APPROVE, "Is anybody driving to the garden centre on Friday? I have two seats."),
        (9, Outcome.APPROVE, "The beans are up. Best year since 2019."),
    ]:
        _said(pat, text, now - timedelta(days=days), outcome=outcome, thread="")


def _said(author: Author, text: str, when, *, outcome: Outcome = Outcome.APPROVE, thread: str = "allotment") -> None:
    factories.DecidedContentFactory(
        client=author.client, author=author, text=text, decision=outcome, conversation_id=thread, created_at=when
    )

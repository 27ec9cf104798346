"""Texts for scoring: what forums are full of, and such as the text model's gate hands to the transformer."""

from functools import cache

ORDINARY = (
    "Does anyone know when the library opens on Sunday? The page still shows last year's hours.",
    "Thanks for the quick answer, the new part fits and the washing machine runs again.",
    "I planted tomatoes in April and the first ones are ripe already, who would have thought.",
    "The meeting moved to three o'clock, please bring the printed drawings with you.",
    "We took the early train, had breakfast by the harbour and were back before the rain.",
    "Is there a way to sort the list by date? I only find the alphabetical order.",
    "My grandmother's recipe says two cups of flour, but one and a half is plenty.",
    "The second chapter is slow, but from there on I could not put the book down.",
    "Great photos! Which lens did you use for the one with the lighthouse?",
    "Has the update fixed the sound for you? Mine still crackles when I plug in the headphones.",
    "The path along the river is closed until May, take the bridge near the old mill instead.",
    "I disagree with the article, the numbers in the second table do not add up.",
    "Congratulations to the whole team, that was a well deserved win in a close game.",
    "The delivery came a day late, and still everything was packed with care.",
    "Could somebody look after our cat in the second week of August?",
    "What a stupid idea, only an idiot would think that this works.",
)
# Every one of them makes the gate ask; `fully_read` sees to it that this stays so.
FULL_CHAIN = (
    "What a stupid idea, only an idiot would think that this works.",
    "Go away, nobody wants to hear from you losers again.",
    "I will kill this boss tonight if it takes me until morning, watch me.",
    "That referee was blind as hell, and the whole team sucked.",
    "You people never learn anything, it is always the same nonsense with you.",
    "Shut up already, your takes are garbage and everybody here knows it.",
    "She is such a liar, I hope she gets what she deserves one day.",
    "Those idiots at the town hall have messed up the timetable once more.",
)


@cache
def fully_read() -> tuple[str, ...]:
    """FULL_CHAIN, once it is seen that the transformer reads each of them. Raises AssertionError where it does not."""
    spared = [text for text in FULL_CHAIN if not _is_encoded(text)]
    assert not spared, f"The gate is sure of {spared}: the round would measure less than it says."
    return FULL_CHAIN


def share_encoded() -> float:
    """How many of the ordinary texts the transformer reads."""
    return sum(map(_is_encoded, ORDINARY)) / len(ORDINARY)


def _is_encoded(text: str) -> bool:
    from moderation.detectors.base import Sample
    from moderation.detectors.normalise import normalise
    from moderation.detectors.text.windows import windows_of

    return len(_detector().read(windows_of([Sample(text, normalise(text), "en")])).places) > 0


@cache
def _detector():
    from moderation.detectors.text.detector import TextDetector

    return TextDetector.build({}, ())

"""Step 6, not possible: an act from outside that the content's present state forbids. Nothing of it was stored."""


class ActRefused(Exception):  # noqa: N818 - a refusal, not an error
    """The message says why. ``wait``: the state passes by itself, and the act may be possible then."""

    def __init__(self, message: str, *, wait: bool = False) -> None:
        super().__init__(message)
        self.wait = wait

"""Step 3, remote detector: the ways in which asking can fail."""


class RemoteFault(Exception):
    """No usable answer. ``kind`` is one word for the record; nothing of the answer, the text or the key is in it.

    ``endpoint_at_fault`` is False where the text may be the reason. ``retry_after`` are the seconds that a busy
    endpoint asked for.
    """

    def __init__(self, kind: str, *, endpoint_at_fault: bool = True, retry_after: float | None = None) -> None:
        super().__init__(kind)
        self.kind = kind
        self.endpoint_at_fault = endpoint_at_fault
        self.retry_after = retry_after

"""The one error of the embedded stack: a fault and its mend, fit to be shown as it is."""


class StackError(Exception):
    """A start or stop that cannot go on. `str()` is one sentence for the fault and one for the mend."""

    def __init__(self, fault: str, mend: str) -> None:
        super().__init__(f"{fault} {mend}")
        self.fault = fault
        self.mend = mend

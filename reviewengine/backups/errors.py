"""What can go wrong with a backup, each said in one sentence with its mend."""


class BackupError(Exception):
    """A backup, check or restore that did not happen. ``fault`` says why, ``mend`` what to do about it."""

    def __init__(self, fault: str, mend: str = "") -> None:
        self.fault = fault
        self.mend = mend
        super().__init__(f"{fault} {mend}".strip())


class BackupBusyError(BackupError):
    """Another backup, check or restore holds the lock."""

    def __init__(self) -> None:
        super().__init__("Another backup, check or restore is running.", "Try again when it has ended.")

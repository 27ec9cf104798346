"""How often a crashed process is started again: at once at first, ever later, and not for ever."""

CRASHES_IN_A_ROW = 5
HEALTHY_SECONDS = 30.0
FIRST_DELAY = 0.5


class Restarts:
    """Counts the crashes of one process."""

    def __init__(self) -> None:
        self.in_a_row = 0

    def after_crash(self, ran_seconds: float) -> float | None:
        """Answer the seconds to wait before the next start, or None when it is no use.

        A process that ran HEALTHY_SECONDS before it crashed starts a new row.
        """
        self.in_a_row = 1 if ran_seconds >= HEALTHY_SECONDS else self.in_a_row + 1
        if self.in_a_row >= CRASHES_IN_A_ROW:
            return None
        return float(FIRST_DELAY * 2 ** (self.in_a_row - 1))

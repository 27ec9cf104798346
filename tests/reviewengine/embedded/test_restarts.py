"""A crashed process is started again, ever later, and given up at the fifth crash in a row."""

from reviewengine.embedded.restarts import Restarts


def test_the_waits_grow_and_the_fifth_crash_in_a_row_is_the_last():
    restarts = Restarts()

    assert [restarts.after_crash(1.0) for _ in range(5)] == [0.5, 1.0, 2.0, 4.0, None]


def test_a_process_that_ran_well_before_its_crash_starts_a_new_row():
    restarts = Restarts()
    for _ in range(4):
        restarts.after_crash(1.0)

    assert restarts.after_crash(31.0) == 0.5

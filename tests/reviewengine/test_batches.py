"""Things taken so many at a time."""

import pytest

from reviewengine.batches import in_batches


@pytest.mark.parametrize(("count", "expected"), [(0, []), (2, [[0, 1]]), (3, [[0, 1, 2]]), (4, [[0, 1, 2], [3]])])
def test_batches_are_full_but_for_the_last(count, expected):
    assert list(in_batches(range(count), 3)) == expected


def test_a_batch_is_read_when_it_is_asked_for():
    things = iter(range(9))
    assert next(in_batches(things, 2)) == [0, 1]
    assert next(things) == 2

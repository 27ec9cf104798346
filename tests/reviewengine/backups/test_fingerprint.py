"""Two databases with the same rows have the same fingerprint, and no others do."""

import pytest
from django.db import connection

from reviewengine.backups.fingerprint import differences, fingerprint
from reviewengine.backups.manifest import TableMark

pytestmark = pytest.mark.django_db


def mark_of(values):
    with connection.cursor() as cursor:
        cursor.execute('DROP TABLE IF EXISTS public."Odd name"')
        cursor.execute(f'CREATE TABLE public."Odd name" AS SELECT * FROM (VALUES {values}) AS row (a, b)')
        return fingerprint(cursor)["public.Odd name"]


def test_the_order_of_rows_does_not_matter():
    assert mark_of("(1, 'x'), (2, 'y')") == mark_of("(2, 'y'), (1, 'x')")


def test_rows_that_come_twice_count_twice():
    once, twice = mark_of("(1, 'x')"), mark_of("(1, 'x'), (1, 'x')")
    assert (once.rows, twice.rows) == (1, 2)
    assert int(twice.checksum) == 2 * int(once.checksum)


@pytest.mark.parametrize("other", ["(1, 'X')", "(2, 'x')", "(1, '')", "(1, NULL)", "(1, 'x ')"])
def test_another_row_is_another_checksum(other):
    assert mark_of("(1, 'x')").checksum != mark_of(other).checksum


def test_nothing_and_empty_text_are_told_apart():
    assert mark_of("(1, NULL::text)").checksum != mark_of("(1, '')").checksum


def test_the_settings_of_the_session_do_not_matter():
    row = "(1, now()::date::timestamptz)"
    before = mark_of(row)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TimeZone = 'Asia/Tokyo'; SET LOCAL DateStyle = 'German'")
        assert fingerprint(cursor)["public.Odd name"] == before


def test_differences_are_one_line_a_table():
    before = {"a": TableMark(1, "1"), "b": TableMark(2, "2"), "c": TableMark(3, "3"), "e": TableMark(4, "4")}
    after = {"a": TableMark(1, "1"), "b": TableMark(1, "2"), "c": TableMark(3, "0"), "d": TableMark(0, "0")}
    assert differences(before, after) == [
        "e is missing",
        "d was not in the backup",
        "b has 1 rows instead of 2",
        "c has other content in its 3 rows",
    ]

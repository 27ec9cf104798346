"""What a database holds, table by table: row counts, and checksums that do not depend on the order of rows."""

from collections.abc import Mapping
from typing import Any

from psycopg2 import sql

from reviewengine.backups.manifest import TableMark

# A row is summed up by its text, so whatever shapes that text is set, on both sides of a comparison.
_SHAPES = {
    "search_path": "pg_catalog",
    "DateStyle": "ISO",
    "IntervalStyle": "postgres",
    "TimeZone": "UTC",
    "bytea_output": "hex",
    "extra_float_digits": "1",
}
_TABLES = """
    SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND c.relpersistence <> 't'
      AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
    ORDER BY 1, 2
"""  # noqa: E501 - tables of extensions are made by the extension, not by the dump
_MARK = """
    SELECT count(*), coalesce(sum(
        ('x' || encode(substr(sha256(convert_to(t::text, 'UTF8')), 1, 8), 'hex'))::bit(64)::bigint::numeric
    ), 0)::text
    FROM ONLY {table} t
"""


def fingerprint(cursor: Any) -> dict[str, TableMark]:
    """Every table by its full name, read in the cursor's transaction."""
    for name, value in _SHAPES.items():
        cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
    return {f"{schema}.{table}": _mark(cursor, schema, table) for schema, table in table_names(cursor)}


def table_names(cursor: Any) -> list[tuple[str, str]]:
    """Schema and name of every table that a dump carries."""
    cursor.execute(_TABLES)
    return [(schema, table) for schema, table in cursor.fetchall()]


def _mark(cursor: Any, schema: str, table: str) -> TableMark:
    cursor.execute(sql.SQL(_MARK).format(table=sql.Identifier(schema, table)))
    rows, checksum = cursor.fetchone()
    return TableMark(rows, checksum)


def differences(expected: Mapping[str, TableMark], found: Mapping[str, TableMark]) -> list[str]:
    """What does not agree, one line a table; none when both are the same."""
    lines = [f"{table} is missing" for table in sorted(set(expected) - set(found))]
    lines += [f"{table} was not in the backup" for table in sorted(set(found) - set(expected))]
    for table in sorted(set(expected) & set(found)):
        before, after = expected[table], found[table]
        if before.rows != after.rows:
            lines.append(f"{table} has {after.rows} rows instead of {before.rows}")
        elif before.checksum != after.checksum:
            lines.append(f"{table} has other content in its {after.rows} rows")
    return lines

"""Writes millions of rows by COPY, with guards, indexes and foreign keys kept back until all are there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, models
from django.db.backends.utils import CursorWrapper

Say = Callable[[str], None]
# What COPY reads as NULL.
NOTHING = r"\N"
BATCH = 20_000
SAID_EVERY = 200_000

_SWITCH = {"O": "ENABLE", "A": "ENABLE ALWAYS", "R": "ENABLE REPLICA", "D": "DISABLE"}


class Each(list[Any]):
    """A column with one value for each row; anything else in ``copy_rows`` holds for all of them."""


def copy_rows(model: type[models.Model], count: int, *, say: Say, **columns: Any) -> None:
    """Write ``count`` rows: keywords are the table's column names."""
    if count == 0:
        return
    table = model._meta.db_table
    varying = [values for values in columns.values() if isinstance(values, Each)]
    template = (
        "\t".join(
            "%s" if isinstance(value, Each) else _text(value).replace("%", "%%") for value in columns.values()
        )
        + "\n"
    )
    names = ", ".join(columns)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        rows = zip(*varying, strict=True)
        for start in range(0, count, BATCH):
            batch = [row for _, row in zip(range(min(BATCH, count - start)), rows, strict=False)]
            copy.write("".join(template % row for row in batch))
            done = start + len(batch)
            if done % SAID_EVERY == 0:
                say(f"{table}: {done} / {count}")


def _text(value: Any) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "t" if value else "f"
    return str(value)


@contextmanager
def kept_back(tables: Sequence[str], *, say: Say) -> Iterator[None]:
    """Load into these empty tables without triggers, further indexes and foreign keys; put them back after.

    What the database would refuse row by row it refuses at the end, except for what triggers guard: whoever
    loads writes lawful rows. Belongs into one transaction: where it fails, nothing has changed.
    """
    with connection.cursor() as cursor:
        # What waits for the end of the transaction stands in the way of changing a table.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        triggers = _rows(
            cursor,
            "SELECT tgrelid::regclass::text, tgname, tgenabled::text FROM pg_trigger"
            " WHERE NOT tgisinternal AND tgrelid = ANY(%s::regclass[])",
            tables,
        )
        keys = _rows(
            cursor,
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'f' AND conrelid = ANY(%s::regclass[])",
            tables,
        )
        indexes = _rows(
            cursor,
            "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i"
            " WHERE i.indrelid = ANY(%s::regclass[]) AND NOT i.indisprimary AND NOT EXISTS ("
            "     SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)",
            tables,
        )
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for table, key, _definition in keys:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{key}"')
        for index, _definition in indexes:
            cursor.execute(f"DROP INDEX {index}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        for _index, definition in indexes:
            cursor.execute(definition)
        say(f"{len(indexes)} Indizes gebaut")
        for table, key, definition in keys:
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{key}" {definition}')
        say(f"{len(keys)} Fremdschlüssel geprüft")
        for table, trigger, enabled in triggers:
            cursor.execute(f'ALTER TABLE {table} {_SWITCH[enabled]} TRIGGER "{trigger}"')
        for table in tables:
            cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
            if cursor.fetchone() != (None,):
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id))"  # noqa: S608
                    f" FROM {table} HAVING max(id) IS NOT NULL"
                )


def _rows(cursor: CursorWrapper, query: str, tables: Sequence[str]) -> list[tuple[str, ...]]:
    cursor.execute(query, [list(tables)])
    rows: list[tuple[str, ...]] = cursor.fetchall()
    return rows

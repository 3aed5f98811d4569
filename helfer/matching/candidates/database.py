"""How the searches reach the database: as statements that it plans once for a connection and then runs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import psycopg
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.types.numeric import Int8

from helfer.core.replica import read_with

Row = tuple[Any, ...]

# Django switches preparing off, so that an outside pooler may share connections. Any number switches it on.
_PREPARING = 5


_NAMED = re.compile(r"%\((\w+)\)s")


class _PreparedCursor(psycopg.RawCursor[Row]):
    """A cursor whose statements stay prepared: planning these costs more than running them."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        """Bind on the server's side, whatever Django's own cursors do."""
        numbered, names = _numbered(query)
        # Small and large ids must not count as different types: each kind would be prepared once more.
        values = [_wide(params[name]) for name in names]
        return super().execute(numbered, values, prepare=True, binary=True)


@lru_cache
def _numbered(query: str) -> tuple[bytes, tuple[str, ...]]:
    """The statement as the server reads it, and the names of its values in their order.

    The driver does the same, but for long statements each time anew, which takes as long as a bare scan.
    """
    names = tuple(dict.fromkeys(_NAMED.findall(query)))
    numbered = _NAMED.sub(lambda found: f"${names.index(found[1]) + 1}", query)
    return numbered.replace("%%", "%").encode(), names


@lru_cache
def _as_select(statement: str) -> str:
    """The history puts its context in front of what does not begin so, and a prepared statement is alone."""
    return f"SELECT * FROM ({statement}) AS found"


def read(statement: str, values: Mapping[str, Any]) -> list[Row]:
    """The rows of one of the searches; it stays prepared as long as the connection lasts.

    A replica may answer (``helfer/core/replica.py``).
    """
    return read_with(lambda alias: _read(connections[alias], statement, values))


def read_now(statement: str, values: Mapping[str, Any]) -> list[Row]:
    """The same where the answer decides: from the primary, in the caller's transaction."""
    return _read(connection, statement, values)


def copied(statement: str, values: Mapping[str, Any]) -> bytes:
    """What a COPY of a whole run's pairs sends; the run's own transaction has written nothing of it."""
    return read_with(lambda alias: _copied(connections[alias], statement, values), has_written=False)


def _copied(wrapper: BaseDatabaseWrapper, statement: str, values: Mapping[str, Any]) -> bytes:
    wrapper.ensure_connection()
    # The driver's own cursor: Django's, where it keeps a log of queries, copies without parameters only.
    raw: Any = wrapper.connection
    with wrapper.wrap_database_errors, raw.cursor() as cursor, cursor.copy(statement, values) as copy:
        return b"".join(copy)


def _read(wrapper: BaseDatabaseWrapper, statement: str, values: Mapping[str, Any]) -> list[Row]:
    if wrapper.connection is None:
        wrapper.ensure_connection()
    raw: Any = wrapper.connection
    if raw.prepare_threshold is None and "prepare_threshold" not in wrapper.settings_dict["OPTIONS"]:
        raw.prepare_threshold = _PREPARING
    cursor: Any = _PreparedCursor(raw)
    if wrapper.execute_wrappers or wrapper.queries_logged or wrapper.needs_rollback:
        # Somebody listens, or nothing may be asked: Django sees to it, which costs a tenth of a bare scan.
        cursor = wrapper._prepare_cursor(cursor)  # type: ignore[attr-defined]
    with wrapper.wrap_database_errors, cursor:
        cursor.execute(_as_select(statement), values)
        rows: list[Row] = cursor.fetchall()
    return rows


def _wide(value: Any) -> Any:
    if type(value) is int:
        return Int8(value)
    return [_wide(each) for each in value] if isinstance(value, list) else value

"""One at a time, across all processes of an installation."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


def _key(name: str) -> int:
    return int.from_bytes(hashlib.sha256(f"helfer:{name}".encode()).digest()[:8], "big", signed=True)


@contextmanager
def advisory_lock(name: str) -> Iterator[bool]:
    """Whether the caller alone does what ``name`` says, as long as the block lasts; it never waits.

    The lock lives on a connection of its own: it spans several transactions, survives a broken one,
    and the database frees it by itself when this process dies.
    """
    own = connection.copy()
    try:
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_key(name)])
            (mine,) = cursor.fetchone()
        try:
            yield mine
        finally:
            # A pooled connection outlives its closing, so the lock is given back by name as well.
            if mine and own.is_usable():
                with own.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [_key(name)])
    finally:
        own.close()

"""How a test waits for another session without guessing how long that takes."""

from __future__ import annotations

import threading
import time

from django.db import connection

PATIENCE_SECONDS = 60


def until_somebody_waits_for_a_lock(thread: threading.Thread) -> None:
    """Come back when a session of this database waits for another one; ``thread`` is the one that should.

    Raises AssertionError when the thread ends without having waited, or when nobody waits for a whole minute.
    """
    end = time.monotonic() + PATIENCE_SECONDS
    while not _somebody_waits():
        assert thread.is_alive(), "it ended and never had to wait"
        assert time.monotonic() < end, "nobody waits"


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        # Inside a transaction the first look would otherwise be shown for ever.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])

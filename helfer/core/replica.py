"""Where lists are read: from a read replica where one is set, answers, and is not too far behind.

Only searches ask here; what they find is checked again on the primary before anything is written. A
transaction that has begun on the primary reads there, because it may have written what it now looks for,
unless the reader knows that it has not.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from time import monotonic
from typing import TypeVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections

REPLICA = "replica"
# How often a process asks how far behind the replica is, and how long it leaves one alone that failed.
ASKED_EVERY_SECONDS = 2.0
REST_SECONDS = 30.0

# Everything received is replayed, and somebody is still receiving: nothing is missing. Else the age of the
# last change counts, which is too much rather than too little where nobody has changed anything for a while.
# A server that is no standby any more (somebody promoted it) follows nobody: it is never read.
LAG = """
SELECT CASE
    WHEN NOT pg_is_in_recovery() THEN NULL
    WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn()
         AND EXISTS (SELECT FROM pg_stat_wal_receiver) THEN 0
    ELSE EXTRACT(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())
END::float8
"""

log = logging.getLogger(__name__)
_Read = TypeVar("_Read")


class _State:
    """What this process knows of the replica; one for all threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._usable = False
        self._until = 0.0

    def known(self) -> bool | None:
        """Whether it may be read; None where that must be asked again."""
        with self._lock:
            return self._usable if monotonic() < self._until else None

    def note(self, *, usable: bool, seconds: float) -> None:
        """Keep this answer for so long."""
        with self._lock:
            self._usable, self._until = usable, monotonic() + seconds

    def forget(self) -> None:
        """Ask anew."""
        with self._lock:
            self._until = 0.0


state = _State()


def read_with(read: Callable[[str], _Read], *, has_written: bool | None = None) -> _Read:
    """What ``read`` returns, given the alias to read from; for a replica that fails the primary stands in.

    ``has_written`` says whether this transaction has written what is read; not said, any transaction has.
    """
    if has_written is None:
        has_written = connections[DEFAULT_DB_ALIAS].in_atomic_block
    alias = DEFAULT_DB_ALIAS if has_written else _alias()
    if alias == DEFAULT_DB_ALIAS:
        return read(alias)
    try:
        return read(alias)
    except Error as error:
        _leave_alone(error)
    return read(DEFAULT_DB_ALIAS)


def _alias() -> str:
    if REPLICA not in connections.settings:
        return DEFAULT_DB_ALIAS
    usable = state.known()
    if usable is None:
        usable = _ask()
    return REPLICA if usable else DEFAULT_DB_ALIAS


def _ask() -> bool:
    try:
        with connections[REPLICA].cursor() as cursor:
            cursor.execute(LAG)
            (lag,) = cursor.fetchone()
    except Error as error:
        _leave_alone(error)
        return False
    usable = lag is not None and lag <= settings.HELFER_REPLICA_MAX_LAG_SECONDS
    state.note(usable=usable, seconds=ASKED_EVERY_SECONDS)
    if not usable:
        log.warning("replica is not read: %s", "it follows nobody" if lag is None else f"{lag:.0f} s behind")
    return usable


def _leave_alone(error: Error) -> None:
    state.note(usable=False, seconds=REST_SECONDS)
    log.warning("replica is not read: %s", type(error.__cause__ or error).__name__)
    with suppress(Error):
        connections[REPLICA].close()

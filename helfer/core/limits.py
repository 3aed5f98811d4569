"""How often a stranger may try something; who it was is kept as a digest, and for the time counted alone."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
# What only reads: enough for a library where everybody sits behind one network address.
MOST_READS_A_MINUTE = 240


def is_too_often(what: str, who: str, *, most: int, seconds: int) -> bool:
    """Count this try; whether there were more than so many in this time."""
    key = _key(what, who)
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) > most
    except ValueError:
        # It ran out between the two lines.
        cache.set(key, 1, seconds)
        return False


def give_back(what: str, who: str) -> None:
    """Uncount a try that turned out to be a right one."""
    with suppress(ValueError):
        cache.decr(_key(what, who))


def _key(what: str, who: str) -> str:
    return "tries:" + salted_hmac(f"helfer.tries.{what}", who, algorithm="sha256").hexdigest()


def reads_too_often(what: str, who: Callable[[], str]) -> bool:
    """The same for what everybody may read: while nobody can count, nobody is stopped.

    ``who`` may find that it does not know (PermissionDenied): all whom it does not know count together.
    """
    try:
        reader = who()
    except PermissionDenied:
        reader = ""
    try:
        return is_too_often(what, reader, most=MOST_READS_A_MINUTE, seconds=MINUTE)
    except RedisError:
        return False

"""How often a stranger may try something: by network address and by phone number, without a captcha."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

HOUR = 60 * 60
DAY = 24 * HOUR
# Filled in by programs only; people do not see it.
TRAP = "homepage"
# Nobody reads and answers all the questions sooner.
QUICKEST_SECONDS = 20


def address_of_visitor(request: HttpRequest) -> str:
    """The network address, behind our own proxies the one that they name."""
    return str(get_adapter().get_client_ip(request))


def is_too_often(what: str, who: str, *, most: int, seconds: int) -> bool:
    """Count this try; whether there were more than so many in this time. Who it was is kept as a digest."""
    key = "tries:" + salted_hmac(f"helfer.tries.{what}", who, algorithm="sha256").hexdigest()
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) > most
    except ValueError:
        # It ran out between the two lines.
        cache.set(key, 1, seconds)
        return False

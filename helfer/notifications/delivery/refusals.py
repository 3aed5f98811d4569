"""What can go wrong on the way, by what follows from it."""

from __future__ import annotations


class DeliveryFailed(Exception):
    """It did not leave; the reason is a short German sentence for the desk, without any address."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Unreachable(DeliveryFailed):
    """Not now: it is worth trying again later."""


class Refused(DeliveryFailed):
    """Not this way: trying again would not help."""

"""A kind of message that needs nothing to speak of."""

from __future__ import annotations

from helfer.notifications.kinds import Letter, notice
from helfer.people.models import Person


@notice("soak")
def soak(*, subject_id: int, recipient: Person, occasion: str) -> Letter | None:
    return Letter("Probe", [])

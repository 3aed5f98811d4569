"""What somebody without an account has typed so far: kept for them alone, and only for a while.

The session holds a random name, the cache what was typed. On somebody else's computer it vanishes by itself a
quarter of an hour after the last press of a button; nothing of it stands in an address or in the database.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

IDLE_SECONDS_ELSEWHERE = 15 * 60

Raw = dict[str, list[str]]


@dataclass
class Answers:
    """One person's answers, page by page, as they were typed."""

    name: str
    started_at: float
    is_elsewhere: bool
    typed: dict[str, Raw] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    # What the last page shows, once everything has been sent.
    sent: dict[str, str] = field(default_factory=dict)
    office_id: int | None = None
    is_at_summary: bool = False

    def said(self, page: str, field_name: str) -> str:
        """The answer to one question; empty where it was not asked."""
        values = self.typed.get(page, {}).get(field_name, []) if page in self.done else []
        return values[-1] if values else ""

    def keep(self) -> None:
        """Keep the answers for another while."""
        seconds = IDLE_SECONDS_ELSEWHERE if self.is_elsewhere else settings.SESSION_COOKIE_AGE
        cache.set(f"answers:{self.name}", self, seconds)


def answers_of(request: HttpRequest, journey: str) -> Answers | None:
    """What this browser's person has typed on this journey, if it is still there."""
    name = request.session.get(journey)
    answers: Answers | None = cache.get(f"answers:{name}") if name else None
    return answers


def begin(request: HttpRequest, journey: str, *, is_elsewhere: bool, at: float) -> Answers:
    """Begin anew; what was there before is gone."""
    forget(request, journey)
    answers = Answers(name=secrets.token_urlsafe(24), started_at=at, is_elsewhere=is_elsewhere)
    answers.keep()
    request.session[journey] = answers.name
    return answers


def forget(request: HttpRequest, journey: str) -> None:
    """Let nothing of it stay."""
    name = request.session.pop(journey, None)
    if name:
        cache.delete(f"answers:{name}")

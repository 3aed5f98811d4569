"""What somebody without an account has typed so far: kept for them alone, and only for a while.

The session holds a random name, the cache what was typed. On somebody else's computer it vanishes by itself a
quarter of an hour after the last press of a button; nothing of it stands in an address or in the database.

Who has a link mailed may go on for a week: from the own device with these answers, from somebody else's with
a copy of them, so that nothing is left there.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

IDLE_SECONDS_ELSEWHERE = 15 * 60
KEPT_DAYS = 7

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
    # A link to them was mailed.
    is_kept: bool = False
    # The name of those of which these are a copy: all of them together are sent once.
    copied_from: str = ""

    def said(self, page: str, field_name: str) -> str:
        """The answer to one question; empty where it was not asked."""
        values = self.typed.get(page, {}).get(field_name, []) if page in self.done else []
        return values[-1] if values else ""

    # What led here, where something did.
    about: str = ""
    # Files that were sent along; each is kept beside the answers.
    files: set[str] = field(default_factory=set)

    @property
    def first_name(self) -> str:
        """The name that these answers share with all copies of them."""
        return self.copied_from or self.name

    @property
    def is_sent_already(self) -> bool:
        """Whether they were sent from another device, so that these here are a copy of what has arrived."""
        return cache.get(f"answers-sent:{self.first_name}") is not None

    def note_sent(self) -> None:
        """Let no copy be sent a second time."""
        cache.set(f"answers-sent:{self.first_name}", True, KEPT_DAYS * 24 * 60 * 60)

    @property
    def _seconds(self) -> int:
        if self.is_elsewhere:
            return IDLE_SECONDS_ELSEWHERE
        return KEPT_DAYS * 24 * 60 * 60 if self.is_kept else int(settings.SESSION_COOKIE_AGE)

    def keep(self) -> None:
        """Keep the answers for another while."""
        cache.set(f"answers:{self.name}", self, self._seconds)
        for name in self.files:
            cache.touch(self._place_of(name), self._seconds)

    def keep_file(self, name: str, content: bytes) -> None:
        """Keep a file; one that was sent before under this name goes."""
        cache.set(self._place_of(name), content, self._seconds)
        self.files.add(name)

    def file(self, name: str) -> bytes | None:
        """The file that was sent, if it is still there."""
        content: bytes | None = cache.get(self._place_of(name)) if name in self.files else None
        return content

    def forget_files(self) -> None:
        """Let no file stay."""
        cache.delete_many([self._place_of(name) for name in self.files])

    def _place_of(self, name: str) -> str:
        return f"answers:{self.name}:{name}"


def answers_of(request: HttpRequest, journey: str) -> Answers | None:
    """What this browser's person has typed on this journey, if it is still there."""
    name = request.session.get(journey)
    return answers_named(name) if name else None


def answers_named(name: str) -> Answers | None:
    """The answers that are kept under this name, if they are still there."""
    answers: Answers | None = cache.get(f"answers:{name}")
    return answers


def kept_for_later(answers: Answers) -> str:
    """Keep them longer; the name under which to go on."""
    if not answers.is_elsewhere:
        answers.is_kept = True
        answers.keep()
        return answers.name
    return _copied(answers, is_elsewhere=False).name


def _copied(answers: Answers, *, is_elsewhere: bool) -> Answers:
    copy = replace(
        answers,
        name=secrets.token_urlsafe(24),
        is_elsewhere=is_elsewhere,
        is_kept=True,
        files=set(),
        copied_from=answers.first_name,
    )
    for name in answers.files:
        content = answers.file(name)
        if content is not None:
            copy.keep_file(name, content)
    copy.keep()
    return copy


def take_up(request: HttpRequest, journey: str, waiting: Answers, *, is_elsewhere: bool) -> Answers:
    """Go on with them in this browser; on somebody else's device with a copy that does not stay."""
    if request.session.get(journey) == waiting.name:
        return waiting
    forget(request, journey)
    answers = _copied(waiting, is_elsewhere=True) if is_elsewhere else waiting
    request.session[journey] = answers.name
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
    answers = answers_of(request, journey)
    name = request.session.pop(journey, None)
    if answers is not None:
        answers.forget_files()
    if name:
        cache.delete(f"answers:{name}")

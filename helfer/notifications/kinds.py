"""Which kinds of messages there are, and the words of each.

An e-mail or SMS says the constant words of its kind, never anything of its subject: so no other person,
address, role or code word can get in. The details are rendered for a letter, or for the reader's page.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from helfer.people.models import Person

from .models import Message

logger = logging.getLogger(__name__)

NEWS_SUBJECT = _("Es gibt Neues für Sie")
NEWS_TEXT = _("Es gibt Neues für Sie.")


@dataclass(frozen=True)
class Letter:
    """The details: subject line, paragraphs after the greeting, and facts as label and value."""

    subject: str
    paragraphs: Sequence[str]
    facts: Sequence[tuple[str, str]] = field(default=())


class Renderer(Protocol):
    """Renders a message's details by ids; None means that there is nothing to say any more."""

    def __call__(self, *, subject_id: int, recipient: Person, occasion: str) -> Letter | None: ...


R = TypeVar("R", bound=Renderer)


@dataclass(frozen=True)
class Notice:
    """A kind of message: its constant short words, whether it may go by SMS, and who renders its details."""

    kind: str
    subject: str | Promise
    text: str | Promise
    sms: bool
    render: Renderer


_notices: dict[str, Notice] = {}


def notice(
    kind: str,
    *,
    subject: str | Promise = NEWS_SUBJECT,
    text: str | Promise = NEWS_TEXT,
    sms: bool = True,
) -> Callable[[R], R]:
    """Register the decorated renderer for a kind of message."""

    def register(render: R) -> R:
        known = _notices.get(kind)
        if known is not None and known.render is not render:
            raise ValueError(f"the kind {kind!r} is registered twice")
        _notices[kind] = Notice(kind, subject, text, sms, render)
        return render

    return register


def notice_of(kind: str) -> Notice:
    """The registered kind; ``LookupError`` where there is none."""
    try:
        return _notices[kind]
    except KeyError:
        raise LookupError(f"no app registers the kind of message {kind!r}") from None


def all_notices() -> list[Notice]:
    """Every registered kind, by name."""
    return [_notices[kind] for kind in sorted(_notices)]


@contextmanager
def in_language_of(person: Person) -> Iterator[str]:
    """Speak the person's language as long as the block lasts, German where we do not have it."""
    language = person.language if person.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(language):
        yield language


def letter_for(message: Message) -> Letter | None:
    """The message's details in the recipient's language; None where there is nothing to say any more."""
    with in_language_of(message.recipient):
        try:
            return notice_of(message.kind).render(
                subject_id=message.subject_id, recipient=message.recipient, occasion=message.occasion
            )
        except ObjectDoesNotExist:
            logger.info("message %s has lost its subject", message.pk)
            return None

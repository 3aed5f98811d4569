"""E-mail: short words, and a Message-ID that stays the same whenever the same message is sent again."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import BadHeaderError, EmailMessage
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from helfer.notifications.models import Message

from .refusals import Refused, Unreachable
from .wording import short_words


def reference_of(message_id: int, *, of: str = "helfer.notifications") -> str:
    """The same for the same message at every repetition; nobody outside can guess or count it."""
    token = salted_hmac(of, str(message_id), algorithm="sha256").hexdigest()[:32]
    return f"{token}@{_domain()}"


def _domain() -> str:
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return address.rpartition("@")[2] or "localhost"


@contextmanager
def faults_by_consequence() -> Iterator[None]:
    """Says of whatever a mail server answers whether trying again would help.

    Raises ``Unreachable`` or ``Refused``.
    """
    try:
        yield
    except smtplib.SMTPRecipientsRefused as refused:
        if all(code >= 500 for code, _words in refused.recipients.values()):
            raise Refused(_("Der Mailserver nimmt für diese E-Mail-Adresse nichts an.")) from refused
        raise Unreachable(_("Der Mailserver nimmt die E-Mail gerade nicht an.")) from refused
    except smtplib.SMTPDataError as refused:
        if refused.smtp_code >= 500:
            raise Refused(_("Der Mailserver hat die E-Mail abgelehnt.")) from refused
        raise Unreachable(_("Der Mailserver nimmt die E-Mail gerade nicht an.")) from refused
    except (BadHeaderError, UnicodeError, ValueError, smtplib.SMTPNotSupportedError) as malformed:
        raise Refused(_("An diese E-Mail-Adresse kann nichts gesendet werden.")) from malformed
    # A refused sender or password is our own fault, not the recipient's: it is mended, then sent.
    except (smtplib.SMTPException, OSError) as broken:
        raise Unreachable(_("Der Mailserver ist nicht erreichbar.")) from broken


def send_email(message: Message) -> None:
    """Hand the message to the mail server.

    Raises ``Unreachable`` or ``Refused``.
    """
    words = short_words(message)
    office = message.office
    with faults_by_consequence():
        EmailMessage(
            subject=words["subject"],
            body=render_to_string("notifications/email.txt", words),
            from_email=formataddr((words["sender"], parseaddr(settings.DEFAULT_FROM_EMAIL)[1])),
            to=[message.recipient.email],
            reply_to=[office.email] if office and office.email else None,
            headers={
                "Message-ID": f"<{message.reference}>",
                "Auto-Submitted": "auto-generated",
                "X-Auto-Response-Suppress": "All",
            },
        ).send()

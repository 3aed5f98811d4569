"""SMS: a small interface; which gateway stands behind it is a setting."""

from __future__ import annotations

import logging
from typing import Protocol

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.module_loading import import_string

from helfer.notifications.models import Message

from .wording import short_words

logger = logging.getLogger(__name__)


class SmsGateway(Protocol):
    """Hands a text to the phone network.

    ``reference`` is the same whenever the same message is sent again, so that the gateway can tell.
    Raises ``Unreachable`` (try again) or ``Refused`` (never for this number).
    """

    def send(self, reference: str, to: str, text: str) -> None: ...


class LogGateway:
    """For development: the text goes to the log, of the number only the last digits."""

    def send(self, reference: str, to: str, text: str) -> None:
        logger.info("SMS %s to …%s: %s", reference, to[-3:], text)


def configured_gateway() -> SmsGateway | None:
    """The installation's gateway, or None where it sends no SMS."""
    path: str = settings.HELFER_SMS_GATEWAY
    if not path:
        return None
    gateway: SmsGateway = import_string(path)()
    return gateway


def send_sms(message: Message) -> None:
    """Hand the message to the gateway.

    Raises ``Unreachable`` or ``Refused``.
    """
    gateway = configured_gateway()
    assert gateway is not None  # noqa: S101  the way is only chosen where there is one
    words = short_words(message)
    text = " ".join(render_to_string("notifications/sms.txt", words).split())
    gateway.send(message.reference, message.recipient.mobile.as_e164, text)

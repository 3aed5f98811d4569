"""What every way out says alike: who writes, where to call, where to sign in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from helfer.notifications.kinds import notice_of
from helfer.notifications.models import Message
from helfer.people.models import Office, User


def sender_name(office: Office | None) -> str:
    """The office's name; where a message belongs to none, all of the city's offices."""
    if office is not None:
        return office.name
    return _("Seniorenbüros in %(town)s") % {"town": settings.HELFER_MUNICIPALITY[1]}


def short_words(message: Message) -> dict[str, Any]:
    """What the templates of e-mail and SMS may know: nothing of the message's subject."""
    notice = notice_of(message.kind)
    may_sign_in = User.objects.filter(person=message.recipient_id, is_active=True).exists()
    return {
        "subject": str(notice.subject),
        "text": str(notice.text),
        "recipient": message.recipient,
        "sender": sender_name(message.office),
        "phone": message.office.phone if message.office else "",
        "sign_in_url": settings.HELFER_SIGN_IN_URL if may_sign_in else "",
    }

"""Mails of the sign-in: an outbox of their own, since they go to typed addresses and hold secrets."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction

from helfer.notifications.delivery.refusals import Refused, Unreachable
from helfer.notifications.delivery.sign_in_mail import send_sign_in_mail
from helfer.notifications.doorbell import DELIVER_SIGN_IN_MAIL, doorbell
from helfer.notifications.models import SignInMail

logger = logging.getLogger(__name__)

FIRST_WAIT = timedelta(seconds=20)
# So many in a row that nothing can be sent right now: the rest waits for the next sweep.
GIVE_UP_AFTER = 3


@transaction.atomic
def post_sign_in_mail(
    *, template: str, to: str, language: str, code: str, at: datetime, good_until: datetime
) -> SignInMail:
    """Lay a mail down, alike for every address: whether somebody is meant is asked when it leaves."""
    mail = SignInMail.objects.create(
        template=template,
        content={"to": to, "language": language, "code": code},
        created_at=at,
        due_at=at,
        good_until=good_until,
    )
    transaction.on_commit(lambda: doorbell.call(DELIVER_SIGN_IN_MAIL, mail_id=mail.pk), robust=True)
    return mail


def deliver_sign_in_mails(*, at: datetime, limit: int = 500) -> int:
    """Forget what has run out, send what is due, and say how many are settled."""
    SignInMail.objects.run_out(at).delete()
    settled = failures = 0
    for mail_id in list(SignInMail.objects.due(at).values_list("pk", flat=True)[:limit]):
        is_settled = deliver_sign_in_mail(mail_id=mail_id, at=at)
        if is_settled:
            settled += 1
            failures = 0
        elif is_settled is False:
            failures += 1
            if failures >= GIVE_UP_AFTER:
                break
    return settled


def deliver_sign_in_mail(*, mail_id: int, at: datetime) -> bool | None:
    """Send one due mail and forget it; whether it is settled, None where there is nothing to do."""
    with transaction.atomic(durable=True):
        mail = SignInMail.objects.due(at).select_for_update(skip_locked=True).filter(pk=mail_id).first()
        if mail is None:
            return None
        try:
            with transaction.atomic():
                send_sign_in_mail(mail)
        except Unreachable as unreachable:
            logger.warning("a mail of the sign-in waits: %s", unreachable.reason)
        except Refused as refused:
            logger.warning("a mail of the sign-in is given up: %s", refused.reason)
            mail.delete()
            return True
        except Exception:  # a fault in one mail's words must not stop the others
            logger.exception("mail %s of the sign-in cannot be written or sent", mail.pk)
        else:
            mail.delete()
            return True
        # As long again as it has waited so far: often while somebody sits before the page, seldom later.
        mail.due_at = at + max(FIRST_WAIT, at - mail.created_at)
        mail.save(update_fields=["due_at"])
        return False

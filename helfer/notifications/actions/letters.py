"""Letters, collected for printing."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from helfer.core.days import berlin_day
from helfer.core.errors import Conflict
from helfer.notifications.delivery.letter import Sheet, letters_as_pdf
from helfer.notifications.kinds import letter_for
from helfer.notifications.models import Message, MessageState, PrintBatch
from helfer.notifications.permissions import must_handle_messages_of
from helfer.people.models import Office, User


@transaction.atomic
def print_letters(*, office: Office | None, by: User, at: datetime) -> PrintBatch:
    """Make one batch of all letters of this office that wait, and mark them printed.

    What need not be said any more, or not to this recipient, is cancelled instead.
    """
    must_handle_messages_of(office, user=by, on=berlin_day(at))
    waiting = list(
        Message.objects.of_office(office)
        .to_print()
        .select_related("recipient")
        .select_for_update(of=("self",))
    )
    if not waiting:
        raise Conflict(_("Es warten keine Briefe auf den Druck."), code="nothing_to_print")
    printed = []
    for message in waiting:
        if message.recipient.can_get_mail and letter_for(message) is not None:
            message.state, message.sent_at = MessageState.PRINTED, at
            printed.append(message)
        else:
            message.state = MessageState.CANCELLED
            message.save(update_fields=["state"])
    batch = PrintBatch.objects.create(office=office, printed_by=by, printed_at=at)
    for message in printed:
        message.print_batch = batch
    Message.objects.bulk_update(printed, ["state", "sent_at", "print_batch"])
    return batch


def letters_pdf(*, batch_id: int, by: User, at: datetime) -> bytes:
    """The batch's letters as one PDF, as often as the printer eats the paper; nobody writes to the dead."""
    batch = PrintBatch.objects.select_related("office").get(pk=batch_id)
    must_handle_messages_of(batch.office, user=by, on=berlin_day(at))
    sheets = []
    for message in batch.messages.select_related("recipient", "office").order_by("pk"):
        letter = letter_for(message) if message.recipient.can_get_mail else None
        if letter is not None:
            sheets.append(Sheet(message, letter))
    if not sheets:
        raise Conflict(_("Von diesen Briefen ist keiner mehr gültig."), code="nothing_to_print")
    return letters_as_pdf(sheets, on=berlin_day(batch.printed_at))

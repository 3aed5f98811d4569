"""Messages for tests: ``MessageFactory(by_letter=True)``."""

from __future__ import annotations

from datetime import UTC, datetime

import factory

from helfer.notifications.models import DeliveryChannel, Message, MessageState, PrintBatch

from .people import OfficeFactory, PersonFactory, UserFactory


class MessageFactory(factory.django.DjangoModelFactory[Message]):
    """A message that waits in the outbox; one of a registered kind where it shall be delivered."""

    class Meta:
        model = Message

    class Params:
        to_print = factory.Trait(state=MessageState.TO_PRINT, channel=DeliveryChannel.LETTER)
        failed = factory.Trait(state=MessageState.FAILED, failure="Bitte rufen Sie an.")

    kind = "match_ended"
    subject_id = factory.Sequence(lambda n: n + 1)
    recipient = factory.SubFactory(PersonFactory)
    office = factory.SubFactory(OfficeFactory)
    created_at = due_at = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class PrintBatchFactory(factory.django.DjangoModelFactory[PrintBatch]):
    class Meta:
        model = PrintBatch

    office = factory.SubFactory(OfficeFactory)
    printed_by = factory.SubFactory(UserFactory, tandem=True)
    printed_at = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

"""Canaries in every registered kind of message: e-mail and SMS do not carry them, the letters do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.core import mail

from helfer.matching.lifecycle import MatchState
from helfer.matching.models import Match
from helfer.notifications.actions import deliver_message
from helfer.notifications.kinds import all_notices, letter_for, notice_of
from helfer.notifications.models import DeliveryChannel, Message, MessageState
from helfer.people.models import CareLevel, Person
from tests.factories.catalogue import RoleFactory
from tests.factories.helpers import CertificateFactory, HelperProfileFactory
from tests.factories.matching import IncidentFactory, MatchFactory
from tests.factories.people import PersonFactory, RepresentativeFactory, UserFactory

from .conftest import Gateway

ROLE = "Kanarienpflege"
NAMES = ("Gimpel", "Zeisig")
ADDRESSES = ("Finkenschlag", "Meisenwinkel")
REMARKS = ("Demenz", "Pflegegrad")


def a_match(to: MatchState) -> Match:
    """Two people, a role and remarks that nobody else may read."""
    match = MatchFactory(
        to=to,
        request__role=RoleFactory(name=ROLE),
        request__help_seeker__care_level=CareLevel.THREE,
        request__help_seeker__remark=" ".join(REMARKS),
        request__help_seeker__person__family_name=NAMES[0],
        request__help_seeker__person__street=ADDRESSES[0],
        helper__person__family_name=NAMES[1],
        helper__person__street=ADDRESSES[1],
    )
    IncidentFactory(match=match)
    return match


def subjects() -> Iterator[tuple[int, Person]]:
    """What a message can be about, and to whom: mostly a stranger, so that every name is another person's."""
    yield UserFactory(helper=True).pk, PersonFactory()
    proof = CertificateFactory(training__name=ROLE, training__validity_months=24)
    yield proof.pk, proof.helper.person
    newcomer = HelperProfileFactory()
    yield newcomer.pk, newcomer.person
    asked = a_match(MatchState.PROPOSED).request
    yield asked.pk, RepresentativeFactory(help_seeker=asked.help_seeker).person
    for state in MatchState:
        yield a_match(state).pk, PersonFactory()


def say(kind: str, subject_id: int, recipient: Person, at: datetime, occasion: str = "") -> Message:
    message = Message.objects.create(
        kind=kind, subject_id=subject_id, recipient=recipient, occasion=occasion, created_at=at, due_at=at
    )
    deliver_message(message_id=message.pk, at=at)
    message.refresh_from_db()
    return message


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [known.kind for known in all_notices()])
def test_no_email_and_no_sms_of_any_kind_names_another_person_address_role_or_code_word(
    kind: str, now: datetime, gateway: type[Gateway]
) -> None:
    channels = set()
    letters = []
    for subject_id, recipient in subjects():
        for fields in ({}, {"email": "", "mobile": "+491701234567"}):
            Person.objects.filter(pk=recipient.pk).update(**fields)
            recipient.refresh_from_db()
            message = say(kind, subject_id, recipient, now, occasion=str(bool(fields)))
            if message.state == MessageState.SENT:
                channels.add(message.channel)
                letters.append(letter_for(message))
        if DeliveryChannel.SMS in channels or (channels and not notice_of(kind).sms):
            break
    said = "".join(sent.message().as_string() + sent.body for sent in mail.outbox)
    said += "".join(text for _reference, _to, text in gateway.sent)
    assert DeliveryChannel.EMAIL in channels, "no situation here makes this kind speak: add one"
    assert all(letters)
    leaked = [word for word in (*NAMES, *ADDRESSES, ROLE, *REMARKS) if word.lower() in said.lower()]
    assert leaked == []


@pytest.mark.django_db
def test_the_letter_of_an_approved_match_tells_the_helper_where_to_go(now: datetime) -> None:
    match = a_match(MatchState.APPROVED)
    Person.objects.filter(pk=match.helper.person_id).update(email="")
    match.helper.person.refresh_from_db()
    message = say("match_approved", match.pk, match.helper.person, now)
    assert message.state == MessageState.TO_PRINT
    letter = letter_for(message)
    assert letter is not None
    told = f"{letter.subject} {letter.paragraphs} {letter.facts}"
    assert NAMES[0] in told
    assert ADDRESSES[0] in told
    assert ROLE in told
    assert [word for word in REMARKS if word in told] == []


@pytest.mark.django_db
def test_once_the_match_is_over_its_letter_says_nothing_any_more(now: datetime) -> None:
    match = a_match(MatchState.ENDED)
    assert say("match_approved", match.pk, match.helper.person, now).state == MessageState.CANCELLED

"""Somebody asks for help without an account."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime

import pytest

from helfer.core.errors import Conflict, NotAllowed
from helfer.help_requests import actions
from helfer.help_requests.actions import AskedBy, AskedForHelp, RequestDetails
from helfer.help_requests.models import HelpRequest, RequestState
from helfer.help_requests.status_codes import request_of
from helfer.notifications.kinds import letter_for
from helfer.notifications.models import Message
from helfer.people.actions import PersonDetails
from helfer.people.call_back import call_back_by
from helfer.people.models import (
    CareLevel,
    Channel,
    Consent,
    ConsentKind,
    OfficeHoliday,
    Person,
    Representative,
)
from helfer.people.places_of_persons import NewAddress
from tests.factories.catalogue import RoleFactory
from tests.factories.people import OfficeFactory, PersonFactory
from tests.matching.public_town import build_town, home_in

pytestmark = pytest.mark.django_db

PHONE = "+492315550101"
ERNA = PersonDetails(family_name="Müller", given_name="Erna", phone=PHONE)
KEEP = ConsentKind.KEEP_HEALTH_DATA


def asked(**changes: object) -> AskedForHelp:
    address = NewAddress(street="Lindenhof", house_number="3", postcode="44137", point=home_in(0))
    return replace(
        AskedForHelp(person=ERNA, address=address, phone=PHONE, request=RequestDetails()), **changes
    )


def test_what_is_asked_without_an_account_lands_at_the_office_of_the_district(now: datetime) -> None:
    quarters = build_town()
    office = OfficeFactory(districts=[quarters[0].district])
    role = RoleFactory()
    request, code = actions.ask_for_help(
        asked=asked(
            request=RequestDetails(role=role, times=["mo-vm"]),
            care_level=CareLevel.TWO,
            consents=[KEEP, ConsentKind.TELL_HELPER],
        ),
        at=now,
    )
    request.refresh_from_db()
    assert (request.office, request.state, request.role) == (office, RequestState.SUBMITTED, role)
    assert re.fullmatch(r"A-[0-9]{5}", request.number)
    assert request.received_on == date(2026, 11, 23)
    assert request.help_seeker.care_level == CareLevel.TWO
    assert request.help_seeker.person.street == "Lindenhof"
    given = Consent.objects.filter(person=request.help_seeker.person)
    assert {(each.kind, each.channel) for each in given} == {
        (KEEP, Channel.ONLINE),
        (ConsentKind.TELL_HELPER, Channel.ONLINE),
    }
    assert request_of(code=code.lower().replace("-", " "), phone=PHONE) == request
    assert request_of(code=code, phone="+492315550102") is None
    assert request_of(code="AAAAA-AAAAA", phone=PHONE) is None
    assert code not in str(vars(request.status_code))


def test_without_an_office_it_is_the_coordinations(now: datetime) -> None:
    request, _code = actions.ask_for_help(asked=asked(), at=now)
    assert request.office is None
    assert request.help_seeker.office is None


def test_a_stranger_becomes_a_new_record_even_under_a_known_name_and_number(now: datetime) -> None:
    known = PersonFactory(family_name="Müller", given_name="Erna", phone=PHONE, street="Anderswo")
    request, _code = actions.ask_for_help(asked=asked(), at=now)
    known.refresh_from_db()
    assert request.help_seeker.person != known
    assert known.street == "Anderswo"
    assert Person.objects.count() == 2


def test_a_relatives_word_opens_nothing(now: datetime) -> None:
    daughter = AskedBy(details=PersonDetails(family_name="Weit", phone=PHONE), relation="Tochter oder Sohn")
    request, _code = actions.ask_for_help(asked=asked(asked_by=daughter), at=now)
    speaker = Representative.objects.get(help_seeker=request.help_seeker)
    assert (speaker.may_consent, speaker.may_sign, speaker.may_be_told) == (False, False, False)
    for changes in ({"consents": [KEEP]}, {"care_level": CareLevel.ONE}):
        with pytest.raises(NotAllowed):
            actions.ask_for_help(asked=asked(asked_by=daughter, **changes), at=now)
    assert not Consent.objects.exists()
    assert HelpRequest.objects.count() == 1


def test_no_care_level_is_kept_without_a_yes_to_it(now: datetime) -> None:
    with pytest.raises(Conflict):
        actions.ask_for_help(asked=asked(care_level=CareLevel.TWO), at=now)
    assert not Person.objects.exists()


def test_the_confirmation_says_the_number_and_nothing_of_the_matter(now: datetime) -> None:
    role = RoleFactory(name="Begleitung zum Arzt")
    request, code = actions.ask_for_help(
        asked=asked(request=RequestDetails(role=role), wants_confirmation=True), at=now
    )
    message = Message.objects.get()
    assert (message.kind, message.recipient) == ("request_received", request.help_seeker.person)
    letter = letter_for(message)
    assert letter is not None
    words = f"{letter.subject} {letter.paragraphs} {letter.facts}"
    assert request.number in words
    assert "Mittwoch, 25. November" in words
    assert "Arzt" not in words
    assert code not in words


def test_the_office_calls_back_when_it_is_open() -> None:
    office = OfficeFactory()
    OfficeHoliday.objects.create(office=office, from_day=date(2026, 12, 24), until_day=date(2026, 12, 31))
    assert call_back_by(None, received_on=date(2026, 11, 27)) == date(2026, 12, 1)
    assert call_back_by(office, received_on=date(2026, 12, 23)) == date(2027, 1, 4)

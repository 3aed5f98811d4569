"""Somebody without an account says who they are: nobody checked it, so it is always a record of its own.

Nothing is compared with those who are known already: the answer would tell a stranger who is. An office that
sees both makes one of the two.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from helfer.core.validity import must_be_valid
from helfer.people.actions.persons import PersonDetails, _write, office_for
from helfer.people.models import (
    CareLevel,
    Channel,
    Consent,
    ConsentKind,
    HelpSeeker,
    Person,
    Representative,
    RepresentativeKind,
)
from helfer.people.places_of_persons import NewAddress, settle


@transaction.atomic
def enter_stranger(*, details: PersonDetails, address: NewAddress | None = None) -> Person:
    """Keep who somebody says they are, in a record of its own."""
    person = Person()
    _write(person, details)
    if address is not None:
        settle(person, address)
    must_be_valid(person)
    person.save()
    # District and quarter are the database's.
    person.refresh_from_db(fields=["district", "quarter"])
    return person


@transaction.atomic
def enter_stranger_as_seeker(
    *, details: PersonDetails, address: NewAddress | None, care_level: CareLevel = CareLevel.NONE
) -> HelpSeeker:
    """Let them be helped by the office of their district; where there is none, by nobody yet."""
    person = enter_stranger(details=details, address=address)
    seeker = HelpSeeker(person=person, office=office_for(person), care_level=care_level)
    must_be_valid(seeker)
    seeker.save()
    return seeker


@transaction.atomic
def enter_strangers_relative(*, seeker: HelpSeeker, details: PersonDetails, relation: str) -> Representative:
    """Keep who asked for the help seeker; that gives them no power, and nothing may be told to them yet."""
    representative = Representative(
        person=enter_stranger(details=details),
        help_seeker=seeker,
        kind=RepresentativeKind.RELATIVE,
        relation=relation.strip(),
    )
    must_be_valid(representative)
    representative.save()
    return representative


@transaction.atomic
def note_strangers_consents(
    *, person: Person, texts: Collection[tuple[ConsentKind, str]], at: datetime
) -> None:
    """Keep what somebody said yes to for themselves, each with the version of its text."""
    for kind, text_version in texts:
        consent = Consent(
            person=person, kind=kind, text_version=text_version, channel=Channel.ONLINE, given_at=at
        )
        must_be_valid(consent)
        consent.save()

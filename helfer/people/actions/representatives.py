"""Who speaks for a help seeker: kinship gives no power, a paper that staff saw does."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from helfer.core.days import berlin_day
from helfer.core.errors import Conflict, NotAllowed
from helfer.core.validity import must_be_valid
from helfer.people.actions.persons import PersonDetails, take_down_person
from helfer.people.models import (
    HelpSeeker,
    Person,
    Representative,
    RepresentativeArea,
    RepresentativeKind,
    User,
)
from helfer.people.permissions import can_act_for_office, can_decide_for, must_be_uninvolved


def _locked(representative_id: int) -> Representative:
    found = (
        Representative.objects.select_for_update(of=("self",))
        .select_related("help_seeker__office", "person")
        .filter(pk=representative_id)
        .first()
    )
    if found is None:
        raise Conflict(_("Diese Vertretung gibt es nicht."))
    return found


@transaction.atomic
def add_representative(
    *,
    help_seeker_id: int,
    person: Person | PersonDetails,
    kind: RepresentativeKind,
    by: User,
    at: datetime,
    relation: str = "",
    corrections: PersonDetails | None = None,
) -> Representative:
    """Note somebody, known or new, who speaks for a help seeker; they may decide nothing yet."""
    seeker = (
        HelpSeeker.objects.select_for_update(of=("self",)).select_related("office").get(pk=help_seeker_id)
    )
    can_act_for_office(by, seeker.office, on=berlin_day(at))
    person = take_down_person(person=person, corrections=corrections, by=by, at=at)
    if person.pk == seeker.person_id:
        raise Conflict(_("Niemand vertritt sich selbst."), field="person")
    representative = Representative(person=person, help_seeker=seeker, kind=kind, relation=relation.strip())
    must_be_valid(representative)
    representative.save()
    return representative


@transaction.atomic
def note_paper_seen(
    *,
    representative_id: int,
    area: RepresentativeArea,
    may_consent: bool,
    may_sign: bool,
    seen_on: date,
    by: User,
    at: datetime,
    kind: RepresentativeKind | None = None,
    until_day: date | None = None,
) -> Representative:
    """Staff saw a Vollmacht or a court's order: what it is good for, and until when. No copy is kept."""
    today = berlin_day(at)
    representative = _locked(representative_id)
    can_act_for_office(by, representative.help_seeker.office, on=today)
    # Nobody gives power to themselves or to their own family.
    must_be_uninvolved(by, {representative.person_id, representative.help_seeker.person_id})
    if seen_on > today:
        raise Conflict(_("Dieser Tag liegt in der Zukunft."), field="seen_on")
    if until_day is not None and until_day < seen_on:
        raise Conflict(_("Diese Urkunde war schon abgelaufen, als Sie sie gesehen haben."), field="until_day")
    representative.kind = kind or representative.kind
    representative.area, representative.until_day = area, until_day
    representative.may_consent, representative.may_sign = may_consent, may_sign
    representative.seen_on, representative.seen_by = seen_on, by
    must_be_valid(representative)
    representative.save(
        update_fields=["kind", "area", "until_day", "may_consent", "may_sign", "seen_on", "seen_by"]
    )
    return representative


@transaction.atomic
def withdraw_paper(*, representative_id: int, by: User, at: datetime) -> Representative:
    """The Vollmacht was withdrawn or the court ended its order: nothing may be decided any more."""
    representative = _locked(representative_id)
    can_decide_for(by, representative.help_seeker, on=berlin_day(at))
    representative.may_consent = representative.may_sign = False
    representative.save(update_fields=["may_consent", "may_sign"])
    return representative


@transaction.atomic
def set_persons_choices(
    *, representative_id: int, may_be_told: bool, is_emergency_contact: bool, by: User, at: datetime
) -> Representative:
    """Whom to tell and whom to call in an emergency is the help seeker's own choice."""
    representative = _locked(representative_id)
    can_decide_for(by, representative.help_seeker, on=berlin_day(at))
    if by.person_id == representative.person_id:
        raise NotAllowed(_("Das entscheidet die hilfesuchende Person."), code="persons_own_choice")
    representative.may_be_told = may_be_told
    representative.is_emergency_contact = is_emergency_contact
    representative.save(update_fields=["may_be_told", "is_emergency_contact"])
    return representative


@transaction.atomic
def remove_representative(*, representative_id: int, by: User, at: datetime) -> None:
    """Somebody no longer speaks for the help seeker; who consented for them once stays on record."""
    representative = _locked(representative_id)
    can_decide_for(by, representative.help_seeker, on=berlin_day(at))
    try:
        representative.delete()
    except ProtectedError as error:
        raise Conflict(
            _(
                "Diese Person hat schon für die hilfesuchende Person eingewilligt "
                "und bleibt deshalb eingetragen. Sie können ihr aber alle Befugnisse nehmen."
            ),
            code="has_consented",
        ) from error

"""Who may do what with people, offices and accounts. Each raises ``NotAllowed`` or returns nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from helfer.core.errors import NotAllowed
from helfer.people.models import HelpSeeker, Kind, Office, Person, Tie, TieKind, User
from helfer.people.models.ties import CONFLICTING

# Which kinds of accounts whom may be given by whom.
GIVEN_BY_TANDEM = frozenset({Kind.HELPER, Kind.SEEKER})
GIVEN_BY_COORDINATOR = GIVEN_BY_TANDEM | {Kind.TANDEM, Kind.TRAINING, Kind.EDITOR}
GIVEN_BY_ADMINISTRATOR = frozenset(Kind)


def can_coordinate(user: User) -> None:
    """Offices and seats are the coordinators' matter."""
    if not user.has_kind(Kind.COORDINATOR):
        raise NotAllowed(_("Das kann nur die Geschäftsstelle."), code="not_coordinator")


def can_act_for_office(user: User, office: Office | None, *, on: date) -> None:
    """The office's own people are its tandem's matter; people without an office are the coordinators'."""
    if office is None:
        can_coordinate(user)
    elif not user.seats_on(on).filter(office=office).exists():
        raise NotAllowed(_("Das kann nur das Tandem des zuständigen Seniorenbüros."), code="no_seat")


def can_keep_office(user: User, office: Office, *, on: date) -> None:
    """Opening hours and holidays: the coordinators, and the office's own tandem."""
    if not user.has_kind(Kind.COORDINATOR):
        can_act_for_office(user, office, on=on)


def can_add_people(user: User, *, on: date) -> None:
    """New people are entered by whoever holds a seat, trains helpers or keeps accounts."""
    keeps = (Kind.TRAINING, Kind.COORDINATOR, Kind.ADMINISTRATOR)
    if not any(user.has_kind(kind) for kind in keeps) and not (
        user.has_kind(Kind.TANDEM) and user.seats_on(on).exists()
    ):
        raise NotAllowed(_("Personen kann nur das Büro anlegen."), code="no_seat")


def can_edit_person(user: User, person: Person) -> None:
    """One's own details; those of the own office's people; staff's by those who keep accounts."""
    if not Person.objects.kept_by(user).filter(pk=person.pk).exists():
        raise NotAllowed(_("Diese Person gehört nicht zu Ihrem Büro."), code="foreign_person")


def can_remove_tie(user: User, tie: Tie) -> None:
    """A relation ends at the desk of an office that keeps one of the two, never by one of the two."""
    both = (tie.person_a_id, tie.person_b_id)
    if user.person_id in both or not Person.objects.of_own_offices(user).filter(pk__in=both).exists():
        raise NotAllowed(
            _("Diese Beziehung löscht das Büro, das eine der beiden betreut."), code="foreign_tie"
        )


def can_decide_for(user: User, help_seeker: HelpSeeker, *, on: date) -> None:
    """Choices that are the help seeker's own: by themselves, or told to their office's tandem."""
    if user.person_id != help_seeker.person_id or not user.is_active:
        can_act_for_office(user, help_seeker.office, on=on)


def can_give_kinds(user: User, kinds: Collection[str], *, to: Person | None) -> None:
    """Accounts of staff are given by coordinators and administrators, those of neighbours by the tandem too.

    Nobody changes what they may do themselves.
    """
    if to is not None and to.pk == user.person_id:
        raise NotAllowed(_("Den eigenen Zugang ändert jemand anderes."), code="own_account")
    allowed: frozenset[Kind] = frozenset()
    if user.has_kind(Kind.TANDEM) and to is not None:
        if Person.objects.visible_to(user).filter(pk=to.pk).exists():
            allowed |= GIVEN_BY_TANDEM
    if user.has_kind(Kind.COORDINATOR):
        allowed |= GIVEN_BY_COORDINATOR
    if user.has_kind(Kind.ADMINISTRATOR):
        allowed |= GIVEN_BY_ADMINISTRATOR
    refused = [str(Kind(kind).label) for kind in kinds if Kind(kind) not in allowed]
    if refused or not allowed:
        raise NotAllowed(
            _("Diese Art von Zugang können Sie nicht vergeben: %(kinds)s.")
            % {"kinds": ", ".join(refused) or "–"},
            code="may_not_give_kind",
            field="kinds",
        )


def can_keep_account(user: User, account: User) -> None:
    """Close, reopen, invite, reset: whoever could have given all its kinds."""
    if account.pk == user.pk:
        raise NotAllowed(_("Den eigenen Zugang ändert jemand anderes."), code="own_account")
    can_give_kinds(user, account.kinds, to=account.person)


def can_merge(user: User, persons: Iterable[Person], *, on: date) -> None:
    """Two records are made one by an office's tandem or a coordinator who may see both, never one's own."""
    if not user.has_kind(Kind.COORDINATOR) and not user.seats_on(on).exists():
        raise NotAllowed(_("Personen kann nur das Büro zusammenführen."), code="no_seat")
    for person in persons:
        if person.pk == user.person_id:
            raise NotAllowed(_("Ihre eigenen Angaben führt jemand anderes zusammen."), code="own_person")
        can_edit_person(user, person)


def related_to(person_ids: Collection[int], *, kinds: Collection[TieKind] = CONFLICTING) -> set[int]:
    """Ids of the persons tied to any of these by one of the kinds."""
    ties = Tie.objects.filter(Q(person_a__in=person_ids) | Q(person_b__in=person_ids), kind__in=kinds)
    return {pk for pair in ties.values_list("person_a_id", "person_b_id") for pk in pair}


def is_involved(user: User, person_ids: Collection[int]) -> bool:
    """Whether the user, their household or a relative is one of these persons."""
    return user.person_id is not None and user.person_id in {*person_ids, *related_to(person_ids)}


def must_be_uninvolved(user: User, person_ids: Collection[int]) -> None:
    """Nobody decides where they, their household or a relative are concerned."""
    if is_involved(user, person_ids):
        raise NotAllowed(
            _(
                "Sie sind mit einer der Personen verwandt, leben mit ihr zusammen oder sind selbst "
                "beteiligt. Bitte geben Sie das an eine Vertretung ab."
            ),
            code="conflict_of_interest",
        )

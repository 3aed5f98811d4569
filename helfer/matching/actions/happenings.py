"""What happens to people ends or changes their matches, whoever it concerns."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from helfer.core.days import berlin_day
from helfer.core.errors import Conflict, NotAllowed
from helfer.help_requests.models import CloseReason, HelpRequest, RequestState
from helfer.helpers.models import HelperProfile, HelperState
from helfer.matching.actions.ending import end_locked_match
from helfer.matching.actions.proposing import set_aside
from helfer.matching.actions.running import pause_locked_match
from helfer.matching.lifecycle import BEFORE_APPROVAL, OPEN, RUNNING, RUNNING_NOT_PAUSED, MatchState
from helfer.matching.locks import lock_match, lock_match_with_rivals
from helfer.matching.models import EndReason, Match, PauseReason, PauseSide
from helfer.matching.notices import match_declined
from helfer.people import actions as people_actions
from helfer.people.models import Person, Tie, TieKind, User
from helfer.people.models.ties import RELIEF_EXCLUDING
from helfer.people.permissions import can_edit_person
from helfer.people.places_of_persons import NewAddress


def _open_matches_of(person_id: int) -> list[int]:
    ids = set(Match.objects.open().filter(helper__person=person_id).values_list("pk", flat=True))
    ids |= set(
        Match.objects.open().filter(request__help_seeker__person=person_id).values_list("pk", flat=True)
    )
    return sorted(ids)


def _finish(
    match_id: int, *, reason: EndReason, ended_well: bool, at: datetime, note: str, close: CloseReason | None
) -> None:
    """End a match wherever it stands: one that never ran is set aside, a running one ends."""
    match = lock_match_with_rivals(match_id)
    if match.state in BEFORE_APPROVAL:
        set_aside(match, to=MatchState.WITHDRAWN, on=berlin_day(at), note=note)
        match_declined(match, at=at)
    elif match.state in RUNNING:
        end_locked_match(
            match, reason=reason, ended_well=ended_well, at=at, close_request_as=close, note=note
        )


def _must_be_own_person(person: Person, *, by: User) -> None:
    """The own office's people, and never oneself."""
    can_edit_person(by, person)
    if by.person_id == person.pk:
        raise NotAllowed(_("Ihre eigenen Angaben ändert hier jemand anderes."), code="own_person")


@transaction.atomic
def block_pair(*, person: Person, other: Person, by: User, at: datetime) -> Tie:
    """These two shall never be brought together (again); what is open between them ends now."""
    _must_be_own_person(person, by=by)
    mine = set(_open_matches_of(person.pk))
    for match_id in sorted(mine & set(_open_matches_of(other.pk))):
        _finish(
            match_id,
            reason=EndReason.DOES_NOT_FIT,
            ended_well=False,
            at=at,
            note=_("Sperre eingetragen."),
            close=None,
        )
    return people_actions.add_tie(person=person, other=other, kind=TieKind.BLOCK, by=by, at=at)


@transaction.atomic
def note_relation(*, person: Person, other: Person, kind: TieKind, by: User, at: datetime) -> Tie:
    """Note kinship, a household or a Pflegeperson; a running § 45b match between them has to end first."""
    _must_be_own_person(person, by=by)
    if kind == TieKind.BLOCK:
        return block_pair(person=person, other=other, by=by, at=at)
    both = set(_open_matches_of(person.pk)) & set(_open_matches_of(other.pk))
    relief = Match.objects.running().filter(pk__in=both, compensation_model__slug="entlastungsbetrag")
    if kind in RELIEF_EXCLUDING and relief.exists():
        raise Conflict(
            _(
                "Zwischen diesen beiden läuft eine Vermittlung mit Entlastungsbetrag. "
                "Mit dieser Beziehung ist das nicht erlaubt. Bitte beenden Sie zuerst die Vermittlung."
            ),
            code="relief_amount",
        )
    return people_actions.add_tie(person=person, other=other, kind=kind, by=by, at=at)


@transaction.atomic
def report_death(*, person_id: int, died_on: date, by: User, at: datetime) -> Person:
    """Somebody died: mail stops at once and running matches rest; a second person confirms everything else.

    Undoable with ``undo_death`` until it is confirmed.
    """
    today = berlin_day(at)
    person = Person.objects.select_for_update(of=("self",)).get(pk=person_id)
    _must_be_own_person(person, by=by)
    if died_on > today:
        raise Conflict(_("Dieser Tag liegt in der Zukunft."), field="died_on")
    if person.died_on is not None:
        return person
    for match_id in _open_matches_of(person.pk):
        match = lock_match(match_id)
        if match.state in RUNNING_NOT_PAUSED:
            side = PauseSide.HELPER if match.helper.person_id == person.pk else PauseSide.SEEKER
            pause_locked_match(match, side=side, reason=PauseReason.OTHER, on=today, at=at)
    person.died_on, person.death_reported_by = died_on, by
    person.save(update_fields=["died_on", "death_reported_by"])
    return person


@transaction.atomic
def undo_death(*, person_id: int, by: User, at: datetime) -> Person:
    """It was a mistake: the person lives; what rests is resumed by hand at the match."""
    person = Person.objects.select_for_update(of=("self",)).get(pk=person_id)
    _must_be_own_person(person, by=by)
    if person.death_confirmed_by_id is not None:
        raise Conflict(_("Dieser Todesfall ist schon von einer zweiten Person bestätigt."))
    person.died_on = person.death_reported_by = None
    person.save(update_fields=["died_on", "death_reported_by"])
    return person


@transaction.atomic
def confirm_death(*, person_id: int, by: User, at: datetime) -> Person:
    """A second person confirms: matches end, requests close, a helper's profile ends."""
    today = berlin_day(at)
    person = Person.objects.select_for_update(of=("self",)).get(pk=person_id)
    _must_be_own_person(person, by=by)
    if person.died_on is None:
        raise Conflict(_("Für diese Person ist kein Todesfall gemeldet."))
    if person.death_reported_by_id == by.pk:
        raise NotAllowed(_("Einen Todesfall bestätigt eine zweite Person."), code="second_person")
    for match_id in _open_matches_of(person.pk):
        is_seeker = Match.objects.filter(pk=match_id, request__help_seeker__person=person).exists()
        _finish(
            match_id,
            reason=EndReason.DIED,
            ended_well=True,
            at=at,
            note="",
            close=CloseReason.DIED if is_seeker else None,
        )
    _neither_seeks_nor_helps(person, CloseReason.DIED, on=today)
    person.death_confirmed_by = by
    person.save(update_fields=["death_confirmed_by"])
    return person


def _neither_seeks_nor_helps(person: Person, reason: CloseReason, *, on: date) -> None:
    """What waits for the person is closed, and nobody is proposed this helper any more."""
    unfinished = HelpRequest.objects.filter(help_seeker__person=person).exclude(
        state__in=[RequestState.CLOSED, RequestState.WITHDRAWN]
    )
    for request in unfinished.order_by("pk").select_for_update(of=("self",)):
        request.state, request.close_reason, request.closed_on = RequestState.CLOSED, reason, on
        request.save(update_fields=["state", "close_reason", "closed_on"])
    HelperProfile.objects.filter(person=person).exclude(
        state__in=[HelperState.LEFT, HelperState.REJECTED]
    ).update(state=HelperState.LEFT)


@transaction.atomic
def helper_leaves(*, helper_id: int, by: User, at: datetime, note: str = "") -> HelperProfile:
    """A helper stops helping: what runs ends, what was proposed falls, and the requests wait again."""
    helper = HelperProfile.objects.select_for_update(of=("self",)).select_related("person").get(pk=helper_id)
    if by.person_id != helper.person_id:
        _must_be_own_person(helper.person, by=by)
    for match_id in list(
        Match.objects.filter(helper=helper, state__in=OPEN).order_by("pk").values_list("pk", flat=True)
    ):
        _finish(match_id, reason=EndReason.HELPER_STOPS, ended_well=True, at=at, note=note, close=None)
    helper.refresh_from_db()
    helper.state = HelperState.LEFT
    helper.save(update_fields=["state"])
    return helper


@transaction.atomic
def person_moves(
    *, person_id: int, moved_on: date, address: NewAddress | None, by: User, at: datetime
) -> Person:
    """Somebody moves: to a new address here, or away (``address`` is ``None``).

    Whoever moves away is dropped from every match; what they seek is closed, and they no longer help.
    """
    person = Person.objects.select_for_update(of=("self",)).get(pk=person_id)
    _must_be_own_person(person, by=by)
    if address is not None:
        return people_actions.change_address(person_id=person.pk, address=address, by=by, at=at)
    for match_id in _open_matches_of(person.pk):
        is_seeker = Match.objects.filter(pk=match_id, request__help_seeker__person=person).exists()
        _finish(
            match_id,
            reason=EndReason.MOVED,
            ended_well=True,
            at=at,
            note="",
            close=CloseReason.MOVED if is_seeker else None,
        )
    _neither_seeks_nor_helps(person, CloseReason.MOVED, on=berlin_day(at))
    person.refresh_from_db()
    person.moved_on = moved_on
    person.save(update_fields=["moved_on"])
    return person

"""A tandem member picks a candidate: the program suggests, a person decides."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from helfer.catalogue.kinds import FirstContact
from helfer.catalogue.models import CompensationModel, Role
from helfer.core.days import berlin_day
from helfer.core.errors import Conflict, NotAllowed, NotEligible
from helfer.help_requests.models import HelpRequest, RequestState
from helfer.helpers.models import HelperProfile
from helfer.matching.candidates import Assessment, check_pair
from helfer.matching.gates import ALL_GATES, PAIR_GATES
from helfer.matching.lifecycle import BEFORE_APPROVAL, MatchState
from helfer.matching.locks import lock_match, lock_pair
from helfer.matching.models import Match
from helfer.matching.notices import lending_asked, match_proposed
from helfer.matching.permissions import seat_in
from helfer.people.models import User


@transaction.atomic
def propose_match(
    *,
    request_id: int,
    helper_id: int,
    compensation_model: CompensationModel,
    by: User,
    at: datetime,
    starts_on: date | None = None,
    substitutes_for_id: int | None = None,
    substitute_until: date | None = None,
    extends_id: int | None = None,
) -> Match:
    """Propose one helper for one request under one financial model.

    ``starts_on`` is by default the request's first day; a substitute names the paused match and its last day.
    Raises ``NotAllowed``, ``NotEligible`` (with the first closed gate) or ``Conflict``.
    """
    today = berlin_day(at)
    request, helper = lock_pair(request_id=request_id, helper_id=helper_id)
    if request.office is None:
        raise NotAllowed(
            _("Diese Anfrage gehört noch zu keinem Seniorenbüro. Bitte ordnen Sie sie zuerst zu."),
            code="no_office",
        )
    seat = seat_in(request.office, of=by, on=today)
    principal = _principal_of(request, substitutes_for_id, substitute_until)
    extended = _extended_by(request, helper, extends_id)
    _must_be_waiting(request, principal)
    if request.role is None:
        raise Conflict(_("Bitte klären Sie zuerst die Tätigkeit."), field="role")

    is_named_pair = request.named_helper_id == helper.pk
    assessment = check_pair(
        request_id=request.pk,
        helper_id=helper.pk,
        on=today,
        gates=PAIR_GATES if is_named_pair else ALL_GATES,
        first_day=starts_on,
    )
    if assessment.refusals and helper.office_id != request.office_id:
        # Why not is the other office's knowledge: its certificates and its workload are not told here.
        raise NotEligible(_("Diese Person kommt für die Anfrage nicht in Frage."), code="elsewhere")
    assessment.raise_if_refused()
    _must_allow(compensation_model, assessment)

    lending = helper.office if helper.office_id and helper.office_id != request.office_id else None
    match = Match.objects.create(
        request=request,
        helper=helper,
        role=request.role,
        compensation_model=compensation_model,
        starts_on=starts_on or max(request.starts_on or today, today),
        office=request.office,
        signatures_required=request.role.signatures_required,
        first_contact=_first_contact(request, helper, request.role),
        is_named_pair=is_named_pair,
        extends=extended,
        substitutes_for=principal,
        substitute_until=substitute_until if principal else None,
        proposed_by=by,
        proposed_at=at,
        lending_office=lending,
        responsible=seat,
    )
    if lending is not None:
        lending_asked(match, at=at)
    match_proposed(match, at=at)
    return match


def _must_allow(compensation_model: CompensationModel, assessment: Assessment) -> None:
    refusal = assessment.model_refusal(compensation_model.slug)
    if refusal is not None:
        raise NotEligible(refusal.sentence, code=refusal.gate, by=refusal.by, field="compensation_model")


def _must_be_waiting(request: HelpRequest, principal: Match | None) -> None:
    waiting = RequestState.MATCHED if principal else RequestState.OPEN
    if request.state != waiting:
        raise Conflict(
            _("Diese Anfrage ist „%(state)s“. Vorschlagen können Sie nur für offene Anfragen.")
            % {"state": request.get_state_display()},
            code="request_not_open",
        )


def _principal_of(request: HelpRequest, match_id: int | None, until: date | None) -> Match | None:
    if match_id is None:
        return None
    principal = Match.objects.filter(pk=match_id, request=request).first()
    if principal is None or principal.state != MatchState.PAUSED or principal.substitutes_for_id:
        raise Conflict(_("Eine Vertretung gibt es nur für eine pausierte Vermittlung."), code="not_paused")
    if until is None:
        raise Conflict(_("Bis wann soll die Vertretung dauern?"), field="substitute_until")
    return principal


def _extended_by(request: HelpRequest, helper: HelperProfile, match_id: int | None) -> Match | None:
    """The running match of the same two people that this one adds a role to."""
    if match_id is None:
        return None
    extended = (
        Match.objects.running_not_paused()
        .filter(pk=match_id, helper=helper, request__help_seeker=request.help_seeker_id)
        .exclude(state=MatchState.APPROVED)
        .first()
    )
    if extended is None:
        raise Conflict(_("Zwischen beiden läuft noch keine Vermittlung."))
    return extended


def _first_contact(request: HelpRequest, helper: HelperProfile, role: Role) -> str:
    """The role's way; a one-off request with a helper proven in that role needs no accompaniment."""
    proven = Match.objects.filter(helper=helper, role=role, active_on__isnull=False).exclude(ended_well=False)
    if request.is_one_off and proven.exists():
        return FirstContact.CALL
    return role.first_contact


@transaction.atomic
def change_terms(
    *,
    match_id: int,
    by: User,
    at: datetime,
    compensation_model: CompensationModel | None = None,
    starts_on: date | None = None,
    role: Role | None = None,
) -> Match:
    """Change model, first day or role before the approval; given signatures are dropped."""
    match = lock_match(match_id)
    seat_in(match.office, of=by, on=berlin_day(at))
    if match.state not in BEFORE_APPROVAL:
        raise Conflict(_("Nach der Freigabe wird nichts mehr geändert."))
    role = role or match.role
    compensation_model = compensation_model or match.compensation_model
    starts_on = starts_on or match.starts_on
    assessment = check_pair(
        request_id=match.request_id,
        helper_id=match.helper_id,
        on=berlin_day(at),
        gates=PAIR_GATES if match.is_named_pair else ALL_GATES,
        first_day=starts_on,
        match_id=match.pk,
        role_id=role.pk,
    )
    _must_allow(compensation_model, assessment)
    changed = (role, compensation_model, starts_on) != (match.role, match.compensation_model, match.starts_on)
    if changed:
        match.signatures.all().delete()
        match.role, match.compensation_model, match.starts_on = role, compensation_model, starts_on
        match.save(update_fields=["role", "compensation_model", "starts_on"])
    return match


@transaction.atomic
def withdraw_match(*, match_id: int, by: User, at: datetime, note: str = "") -> Match:
    """Take a proposal back before it is approved."""
    match = lock_match(match_id)
    seat_in(match.office, of=by, on=berlin_day(at))
    return set_aside(match, to=MatchState.WITHDRAWN, on=berlin_day(at), note=note)


def set_aside(match: Match, *, to: MatchState, on: date, note: str = "") -> Match:
    """End a match that never ran, under the caller's lock and in the caller's transaction."""
    match.move_to(to)
    match.closed_on = on
    match.closing_note = note
    match.signatures.all().delete()
    match.save(update_fields=["state", "closed_on", "closing_note"])
    return match

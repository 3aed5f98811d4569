"""The tandem approves: both sides sign, two different people."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from helfer.core.days import berlin_day
from helfer.core.errors import Conflict, NotAllowed, NotEligible
from helfer.help_requests.models import RequestState
from helfer.matching.actions.agreeing import has_both_consents
from helfer.matching.actions.proposing import set_aside
from helfer.matching.candidates import check_pair
from helfer.matching.gates import ALL_GATES, PAIR_GATES, Gate
from helfer.matching.lifecycle import BEFORE_APPROVAL, MatchState
from helfer.matching.locks import lock_match, lock_match_with_rivals
from helfer.matching.models import CheckIn, CheckInKind, Match, Signature
from helfer.matching.notices import match_approved, match_declined, signature_asked
from helfer.matching.permissions import must_be_free_of_interest, seat_in
from helfer.people.models import User


@transaction.atomic
def sign_match(*, match_id: int, by: User, at: datetime) -> Match:
    """Give one tandem side's signature; the last one demanded approves the match.

    Eligibility is asked again here, under lock, for today and for the match's first day.
    Raises ``NotAllowed``, ``NotEligible`` or ``Conflict``.
    """
    today = berlin_day(at)
    match = lock_match_with_rivals(match_id)
    seat = seat_in(match.office, of=by, on=today)
    must_be_free_of_interest(by, match=match)
    if match.state != MatchState.ACCEPTED or not has_both_consents(match):
        raise Conflict(
            _("Freigeben können Sie erst, wenn beide Seiten zugestimmt haben."), code="not_accepted"
        )
    if match.lending_office_id and match.lending_agreed_at is None:
        raise Conflict(_("Das abgebende Seniorenbüro hat noch nicht zugestimmt."), code="lending_not_agreed")
    if match.signatures.filter(user=by).exists():
        raise Conflict(
            _("Sie haben schon freigegeben. Die zweite Freigabe gibt die andere Seite."),
            code="signed_twice",
        )
    if match.signatures.filter(side=seat.side).exists():
        raise Conflict(
            _("Ihre Seite hat schon freigegeben. Es fehlt die andere Seite des Tandems."),
            code="side_has_signed",
        )
    must_be_the_only_one_to_go(match)
    must_still_be_eligible(match, on=today)

    Signature.objects.create(match=match, seat=seat, side=seat.side, user=by, signed_at=at, signed_on=today)
    if match.signatures.count() >= match.signatures_required:
        _approve(match, on=today, at=at)
    else:
        signature_asked(match, at=at, signed_side=seat.side)
    return match


def must_be_the_only_one_to_go(match: Match) -> None:
    """For one request one helper goes there; a substitute only while the other one rests.

    Raises ``Conflict``.
    """
    others = Match.objects.filter(request_id=match.request_id).exclude(pk=match.pk)
    if others.running_not_paused().exists():
        raise Conflict(_("Für diese Anfrage läuft schon eine Vermittlung."), code="request_is_served")
    principal = match.substitutes_for
    if principal is None:
        return
    if principal.state != MatchState.PAUSED:
        raise Conflict(_("Die Vertretung wird nicht mehr gebraucht."), code="not_paused")
    if others.running().filter(substitutes_for=principal).exists():
        raise Conflict(
            _("Für diese pausierte Vermittlung gibt es schon eine Vertretung."), code="has_substitute"
        )


def must_still_be_eligible(match: Match, *, on: date, gates: frozenset[Gate] | None = None) -> None:
    """Ask the gates of an open match again: all of them for its first day, proofs and law for today.

    Raises ``NotEligible`` with the first closed gate.
    """
    all_gates = gates or frozenset(PAIR_GATES if match.is_named_pair else ALL_GATES)
    first_day = max(on, match.starts_on)
    asked = {first_day: all_gates}
    if on < first_day:
        # Who is on holiday today and back in time may be approved; proofs and law count on both days.
        asked[on] = all_gates & {Gate.TRAININGS, Gate.RELIEF_AMOUNT}
    for day, asked_gates in asked.items():
        assessment = check_pair(
            request_id=match.request_id,
            helper_id=match.helper_id,
            on=on,
            gates=asked_gates,
            first_day=day,
            match_id=match.pk,
            role_id=match.role_id,
        )
        assessment.raise_if_refused()
        refusal = assessment.model_refusal(match.compensation_model.slug)
        if refusal is not None:
            raise NotEligible(refusal.sentence, code=refusal.gate, by=refusal.by)


def _approve(match: Match, *, on: date, at: datetime) -> None:
    match.move_to(MatchState.APPROVED)
    match.approved_on = on
    match.save(update_fields=["state", "approved_on"])
    others = Match.objects.select_for_update(of=("self",)).filter(
        request_id=match.request_id, state__in=BEFORE_APPROVAL
    )
    for other in others.exclude(pk=match.pk).order_by("id"):
        set_aside(other, to=MatchState.WITHDRAWN, on=on, note=_("Eine andere Vermittlung wurde freigegeben."))
        match_declined(other, at=at)
    if match.request.state == RequestState.OPEN:
        match.request.state = RequestState.MATCHED
        match.request.save(update_fields=["state"])
    if match.extends_id:
        # A further role for a running pair: no second trial, one series of contacts.
        for step in (MatchState.TRIAL, MatchState.ACTIVE):
            match.move_to(step)
            match.active_on = on if step is MatchState.ACTIVE else None
            match.save(update_fields=["state", "active_on"])
    else:
        CheckIn.objects.create(
            match=match,
            kind=CheckInKind.FIRST_CONTACT,
            due_on=max(on, match.starts_on) + timedelta(days=1),
        )
    match_approved(match, at=at)


@transaction.atomic
def take_back_signature(*, match_id: int, by: User, at: datetime) -> Match:
    """Take one's own signature back while the match is not approved."""
    match = lock_match(match_id)
    seat_in(match.office, of=by, on=berlin_day(at))
    if match.state != MatchState.ACCEPTED:
        raise Conflict(_("Nach der Freigabe bleiben die Freigaben stehen."))
    deleted, _rows = match.signatures.filter(user=by).delete()
    if not deleted:
        raise NotAllowed(_("Sie haben hier keine Freigabe gegeben."))
    return match


@transaction.atomic
def reject_match(*, match_id: int, by: User, at: datetime, note: str) -> Match:
    """The tandem does not approve; the reason stays in the office."""
    match = lock_match(match_id)
    seat_in(match.office, of=by, on=berlin_day(at))
    if not note.strip():
        raise Conflict(_("Bitte notieren Sie kurz, warum Sie nicht freigeben."), field="note")
    set_aside(match, to=MatchState.REJECTED, on=berlin_day(at), note=note.strip())
    match_declined(match, at=at)
    return match

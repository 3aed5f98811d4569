"""What people make of a run's suggestions."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from helfer.catalogue.models import CompensationModel
from helfer.core.days import berlin_day
from helfer.core.errors import Conflict, NotEligible
from helfer.matching.actions.proposing import propose_match
from helfer.matching.candidates import check_pair
from helfer.matching.models import Match, Suggestion, SuggestionState
from helfer.matching.permissions import must_hold_seat_for
from helfer.people.models import User


@transaction.atomic
def take_suggestion(
    *,
    suggestion_id: int,
    by: User,
    at: datetime,
    compensation_model: CompensationModel | None = None,
    starts_on: date | None = None,
) -> Match:
    """Propose the suggested helper: the ordinary proposal, which asks all gates again.

    The financial model may be left out where only one is possible.
    Raises ``NotAllowed``, ``NotEligible`` (with the first closed gate) or ``Conflict``.
    """
    suggestion = _open(suggestion_id)
    match = propose_match(
        request_id=suggestion.request_id,
        helper_id=suggestion.helper_id,
        compensation_model=compensation_model or _only_model(suggestion, at=at),
        by=by,
        at=at,
        starts_on=starts_on,
    )
    _decide(suggestion, SuggestionState.TAKEN, by=by, at=at, match=match)
    return match


@transaction.atomic
def dismiss_suggestion(*, suggestion_id: int, by: User, at: datetime) -> Suggestion:
    """Set a suggestion aside; the next run may suggest the same again.

    Raises ``NotAllowed`` or ``Conflict``.
    """
    suggestion = _open(suggestion_id)
    must_hold_seat_for(suggestion.request, user=by, at=at)
    return _decide(suggestion, SuggestionState.DISMISSED, by=by, at=at)


def possible_models(suggestion: Suggestion, *, on: date) -> list[CompensationModel]:
    """The financial models among which a person chooses on that day."""
    assessment = check_pair(request_id=suggestion.request_id, helper_id=suggestion.helper_id, on=on)
    models = CompensationModel.objects.filter(slug__in=assessment.compensation_models).order_by("pk")
    return [model for model in models if assessment.model_refusal(model.slug) is None]


def _only_model(suggestion: Suggestion, *, at: datetime) -> CompensationModel:
    models = possible_models(suggestion, on=berlin_day(at))
    if len(models) > 1:
        raise Conflict(
            _("Bitte wählen Sie das finanzielle Modell."), field="compensation_model", code="choose"
        )
    if not models:
        raise NotEligible(
            _("Für dieses Paar kommt kein finanzielles Modell mehr in Frage."), code="compensation"
        )
    return models[0]


def _open(suggestion_id: int) -> Suggestion:
    suggestion = Suggestion.objects.select_related("request__office").filter(pk=suggestion_id).first()
    if suggestion is None:
        raise Conflict(_("Diesen Vorschlag gibt es nicht mehr."))
    if suggestion.state != SuggestionState.OPEN:
        raise _decided_already()
    return suggestion


def _decide(
    suggestion: Suggestion, state: SuggestionState, *, by: User, at: datetime, match: Match | None = None
) -> Suggestion:
    """Whoever is first decides; nobody waits here while holding the pair's locks."""
    mine = Suggestion.objects.filter(pk=suggestion.pk, state=SuggestionState.OPEN)
    if not mine.update(state=state, decided_by=by, decided_at=at, match=match):
        raise _decided_already()
    suggestion.refresh_from_db()
    return suggestion


def _decided_already() -> Conflict:
    return Conflict(_("Über diesen Vorschlag ist schon entschieden."), code="suggestion_is_decided")

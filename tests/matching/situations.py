"""Situations from which the invariants are attacked."""

from __future__ import annotations

from typing import Any

from helfer.catalogue.models import CompensationModel
from helfer.matching.lifecycle import MatchState
from helfer.matching.models import Match
from helfer.people.models import CareLevel
from tests.factories.catalogue import CompensationModelFactory, LandRuleFactory, RoleFactory, TrainingFactory
from tests.factories.help_requests import HelpRequestFactory
from tests.factories.matching import SIDES, MatchFactory, consent_both, sign, step
from tests.factories.people import HelpSeekerFactory


def match_in(state: MatchState, **fields: Any) -> Match:
    """A match in this state."""
    match: Match = MatchFactory(to=state, **fields)
    return match


def accepted(**fields: Any) -> Match:
    """Both agreed, nobody has signed."""
    return match_in(MatchState.ACCEPTED, **fields)


def ready(match: Match | None = None, **fields: Any) -> Match:
    """Signed by both sides, one write away from its approval."""
    match = match or MatchFactory(**fields)
    if match.state == MatchState.PROPOSED:
        step(match, MatchState.ACCEPTED)
    for side in SIDES[: match.signatures_required]:
        sign(match, side)
    return match


def another_for(match: Match, **fields: Any) -> Match:
    """A second match of the same helper, for somebody else."""
    request = HelpRequestFactory(
        open=True, help_seeker=HelpSeekerFactory(office=match.office), role=match.role
    )
    return MatchFactory(request=request, helper=match.helper, office=match.office, **fields)


def relief() -> CompensationModel:
    """The Entlastungsbetrag, with the rule of the Land that allows it."""
    LandRuleFactory()
    model: CompensationModel = CompensationModelFactory(relief=True)
    return model


def relief_match(to: str | None = None, **fields: Any) -> Match:
    """A match under § 45b that the Land allows."""
    fields.setdefault("request__help_seeker__care_level", CareLevel.TWO)
    match: Match = MatchFactory(compensation_model=relief(), to=to, **fields)
    return match


def trained_role() -> Any:
    """A role that asks for a training."""
    return RoleFactory(slug="mit-schulung", required_trainings=[TrainingFactory(slug="erste-hilfe")])


__all__ = [
    "accepted",
    "another_for",
    "consent_both",
    "match_in",
    "ready",
    "relief",
    "relief_match",
    "sign",
    "step",
    "trained_role",
]

"""The heart: matches, the tandem's signatures, and the supervision of what runs."""

from . import guarded
from .matches import EndReason, Match, MatchQuerySet, PauseReason, PauseSide, Signature
from .offers import Offer, OfferKeeping, OfferQuerySet, OfferVersion
from .runs import (
    UNFINISHED,
    CityRun,
    CityRunChunk,
    CityRunQuerySet,
    RunState,
    Suggestion,
    SuggestionQuerySet,
    SuggestionState,
    Unserved,
    UnservedQuerySet,
)
from .supervision import CheckIn, CheckInKind, Incident, IncidentClass, IncidentSeverity, Party

__all__ = [
    "UNFINISHED",
    "CheckIn",
    "CheckInKind",
    "CityRun",
    "CityRunChunk",
    "CityRunQuerySet",
    "EndReason",
    "Incident",
    "IncidentClass",
    "IncidentSeverity",
    "Match",
    "MatchQuerySet",
    "Offer",
    "OfferKeeping",
    "OfferQuerySet",
    "OfferVersion",
    "Party",
    "PauseReason",
    "PauseSide",
    "RunState",
    "Signature",
    "Suggestion",
    "SuggestionQuerySet",
    "SuggestionState",
    "Unserved",
    "UnservedQuerySet",
    "guarded",
]

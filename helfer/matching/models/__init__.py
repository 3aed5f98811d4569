"""The heart: matches, the tandem's signatures, and the supervision of what runs."""

from . import guarded, public_sources
from .matches import EndReason, Match, MatchQuerySet, PauseReason, PauseSide, Signature
from .offers import Offer, OfferKeeping, OfferQuerySet, OfferVersion
from .public_offers import PublicOffer, PublicOfferMember, PublicOfferQuerySet
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
    "PublicOffer",
    "PublicOfferMember",
    "PublicOfferQuerySet",
    "RunState",
    "Signature",
    "Suggestion",
    "SuggestionQuerySet",
    "SuggestionState",
    "Unserved",
    "UnservedQuerySet",
    "guarded",
    "public_sources",
]

"""The heart: matches, the tandem's signatures, and the supervision of what runs."""

from . import guarded, public_sources
from .drills import CityDrill, CityDrillQuerySet
from .matches import EndReason, Match, MatchQuerySet, PauseReason, PauseSide, Signature
from .offers import Offer, OfferKeeping, OfferQuerySet, OfferVersion
from .public_offers import (
    PublicOffer,
    PublicOfferMember,
    PublicOfferQuerySet,
    PublicTally,
    Wish,
    WishQuerySet,
)
from .public_wanted import (
    Interest,
    InterestQuerySet,
    PublicWanted,
    PublicWantedMember,
    PublicWantedPause,
    Volunteering,
)
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
    "Wish",
    "WishQuerySet",
    "UNFINISHED",
    "CheckIn",
    "CheckInKind",
    "CityDrill",
    "CityDrillQuerySet",
    "CityRun",
    "CityRunChunk",
    "CityRunQuerySet",
    "EndReason",
    "Incident",
    "IncidentClass",
    "IncidentSeverity",
    "Interest",
    "InterestQuerySet",
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
    "PublicTally",
    "PublicWanted",
    "PublicWantedMember",
    "PublicWantedPause",
    "RunState",
    "Signature",
    "Suggestion",
    "SuggestionQuerySet",
    "SuggestionState",
    "Unserved",
    "UnservedQuerySet",
    "Volunteering",
    "guarded",
    "public_sources",
]

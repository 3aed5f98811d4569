"""The heart: matches, the tandem's signatures, and the supervision of what runs."""

from . import guarded
from .matches import EndReason, Match, MatchQuerySet, PauseReason, PauseSide, Signature
from .supervision import CheckIn, CheckInKind, Incident, IncidentClass, IncidentSeverity, Party

__all__ = [
    "CheckIn",
    "CheckInKind",
    "EndReason",
    "Incident",
    "IncidentClass",
    "IncidentSeverity",
    "Match",
    "MatchQuerySet",
    "Party",
    "PauseReason",
    "PauseSide",
    "Signature",
    "guarded",
]

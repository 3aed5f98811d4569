"""Who comes into question for a request: the shortlist, and the same rules asked of one pair."""

from .lists import Candidate, NearMiss, Shortlist, Shown, name_shown
from .pairs import Assessment, check_pair, check_pairs
from .surveys import Survey, shortlist, survey

__all__ = [
    "Assessment",
    "Candidate",
    "NearMiss",
    "Shortlist",
    "Shown",
    "Survey",
    "check_pair",
    "check_pairs",
    "name_shown",
    "shortlist",
    "survey",
]

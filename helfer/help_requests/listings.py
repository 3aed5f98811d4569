"""What everybody may read of a request: nothing that points to a person or an illness."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from helfer.catalogue.models import Role
from helfer.core.slots import HALF_DAYS
from helfer.help_requests.models import HelpRequest
from helfer.places.models import District

# The words of the page on which the yes is given; another text is another version.
TEXT_VERSION = "gesucht-1"


@dataclass(frozen=True, slots=True)
class ListingContents:
    """Everything that is shown at most; times and languages only beside two others who say the same."""

    role: Role
    district: District
    half_days: Sequence[str]
    languages: Sequence[str]

    @property
    def digest(self) -> str:
        """The same for the same words: whoever says yes says it to what they saw."""
        shown = (self.role.pk, self.district.pk, list(self.half_days), list(self.languages))
        return hashlib.sha256(repr(shown).encode()).hexdigest()[:32]


def listing_of(request: HelpRequest) -> ListingContents | None:
    """What would be shown of the request; None where its role or district is not clear."""
    district = request.help_seeker.person.district
    if request.role is None or district is None:
        return None
    role = request.role.shown_publicly_as or request.role
    if not role.is_active:
        return None
    halves = {slot.split("-")[1] for slot in request.times}
    return ListingContents(
        role=role,
        district=district,
        half_days=[half for half in HALF_DAYS if half in halves],
        languages=sorted(request.languages),
    )

"""Where a person lives: what was said, and which place the address search makes of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.gis.geos import Point

from helfer.people.models import Person
from helfer.places.models import LocationQuality
from helfer.places.search import SearchResult, find_address


@dataclass(frozen=True, slots=True)
class NewAddress:
    """An address as somebody said it; ``point`` where somebody set it on the map by hand."""

    street: str = ""
    house_number: str = ""
    postcode: str = ""
    town: str = ""
    point: Point | None = None

    def search(self) -> SearchResult:
        """What the address search knows of it."""
        return find_address(
            street=self.street, house_number=self.house_number, postcode=self.postcode, town=self.town
        )


# What `settle` writes; the database adds district and quarter.
ADDRESS_FIELDS = (
    "street",
    "house_number",
    "postcode",
    "town",
    "home",
    "location_quality",
    "location_to_confirm",
)


def settle(person: Person, address: NewAddress) -> SearchResult:
    """Let the person live there, unsaved.

    The exact house is taken. What is only alike is never taken: the coarser place serves, and
    the address waits for somebody to confirm it. Without any hit the place is not known.
    """
    person.street, person.house_number = address.street.strip(), address.house_number.strip()
    person.postcode, person.town = address.postcode.strip(), address.town.strip()
    person.location_to_confirm = False
    if address.point is not None:
        person.home, person.location_quality = address.point, LocationQuality.MANUAL
        return SearchResult()
    result = address.search()
    if result.found is not None:
        person.street, person.house_number = result.found.street, result.found.house_number
        person.postcode = result.found.postcode or person.postcode
        person.town = result.found.town
    person.location_to_confirm = result.is_to_confirm
    if result.best is None:
        person.home, person.location_quality = None, ""
    else:
        person.home, person.location_quality = result.best.point, result.best.quality
        person.town = person.town or result.best.town
    return result

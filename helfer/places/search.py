"""Finding an address in the project's own table; only the exact house is ever taken without asking."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from django.contrib.gis.geos import Point
from django.utils.translation import gettext as _

from helfer.places.distance import metres_between
from helfer.places.models import Address, District, LocationQuality, Municipality, Postcode, Quarter
from helfer.places.normalise import (
    HouseNumber,
    is_same_town,
    plain,
    split_house_number,
    split_street,
    street_key,
)
from helfer.places.street_names import Likeness, StreetNames, street_names

MOST_SUGGESTIONS = 8
NEAREST_NUMBERS = 4
# Two rows of one house, as some files have them.
SAME_HOUSE_M = 30
# Postcode polygons are drawn roughly: this near to one, an address may be meant with it.
POSTCODE_MARGIN_DEGREES = 0.004


@dataclass(frozen=True, slots=True)
class Place:
    """A place that an address may mean, and how well it is known."""

    street: str
    house_number: str
    postcode: str
    town: str
    point: Point
    quality: LocationQuality
    label: str
    municipality: Municipality | None = None
    district: District | None = None


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What became of an address: the exact house, or what a person has to choose from.

    ``found`` may be taken without asking. ``suggestions`` are only offered, the likeliest first.
    ``fallback`` is the honest coarser place (street or postcode) until somebody has chosen.
    ``sentence`` says why nothing exact was found.
    """

    found: Place | None = None
    suggestions: tuple[Place, ...] = ()
    fallback: Place | None = None
    sentence: str = ""

    @property
    def best(self) -> Place | None:
        """The place to store now."""
        return self.found or self.fallback

    @property
    def is_to_confirm(self) -> bool:
        """Whether a person has to choose among the suggestions."""
        return self.found is None and bool(self.suggestions)


def find_address(
    *,
    street: str,
    house_number: str = "",
    postcode: str = "",
    town: str = "",
    municipality: Municipality | None = None,
) -> SearchResult:
    """Look an address up in the loaded house addresses of its town (of ``municipality``, where given)."""
    wanted_postcode = _Wanted.of(postcode)
    if not street.strip():
        return SearchResult(fallback=wanted_postcode.place(), sentence=_("Es fehlt die Straße."))
    towns, is_sure_of_town = _towns(town, municipality, wanted_postcode)
    if not towns:
        return SearchResult(
            fallback=wanted_postcode.place(),
            sentence=_("Für diesen Ort sind keine Adressen geladen."),
        )
    results = [_Search(each, street, house_number, wanted_postcode).result() for each in towns]
    result = results[0] if len(results) == 1 else _merged(results)
    if result.found and not is_sure_of_town:
        return SearchResult(
            suggestions=(result.found,),
            fallback=wanted_postcode.place(),
            sentence=_("Diesen Ort gibt es im Adressverzeichnis nicht. Ist dieses Haus gemeint?"),
        )
    return result


def _merged(results: Sequence[SearchResult]) -> SearchResult:
    exact = [result.found for result in results if result.found]
    if len(exact) == 1:
        return next(result for result in results if result.found)
    if exact:
        return SearchResult(suggestions=tuple(exact[:MOST_SUGGESTIONS]), sentence=_several())
    suggestions = [place for result in results for place in result.suggestions]
    return SearchResult(
        suggestions=tuple(suggestions[:MOST_SUGGESTIONS]),
        fallback=next((result.fallback for result in results if result.fallback), None),
        sentence=results[0].sentence,
    )


def _several() -> str:
    return _("Diese Adresse gibt es mehrmals. Welche ist gemeint?")


def _towns(town: str, municipality: Municipality | None, wanted: _Wanted) -> tuple[list[Municipality], bool]:
    """The municipalities to look in, and whether the address surely names one of them."""
    loaded = list(Municipality.objects.with_addresses().order_by("pk"))
    if municipality is not None:
        loaded = [each for each in loaded if each.pk == municipality.pk]
    if not town.strip():
        return loaded, True
    named = [each for each in loaded if is_same_town(town, each.name)]
    if named:
        return named, True
    part_of = [each for each in loaded if _has_part(each, town)]
    if part_of:
        return part_of, True
    is_elsewhere = any(
        is_same_town(town, name) for name in Municipality.objects.values_list("name", flat=True)
    ) or (wanted.row is not None and is_same_town(town, wanted.row.town))
    return ([], True) if is_elsewhere else (loaded, False)


def _has_part(municipality: Municipality, town: str) -> bool:
    districts = District.objects.filter(municipality=municipality).values_list("name", flat=True)
    quarters = Quarter.objects.filter(district__municipality=municipality).values_list("name", flat=True)
    return plain(town) in {plain(name) for name in (*districts, *quarters)}


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The postcode that was given, with what is known of it."""

    plz: str
    row: Postcode | None

    @classmethod
    def of(cls, postcode: str) -> _Wanted:
        match = re.search(r"(?<![0-9])[0-9]{5}(?![0-9])", postcode)
        plz = match[0] if match else ""
        return cls(plz, Postcode.objects.filter(plz=plz).first() if plz else None)

    def place(self) -> Place | None:
        """The postcode's point."""
        if self.row is None:
            return None
        return Place(
            street="",
            house_number="",
            postcode=self.plz,
            town=self.row.town,
            point=self.row.point,
            quality=LocationQuality.POSTCODE,
            label=_("nur die Postleitzahl: %(postcode)s") % {"postcode": self.row},
            district=District.objects.containing(self.row.point),
        )

    def allows(self, house: Address) -> bool:
        """Whether the house may have this postcode; what cannot be known passes."""
        if house.postcode and self.plz:
            return bool(house.postcode == self.plz)
        if self.row is None:
            return True
        if self.row.area is not None:
            return bool(self.row.area.distance(house.point) <= POSTCODE_MARGIN_DEGREES)
        across_km = sqrt(self.row.area_km2 or 400)
        return metres_between(self.row.point, house.point) <= 1000 + 2000 * across_km


class _Search:
    """The search for one address in one municipality."""

    def __init__(self, municipality: Municipality, street: str, house_number: str, wanted: _Wanted) -> None:
        self.municipality = municipality
        self.wanted = wanted
        self.names: StreetNames = street_names(municipality)
        self.street, self.number = self._taken_apart(street, house_number)

    def _taken_apart(self, street: str, house_number: str) -> tuple[str, HouseNumber | None]:
        number = split_house_number(house_number)
        if street_key(street) in self.names:
            return street, number
        before, inside = split_street(street)
        if inside is None:
            return street, number
        if number is None and not house_number.strip():
            return before, inside
        # The number stands in both fields.
        return (before, number) if number == inside else (street, number)

    def result(self) -> SearchResult:
        key = street_key(self.street)
        if key not in self.names:
            return self._like_ones()
        if self.number is None:
            middle = self._middle(key)
            return SearchResult(
                suggestions=(middle,) if middle else (),
                fallback=middle or self.wanted.place(),
                sentence=_("Es fehlt eine lesbare Hausnummer."),
            )
        houses = self._houses([key])
        if houses:
            return self._one_of(houses)
        near = self._nearest(key, self.number)
        others = self._places(
            self._houses(like.key for like in self.names.like(self.street) if like.slips <= 2)
        )
        return SearchResult(
            suggestions=tuple([*near, *others][:MOST_SUGGESTIONS]),
            fallback=self._middle(key) or self.wanted.place(),
            sentence=_("Die Hausnummer %(number)s ist in dieser Straße nicht verzeichnet.")
            % {"number": self.number},
        )

    def _one_of(self, houses: list[Address]) -> SearchResult:
        allowed = [house for house in houses if self.wanted.allows(house)]
        if not allowed:
            return SearchResult(
                suggestions=self._places(houses),
                fallback=self.wanted.place(),
                sentence=_("Straße und Hausnummer gibt es, aber nicht unter dieser Postleitzahl."),
            )
        first = allowed[0]
        if all(metres_between(first.point, other.point) <= SAME_HOUSE_M for other in allowed[1:]):
            return SearchResult(found=self._place(first))
        return SearchResult(
            suggestions=self._places(allowed), fallback=self.wanted.place(), sentence=_several()
        )

    def _like_ones(self) -> SearchResult:
        """Streets spelled alike: fewest slips first, then those that have this house, then by postcode."""
        likes = self.names.like(self.street)
        houses: dict[str, list[Address]] = {}
        for house in self._houses(like.key for like in likes):
            houses.setdefault(house.street_norm, []).append(house)

        def order(like: Likeness) -> tuple[int, bool, bool, float, str]:
            there = houses.get(like.key, [])
            return (like.slips, not there, not any(map(self.wanted.allows, there)), -like.likeness, like.key)

        places: list[Place] = []
        for like in sorted(likes, key=order):
            if len(places) >= MOST_SUGGESTIONS:
                break
            if like.key in houses:
                there = sorted(houses[like.key], key=lambda house: not self.wanted.allows(house))
                places.extend(self._places(there))
            elif middle := self._middle(like.key):
                places.append(middle)
        return SearchResult(
            suggestions=tuple(places[:MOST_SUGGESTIONS]),
            fallback=self.wanted.place(),
            sentence=_("Diese Straße ist nicht verzeichnet.")
            + (" " + _("Ist eine von diesen gemeint?") if places else ""),
        )

    def _houses(self, keys: Iterable[str]) -> list[Address]:
        if self.number is None:
            return []
        found = Address.objects.filter(
            municipality=self.municipality,
            street_norm__in=list(keys),
            house_number=self.number.number,
            suffix=self.number.suffix,
        )
        return list(found.order_by("pk"))

    def _nearest(self, key: str, number: HouseNumber) -> tuple[Place, ...]:
        """The houses of the street whose numbers come nearest, the same side of the street first."""
        wanted = int(number.number)

        def far(house: Address) -> tuple[bool, int, bool, str]:
            its = int(house.house_number)
            return (not self.wanted.allows(house), abs(its - wanted), its % 2 != wanted % 2, house.suffix)

        houses = Address.objects.in_street(self.municipality, key).order_by("pk")
        return self._places(sorted(houses, key=far)[:NEAREST_NUMBERS])

    def _middle(self, key: str) -> Place | None:
        """The street's middle: the house nearest to the middle of all its houses."""
        houses = list(Address.objects.in_street(self.municipality, key).order_by("pk"))
        allowed = [house for house in houses if self.wanted.allows(house)]
        if not allowed:
            return None
        x = sum(house.point.x for house in allowed) / len(allowed)
        y = sum(house.point.y for house in allowed) / len(allowed)
        middle = Point(x, y, srid=4326)
        house = min(allowed, key=lambda house: metres_between(middle, house.point))
        return self._place(house, quality=LocationQuality.STREET)

    def _places(self, houses: Iterable[Address]) -> tuple[Place, ...]:
        return tuple(self._place(house) for house in houses)

    def _place(self, house: Address, quality: LocationQuality = LocationQuality.ADDRESS) -> Place:
        postcode = house.postcode
        if not postcode:
            rows = Postcode.objects.filter(area__covers=house.point).order_by("plz")
            postcode = rows.values_list("plz", flat=True).first() or ""
        district = District.objects.filter(municipality=self.municipality).containing(house.point)
        town = house.town or self.municipality.name
        number = (
            str(HouseNumber(house.house_number, house.suffix)) if quality == LocationQuality.ADDRESS else ""
        )
        label = f"{house.street} {number}".strip() + f", {postcode} {town}".replace(",  ", ", ")
        if district is not None:
            label += f" ({district.name})"
        if quality == LocationQuality.STREET:
            label += " – " + _("nur die Straße")
        return Place(
            street=house.street,
            house_number=number,
            postcode=postcode,
            town=town,
            point=house.point,
            quality=quality,
            label=label,
            municipality=self.municipality,
            district=district,
        )

"""The made-up municipalities: each a square of the grid with one district, one office and its tandem."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from django.contrib.gis.geos import MultiPolygon, Polygon

from helfer.demo.bench.country import Country, Ints, Points, municipality_key
from helfer.people.models import Kind, Office, OfficeDistrict, Person, Seat, Side, User
from helfer.places.models import District, Municipality

EMAIL_HOST = "bench.example"
HELD_SINCE = date(2020, 1, 1)


@dataclass(frozen=True)
class Offices:
    """Ids by the municipality's place in ``cells``."""

    cells: Ints
    laender: list[str]
    office_ids: Ints
    district_ids: Ints
    # The two sides of each tandem: seat and account.
    seat_ids: dict[Side, Ints]
    user_ids: dict[Side, Ints]

    def place_of(self, points: Points) -> Ints:
        """Each home's municipality, as its place in these arrays."""
        return np.searchsorted(self.cells, points.cell)


def build_offices(country: Country, everybody: list[Points]) -> Offices:
    """An office for every square in which somebody lives."""
    cells = np.unique(np.concatenate([points.cell for points in everybody]))
    laender = country.land_of(everybody[0], cells)
    number_of = dict.fromkeys(laender, 0)
    municipalities, districts, offices = [], [], []
    for place, (cell, land) in enumerate(zip(cells.tolist(), laender, strict=True)):
        number_of[land] += 1
        municipality = Municipality(
            key=municipality_key(land, number_of[land]), name=f"Messkreis {land} {number_of[land]}"
        )
        municipalities.append(municipality)
        districts.append(
            District(
                municipality=municipality,
                name=municipality.name,
                slug=f"messkreis-{place}",
                area=MultiPolygon(Polygon.from_bbox(country.box_of(cell)), srid=4326),
            )
        )
        offices.append(
            Office(municipality=municipality, name=f"Seniorenbüro {municipality.name}", slug=f"mess-{place}")
        )
    Municipality.objects.bulk_create(municipalities)
    District.objects.bulk_create(districts)
    Office.objects.bulk_create(offices)
    OfficeDistrict.objects.bulk_create(
        OfficeDistrict(office=office, district=district)
        for office, district in zip(offices, districts, strict=True)
    )
    seats, users = {}, {}
    for side in Side:
        accounts = [
            User(
                email=f"{side}.{place}@{EMAIL_HOST}",
                name=f"{side.label} {place}",
                kinds=[Kind.TANDEM],
                # Nobody signs in with a password here.
                password="!",  # noqa: S106
                person=Person(family_name=str(side.label), given_name=f"Tandem {place}", birth_year=1975),
            )
            for place in range(len(cells))
        ]
        Person.objects.bulk_create([account.person for account in accounts if account.person])
        User.objects.bulk_create(accounts)
        held = Seat.objects.bulk_create(
            Seat(office=office, side=side, user=account, from_day=HELD_SINCE)
            for office, account in zip(offices, accounts, strict=True)
        )
        seats[side] = _ids(held)
        users[side] = _ids(accounts)
    return Offices(cells, laender, _ids(offices), _ids(districts), seats, users)


def _ids(rows: list[Seat] | list[User] | list[Office] | list[District]) -> Ints:
    return np.array([row.pk for row in rows], dtype=np.int64)

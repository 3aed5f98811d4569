"""Puts the made-up city and its offices into the database."""

from __future__ import annotations

from datetime import date, timedelta

import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Point
from django.utils.text import slugify

from helfer.demo.city import MUNICIPALITY_KEY, MUNICIPALITY_NAME, OFFICES, DemoCity
from helfer.people.models import Office, OfficeDistrict, OfficeHoliday
from helfer.places.models import Address, District, Municipality, Postcode, Quarter
from helfer.places.normalise import street_key

BATCH = 2_000


def _stored(area: shapely.MultiPolygon) -> MultiPolygon:
    """The drawn area as the database keeps it."""
    stored = GEOSGeometry(area.wkb_hex, srid=4326)
    if not isinstance(stored, MultiPolygon):
        raise TypeError("a district is a multipolygon")
    return stored


def build_places(city: DemoCity) -> None:
    """Municipality, districts, quarters, postcodes and every house."""
    municipality, _made = Municipality.objects.get_or_create(
        key=MUNICIPALITY_KEY, defaults={"name": MUNICIPALITY_NAME}
    )
    District.objects.bulk_create(
        District(
            municipality=municipality,
            name=name,
            slug=slugify(name.replace("ü", "ue").replace("ö", "oe").replace("ä", "ae")),
            area=_stored(area),
        )
        for name, area in city.districts.items()
    )
    districts = {district.name: district for district in District.objects.filter(municipality=municipality)}
    Quarter.objects.bulk_create(
        Quarter(district=districts[district], name=name, area=_stored(area))
        for name, (district, area) in city.quarters.items()
    )
    for plz, area in city.postcodes.items():
        geometry = _stored(area)
        Postcode.objects.create(
            plz=plz,
            town=MUNICIPALITY_NAME,
            land="NW",
            point=geometry.point_on_surface,
            area=geometry,
            area_km2=round(area.area * 7_700, 1),
            population=9_000 + len(plz) * 1_000,
        )
    Address.objects.bulk_create(
        (
            Address(
                municipality=municipality,
                street=house.street,
                street_norm=street_key(house.street),
                house_number=str(house.number),
                suffix=house.suffix,
                postcode=house.postcode,
                town=MUNICIPALITY_NAME,
                point=Point(house.lon, house.lat, srid=4326),
            )
            for house in city.houses
        ),
        batch_size=BATCH,
    )


def build_offices(city: DemoCity, *, today: date) -> dict[str, Office]:
    """Six offices, each for two districts, in a house of one of them."""
    offices: dict[str, Office] = {}
    municipality = Municipality.objects.get(key=MUNICIPALITY_KEY)
    for index, (name, districts, _carrier) in enumerate(OFFICES):
        house = city.houses_in(districts[0])[17]
        office = Office.objects.create(
            municipality=municipality,
            name=f"Seniorenbüro {name}",
            slug=slugify(name.replace("ü", "ue")),
            street=f"{house.street} {house.number}{house.suffix}",
            postcode=house.postcode,
            town=MUNICIPALITY_NAME,
            location=Point(house.lon, house.lat, srid=4326),
            phone=f"+4922147109{index}0",
            email=f"{slugify(name.replace('ü', 'ue'))}@seniorenbuero.example",
            opening_hours="Montag bis Donnerstag 9 bis 12 Uhr und 14 bis 16 Uhr\nFreitag 9 bis 12 Uhr",
        )
        OfficeDistrict.objects.bulk_create(
            OfficeDistrict(
                office=office, district=District.objects.get(name=district, municipality=municipality)
            )
            for district in districts
        )
        closed_from = today + timedelta(days=30 + index)
        OfficeHoliday.objects.create(
            office=office,
            from_day=closed_from,
            until_day=closed_from + timedelta(days=4),
            reason="Betriebsruhe",
        )
        offices[name] = office
    return offices

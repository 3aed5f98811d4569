"""The offices: where they are, whom they serve, when they are closed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from helfer.core.days import berlin_day
from helfer.core.errors import Conflict
from helfer.core.validity import must_be_valid
from helfer.people.models import Office, OfficeDistrict, OfficeHoliday, User
from helfer.people.permissions import can_coordinate, can_keep_office
from helfer.places.models import District, Municipality
from helfer.places.normalise import split_street
from helfer.places.search import find_address

UMLAUTS: dict[int, str] = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue", ord("ß"): "ss"}


@dataclass(frozen=True, slots=True)
class OfficeDetails:
    """What an office says of itself; ``location`` where somebody set it on the map."""

    name: str
    street: str = ""
    postcode: str = ""
    town: str = ""
    phone: str = ""
    email: str = ""
    opening_hours: str = ""
    is_active: bool = True
    location: Point | None = None


def _write(office: Office, details: OfficeDetails) -> None:
    former = (office.street, office.postcode, office.town)
    for name, value in asdict(details).items():
        if name != "location":
            setattr(office, name, value.strip() if isinstance(value, str) else value)
    if details.location is not None:
        office.location = details.location
    elif office.location is None or former != (office.street, office.postcode, office.town):
        office.location = _found(office)


def _found(office: Office) -> Point | None:
    """The office's house where the search knows it; an office is no secret, a coarse place serves too."""
    street, number = split_street(office.street)
    result = find_address(
        street=street, house_number=str(number or ""), postcode=office.postcode, town=office.town
    )
    return result.best.point if result.best else None


def _free_slug(name: str) -> str:
    base = slugify(name.translate(UMLAUTS))[:40] or "buero"
    taken = set(Office.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    candidates = [base, *(f"{base}-{number}" for number in range(2, len(taken) + 2))]
    return next(slug for slug in candidates if slug not in taken)


@transaction.atomic
def create_office(
    *,
    details: OfficeDetails,
    by: User,
    at: datetime,
    slug: str = "",
    municipality: Municipality | None = None,
    districts: Collection[District] = (),
) -> Office:
    """Open an office that serves districts of one municipality."""
    can_coordinate(by)
    office = Office(municipality=municipality or Municipality.objects.default())
    _write(office, details)
    office.slug = slug or _free_slug(office.name.lower())
    must_be_valid(office)
    office.save()
    _serve(office, districts)
    return office


@transaction.atomic
def update_office(*, office_id: int, details: OfficeDetails, by: User, at: datetime) -> Office:
    """Correct address, phone, opening hours; close an office or open it again."""
    office = Office.objects.select_for_update(of=("self",)).get(pk=office_id)
    can_keep_office(by, office, on=berlin_day(at))
    if details.is_active != office.is_active or details.name.strip() != office.name:
        can_coordinate(by)
    _write(office, details)
    must_be_valid(office)
    office.save(update_fields=list(asdict(details)))
    return office


@transaction.atomic
def serve_districts(*, office_id: int, districts: Collection[District], by: User, at: datetime) -> Office:
    """Name the districts that an office serves; what another office serves has to be given up there first."""
    can_coordinate(by)
    office = Office.objects.select_for_update(of=("self",)).get(pk=office_id)
    _serve(office, districts)
    return office


def _serve(office: Office, districts: Collection[District]) -> None:
    for district in districts:
        if district.municipality_id != office.municipality_id:
            raise Conflict(
                _("%(district)s gehört zu einer anderen Kommune.") % {"district": district}, field="districts"
            )
    elsewhere = OfficeDistrict.objects.filter(district__in=districts).exclude(office=office)
    for other in elsewhere.select_related("office", "district").order_by("district__name"):
        raise Conflict(
            _("%(district)s wird schon von „%(office)s“ betreut.")
            % {"district": other.district, "office": other.office},
            field="districts",
        )
    OfficeDistrict.objects.filter(office=office).exclude(district__in=districts).delete()
    served = set(OfficeDistrict.objects.filter(office=office).values_list("district_id", flat=True))
    OfficeDistrict.objects.bulk_create(
        OfficeDistrict(office=office, district=district)
        for district in districts
        if district.pk not in served
    )


@transaction.atomic
def add_holiday(
    *, office_id: int, from_day: date, until_day: date, by: User, at: datetime, reason: str = ""
) -> OfficeHoliday:
    """Days on which the office is closed."""
    office = Office.objects.get(pk=office_id)
    can_keep_office(by, office, on=berlin_day(at))
    holiday = OfficeHoliday(office=office, from_day=from_day, until_day=until_day, reason=reason.strip())
    must_be_valid(holiday)
    holiday.save()
    return holiday


@transaction.atomic
def remove_holiday(*, holiday_id: int, by: User, at: datetime) -> None:
    """The office is open after all."""
    holiday = OfficeHoliday.objects.select_related("office").filter(pk=holiday_id).first()
    if holiday is not None:
        can_keep_office(by, holiday.office, on=berlin_day(at))
        holiday.delete()

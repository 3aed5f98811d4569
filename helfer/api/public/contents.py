"""Roles, offices, areas with numbers, news and dates: what everybody may read anyway, for programs."""

# Annotations are read when the interface is described, past the wrapper of the pages: no lazy ones here.
import json
from datetime import date, datetime
from typing import Annotated, Any, Literal, NamedTuple

from django.core.cache import cache
from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from helfer.api.access import Refusal, today
from helfer.api.limits import Slug
from helfer.api.public.pages import published_pages
from helfer.catalogue.models import Role
from helfer.matching.public_figures import public_figures
from helfer.people.models import Office
from helfer.places.models import District, Quarter
from helfer.places.public import Outline

router = Router(tags=["Für alle"])

REFUSALS: dict[int, Any] = {429: Refusal}
# Borders change once in years; who loads them anew sees them after this.
OUTLINES_KEPT_SECONDS = 60


class _Outlined(NamedTuple):
    """An area with its border as GeoJSON."""

    pk: int
    level: str
    name: str
    district: str
    border: dict[str, Any]


class RoleOut(Schema):
    """What helpers may do, and what they must not."""

    slug: str
    name: str
    does: list[str]
    does_not: list[str]
    url: str | None = Field(description="Seite, auf der mehr steht")


class RolesOut(Schema):
    """All roles that are offered."""

    items: list[RoleOut]


class OfficeOut(Schema):
    """Whom to call, when, and for which districts."""

    slug: str
    name: str
    phone: str = Field(description="zum Wählen, E.164; leer, wenn keine bekannt ist")
    phone_as_written: str = Field(description="zum Lesen")
    opening_hours: str
    street: str
    postcode: str
    town: str
    location: list[float] | None = Field(description="Länge und Breite (WGS 84)")
    districts: list[str]
    url: str | None = Field(description="Seite, auf der mehr steht")


class OfficesOut(Schema):
    """All offices that are open."""

    items: list[OfficeOut]


class NewsOut(Schema):
    """A piece of news; the whole of it stands on its page."""

    title: str
    text: str
    day: date
    url: str


class NewsListOut(Schema):
    """The newest fifty."""

    items: list[NewsOut]


class EventOut(Schema):
    """One day on which something takes place."""

    title: str
    text: str
    kind: str
    starts_at: datetime
    ends_at: datetime | None
    place: str
    access: str
    cost: str
    url: str


class EventsOut(Schema):
    """The coming half year."""

    items: list[EventOut]


class Geometry(Schema):
    """A border (WGS 84, GeoJSON)."""

    type: Literal["Polygon", "MultiPolygon"]
    coordinates: list[Any]


class QuarterFacts(Schema):
    """A quarter, and how many offers name it; who looks for help is told by district alone."""

    level: Literal["quarter"]
    name: str
    district: str
    offers: int = Field(multiple_of=3, ge=0)


class DistrictFacts(Schema):
    """A district: its offers, those of its quarters among them, and how many look for help in it."""

    level: Literal["district"]
    name: str
    offers: int = Field(multiple_of=3, ge=0)
    wanted: int = Field(multiple_of=3, ge=0)


class Feature(Schema):
    """An area with its numbers."""

    type: Literal["Feature"]
    id: str
    geometry: Geometry
    properties: Annotated[QuarterFacts | DistrictFacts, Field(discriminator="level")]


class CityFacts(Schema):
    """The whole city: what names no area is counted here alone."""

    offers: int = Field(multiple_of=3, ge=0)
    wanted: int = Field(multiple_of=3, ge=0)


class QuartersOut(Schema):
    """A GeoJSON collection of districts and quarters."""

    type: Literal["FeatureCollection"]
    city: CityFacts
    features: list[Feature]


class QuartersAsked(Schema):
    """Of which role."""

    role: Slug | None = Field(None, description="Kurzname einer Tätigkeit; ohne ihn zählen alle")


@router.get("/roles", response={200: RolesOut, **REFUSALS}, summary="Tätigkeiten")
def roles(request: HttpRequest) -> dict[str, Any]:
    addresses = published_pages().addresses_of_roles(request)
    return {
        "items": [
            {
                "slug": role.slug,
                "name": role.text("name"),
                "does": role.text("does").splitlines(),
                "does_not": role.text("does_not").splitlines(),
                "url": addresses.get(role.slug),
            }
            for role in Role.objects.filter(is_active=True).order_by("name", "pk")
        ]
    }


@router.get("/offices", response={200: OfficesOut, **REFUSALS}, summary="Seniorenbüros")
def offices(request: HttpRequest) -> dict[str, Any]:
    addresses = published_pages().addresses_of_offices(request)
    open_ones = Office.objects.filter(is_active=True).prefetch_related("districts").order_by("name", "pk")
    return {
        "items": [
            {
                "slug": office.slug,
                "name": office.name,
                "phone": office.phone.as_e164 if office.phone else "",
                "phone_as_written": office.phone.as_national if office.phone else "",
                "opening_hours": office.opening_hours,
                "street": office.street,
                "postcode": office.postcode,
                "town": office.town,
                "location": [office.location.x, office.location.y] if office.location else None,
                "districts": sorted(district.name for district in office.districts.all()),
                "url": addresses.get(office.slug),
            }
            for office in open_ones
        ]
    }


@router.get(
    "/quarters",
    response={200: QuartersOut, 404: Refusal, 422: Refusal, **REFUSALS},
    summary="Stadtbezirke und Quartiere mit Zahlen (GeoJSON)",
    description=(
        "Gezählt wird in Dreiern, damit keine Zahl jemanden verrät: Wer in einem Quartier allein oder zu "
        "zweit ist, zählt im Stadtbezirk, sonst in der Stadt. Deshalb kann die Zahl eines Stadtbezirks "
        "größer sein als die Summe seiner Quartiere. Gesucht wird nur nach Stadtbezirken."
    ),
)
def quarters(request: HttpRequest, asked: Query[QuartersAsked]) -> dict[str, Any]:
    role = None
    if asked.role:
        role = Role.objects.filter(slug=asked.role, is_active=True).first()
        if role is None:
            raise Http404
    figures = public_figures(role)
    features = []
    for pk, level, name, district, geometry in _outlines():
        facts: dict[str, Any] = {"level": level, "name": name}
        if level == "quarter":
            facts |= {"district": district, "offers": figures.offers_by_quarter.get(pk, 0)}
        else:
            facts |= {
                "offers": figures.offers_by_district.get(pk, 0),
                "wanted": figures.wanted_by_district.get(pk, 0),
            }
        features.append({"type": "Feature", "id": f"{level}-{pk}", "geometry": geometry, "properties": facts})
    return {
        "type": "FeatureCollection",
        "city": {"offers": figures.offers, "wanted": figures.wanted},
        "features": features,
    }


@router.get("/news", response={200: NewsListOut, **REFUSALS}, summary="Neuigkeiten")
def news(request: HttpRequest) -> dict[str, Any]:
    return {"items": published_pages().news(request)}


@router.get("/events", response={200: EventsOut, **REFUSALS}, summary="Termine")
def events(request: HttpRequest) -> dict[str, Any]:
    return {"items": published_pages().events(request, from_day=today())}


def _outlines() -> list[_Outlined]:
    """Every area: districts by name, each followed by its quarters."""
    known: list[_Outlined] | None = cache.get("public:outlines")
    if known is None:
        districts = District.objects.values_list("pk", "name", "name", Outline("area"))
        quarters = Quarter.objects.values_list("pk", "name", "district__name", Outline("area"))
        known = [
            *(_Outlined(pk, "district", name, of, json.loads(area)) for pk, name, of, area in districts),
            *(_Outlined(pk, "quarter", name, of, json.loads(area)) for pk, name, of, area in quarters),
        ]
        known.sort(key=lambda each: (each.district, each.level, each.name, each.pk))
        cache.set("public:outlines", known, OUTLINES_KEPT_SECONDS)
    return known

"""What the lists of helpers and of requests have in common: the human being and the address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.gis.geos import Point
from django.db import connection
from django.db.models import Model
from django.utils.translation import gettext as _

from helfer.core import cells
from helfer.core.copying import copy_objects
from helfer.core.import_report import Fault, RowReader
from helfer.people.models import Gender, OfficeDistrict, Person
from helfer.people.places_of_persons import ADDRESS_FIELDS
from helfer.places.models import LocationQuality
from helfer.places.search import Place, SearchResult, find_address

CHUNK, MOST_NUMBERS = 2_000, 50_000
# Who is alive, as ``PersonQuerySet.alive`` says it.
_BY_NUMBER = """
    SELECT id, family_name, given_name, birth_year, {column} FROM people_person
    WHERE died_on IS NULL AND merged_into_id IS NULL AND {column} = ANY(%s) ORDER BY id
"""
GENDERS = {"w": Gender.WOMAN, "m": Gender.MAN, "d": Gender.DIVERSE}
# Name, birth year and telephone number, all of them known: the same human being.
Identity = tuple[str, str, int, str]


@dataclass(slots=True)
class ListedPerson:
    """A human being as a row names them; ``columns`` are those that the list has."""

    family_name: str
    given_name: str
    birth_year: int | None
    gender: str
    phone: str
    mobile: str
    email: str
    street: str
    house_number: str
    postcode: str
    town: str
    latitude: float | None
    longitude: float | None
    columns: frozenset[str] = field(default_factory=frozenset)

    @property
    def name(self) -> str:
        """Given name and family name."""
        return f"{self.given_name} {self.family_name}".strip()

    def identities(self) -> list[Identity]:
        """By what the same human being may be known already."""
        if self.birth_year is None:
            return []
        name = (self.family_name.casefold(), self.given_name.casefold(), self.birth_year)
        return [(*name, number) for number in dict.fromkeys((self.phone, self.mobile)) if number]

    def key(self) -> tuple[str, str, int | None, str]:
        """What stands for a row without a number."""
        return (
            self.family_name.casefold(),
            self.given_name.casefold(),
            self.birth_year,
            self.phone or self.mobile,
        )

    def is_somebody_else(self, person: Person) -> bool:
        """Whether the row means another human being: of names and birth year at most one agrees."""
        same_year = self.birth_year == person.birth_year and self.birth_year is not None
        same_family = self.family_name.casefold() == person.family_name.casefold()
        same_given = self.given_name.casefold() == person.given_name.casefold()
        return same_year + same_family + same_given < 2


# Column → field of Person.
_PERSON_FIELDS = {
    "nachname": "family_name",
    "vorname": "given_name",
    "geburtsjahr": "birth_year",
    "geschlecht": "gender",
    "telefon": "phone",
    "mobil": "mobile",
    "email": "email",
}


def read_person(reader: RowReader, *, latest_year: int) -> ListedPerson:
    """Read the columns that name a human being."""
    family_name = reader.read("nachname", cells.line_of_text(120), "")
    if not family_name and not any(fault.column == "nachname" for fault in reader.faults):
        reader.fault("nachname", _("Hier fehlt der Nachname."))
    person = ListedPerson(
        family_name=family_name,
        given_name=reader.read("vorname", cells.line_of_text(120), ""),
        birth_year=reader.read("geburtsjahr", cells.birth_year(latest_year), None),
        gender=reader.read("geschlecht", cells.choice(GENDERS), ""),
        phone=reader.read("telefon", cells.phone, ""),
        mobile=reader.read("mobil", cells.phone, ""),
        email=reader.read("email", cells.email, ""),
        street=reader.read("strasse", cells.line_of_text(120), ""),
        house_number=reader.read("hausnummer", cells.line_of_text(20), ""),
        postcode=reader.read("plz", cells.postcode, ""),
        town=reader.read("ort", cells.line_of_text(80), ""),
        latitude=reader.read("lat", cells.latitude, None),
        longitude=reader.read("lon", cells.longitude, None),
        columns=frozenset(reader.columns.places),
    )
    for column, value, other in (
        ("lat", reader.raw("lat"), reader.raw("lon")),
        ("lon", reader.raw("lon"), reader.raw("lat")),
    ):
        if other and not value:
            reader.fault(column, _("Breite und Länge gehören zusammen; hier fehlt eine davon."))
    return person


# What an import writes of a person; district and quarter are the database's.
SAVED_FIELDS = (*_PERSON_FIELDS.values(), *ADDRESS_FIELDS)


def save_people(people: Iterable[Person]) -> None:
    """Write new persons in one go, and what a list says of known ones."""
    each_once = list({id(person): person for person in people}.values())
    fresh = [person for person in each_once if person.pk is None]
    for person in each_once:
        if person.pk is not None:
            person.save(update_fields=SAVED_FIELDS)
    insert(fresh, Person)


def write_person(listed: ListedPerson, person: Person) -> None:
    """Let the person be as the row says, unsaved; columns that the list does not have stay as they are."""
    for column, name in _PERSON_FIELDS.items():
        if column in listed.columns:
            setattr(person, name, getattr(listed, name))


def fill_gaps(listed: ListedPerson, person: Person) -> None:
    """Add what the record of a known human being lacks, unsaved."""
    for name in _PERSON_FIELDS.values():
        if not getattr(person, name):
            setattr(person, name, getattr(listed, name))


class Locator:
    """Finds the homes of a whole list, each address once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, str, str], SearchResult] = {}

    def _search(self, listed: ListedPerson) -> SearchResult:
        key = (listed.street, listed.house_number, listed.postcode, listed.town)
        if key not in self._known:
            self._known[key] = find_address(
                street=listed.street,
                house_number=listed.house_number,
                postcode=listed.postcode,
                town=listed.town,
            )
        return self._known[key]

    def take_over(self, listed: ListedPerson, person: Person, *, line: int, is_ours: bool) -> Fault | None:
        """Let the person be as the row says, unsaved; the fault where nobody can tell where they live.

        ``is_ours``: the record comes from this list. Of a human being known otherwise only gaps are filled.
        """
        if person.pk is None or is_ours:
            write_person(listed, person)
            return self.settle(listed, person, line=line)
        fill_gaps(listed, person)
        return self.settle(listed, person, line=line) if person.home is None else None

    def settle(self, listed: ListedPerson, person: Person, *, line: int) -> Fault | None:
        """Let the person live where the row says, unsaved; the fault where nobody can tell where that is.

        Coordinates win. The exact house is taken; what is only alike is not: the coarser place serves and
        waits for somebody to confirm it.
        """
        if _is_settled(listed, person):
            return None
        person.street, person.house_number = listed.street, listed.house_number
        person.postcode, person.town = listed.postcode, listed.town
        person.location_to_confirm = False
        if listed.latitude is not None and listed.longitude is not None:
            person.home = Point(listed.longitude, listed.latitude, srid=4326)
            person.location_quality = LocationQuality.MANUAL
            return None
        result = self._search(listed)
        place = result.best
        if place is None:
            return Fault(line, _blamed(listed), _cannot_tell(listed, result))
        if result.found is not None:
            person.street, person.house_number = place.street, place.house_number
            person.postcode = place.postcode or person.postcode
        person.town = place.town if result.found else (person.town or place.town)
        person.home, person.location_quality = place.point, place.quality
        person.location_to_confirm = result.is_to_confirm
        return None


def _is_settled(listed: ListedPerson, person: Person) -> bool:
    """Whether the address is the one that is there already, confirmed by hand perhaps."""
    if person.home is None or person.location_to_confirm or listed.latitude is not None:
        return False
    said = (
        listed.street,
        listed.house_number,
        listed.postcode or person.postcode,
        listed.town or person.town,
    )
    return said == (person.street, person.house_number, person.postcode, person.town)


def _blamed(listed: ListedPerson) -> str:
    return "strasse" if listed.street or not listed.postcode else "plz"


def _cannot_tell(listed: ListedPerson, result: SearchResult) -> str:
    sentence = result.sentence
    if listed.postcode:
        sentence += " " + _("Auch die Postleitzahl %(plz)s ist nicht geladen.") % {"plz": listed.postcode}
    if result.suggestions:
        labels = [_label(place) for place in result.suggestions[:3]]
        return f"{sentence} " + _("%(places)s. Bitte Adresse oder Postleitzahl berichtigen.") % {
            "places": "; ".join(labels)
        }
    return f"{sentence} " + _("Richtig wären eine bekannte Adresse, eine Postleitzahl oder lat und lon.")


def _label(place: Place) -> str:
    return f"{place.street} {place.house_number}".strip() + f", {place.postcode} {place.town}".replace(
        ",  ", ", "
    )


def known_persons(listed: Iterable[ListedPerson]) -> dict[Identity, Person]:
    """The persons already there with name, birth year and telephone number of somebody of the list."""
    wanted = {identity for person in listed for identity in person.identities()}
    ids: dict[Identity, int] = {}
    # Telephone numbers have no index: the table is read once for very many of them.
    for numbers in chunks(sorted({identity[3] for identity in wanted}), MOST_NUMBERS):
        with connection.cursor() as cursor:
            for column in ("phone", "mobile"):
                cursor.execute(_BY_NUMBER.format(column=column), [numbers])
                for person_id, family_name, given_name, birth_year, number in cursor.fetchall():
                    identity = (family_name.casefold(), given_name.casefold(), birth_year or 0, number)
                    if identity in wanted:
                        ids.setdefault(identity, person_id)
    people: dict[int, Person] = {}
    for part in chunks(sorted(set(ids.values()))):
        people.update(Person.objects.in_bulk(part))
    return {identity: people[person_id] for identity, person_id in ids.items() if person_id in people}


def stored_key(person: Person) -> tuple[str, str, int | None, str]:
    """What stands for this person in a list without numbers (as ``ListedPerson.key``)."""
    number = person.phone or person.mobile
    return (
        person.family_name.casefold(),
        person.given_name.casefold(),
        person.birth_year,
        str(number.as_e164) if number else "",
    )


def offices_of_districts() -> dict[int, int]:
    """Which office serves which district."""
    served = OfficeDistrict.objects.filter(office__is_active=True)
    return dict(served.values_list("district_id", "office_id"))


def districts_of(people: Iterable[Person]) -> dict[int, int | None]:
    """The districts that the database has given to these homes."""
    ids = [person.pk for person in people]
    return dict(Person.objects.filter(pk__in=ids).values_list("pk", "district_id"))


def chunks(items: list[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    """The items, so many at a time."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def insert(rows: list[Any], model: type[Model]) -> None:
    """Write new rows; one that is there already is refused."""
    copy_objects(model, rows)

"""One row of a list of requests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from helfer.catalogue.models import CompensationModel, Role
from helfer.core import cells
from helfer.core.import_report import ColumnSet, Fault, RowReader, by_slug
from helfer.core.tables import Row, Table
from helfer.help_requests.models import Frequency, YesNo
from helfer.helpers.imports.persons import ListedPerson, read_person
from helfer.people.models import CareLevel

COLUMNS = (
    "nummer",
    "nachname",
    "vorname",
    "geburtsjahr",
    "telefon",
    "email",
    "strasse",
    "hausnummer",
    "plz",
    "ort",
    "lat",
    "lon",
    "pflegegrad",
    "aufgabe",
    "sprachen",
    "zeiten",
    "haeufigkeit",
    "dauer_min",
    "ab",
    "verguetung",
    "nur_geschlecht",
    "haustiere",
    "raucher",
    "max_entfernung_m",
    "dringend",
    "angehoerige_name",
    "angehoerige_telefon",
    "bemerkung",
    "eingang",
)
REQUIRED = ("nachname", "aufgabe")
# Under this name somebody is called of whom the list has only the telephone number.
NAMELESS_RELATIVE = "Angehörige (Name unbekannt)"
LONGEST_DISTANCE_M = 100_000
LONGEST_VISIT_MIN = 24 * 60

CARE_LEVELS = {
    "1": CareLevel.ONE,
    "2": CareLevel.TWO,
    "3": CareLevel.THREE,
    "4": CareLevel.FOUR,
    "5": CareLevel.FIVE,
    "beantragt": CareLevel.APPLIED,
    "keiner": CareLevel.NONE,
}
FREQUENCIES = {str(frequency.value): frequency for frequency in Frequency}
GENDERS = {"w": "w", "m": "m"}
YES_NO = {"ja": YesNo.YES, "nein": YesNo.NO}

# Column → field of HelpRequest.
REQUEST_FIELDS = {
    "aufgabe": "role",
    "sprachen": "languages",
    "zeiten": "times",
    "haeufigkeit": "frequency",
    "dauer_min": "duration_min",
    "ab": "starts_on",
    "nur_geschlecht": "wanted_gender",
    "haustiere": "has_pets",
    "raucher": "has_smokers",
    "max_entfernung_m": "max_distance_m",
    "dringend": "is_urgent",
    "bemerkung": "remark",
    "eingang": "received_on",
}


@dataclass(slots=True)
class RequestRow:
    """A request as a row names it."""

    line: int
    number: str
    person: ListedPerson
    care_level: CareLevel
    request: dict[str, Any]
    compensation_models: list[CompensationModel]
    relative_name: str
    relative_phone: str
    digest: str
    faults: list[Fault]
    # The columns that are filled in this row.
    said: frozenset[str]

    @property
    def role(self) -> Role | None:
        """The role, where it is clear."""
        role: Role | None = self.request["role"]
        return role


class RequestRows:
    """Reads the rows of a list, with the catalogue looked up once."""

    def __init__(self, table: Table, *, today: date) -> None:
        self.columns = ColumnSet(table, COLUMNS, REQUIRED)
        self.today = today
        self.role = cells.known_word(*by_slug(Role.objects.order_by("pk")))
        self.models = cells.known_words(*by_slug(CompensationModel.objects.order_by("pk")))

    def read(self, row: Row) -> RequestRow:
        """The row with all its faults."""
        reader = RowReader(row, self.columns)
        person = read_person(reader, latest_year=self.today.year)
        request = {
            "role": reader.read("aufgabe", self.role, None),
            "languages": reader.read("sprachen", cells.languages, list[str]()),
            "times": reader.read("zeiten", cells.half_days, list[str]()),
            "frequency": reader.read("haeufigkeit", cells.choice(FREQUENCIES), Frequency.WEEKLY),
            "duration_min": reader.read("dauer_min", cells.whole_number(1, LONGEST_VISIT_MIN), None),
            "starts_on": reader.read("ab", cells.day, None),
            "wanted_gender": reader.read("nur_geschlecht", cells.choice(GENDERS), ""),
            "has_pets": reader.read("haustiere", cells.choice(YES_NO), ""),
            "has_smokers": reader.read("raucher", cells.choice(YES_NO), ""),
            "max_distance_m": reader.read(
                "max_entfernung_m", cells.whole_number(1, LONGEST_DISTANCE_M), None
            ),
            "is_urgent": reader.read("dringend", cells.yes_or_no, False),
            "remark": reader.read("bemerkung", cells.free_text(10_000), ""),
            "received_on": reader.read("eingang", cells.day_until(self.today), self.today),
        }
        relative_name = reader.read("angehoerige_name", cells.line_of_text(200), "")
        relative_phone = reader.read("angehoerige_telefon", cells.phone, "")
        if relative_phone and not relative_name:
            relative_name = NAMELESS_RELATIVE
        return RequestRow(
            line=row.line,
            number=reader.read("nummer", cells.line_of_text(20), ""),
            person=person,
            care_level=reader.read("pflegegrad", cells.choice(CARE_LEVELS), CareLevel.NONE),
            request=request,
            compensation_models=reader.read("verguetung", self.models, []),
            relative_name=relative_name,
            relative_phone=relative_phone,
            digest=reader.digest(),
            faults=reader.faults,
            said=frozenset(reader.read_values),
        )

"""One row of a list of helpers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from helfer.catalogue.models import CompensationModel, Role, Training
from helfer.core import cells
from helfer.core.import_report import ColumnSet, Fault, RowReader, by_slug
from helfer.core.tables import Row, Table
from helfer.helpers.imports.persons import ListedPerson, read_person
from helfer.helpers.models import MAX_RADIUS_M, MIN_RADIUS_M

COLUMNS = (
    "nummer",
    "nachname",
    "vorname",
    "geburtsjahr",
    "geschlecht",
    "telefon",
    "mobil",
    "email",
    "strasse",
    "hausnummer",
    "plz",
    "ort",
    "lat",
    "lon",
    "umkreis_m",
    "sprachen",
    "aufgaben",
    "zeiten",
    "verguetung",
    "max_personen",
    "keine_haustiere",
    "keine_raucher",
    "schulungen",
    "seit",
)
REQUIRED = ("nachname", "aufgaben")
DEFAULT_RADIUS_M = 2_000
MOST_PEOPLE = 50

# Column → field of HelperProfile.
PROFILE_FIELDS = {
    "umkreis_m": "radius_m",
    "sprachen": "languages",
    "zeiten": "times",
    "max_personen": "max_people",
    "keine_haustiere": "no_pets",
    "keine_raucher": "no_smokers",
    "seit": "helper_since",
}


@dataclass(slots=True)
class HelperRow:
    """A helper as a row names them."""

    line: int
    number: str
    person: ListedPerson
    profile: dict[str, Any]
    roles: list[Role]
    compensation_models: list[CompensationModel]
    certificates: list[tuple[Training, date]]
    digest: str
    faults: list[Fault]


class HelperRows:
    """Reads the rows of a list, with the catalogue looked up once."""

    def __init__(self, table: Table, *, today: date) -> None:
        self.columns = ColumnSet(table, COLUMNS, REQUIRED)
        self.today = today
        self.roles = cells.known_words(*by_slug(Role.objects.order_by("pk")))
        self.models = cells.known_words(*by_slug(CompensationModel.objects.order_by("pk")))
        trainings, names = by_slug(Training.objects.order_by("pk"))
        self.certificates = cells.dated_words(trainings, today, names)

    def read(self, row: Row) -> HelperRow:
        """The row with all its faults."""
        reader = RowReader(row, self.columns)
        person = read_person(reader, latest_year=self.today.year)
        profile = {
            "radius_m": reader.read(
                "umkreis_m", cells.whole_number(MIN_RADIUS_M, MAX_RADIUS_M), DEFAULT_RADIUS_M
            ),
            "languages": reader.read("sprachen", cells.languages, list[str]()),
            "times": reader.read("zeiten", cells.half_days, list[str]()),
            "max_people": reader.read("max_personen", cells.whole_number(1, MOST_PEOPLE), 1),
            "no_pets": reader.read("keine_haustiere", cells.yes_or_no, False),
            "no_smokers": reader.read("keine_raucher", cells.yes_or_no, False),
            "helper_since": reader.read("seit", cells.day_until(self.today), None),
        }
        return HelperRow(
            line=row.line,
            number=reader.read("nummer", cells.line_of_text(20), ""),
            person=person,
            profile=profile,
            roles=reader.read("aufgaben", self.roles, []),
            compensation_models=reader.read("verguetung", self.models, []),
            certificates=reader.read("schulungen", self.certificates, []),
            digest=reader.digest(),
            faults=reader.faults,
        )

"""Fills an empty database with made-up neighbours for measuring; the same again for the same numbers."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date

import numpy as np
from django.db import connection, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helfer.catalogue.actions import load_catalogue
from helfer.core.errors import RuleViolation
from helfer.demo.bench import writing
from helfer.demo.bench.bulk import Say, kept_back
from helfer.demo.bench.catalogue import Catalogue
from helfer.demo.bench.country import Country
from helfer.demo.bench.helpers import draw_helpers
from helfer.demo.bench.needs import draw_bonds, draw_waiting
from helfer.demo.bench.offices import build_offices
from helfer.help_requests.models import HelpRequest
from helfer.helpers.models import Certificate, HelperProfile, Pause
from helfer.matching.actions import rebuild_offers
from helfer.matching.models import CheckIn, Match, Offer, Signature
from helfer.people.models import Consent, HelpSeeker, Office, Person, User
from helfer.places.models import District, Quarter

# Another one whenever the same numbers would make other data.
VERSION = 1
# The day on which everything is asked; all of the data's days are counted from it.
ASKED_ON = date(2026, 11, 23)
CREATED = "2026-11-01 09:00+00"

# Rows in any of these are somebody's work.
KEPT_BY_PEOPLE: tuple[type[models.Model], ...] = (
    Person,
    User,
    Office,
    HelperProfile,
    HelpSeeker,
    HelpRequest,
    Match,
    Consent,
    District,
    Quarter,
)
LOADED: tuple[type[models.Model], ...] = (
    Person,
    HelpSeeker,
    HelperProfile,
    HelperProfile.roles.through,
    HelperProfile.compensation_models.through,
    Certificate,
    Pause,
    HelpRequest,
    HelpRequest.compensation_models.through,
    Consent,
    Match,
    Signature,
    CheckIn,
    Offer,
)
# Beside the tables of the program: no migration knows it, no installation has it.
_MARK = "helfer_bench_data"


@dataclass(frozen=True)
class Wanted:
    """How much made-up data, from which seed."""

    helpers: int
    requests: int
    seed: int
    # How many postcodes or made-up towns they are drawn from.
    areas: int
    version: int = VERSION


def what_is_there() -> Wanted | None:
    """The made-up data of this database, complete; nothing where there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [_MARK])
        if cursor.fetchone() == (None,):
            return None
        cursor.execute(f"SELECT what FROM {_MARK}")  # noqa: S608
        row = cursor.fetchone()
    if row is None:
        return None
    return Wanted(**(json.loads(row[0]) if isinstance(row[0], str) else row[0]))


def refuse_where_people_are() -> None:
    """Raises ``RuleViolation`` where the database holds anything but what a fresh set-up brings along."""
    for model in KEPT_BY_PEOPLE:
        count = model._default_manager.count()
        if count:
            name = ngettext(str(model._meta.verbose_name), str(model._meta.verbose_name_plural), count)
            raise RuleViolation(
                _(
                    "Diese Datenbank enthält schon Daten (%(name)s: %(count)s). Erfundene Daten zum Messen "
                    "kommen nur in eine leere, eigene Datenbank, nie neben die eines Seniorenbüros."
                )
                % {"name": name, "count": count},
                code="not_empty",
            )


@transaction.atomic
def load(wanted: Wanted, country: Country, *, say: Say) -> None:
    """Draw and write everything, in one transaction. Raises ``RuleViolation`` where people's data are."""
    refuse_where_people_are()
    load_catalogue()
    catalogue = Catalogue.loaded()
    rng = {name: np.random.default_rng([wanted.seed, stream]) for stream, name in enumerate(STREAMS, start=1)}
    say(f"{wanted.areas} Orte, {wanted.helpers} Helfende, {wanted.requests} offene Anfragen")
    homes = country.draw(rng["homes"], wanted.helpers)
    places = country.draw(rng["places"], wanted.requests)
    helpers = draw_helpers(rng["helpers"], homes, catalogue, today=ASKED_ON)
    waiting = draw_waiting(rng["waiting"], places, catalogue, today=ASKED_ON)
    offices = build_offices(country, [homes, places])
    bonds = draw_bonds(rng["bonds"], country, helpers, catalogue, offices, today=ASKED_ON)
    say("Gezogen; nun wird geschrieben")
    first_person_id = 1 + (Person.objects.aggregate(last=models.Max("pk"))["last"] or 0)
    of_bonds = first_person_id + len(helpers)
    of_waiting = of_bonds + len(bonds)
    with kept_back([model._meta.db_table for model in LOADED], say=say):
        for points, first_id, gender, birth_year in (
            (homes, first_person_id, helpers.gender, helpers.birth_year),
            (bonds.points, of_bonds, None, None),
            (places, of_waiting, None, None),
        ):
            count = len(points.lon)
            writing.write_persons(
                rng["names"],
                country,
                offices,
                points,
                first_id=first_id,
                gender=rng["names"].choice(np.array(["w", "m"]), count) if gender is None else gender,
                birth_year=(
                    rng["names"].choice(np.array(writing.SEEKERS_BORN), count)
                    if birth_year is None
                    else birth_year
                ),
                created=CREATED,
                say=say,
            )
        writing.write_bonds(
            bonds,
            catalogue,
            offices,
            first_helper_person_id=first_person_id,
            first_person_id=of_bonds,
            today=ASKED_ON,
            created=CREATED,
            say=say,
        )
        writing.write_waiting(
            waiting,
            catalogue,
            offices,
            first_id=len(bonds) + 1,
            first_person_id=of_waiting,
            created=CREATED,
            say=say,
        )
        only_for = {
            int(bonds.helper[place]) + 1: place + 1 for place in np.flatnonzero(bonds.only_for).tolist()
        }
        writing.write_helpers(
            helpers,
            catalogue,
            offices,
            only_for,
            first_person_id=first_person_id,
            created=CREATED,
            say=say,
        )
        _make_offers(say=say)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE IF NOT EXISTS {_MARK} (what jsonb NOT NULL)")
        cursor.execute(f"INSERT INTO {_MARK} VALUES (%s)", [json.dumps(asdict(wanted))])  # noqa: S608


def _make_offers(*, say: Say) -> None:
    """The derived table, from sources whose triggers were off."""
    say("Die Angebote werden abgeleitet")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '512MB'")
        # The planner knows nothing yet of what has just been written.
        for model in LOADED:
            cursor.execute(f"ANALYZE {model._meta.db_table}")
        rebuild_offers()
    say(f"{Offer.objects.count()} Angebote")


STREAMS = ("homes", "places", "helpers", "waiting", "bonds", "names")

"""A list that is imported, with the catalogue that it needs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest
from django.contrib.gis.geos import Point

from helfer.catalogue.actions import load_catalogue
from helfer.core.import_report import ImportReport
from helfer.helpers.actions import import_helpers
from helfer.helpers.imports.answering import import_account
from helfer.places.models import Address, Municipality, Postcode
from helfer.places.normalise import street_key
from tests.helpers.lists import helpers


@pytest.fixture(autouse=True)
def catalogue(db: None) -> None:
    load_catalogue(land="NW")


@pytest.fixture
def run(now: datetime) -> Any:
    def take(*changes: Mapping[str, str], **arguments: Any) -> ImportReport:
        columns = arguments.pop("columns", None)
        table = helpers(*changes, columns=columns) if columns else helpers(*changes)
        arguments = {"by": import_account(), "at": now, "is_operator": True} | arguments
        return import_helpers(table=table, **arguments)

    return take


@pytest.fixture
def street() -> None:
    """The Igelgasse has one house, and its postcode is known."""
    Address.objects.create(
        municipality=Municipality.objects.default(),
        street="Igelgasse",
        street_norm=street_key("Igelgasse"),
        house_number="61",
        suffix="a",
        point=Point(7.4947, 51.5195, srid=4326),
    )
    Postcode.objects.create(plz="44143", town="Dortmund", point=Point(7.51, 51.52, srid=4326))

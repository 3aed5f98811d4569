"""The town in which the public journeys of one question to a page are walked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.cache import cache

from helfer.places.models import Address, Municipality
from helfer.places.normalise import street_key
from helfer.web.public import journeys
from tests.factories.people import OfficeFactory
from tests.matching.public_town import build_town, home_in


@contextmanager
def journey_town(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One office with a house in its district; nobody has to read slowly."""
    cache.clear()
    quarters = build_town()
    OfficeFactory(name="Seniorenbüro Hafen", phone="+4923112345", districts=[quarters[0].district])
    Address.objects.create(
        municipality=Municipality.objects.default(),
        street="Lindenhof",
        street_norm=street_key("Lindenhof"),
        house_number="3",
        postcode="44137",
        town="Dortmund",
        point=home_in(0),
    )
    monkeypatch.setattr(journeys, "QUICKEST_SECONDS", 0)
    yield
    cache.clear()

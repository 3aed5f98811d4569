"""Only the exact house is taken; everything else is offered."""

from __future__ import annotations

import random
from dataclasses import FrozenInstanceError
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from helfer.places.models import Address, LocationQuality
from helfer.places.search import SearchResult, find_address
from tests.factories.places import (
    DistrictFactory,
    MunicipalityFactory,
    PostcodeFactory,
    QuarterFactory,
    house,
    point_in,
    square,
)

pytestmark = pytest.mark.django_db

STREETS = [
    "Ackerstr.",
    "Adlerstr.",
    "Allerstr.",
    "Altenessener Str.",
    "Am Kaiser-Wilhelm-Park",
    "An St. Hedwig",
    "Blockstr.",
    "Dr.-Oetker-Weg",
    "Köln-Mindener-Str.",
    "Mühlenweg",
    "Schloßstr.",
    "Steeler Str.",
    "Walter-Hohmann-Str.",
]


def _labels(result: SearchResult) -> list[str]:
    return [place.label for place in result.suggestions]


@pytest.fixture
def streets() -> None:
    for index, street in enumerate(STREETS):
        for number in ("5", "7", "12", "12 a", "14"):
            house(street, number, column=index, row=int(number.split()[0]) / 10)


@pytest.mark.usefixtures("streets")
class TestTheExactHouse:
    @pytest.mark.parametrize("number", ["12 a", "12A", "012a", "Nr. 12 a", "12 a, 3. Etage"])
    @pytest.mark.parametrize("street", ["Köln-Mindener-Str.", "KOELN MINDENER STRASSE", "Köln Mindener Str"])
    def test_is_found_in_every_right_spelling(self, street: str, number: str) -> None:
        result = find_address(street=street, house_number=number, town="Dortmund")
        assert result.found is not None and not result.suggestions and not result.is_to_confirm
        assert (result.found.street, result.found.house_number) == ("Köln-Mindener-Str.", "12 a")
        assert result.found.quality == LocationQuality.ADDRESS
        assert result.best == result.found

    @pytest.mark.parametrize("street", ["Mühlenweg 12a", "Muehlenweg, 12 A", "Mühlenweg Nr. 12 a"])
    def test_is_found_where_the_number_stands_in_the_street_field(self, street: str) -> None:
        result = find_address(street=street)
        assert result.found is not None and result.found.label == "Mühlenweg 12 a, Dortmund"
        assert find_address(street=street, house_number="12 a").found == result.found

    def test_is_not_another_one_with_another_suffix(self) -> None:
        assert find_address(street="Mühlenweg", house_number="12 b").found is None
        assert find_address(street="Mühlenweg", house_number="12-14").found is None

    def test_of_a_range_is_found_as_such(self) -> None:
        house("Langer Weg", "12-14")
        for number in ("12-14", "12/14", "12 – 14"):
            found = find_address(street="Langer Weg", house_number=number).found
            assert found is not None and found.house_number == "12-14"
        assert find_address(street="Langer Weg", house_number="12").found is None

    def test_cannot_be_changed_afterwards(self) -> None:
        result = find_address(street="Mühlenweg", house_number="12")
        with pytest.raises(FrozenInstanceError):
            result.found = None  # type: ignore[misc]

    def test_costs_few_queries_once_the_names_are_in_memory(self) -> None:
        find_address(street="Mühlenweg", house_number="12")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            find_address(street="Mühlenweg", house_number="12", town="Dortmund")
        assert len(queries) <= 6


@pytest.mark.usefixtures("streets")
class TestAnUnknownNumber:
    def test_offers_the_nearest_houses_and_takes_none(self) -> None:
        result = find_address(street="Blockstr.", house_number="9")
        assert result.found is None and result.is_to_confirm
        assert [place.house_number for place in result.suggestions[:2]] == ["7", "12"]
        assert result.sentence == "Die Hausnummer 9 ist in dieser Straße nicht verzeichnet."

    def test_falls_back_to_the_streets_middle_and_says_so(self) -> None:
        result = find_address(street="Blockstr.", house_number="9")
        assert result.fallback is not None and result.best == result.fallback
        assert result.fallback.quality == LocationQuality.STREET
        assert result.fallback.house_number == ""

    def test_without_a_number_the_street_is_offered(self) -> None:
        for number in ("", "ohne", "?"):
            result = find_address(street="Blockstr.", house_number=number)
            assert result.found is None
            assert [place.quality for place in result.suggestions] == [LocationQuality.STREET]

    def test_a_likely_other_street_that_has_the_number_is_offered_too(self) -> None:
        house("Adlerstr.", "99", column=1, row=9)
        result = find_address(street="Allerstr.", house_number="99")
        assert result.found is None
        assert "Adlerstr. 99, Dortmund" in _labels(result)


def _slips(street: str) -> list[str]:
    """The street with a letter missing, two swapped, one wrong: at every letter once."""
    letters = "abcdefghijklmnoprstuvwz"
    chance = random.Random(street)
    slips = []
    for index, letter in enumerate(street):
        if letter.isalpha():
            wrong = chance.choice([other for other in letters if other != letter.lower()])
            slips += [street[:index] + street[index + 1 :], street[:index] + wrong + street[index + 1 :]]
            if street[index + 1 : index + 2].isalpha() and street[index + 1] != letter:
                slips.append(street[:index] + street[index + 1] + letter + street[index + 2 :])
    return slips


@pytest.mark.usefixtures("streets")
class TestATypingError:
    def test_is_never_taken_and_nearly_always_offered_first(self) -> None:
        tried = first = 0
        for street in STREETS:
            for slip in _slips(street):
                result = find_address(street=slip, house_number="12 a", town="Dortmund")
                if result.found is not None:
                    # Only where the slip spells another street exactly, or the same one in another way.
                    assert result.found.street.lower().replace("ß", "ss") == slip.lower().replace(
                        "ß", "ss"
                    ) or (result.found.street == street)
                    continue
                tried += 1
                first += bool(result.suggestions) and result.suggestions[0].street == street
                assert result.fallback is None
        assert tried > 300
        assert first / tried >= 0.95

    def test_prefers_the_street_that_has_the_house(self) -> None:
        house("Ackerweg", "77", row=7)
        result = find_address(street="Akerweg", house_number="77")
        assert _labels(result)[0] == "Ackerweg 77, Dortmund"
        house("Bckerweg", "5", row=7)
        assert _labels(find_address(street="Bkerweg", house_number="77"))[0] != "Ackerweg 77, Dortmund"
        house("Arkerweg", "1", row=7)
        assert _labels(find_address(street="Aokerweg", house_number="77"))[0] == "Ackerweg 77, Dortmund"

    def test_finds_a_left_out_word(self) -> None:
        assert _labels(find_address(street="Kaiser-Wilhelm-Park", house_number="5"))[0].startswith(
            "Am Kaiser"
        )
        assert _labels(find_address(street="Altenessener", house_number="5"))[0].startswith(
            "Altenessener Str."
        )

    def test_far_from_every_street_offers_nothing(self) -> None:
        result = find_address(street="Xyzzyquux", house_number="12")
        assert result == SearchResult(sentence="Diese Straße ist nicht verzeichnet.")


class TestThePostcode:
    def test_chooses_between_two_streets_of_one_name(self) -> None:
        PostcodeFactory(plz="44135", area=square(0, 0))
        PostcodeFactory(plz="44137", area=square(5, 5))
        one, other = house("Kirchweg", "3", 0.5, 0.5), house("Kirchweg", "3", 5.5, 5.5)
        for plz, right in (("44135", one), ("44137", other)):
            found = find_address(street="Kirchweg", house_number="3", postcode=plz).found
            assert found is not None and found.point == right.point and found.postcode == plz

    def test_missing_leaves_two_houses_to_choose_from(self) -> None:
        DistrictFactory(at=(0, 0), name="Nord")
        DistrictFactory(at=(5, 5), name="Süd")
        house("Kirchweg", "3", 0.5, 0.5)
        house("Kirchweg", "3", 5.5, 5.5)
        result = find_address(street="Kirchweg", house_number="3")
        assert result.found is None
        assert _labels(result) == ["Kirchweg 3, Dortmund (Nord)", "Kirchweg 3, Dortmund (Süd)"]
        assert "mehrmals" in result.sentence

    def test_of_another_part_of_town_takes_nothing(self) -> None:
        PostcodeFactory(plz="44137", area=square(5, 5), point=point_in(5.5, 5.5))
        house("Kirchweg", "3", 0.5, 0.5)
        result = find_address(street="Kirchweg", house_number="3", postcode="44137")
        assert result.found is None and result.is_to_confirm
        assert result.fallback is not None and result.fallback.quality == LocationQuality.POSTCODE

    def test_of_another_city_takes_nothing_even_without_polygons(self) -> None:
        PostcodeFactory(plz="20095", town="Hamburg", land="HH", point="SRID=4326;POINT (10 53.55)")
        house("Kirchweg", "3")
        assert find_address(street="Kirchweg", house_number="3", postcode="20095").found is None

    def test_serves_where_nothing_else_is_known(self) -> None:
        postcode = PostcodeFactory(plz="44135")
        result = find_address(street="Musterweg", house_number="3", postcode="D-44135", town="Dortmund")
        assert result.found is None and not result.is_to_confirm
        assert result.best is not None
        assert (result.best.quality, result.best.point) == (LocationQuality.POSTCODE, postcode.point)

    def test_that_nobody_knows_finds_nothing(self) -> None:
        assert find_address(street="Musterweg", postcode="99999").best is None
        assert find_address(street="", postcode="abc") == SearchResult(sentence="Es fehlt die Straße.")

    def test_of_the_row_itself_counts_most(self) -> None:
        house("Kirchweg", "3", postcode="44135")
        house("Kirchweg", "3", 5.5, 5.5, postcode="44137")
        found = find_address(street="Kirchweg", house_number="3", postcode="44137").found
        assert found is not None and found.label == "Kirchweg 3, 44137 Dortmund"


class TestTheTown:
    def test_decides_in_which_municipality_to_look(self) -> None:
        essen = MunicipalityFactory(key="05113000", name="Essen")
        house("Kirchweg", "3", 0.5, 0.5)
        there = house("Kirchweg", "3", 9, 9, municipality=essen)
        for town in ("Essen", "45127 Essen", "Essen (Ruhr)"):
            found = find_address(street="Kirchweg", house_number="3", town=town).found
            assert found is not None and found.point == there.point
        assert find_address(street="Kirchweg", house_number="3").found is None
        found = find_address(street="Kirchweg", house_number="3", municipality=essen).found
        assert found is not None and found.municipality == essen

    def test_may_be_a_district_or_quarter(self) -> None:
        QuarterFactory(name="Nordmarkt", district__name="Hörde", district__at=(0, 0))
        house("Kirchweg", "3")
        for town in ("Hörde", "hoerde", "Nordmarkt"):
            assert find_address(street="Kirchweg", house_number="3", town=town).found is not None

    def test_that_is_not_known_takes_nothing(self) -> None:
        house("Kirchweg", "3")
        result = find_address(street="Kirchweg", house_number="3", town="Dortmunt")
        assert result.found is None
        assert _labels(result) == ["Kirchweg 3, Dortmund"]

    def test_of_another_city_does_not_even_offer(self) -> None:
        PostcodeFactory(plz="44787", town="Bochum")
        house("Kirchweg", "3")
        result = find_address(street="Kirchweg", house_number="3", postcode="44787", town="Bochum")
        assert result.found is None and not result.suggestions
        assert result.best is not None and result.best.town == "Bochum"


class TestTheNamesInMemory:
    def test_follow_every_change_of_the_table(self) -> None:
        assert find_address(street="Neuer Weg", house_number="1").found is None
        address = house("Neuer Weg", "1")
        assert find_address(street="Neuer Weg", house_number="1").found is not None
        Address.objects.filter(pk=address.pk).update(street="Alter Weg", street_norm="alterweg")
        assert find_address(street="Neuer Weg", house_number="1").found is None
        assert find_address(street="Alter Weg", house_number="1").found is not None
        Address.objects.all().delete()
        assert find_address(street="Alter Weg", house_number="1").found is None

    def test_do_not_keep_what_was_rolled_back(self) -> None:
        house("Musterweg", "1")
        with transaction.atomic():
            house("Nieweg", "1")
            assert find_address(street="Nieweg", house_number="1").found is not None
            transaction.set_rollback(True)
        house("Dochweg", "1")
        assert find_address(street="Nieweg", house_number="1").found is None
        assert find_address(street="Dochweg", house_number="1").found is not None


@pytest.mark.parametrize(
    "nonsense",
    [
        "",
        " ",
        "\0",
        "'; DROP TABLE places_address; --",
        "ß" * 5000,
        "12",
        "💐",
        "%s %(a)s",
        "str.",
        "-",
        "St.",
    ],
)
def test_no_nonsense_breaks_the_search(nonsense: str) -> None:
    house("Musterweg", "1")
    fields: list[dict[str, Any]] = [
        {"street": nonsense},
        {"street": nonsense, "house_number": nonsense, "postcode": nonsense, "town": nonsense},
        {"street": "Musterweg", "house_number": nonsense},
        {"street": "Musterweg", "house_number": "1", "postcode": nonsense},
        {"street": "Musterweg", "house_number": "99999"},
    ]
    for each in fields:
        find_address(**each)

"""Addresses in every usual spelling."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from helfer.places.laender import LAND_NAMES, land_of_key, land_of_name
from helfer.places.normalise import (
    HouseNumber,
    is_same_town,
    split_house_number,
    split_street,
    street_key,
    street_likeness_forms,
)

LETTERS = st.text(alphabet="abcdefghijklmnopqrstuvwxyzäöüß", min_size=1, max_size=12)
STREETS = st.builds(
    lambda words, ending: " ".join(words).title() + ending,
    st.lists(LETTERS, min_size=1, max_size=3),
    st.sampled_from(["straße", "str.", " Straße", " Str.", "-Straße", "weg", "platz", " Allee", ""]),
)


@pytest.mark.parametrize(
    "spellings",
    [
        [
            "Ackerstraße",
            "Ackerstrasse",
            "Ackerstr.",
            "ackerstr",
            "ACKERSTRASSE",
            "Acker Str.",
            "Acker-Straße",
        ],
        ["Köln-Mindener-Str.", "Koeln Mindener Strasse", "Köln‑Mindener Straße", "KÖLN-MINDENER-STR"],
        ["An St. Hedwig", "An Sankt Hedwig", "an st hedwig"],
        ["Dr.-Oetker-Weg", "Doktor-Oetker-Weg", "Dr Oetker Weg"],
        ["Marktpl.", "Marktplatz"],
        ["Auf'm Berg", "Aufm Berg", "Auf’m Berg"],
        ["Müllerweg", "Muellerweg", "Mu\u0308llerweg"],
        ["Straße des 17. Juni", "Str. des 17. Juni"],
    ],
)
def test_right_spellings_of_a_street_have_one_key(spellings: list[str]) -> None:
    assert len({street_key(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ackerstraße", "Ackerweg"),
        ("Allerstr.", "Adlerstr."),
        ("Straßburger Weg", "Strburger Weg"),
        ("Stralsunder Str.", "Alsunder Str."),
        ("Kleine Str.", "Große Str."),
    ],
)
def test_different_streets_have_different_keys(one: str, other: str) -> None:
    assert street_key(one) != street_key(other)


@given(STREETS)
@example("Aßtr Straße")
def test_case_blanks_and_umlauts_as_two_letters_do_not_change_the_key(street: str) -> None:
    two_letters = street.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
    assert street_key(street) == street_key(f"  {street.upper()}  ") == street_key(two_letters)


@given(st.text(max_size=60))
def test_any_text_has_keys_without_blanks_and_marks(text: str) -> None:
    for form in street_likeness_forms(text):
        assert not any(character.isspace() or character in ".,-'" for character in form)


@pytest.mark.parametrize(
    ("written", "number", "suffix"),
    [
        ("12", "12", ""),
        ("12 a", "12", "a"),
        ("12A", "12", "a"),
        (" 012b ", "12", "b"),
        ("Nr. 7", "7", ""),
        ("Hausnr. 7 c", "7", "c"),
        ("12-14", "12", "-14"),
        ("12 – 14", "12", "-14"),
        ("12/14", "12", "-14"),
        ("12 bis 14", "12", "-14"),
        ("12/1", "12", "/1"),
        ("12 1/2", "12", "1/2"),
        ("12½", "12", "1/2"),
        ("12 a-c", "12", "a-c"),
        ("12 a - 14 b", "12", "a-14b"),
        ("12 Whg. 3", "12", ""),
        ("12, 3. OG", "12", ""),
        ("12 a, 2. Etage links", "12", "a"),
        ("7 EG", "7", ""),
        ("12 Hinterhaus", "12", ""),
        ("12 (HH)", "12", ""),
        ("12 bei Müller", "12", ""),
    ],
)
def test_a_house_number_is_read_in_every_usual_spelling(written: str, number: str, suffix: str) -> None:
    assert split_house_number(written) == HouseNumber(number, suffix)


@pytest.mark.parametrize(
    "written", ["", " ", "-", "ohne", "ohne Hausnummer", "o. Nr.", "keine", "k.A.", "abc", "0", "12xyz"]
)
def test_what_is_no_house_number_is_none(written: str) -> None:
    assert split_house_number(written) is None


@given(st.integers(1, 9999), st.sampled_from(["", "a", "b", "z"]), st.sampled_from(["", " ", "  "]))
def test_a_house_number_reads_itself_again(number: int, suffix: str, blank: str) -> None:
    house = split_house_number(f"{number}{blank}{suffix}")
    assert house == HouseNumber(str(number), suffix)
    assert split_house_number(str(house)) == house


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading_of_numbers_and_streets(text: str) -> None:
    split_house_number(text)
    street, number = split_street(text)
    assert number is not None or street == text.strip()


@pytest.mark.parametrize(
    ("written", "street", "number"),
    [
        ("Musterweg 12a", "Musterweg", "12 a"),
        ("Musterweg, 12", "Musterweg", "12"),
        ("Musterweg Nr. 12", "Musterweg", "12"),
        ("Musterstr.12", "Musterstr.", "12"),
        ("Straße des 17. Juni 135", "Straße des 17. Juni", "135"),
        ("Platz der 3 Eichen 5 a", "Platz der 3 Eichen", "5 a"),
        ("Am Hang 3 Whg 4", "Am Hang", "3"),
    ],
)
def test_a_number_within_the_street_field_is_taken_apart(written: str, street: str, number: str) -> None:
    found, house = split_street(written)
    assert (found, str(house)) == (street, number)


@pytest.mark.parametrize("street", ["Musterweg", "Straße des 17. Juni", "12", ""])
def test_a_street_without_number_stays_whole(street: str) -> None:
    assert split_street(street) == (street, None)


@pytest.mark.parametrize(
    ("written", "name", "same"),
    [
        ("Essen", "Essen", True),
        ("ESSEN (Ruhr)", "Essen", True),
        ("45127 Essen", "Essen", True),
        ("Dortmund-Hörde", "Dortmund", True),
        ("Koeln", "Köln", True),
        ("Bad Essen", "Essen", False),
        ("Bochum", "Essen", False),
        ("", "Essen", False),
    ],
)
def test_a_town_is_known_by_its_name(written: str, name: str, same: bool) -> None:
    assert is_same_town(written, name) is same


def test_every_land_is_known_by_its_digits_its_name_and_its_code() -> None:
    assert {land_of_key(f"{digits:02}000000") for digits in range(1, 17)} == set(LAND_NAMES)
    assert land_of_key("05913000") == "NW"
    assert land_of_key("99") == land_of_name("Tirol") == ""
    assert all(land_of_name(name) == land_of_name(code) == code for code, name in LAND_NAMES.items())
    assert land_of_name("thueringen") == "TH"

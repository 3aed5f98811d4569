"""What a cell may hold, and what is said where it holds something else."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helfer.core import cells
from helfer.core.cells import CellFault
from helfer.core.tables import NumberText


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("0221 4710-002", "+492214710002"),
        ("02214710004", "+492214710004"),
        ("(0221) 4710 007", "+492214710007"),
        ("+49 221 4710042", "+492214710042"),
        ("0049 221 4710042", "+492214710042"),
        ("+49 (0) 221 4710042", "+492214710042"),
        ("0171 39200 01", "+491713920001"),
        ("0176/04069 002", "+4917604069002"),
        ("+491713920015", "+491713920015"),
        ("0221/47 10.002", "+492214710002"),
        ("+48 22 123 45 67", "+48221234567"),
    ],
)
def test_a_telephone_number_in_any_german_spelling(said: str, kept: str) -> None:
    assert cells.phone(said) == kept


def test_a_spreadsheets_number_gets_its_zero_back() -> None:
    assert cells.phone(NumberText("2214710002")) == "+492214710002"
    assert cells.phone(NumberText("491713920001")) == "+491713920001"


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("4,92E+11", "verkürzt"),
        ("4.91714E+11", "verkürzt"),
        ("4710002", "Vorwahl"),
        ("keine", "Vorwahl"),
        ("0221", "gibt es so nicht"),
        ("0221 4710 002 / 0171 3920001 00000", "gibt es so nicht"),
        ("-", "Vorwahl"),
    ],
)
def test_what_is_no_telephone_number_is_said(said: str, sentence: str) -> None:
    with pytest.raises(CellFault, match=sentence):
        cells.phone(said)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("2026-12-24", date(2026, 12, 24)),
        ("24.12.2026", date(2026, 12, 24)),
        ("1.2.2026", date(2026, 2, 1)),
        ("2026-12-24 00:00:00", date(2026, 12, 24)),
    ],
)
def test_a_day_in_both_spellings(said: str, kept: date) -> None:
    assert cells.day(said) == kept


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("30.02.2026", "gibt es nicht"),
        ("2026-13-01", "gibt es nicht"),
        ("24.12.26", "2026-12-24 oder 24.12.2026"),
        ("12/24/2026", "kein Tag"),
        ("morgen", "kein Tag"),
        ("0000-01-01", "gibt es nicht"),
    ],
)
def test_what_is_no_day_is_said(said: str, sentence: str) -> None:
    with pytest.raises(CellFault, match=sentence):
        cells.day(said)


def test_a_day_in_the_future_has_not_been() -> None:
    until = cells.day_until(date(2026, 11, 23))
    assert until("23.11.2026") == date(2026, 11, 23)
    with pytest.raises(CellFault, match="Zukunft"):
        until("2026-11-24")


@pytest.mark.parametrize(
    "said", ["50", "20001", "-500", "1e3", "500 m", "5.000", "", "٥٠٠٠x", "99999999999999999999"]
)
def test_a_whole_number_between_its_bounds(said: str) -> None:
    radius = cells.whole_number(100, 20_000)
    assert radius("100") == 100
    assert radius("20000") == 20_000
    assert radius(NumberText("800.0")) == 800
    with pytest.raises(CellFault, match="von 100 bis 20000"):
        radius(said)


def test_a_birthday_is_no_birth_year() -> None:
    with pytest.raises(CellFault, match="nur das Jahr"):
        cells.birth_year(2026)("12.03.1962")
    with pytest.raises(CellFault):
        cells.birth_year(2026)("2027")


def test_coordinates_lie_in_germany_with_point_or_comma() -> None:
    assert cells.latitude("51,519559") == cells.latitude("51.519559") == 51.519559
    for wrong in ("7.49", "515196", "nan", "inf", "51.5N", "5_1"):
        with pytest.raises(CellFault, match="Deutschland"):
            cells.latitude(wrong)


def test_an_unknown_word_is_told_the_nearest() -> None:
    roles = cells.known_words(
        {"besuch": 1, "einkauf": 2}, {"besuch": "Besuchsdienst", "einkauf": "Einkaufshilfe"}
    )
    assert roles(" einkauf, besuch,einkauf ") == [2, 1]
    with pytest.raises(CellFault, match="Gemeint ist vielleicht „besuch“"):
        roles("besuhc")
    with pytest.raises(CellFault, match="Gemeint ist vielleicht „einkauf“"):
        roles("Einkaufshilfe")
    with pytest.raises(CellFault, match="Möglich sind: besuch, einkauf"):
        roles("xyz")


def test_languages_are_short_names() -> None:
    assert cells.languages("DE, tr,de") == ["de", "tr"]
    with pytest.raises(CellFault, match="„tr“"):
        cells.languages("Türkisch")
    with pytest.raises(CellFault, match="kein Kürzel"):
        cells.languages("xx")


def test_half_days_come_in_the_order_of_the_week() -> None:
    assert cells.half_days("so-ab, Mo-VM,mo-vm,do – nm") == ["mo-vm", "do-nm", "so-ab"]
    with pytest.raises(CellFault, match="mo-vm,do-nm"):
        cells.half_days("montags")


def test_proofs_carry_their_day() -> None:
    proofs = cells.dated_words({"erste-hilfe": "EH"}, date(2026, 11, 23), {})
    assert proofs("erste-hilfe@2026-01-02,erste-hilfe@02.01.2026") == [("EH", date(2026, 1, 2))]
    for wrong, sentence in (
        ("erste-hilfe", "fehlt der Tag"),
        ("erste-hilfe@2027-01-01", "Zukunft"),
        ("x@2026-01-01", "bekannt"),
    ):
        with pytest.raises(CellFault, match=sentence):
            proofs(wrong)


def test_words_with_umlauts_written_out_or_not() -> None:
    often = cells.choice({"woechentlich": 1})
    assert often("wöchentlich") == often("Woechentlich") == 1


@given(st.text())
def test_no_text_breaks_a_reader(said: str) -> None:
    """Whatever stands in a cell: a value or a sentence, never anything else."""
    readers = [
        cells.phone,
        cells.day,
        cells.email,
        cells.postcode,
        cells.latitude,
        cells.languages,
        cells.half_days,
        cells.yes_or_no,
        cells.whole_number(1, 9),
        cells.birth_year(2026),
        cells.line_of_text(50),
        cells.known_words({"a": 1}),
        cells.dated_words({"a": 1}, date(2026, 11, 23), {}),
    ]
    for reader in readers:
        for value in (said, NumberText(said)):
            try:
                reader(value)
            except CellFault as fault:
                assert str(fault)

"""A long list costs a long list's rows, never a question to the database for each of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helfer.core.copying import copy_rows
from helfer.core.history import acting, actor_of, history_of
from helfer.core.import_report import ColumnSet, ImportReport, RowReader
from helfer.core.tables import NumberText, Row, Table
from helfer.helpers.imports import apply, persons
from helfer.helpers.imports.answering import import_account
from helfer.helpers.imports.rows import HelperRows
from helfer.helpers.models import HelperProfile
from helfer.matching.actions import offers_that_differ
from helfer.matching.models import Offer
from helfer.people.models import Person
from tests.factories.people import PersonFactory
from tests.helpers.lists import HELPER, helpers, numbers_of

pytestmark = pytest.mark.django_db


def _rows(count: int, **said: str) -> list[dict[str, str]]:
    return [
        {
            "nummer": f"H-{each}",
            "vorname": f"Person {each}",
            "telefon": f"0221 4711{each:03}",
            "mobil": "",
            "email": f"h{each}@beispiel.example",
        }
        | said
        for each in range(1, count + 1)
    ]


def _questions(work: Callable[[], ImportReport]) -> tuple[ImportReport, int]:
    with CaptureQueriesContext(connection) as queries:
        report = work()
    return report, len(queries.captured_queries)


def test_new_rows_cost_no_question_each(run: Any) -> None:
    run(*_rows(1, nummer="H-0"))
    report, few = _questions(lambda: run(*_rows(3, nachname="Koch", telefon="", mobil="")[1:]))
    assert report.new == 2
    report, many = _questions(lambda: run(*_rows(60, nachname="Kurt", telefon="", mobil="")[3:]))
    assert (report.new, many) == (57, few)


def test_unchanged_rows_cost_no_question_each(run: Any) -> None:
    run(*_rows(40))
    report, few = _questions(lambda: run(*_rows(4)))
    assert report.unchanged == 4
    report, many = _questions(lambda: run(*_rows(40)))
    assert (report.unchanged, many) == (40, few)


def test_those_who_are_known_are_found_in_one_look(run: Any) -> None:
    known = [
        PersonFactory.create(
            family_name="DEMIR", given_name=f"Person {each}", birth_year=1962, mobile=f"+49221471100{each}"
        )
        for each in range(1, 6)
    ]
    report = run(*_rows(5))
    assert report.new == 5
    assert set(HelperProfile.objects.values_list("person", flat=True)) == {person.pk for person in known}


def test_who_has_died_or_was_merged_is_nobody_known(run: Any, now: datetime) -> None:
    same = {"family_name": "Demir", "birth_year": 1962}
    kept = PersonFactory.create()
    PersonFactory.create(given_name="Person 1", phone="+492214711001", died_on=now.date(), **same)
    PersonFactory.create(given_name="Person 2", phone="+492214711002", merged_into=kept, **same)
    run(*_rows(2))
    persons_now = {helper.person_id for helper in HelperProfile.objects.all()}
    assert persons_now.isdisjoint(Person.objects.exclude(died_on=None).values_list("pk", flat=True))
    assert persons_now.isdisjoint(Person.objects.exclude(merged_into=None).values_list("pk", flat=True))


def test_every_helper_and_proof_of_a_list_has_its_row_of_history(run: Any) -> None:
    by = import_account()
    with acting(by.pk, door="command"):
        run(*_rows(5), by=by)
    for helper in HelperProfile.objects.all():
        assert [actor_of(row) for row in history_of(helper)] == [by.pk]
        for proof in helper.certificates.all():
            assert [actor_of(row) for row in history_of(proof)] == [by.pk]
    assert HelperProfile.objects.count() == 5


def test_texts_that_a_table_format_would_trip_over_come_in_as_they_stand(run: Any) -> None:
    strange = {"nachname": 'Petrović\\N "Ö"', "vorname": "\\t\\.", "strasse": "A\tB\nC", "ort": "NULL"}
    assert numbers_of(run(strange)) == (1, 0, 0, 0)
    person = HelperProfile.objects.get().person
    assert (person.family_name, person.given_name, person.street, person.town, person.gender) == (
        'Petrović\\N "Ö"',
        "\\t\\.",
        "A B C",
        "NULL",
        "w",
    )
    assert numbers_of(run(strange)) == (0, 0, 1, 0)


def test_batches_of_a_list_are_one_whole(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(persons.chunks, "__defaults__", (2,))
    rows = _rows(7)
    assert numbers_of(run(*rows[:6], rows[6] | {"telefon": "12"})) == (6, 0, 0, 1)
    assert not HelperProfile.objects.exists()
    assert numbers_of(run(*rows)) == (7, 0, 0, 0)
    assert numbers_of(run(*rows)) == (0, 0, 7, 0)
    assert {helper.roles.count() for helper in HelperProfile.objects.all()} == {2}


def test_offers_are_derived_once_for_a_whole_list(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(persons.chunks, "__defaults__", (2,))
    copied = []

    def noted(model: Any, columns: Any, rows: Any) -> None:
        copied.append(model)
        copy_rows(model, columns, rows)

    monkeypatch.setattr(apply, "copy_rows", noted)
    run(*_rows(7))
    assert copied.count(HelperProfile.roles.through) == 1
    assert (Offer.objects.count(), offers_that_differ()) == (14, [])


def test_a_list_is_through_only_when_everything_is_written(run: Any) -> None:
    said: list[tuple[int, int, int]] = []
    through = HelperProfile.roles.through

    def progress(done: int, everything: int) -> None:
        said.append((done, everything, through.objects.count()))

    run(*_rows(3), progress=progress)
    assert said[-1] == (3, 3, 6)
    assert [done for done, everything, _roles in said if done == everything] == [6, 3]


def test_what_a_spreadsheet_kept_as_a_number_is_not_the_same_text(now: datetime) -> None:
    table = helpers()
    columns = ColumnSet(table, ["plz"], [])
    place = columns.places["plz"]

    def read(text: str) -> tuple[str, int]:
        cells = [""] * len(table.header)
        cells[place] = text
        reader = RowReader(Row(2, cells), columns)
        return reader.read("plz", persons.cells.postcode, ""), len(reader.faults)

    assert read(NumberText("1067")) == ("01067", 0)
    assert read("1067") == ("", 1)
    assert read(NumberText("1067")) == ("01067", 0)
    assert read("1067") == ("", 1)


def test_rows_that_say_the_same_share_no_list(now: datetime) -> None:
    table: Table = helpers({}, {"nummer": "H-2"})
    rows = HelperRows(table, today=now.date())
    first, second = (rows.read(row) for row in table.rows)
    first.profile["times"].append("so-ab")
    first.roles.clear()
    assert second.profile["times"] == ["mo-vm", "fr-ab"]
    assert [role.slug for role in second.roles] == HELPER["aufgaben"].split(",")
    assert [role.slug for role in rows.read(table.rows[0]).roles] == HELPER["aufgaben"].split(",")

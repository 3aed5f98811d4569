"""What becomes of the rows of a list of helpers."""

from __future__ import annotations

from datetime import date, datetime
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from helfer.core.errors import NotAllowed
from helfer.core.tables import TableRefused, read_table
from helfer.helpers.actions import import_helpers, preview_helpers
from helfer.helpers.imports.answering import IMPORT_EMAIL, import_account
from helfer.helpers.models import Certificate, HelperProfile, HelperState
from helfer.people.models import Person, User
from helfer.places.models import LocationQuality
from tests.factories.people import OfficeFactory, UserFactory, tandem
from tests.helpers.lists import HELPER, helpers, numbers_of, text_of
from tests.waiting import PATIENCE_SECONDS

pytestmark = pytest.mark.django_db


def test_a_row_becomes_an_active_helper_with_everything(run: Any, now: datetime) -> None:
    report = run({})
    assert report.is_written
    assert numbers_of(report) == (1, 0, 0, 0)
    helper = HelperProfile.objects.select_related("person").get(number="H-1")
    assert helper.state == HelperState.ACTIVE
    person = helper.person
    assert (person.full_name, person.birth_year, person.gender) == ("Ayşe Demir", 1962, "w")
    assert (person.phone.as_e164, person.mobile.as_e164) == ("+492214710001", "+491713920001")
    assert person.home is not None
    assert (round(person.home.x, 6), round(person.home.y, 6)) == (7.494704, 51.519559)
    assert (person.location_quality, person.location_to_confirm) == (LocationQuality.MANUAL, False)
    assert (helper.radius_m, helper.max_people, helper.no_pets, helper.no_smokers) == (500, 2, True, False)
    assert (helper.languages, helper.times) == (["de", "tr"], ["mo-vm", "fr-ab"])
    assert helper.helper_since == date(2021, 6, 25)
    assert set(helper.roles.values_list("slug", flat=True)) == {"begleitung", "demenz"}
    assert set(helper.compensation_models.values_list("slug", flat=True)) == {"ehrenamt", "entlastungsbetrag"}
    introduction = helper.certificates.get(training__slug="einfuehrung")
    assert (introduction.issued_on, introduction.valid_until) == (date(2021, 4, 7), None)
    assert introduction.verified_by is not None
    assert introduction.verified_by.email == IMPORT_EMAIL
    assert introduction.verified_at == now


def test_of_an_inspection_the_day_is_the_day_it_was_seen(run: Any) -> None:
    user = UserFactory(training=True)
    run({}, by=user)
    seen = Certificate.objects.get(training__slug="fuehrerschein")
    assert (seen.seen_on, seen.seen_by, seen.verified_by) == (date(2026, 1, 22), user, user)
    assert (seen.valid_until, seen.delete_by) == (date(2027, 1, 22), date(2027, 7, 22))
    assert not seen.file


def test_the_same_file_twice_changes_nothing_whatever_was_edited_since(run: Any) -> None:
    run({})
    HelperProfile.objects.update(radius_m=4_000)
    Person.objects.filter(helper_profile__isnull=False).update(given_name="Aische")
    assert numbers_of(run({})) == (0, 0, 1, 0)
    assert HelperProfile.objects.get().radius_m == 4_000
    assert Person.objects.get(helper_profile__isnull=False).given_name == "Aische"


def test_another_format_and_order_of_columns_is_the_same_list(run: Any, now: datetime) -> None:
    run({})
    turned = text_of([HELPER], tuple(reversed(list(HELPER)))).replace(";", "\t").encode("utf-8-sig")
    report = import_helpers(table=read_table(turned), by=import_account(), at=now, is_operator=True)
    assert numbers_of(report) == (0, 0, 1, 0)


def test_a_changed_row_changes_what_the_list_says(run: Any) -> None:
    run({})
    report = run(
        {
            "umkreis_m": "800",
            "nachname": "Demir-Koch",
            "aufgaben": "besuch",
            "keine_haustiere": "",
            "schulungen": "einfuehrung@2021-04-07,erste-hilfe@2026-02-01",
            "lat": "51.6",
        }
    )
    assert numbers_of(report) == (0, 1, 0, 0)
    helper = HelperProfile.objects.select_related("person").get()
    assert (helper.radius_m, helper.no_pets, helper.person.family_name) == (800, False, "Demir-Koch")
    assert [role.slug for role in helper.roles.all()] == ["besuch"]
    assert helper.person.home is not None
    assert round(helper.person.home.y, 3) == 51.6
    # A proof once entered stays, even where a list no longer names it.
    assert helper.certificates.count() == 3


def test_columns_that_a_list_does_not_have_stay_as_they_are(run: Any) -> None:
    run({})
    columns = ("nummer", "nachname", "vorname", "geburtsjahr", "aufgaben", "lat", "lon", "umkreis_m")
    report = run({"umkreis_m": "900"}, columns=columns)
    assert numbers_of(report) == (0, 1, 0, 0)
    helper = HelperProfile.objects.select_related("person").get()
    assert (helper.radius_m, helper.languages, helper.max_people) == (900, ["de", "tr"], 2)
    assert helper.person.phone.as_e164 == "+492214710001"
    assert helper.compensation_models.count() == 2
    assert any("fehlen und bleiben leer" in note for note in report.notes)


def test_the_state_is_never_changed_by_a_list(run: Any) -> None:
    run({})
    HelperProfile.objects.update(state=HelperState.LEFT)
    run({"umkreis_m": "800"})
    assert HelperProfile.objects.get().state == HelperState.LEFT


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_one_list_at_once_take_it_once(now: datetime) -> None:
    by = import_account()
    start = Barrier(2)
    counts: list[tuple[int, int, int, int]] = []

    def take() -> None:
        try:
            start.wait(PATIENCE_SECONDS)
            report = import_helpers(table=helpers({}), by=by, at=now, is_operator=True)
            counts.append(numbers_of(report))
        finally:
            connection.close()

    threads = [Thread(target=take) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    assert sorted(counts) == [(0, 0, 1, 0), (1, 0, 0, 0)]
    assert HelperProfile.objects.count() == 1


def test_unknown_columns_are_said_and_kept_out(run: Any, now: datetime) -> None:
    rows = [HELPER | {"haarfarbe": "grau", "Fehler": "beim letzten Mal"}]
    table = read_table(text_of(rows, (*HELPER, "haarfarbe", "Fehler")).encode())
    report = import_helpers(table=table, by=import_account(), at=now, is_operator=True)
    assert [note.split("„")[1].split("“")[0] for note in report.notes] == ["haarfarbe"]
    assert report.is_written


def test_a_list_without_the_columns_it_needs_is_refused(run: Any) -> None:
    with pytest.raises(TableRefused, match="Heißt „nachnahme“ vielleicht „nachname“"):
        import_helpers(
            table=read_table(b"nachnahme;vorname;aufgaben\nDemir;Olga;besuch\n"),
            by=import_account(),
            at=datetime.fromisoformat("2026-11-23T09:00:00+00:00"),
            is_operator=True,
        )


def test_a_preview_writes_nothing(now: datetime) -> None:
    office = OfficeFactory()
    user, _other = tandem(office)
    report = preview_helpers(table=helpers({}), by=user, at=now, office=office)
    assert numbers_of(report) == (1, 0, 0, 0)
    assert [row.name for row in report.rows] == ["Ayşe Demir"]
    assert not HelperProfile.objects.exists()


def test_a_tandem_imports_its_own_offices_list_only(now: datetime) -> None:
    own, foreign = OfficeFactory(), OfficeFactory()
    user, _other = tandem(own)
    assert import_helpers(table=helpers({}), by=user, at=now, office=own).is_written
    for office in (foreign, None):
        with pytest.raises(NotAllowed):
            import_helpers(table=helpers({}), by=user, at=now, office=office)
    coordinator: User = UserFactory(coordinator=True)
    import_helpers(table=helpers({}), by=coordinator, at=now, office=None)


def test_a_change_that_the_database_refuses_is_a_fault_of_its_row(run: Any) -> None:
    run({}, {"nummer": "H-2", "vorname": "Olga", "telefon": "", "mobil": ""})
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS"
            " $$BEGIN RAISE EXCEPTION USING MESSAGE = 'Das geht nicht.', ERRCODE = 'check_violation'; END$$;"
            " CREATE TRIGGER never BEFORE UPDATE ON helpers_helperprofile FOR EACH ROW"
            " WHEN (NEW.radius_m = 900) EXECUTE FUNCTION never()"
        )
    rows = (
        {"umkreis_m": "900"},
        {"nummer": "H-2", "vorname": "Olga", "telefon": "", "mobil": "", "umkreis_m": "700"},
    )
    report = run(*rows)
    assert [str(fault) for fault in report.faults] == ["Zeile 2: Das geht nicht."]
    assert not report.is_written
    assert set(HelperProfile.objects.values_list("radius_m", flat=True)) == {500}
    report = run(*rows, skip_invalid=True)
    assert numbers_of(report) == (0, 1, 0, 1)
    assert set(HelperProfile.objects.values_list("radius_m", flat=True)) == {500, 700}


def test_many_rows_need_few_queries(run: Any, django_assert_max_num_queries: Any) -> None:
    rows = [{"nummer": f"H-{n}", "vorname": f"Person {n}", "telefon": "", "mobil": ""} for n in range(300)]
    import_account()
    with django_assert_max_num_queries(40):
        run(*rows)
    with django_assert_max_num_queries(15):
        assert numbers_of(run(*rows)) == (0, 0, 300, 0)

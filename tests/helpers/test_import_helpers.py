"""Offices' lists of helpers come in as formats.md says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.core.management import CommandError, call_command
from django.db import connection

from helfer.catalogue.actions import load_catalogue
from helfer.core.errors import NotAllowed
from helfer.core.import_report import ImportReport
from helfer.core.tables import TableRefused, read_table
from helfer.helpers.actions import import_helpers, preview_helpers
from helfer.helpers.imports.answering import IMPORT_EMAIL, import_account
from helfer.helpers.models import Certificate, HelperProfile, HelperState
from helfer.people.models import Office, OfficeDistrict, Person, User
from helfer.places.models import Address, District, LocationQuality, Municipality, Postcode
from helfer.places.normalise import street_key
from tests.factories.helpers import HelperProfileFactory
from tests.factories.people import HelpSeekerFactory, OfficeFactory, PersonFactory, UserFactory, tandem
from tests.helpers.lists import HELPER, helpers, text_of

pytestmark = pytest.mark.django_db


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


def numbers_of(report: ImportReport) -> tuple[int, int, int, int]:
    return (report.new, report.changed, report.unchanged, report.faulty)


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


FAULTS = [
    ({"umkreis_m": "50"}, "umkreis_m", "von 100 bis 20000"),
    ({"umkreis_m": "-500"}, "umkreis_m", "von 100 bis 20000"),
    ({"max_personen": "0"}, "max_personen", "von 1 bis 50"),
    ({"nachname": " "}, "nachname", "fehlt der Nachname"),
    ({"nachname": "x" * 121}, "nachname", "121 Zeichen"),
    ({"nachname": "De\x07mir"}, "nachname", "Steuerzeichen"),
    ({"geburtsjahr": "62"}, "geburtsjahr", "von 1900 bis 2026"),
    ({"geschlecht": "x"}, "geschlecht", "w, m, d"),
    ({"telefon": "4,92E+11"}, "telefon", "verkürzt"),
    ({"mobil": "12345"}, "mobil", "Vorwahl"),
    ({"email": "ayse@"}, "email", "keine E-Mail-Adresse"),
    ({"plz": "4414"}, "plz", "fünf Ziffern"),
    ({"lat": "7.49"}, "lat", "Deutschland"),
    ({"lat": ""}, "lat", "gehören zusammen"),
    ({"lon": ""}, "lon", "gehören zusammen"),
    ({"sprachen": "deutsch"}, "sprachen", "„de“"),
    ({"aufgaben": "besuhc"}, "aufgaben", "„besuch“"),
    ({"zeiten": "mo-frueh"}, "zeiten", "mo-vm"),
    ({"verguetung": "ehrnamt"}, "verguetung", "„ehrenamt“"),
    ({"keine_haustiere": "manchmal"}, "keine_haustiere", "ja oder nein"),
    ({"schulungen": "erste-hilfe"}, "schulungen", "fehlt der Tag"),
    ({"schulungen": "erste-hilfe@30.02.2026"}, "schulungen", "gibt es nicht"),
    ({"schulungen": "erste-hilfe@2027-01-01"}, "schulungen", "Zukunft"),
    ({"seit": "2026-13-01"}, "seit", "gibt es nicht"),
    ({"nummer": "x" * 21}, "nummer", "21 Zeichen"),
]


@pytest.mark.parametrize(("change", "column", "sentence"), FAULTS)
def test_every_fault_is_said_with_line_column_and_what_would_be_right(
    run: Any, change: dict[str, str], column: str, sentence: str
) -> None:
    report = run({}, {"nummer": "H-2", "telefon": "", "mobil": "", "vorname": "Olga"} | change)
    faults = [fault for fault in report.faults if fault.column == column]
    assert faults, report.faults
    assert faults[0].line == 3
    assert sentence in faults[0].message
    assert not report.is_written
    assert not HelperProfile.objects.exists()


def test_all_faults_of_a_row_are_said_at_once(run: Any) -> None:
    report = run({"umkreis_m": "5", "sprachen": "xx", "seit": "gestern"})
    assert {fault.column for fault in report.faults} == {"umkreis_m", "sprachen", "seit"}
    assert report.faulty == 1
    assert "Zeile 2, Spalte „umkreis_m“" in str(report.faults[0])


def test_good_rows_can_be_taken_alone(run: Any) -> None:
    other = {"nummer": "H-2", "vorname": "Olga", "umkreis_m": "5"}
    report = run({}, other, skip_invalid=True)
    assert report.is_written
    assert numbers_of(report) == (1, 0, 0, 1)
    assert list(HelperProfile.objects.values_list("number", flat=True)) == ["H-1"]
    assert report.faults_by_line() == {3: [report.faults[0].column + ": " + report.faults[0].message]}


def test_a_number_stands_once_in_a_list(run: Any) -> None:
    report = run({}, {"vorname": "Olga", "telefon": "", "mobil": ""})
    assert "steht schon in Zeile 2" in report.faults[0].message


def test_one_human_being_stands_once_in_a_list(run: Any) -> None:
    report = run({}, {"nummer": "H-2"})
    assert "Diese Person steht schon in Zeile 2" in report.faults[0].message


def test_a_known_number_of_somebody_else_is_a_fault(run: Any) -> None:
    run({})
    report = run({"nachname": "Petrov", "vorname": "Lothar", "geburtsjahr": "1991", "umkreis_m": "900"})
    assert report.faults[0].column == "nummer"
    assert "jemand anderem (Ayşe Demir, 1962)" in report.faults[0].message


@pytest.mark.parametrize("change", [{"nachname": "Koch"}, {"geburtsjahr": "1963"}, {"vorname": "Aische"}])
def test_who_marries_or_was_misspelt_stays_the_same(run: Any, change: dict[str, str]) -> None:
    run({})
    assert numbers_of(run(change)) == (0, 1, 0, 0)


def test_a_human_being_under_another_number_is_a_fault(run: Any) -> None:
    run({})
    report = run({"nummer": "H-9"})
    assert "schon eingetragen, unter der Nummer „H-1“" in report.faults[0].message


def test_without_numbers_name_birth_year_and_telephone_are_the_key(run: Any) -> None:
    other = {"nummer": "", "vorname": "Olga", "telefon": "", "mobil": ""}
    run({"nummer": ""}, other)
    assert sorted(HelperProfile.objects.values_list("number", flat=True)) == ["H-00001", "H-00002"]
    assert numbers_of(run({"nummer": ""}, other)) == (0, 0, 2, 0)
    assert numbers_of(run({"nummer": "", "umkreis_m": "900"}, other)) == (0, 1, 1, 0)
    assert HelperProfile.objects.count() == 2


def test_numbers_that_the_office_gives_pass_over_those_of_the_list(run: Any) -> None:
    run({"nummer": "H-00001"}, {"nummer": "", "vorname": "Olga", "telefon": "", "mobil": ""})
    assert sorted(HelperProfile.objects.values_list("number", flat=True)) == ["H-00001", "H-00002"]


def test_somebody_known_as_help_seeker_stays_one_person(run: Any) -> None:
    seeker = HelpSeekerFactory(
        person=PersonFactory(
            family_name="Demir",
            given_name="Ayşe",
            birth_year=1962,
            phone="+492214710001",
            email="alt@example.org",
        )
    )
    home = seeker.person.home
    run({})
    helper = HelperProfile.objects.select_related("person").get()
    assert helper.person == seeker.person
    # What is known stays, gaps are filled.
    assert (helper.person.email, helper.person.home) == ("alt@example.org", home)
    assert helper.person.mobile.as_e164 == "+491713920001"


@pytest.mark.parametrize("change", [{"telefon": "", "mobil": ""}, {"geburtsjahr": ""}, {"vorname": "Olga"}])
def test_who_is_not_surely_the_same_becomes_another_person(run: Any, change: dict[str, str]) -> None:
    PersonFactory(family_name="Demir", given_name="Ayşe", birth_year=1962, phone="+492214710001")
    run(change)
    assert Person.objects.filter(family_name="Demir").count() == 2


def district(name: str = "Mitte") -> District:
    square = MultiPolygon(Polygon.from_bbox((7.4, 51.4, 7.6, 51.7)), srid=4326)
    return District.objects.create(
        municipality=Municipality.objects.default(), name=name, slug=name.lower(), area=square
    )


def test_the_office_is_the_one_that_serves_the_district(run: Any) -> None:
    office = OfficeFactory(districts=[district()])
    run({})
    helper = HelperProfile.objects.select_related("person").get()
    assert helper.office == office
    assert helper.person.district is not None


def test_without_an_office_the_row_is_kept_for_the_coordinator(run: Any) -> None:
    run({})
    helper = HelperProfile.objects.get()
    assert helper.office is None
    assert helper in HelperProfile.objects.visible_to(UserFactory(coordinator=True))


def test_a_row_finds_its_office_once_the_list_names_one(run: Any) -> None:
    run({})
    office = OfficeFactory()
    assert numbers_of(run({}, office=office)) == (0, 1, 0, 0)
    assert HelperProfile.objects.get().office == office
    assert numbers_of(run({}, office=office)) == (0, 0, 1, 0)


def test_numbers_are_each_offices_own(run: Any) -> None:
    north, south = OfficeFactory(), OfficeFactory()
    run({}, office=north)
    other = {"nachname": "Petrov", "vorname": "Olga", "geburtsjahr": "1980", "telefon": "", "mobil": ""}
    assert numbers_of(run(other, office=south)) == (1, 0, 0, 0)
    report = run({})
    assert "in mehreren Büros" in report.faults[0].message


def test_a_number_without_an_office_does_not_stand_in_the_way_of_an_offices_list(run: Any) -> None:
    run({})
    other = {"nachname": "Weiß", "vorname": "Ole", "geburtsjahr": "1955", "email": "ole@beispiel.example"}
    assert numbers_of(run(other, office=OfficeFactory())) == (1, 0, 0, 0)
    assert HelperProfile.objects.filter(number="H-1").count() == 2


def test_an_office_does_not_take_another_ones_helper(run: Any) -> None:
    north, south = OfficeFactory(), OfficeFactory()
    run({"nummer": ""}, office=north)
    report = run({"nummer": ""}, office=south)
    assert "schon eingetragen" in report.faults[0].message


def test_without_coordinates_the_postcode_serves_and_says_so(run: Any) -> None:
    Postcode.objects.create(plz="44143", town="Dortmund", point=Point(7.51, 51.52, srid=4326))
    run({"lat": "", "lon": ""})
    person = Person.objects.get(helper_profile__isnull=False)
    assert person.location_quality == LocationQuality.POSTCODE
    assert (person.street, person.house_number) == ("Igelgasse", "61 a")


def test_where_nobody_can_tell_where_it_is_the_row_is_a_fault(run: Any) -> None:
    report = run({"lat": "", "lon": ""})
    assert report.faults[0].column == "strasse"
    assert "lat und lon" in report.faults[0].message


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


@pytest.mark.usefixtures("street")
def test_the_exact_house_is_found(run: Any) -> None:
    run({"lat": "", "lon": "", "strasse": "igel-gasse", "hausnummer": "61A"})
    person = Person.objects.get(helper_profile__isnull=False)
    assert (person.location_quality, person.location_to_confirm) == (LocationQuality.ADDRESS, False)
    assert (person.street, person.house_number) == ("Igelgasse", "61 a")
    assert person.home is not None
    assert round(person.home.x, 4) == 7.4947


@pytest.mark.usefixtures("street")
def test_what_is_only_alike_waits_at_the_postcode_for_somebody_to_confirm_it(run: Any) -> None:
    run({"lat": "", "lon": "", "strasse": "Igelgase"})
    person = Person.objects.get(helper_profile__isnull=False)
    assert (person.location_quality, person.location_to_confirm) == (LocationQuality.POSTCODE, True)
    assert person.street == "Igelgase"
    assert person.home is not None
    assert round(person.home.x, 2) == 7.51


@pytest.mark.usefixtures("street")
def test_what_is_only_alike_without_a_postcode_is_a_fault_that_says_what_may_be_meant(run: Any) -> None:
    (fault,) = run({"lat": "", "lon": "", "strasse": "Igelgase", "plz": ""}).faults
    assert fault.column == "strasse"
    assert "Igelgasse 61 a" in fault.message


@pytest.mark.usefixtures("street")
def test_an_address_that_somebody_confirmed_survives_another_change_of_the_row(run: Any) -> None:
    columns = {"lat": "", "lon": "", "strasse": "Igelgase"}
    run(columns)
    Person.objects.filter(helper_profile__isnull=False).update(
        home=Point(7.4947, 51.5195, srid=4326),
        location_quality=LocationQuality.ADDRESS,
        location_to_confirm=False,
    )
    run(columns | {"umkreis_m": "900"})
    person = Person.objects.get(helper_profile__isnull=False)
    assert (person.location_quality, person.location_to_confirm) == (LocationQuality.ADDRESS, False)


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_one_list_at_once_take_it_once(now: datetime) -> None:
    by = import_account()
    start = Barrier(2)
    counts: list[tuple[int, int, int, int]] = []

    def take() -> None:
        try:
            start.wait(10)
            report = import_helpers(table=helpers({}), by=by, at=now, is_operator=True)
            counts.append(numbers_of(report))
        finally:
            connection.close()

    threads = [Thread(target=take) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
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


# The command


def written(path: Path, *changes: Mapping[str, str]) -> Path:
    file = path / "helfer.csv"
    file.write_bytes(text_of([HELPER | dict(change) for change in changes]).encode())
    return file


def test_the_command_takes_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, {})
    call_command("import_helpers", str(file))
    assert "1 neu, 0 geändert, 0 unverändert, 0 fehlerhaft." in capsys.readouterr().out
    call_command("import_helpers", str(file))
    assert "0 neu, 0 geändert, 1 unverändert, 0 fehlerhaft." in capsys.readouterr().out


def test_the_command_says_faults_and_takes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, {}, {"nummer": "H-2", "vorname": "Olga", "umkreis_m": "7"})
    with pytest.raises(CommandError, match="Nichts übernommen: 1 von 2"):
        call_command("import_helpers", str(file))
    assert "Zeile 3, Spalte „umkreis_m“" in capsys.readouterr().err
    assert not HelperProfile.objects.exists()


def test_the_command_writes_rejected_rows_beside_the_file(tmp_path: Path) -> None:
    file = written(tmp_path, {}, {"nummer": "H-2", "vorname": "Olga", "umkreis_m": "7"})
    call_command("import_helpers", str(file), "--skip-invalid")
    rejected = (tmp_path / "helfer.csv.rejected.csv").read_text(encoding="utf-8-sig")
    assert rejected.splitlines()[0].endswith(";fehler")
    assert "H-2" in rejected
    assert "umkreis_m: „7“ passt hier nicht." in rejected
    assert "H-1" not in rejected


def test_the_command_names_who_answers_and_for_which_office(tmp_path: Path) -> None:
    office: Office = OfficeFactory(slug="nord")
    user = UserFactory(tandem=True)
    call_command("import_helpers", str(written(tmp_path, {})), "--by", user.email.upper(), "--office", "nord")
    helper = HelperProfile.objects.get()
    assert helper.office == office
    assert {certificate.verified_by for certificate in helper.certificates.all()} == {user}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--by", "niemand@example.org"], "gibt es nicht"),
        (["--by", "nachbarin@example.org"], "gehört nicht zum Büro"),
        (["--office", "sued"], "gibt es nicht. Vorhanden sind: nord"),
    ],
)
def test_the_command_refuses_who_and_what_it_does_not_know(
    tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    OfficeFactory(slug="nord")
    UserFactory(email="nachbarin@example.org", helper=True)
    with pytest.raises(CommandError, match=sentence):
        call_command("import_helpers", str(written(tmp_path, {})), *arguments)
    assert not HelperProfile.objects.exists()


def test_the_command_can_try_without_writing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_helpers", str(written(tmp_path, {})), "--dry-run")
    assert "nichts geschrieben: 1 neu" in capsys.readouterr().out
    assert not HelperProfile.objects.exists()
    assert not User.objects.filter(email=IMPORT_EMAIL).exists()


@pytest.mark.parametrize("name", ["gibt-es-nicht.csv", "."])
def test_the_command_refuses_what_is_no_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(CommandError, match="gibt es nicht|Ordner"):
        call_command("import_helpers", str(tmp_path / name))


def test_nobody_signs_in_as_the_import() -> None:
    account = import_account()
    assert not account.is_active
    assert not account.has_usable_password()
    assert import_account() == account


def test_a_district_that_gets_an_office_later_takes_new_rows_only() -> None:
    """What is there already waits for the coordinator, who moves it."""
    helper = HelperProfileFactory(office=None)
    office = OfficeFactory()
    OfficeDistrict.objects.create(office=office, district=district())
    helper.refresh_from_db()
    assert helper.office is None

"""Offices' lists of requests come in as formats.md says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from helfer.catalogue.actions import load_catalogue
from helfer.catalogue.models import Role
from helfer.core.errors import NotAllowed
from helfer.core.import_report import ImportReport
from helfer.help_requests.actions import import_requests, preview_requests
from helfer.help_requests.models import HelpRequest, RequestState
from helfer.helpers.imports.answering import import_account
from helfer.people.models import CareLevel, HelpSeeker, Person, RepresentativeKind
from tests.factories.help_requests import HelpRequestFactory
from tests.factories.helpers import HelperProfileFactory
from tests.factories.people import OfficeFactory, PersonFactory, UserFactory, tandem
from tests.help_requests.lists import REQUEST, requests, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def catalogue(db: None) -> None:
    load_catalogue(land="NW")


@pytest.fixture
def run(now: datetime) -> Any:
    def take(*changes: Mapping[str, str], **arguments: Any) -> ImportReport:
        arguments = {"by": import_account(), "at": now, "is_operator": True} | arguments
        return import_requests(table=requests(*changes), **arguments)

    return take


def numbers_of(report: ImportReport) -> tuple[int, int, int, int]:
    return (report.new, report.changed, report.unchanged, report.faulty)


def test_a_row_becomes_an_open_request_with_everything(run: Any) -> None:
    assert numbers_of(run({})) == (1, 0, 0, 0)
    request = HelpRequest.objects.select_related("help_seeker__person", "role").get(number="A-1")
    person = request.help_seeker.person
    assert request.state == RequestState.OPEN
    assert (person.full_name, person.birth_year, person.phone.as_e164) == (
        "Erwin Schulte",
        1938,
        "+492214710007",
    )
    assert person.home is not None
    assert (round(person.home.x, 6), round(person.home.y, 6)) == (7.369751, 51.505744)
    assert request.help_seeker.care_level == CareLevel.TWO
    assert request.role is not None
    assert request.role.slug == "einkauf"
    assert (request.languages, request.times) == (["tr", "de"], ["mi-vm", "sa-vm"])
    assert (request.frequency, request.duration_min) == ("zweiwoechentlich", 60)
    assert (request.starts_on, request.received_on) == (date(2026, 11, 28), date(2026, 10, 21))
    assert (request.wanted_gender, request.has_pets, request.has_smokers) == ("w", "yes", "no")
    assert (request.max_distance_m, request.is_urgent) == (4000, True)
    assert request.remark == 'ruft lieber vormittags an; "nicht nach 18 Uhr"'
    assert set(request.compensation_models.values_list("slug", flat=True)) == {
        "ehrenamt",
        "entlastungsbetrag",
    }


def test_a_relative_is_a_contact_and_may_do_nothing(run: Any) -> None:
    run({})
    relative = HelpSeeker.objects.get().representatives.get()
    assert (relative.person.given_name, relative.person.family_name) == ("Hannelore", "Iwanow")
    assert relative.person.phone.as_e164 == "+492214710088"
    assert relative.kind == RepresentativeKind.RELATIVE
    assert not any(
        (relative.may_consent, relative.may_sign, relative.may_be_told, relative.is_emergency_contact)
    )


def test_a_relative_without_a_name_is_kept_by_the_telephone_number(run: Any) -> None:
    run({"angehoerige_name": ""})
    relative = HelpSeeker.objects.get().representatives.get()
    assert relative.person.phone.as_e164 == "+492214710088"


def test_a_relative_is_not_doubled_and_gets_the_new_number(run: Any) -> None:
    run({})
    run({"angehoerige_telefon": "0221 4710-099", "dauer_min": "30"})
    relative = HelpSeeker.objects.get().representatives.get()
    assert relative.person.phone.as_e164 == "+492214710099"


def test_the_same_file_twice_changes_nothing(run: Any) -> None:
    run({})
    HelpRequest.objects.update(duration_min=15)
    assert numbers_of(run({})) == (0, 0, 1, 0)
    assert HelpRequest.objects.get().duration_min == 15


def test_a_changed_row_changes_the_request_and_never_its_state(run: Any) -> None:
    run({})
    HelpRequest.objects.update(state=RequestState.ON_HOLD)
    assert numbers_of(run({"dauer_min": "30", "pflegegrad": "3", "zeiten": "", "dringend": ""})) == (
        0,
        1,
        0,
        0,
    )
    request = HelpRequest.objects.select_related("help_seeker").get()
    assert (request.state, request.duration_min, request.times, request.is_urgent) == (
        "on_hold",
        30,
        [],
        False,
    )
    assert request.help_seeker.care_level == CareLevel.THREE


def test_without_a_role_a_request_waits_for_the_call_back(run: Any) -> None:
    report = run({"aufgabe": ""})
    assert HelpRequest.objects.get().state == RequestState.SUBMITTED
    assert "noch unklar" in report.rows[0].note
    run({"aufgabe": "besuch"})
    assert HelpRequest.objects.get().state == RequestState.OPEN


def test_an_open_request_keeps_its_role(run: Any) -> None:
    run({})
    assert "braucht eine Tätigkeit" in run({"aufgabe": ""}).faults[0].message


def test_a_request_with_a_running_match_keeps_its_role(run: Any) -> None:
    run({})
    HelpRequest.objects.update(state=RequestState.MATCHED)
    assert "läuft eine Vermittlung" in run({"aufgabe": "besuch"}).faults[0].message
    assert numbers_of(run({"dauer_min": "45"})) == (0, 1, 0, 0)


@pytest.mark.parametrize(
    ("said", "kept"),
    [("", "none"), ("keiner", "none"), ("beantragt", "applied"), ("Beantragt", "applied"), ("5", "5")],
)
def test_care_levels(run: Any, said: str, kept: str) -> None:
    run({"pflegegrad": said})
    assert HelpSeeker.objects.get().care_level == kept


@pytest.mark.parametrize(
    ("change", "column", "sentence"),
    [
        ({"pflegegrad": "6"}, "pflegegrad", "1, 2, 3, 4, 5, beantragt"),
        ({"aufgabe": "einkauff"}, "aufgabe", "„einkauf“"),
        ({"haeufigkeit": "oft"}, "haeufigkeit", "woechentlich"),
        ({"dauer_min": "0"}, "dauer_min", "von 1 bis 1440"),
        ({"ab": "31.11.2026"}, "ab", "gibt es nicht"),
        ({"eingang": "2026-12-01"}, "eingang", "Zukunft"),
        ({"nur_geschlecht": "d"}, "nur_geschlecht", "w, m"),
        ({"haustiere": "katze"}, "haustiere", "ja, nein"),
        ({"max_entfernung_m": "-1"}, "max_entfernung_m", "von 1 bis"),
        ({"dringend": "sehr"}, "dringend", "ja oder nein"),
        ({"angehoerige_telefon": "12"}, "angehoerige_telefon", "Vorwahl"),
        ({"bemerkung": "x" * 10_001}, "bemerkung", "10001 Zeichen"),
        ({"lat": "", "lon": ""}, "strasse", "lat und lon"),
    ],
)
def test_every_fault_is_said(run: Any, change: dict[str, str], column: str, sentence: str) -> None:
    report = run({}, {"nummer": "A-2", "vorname": "Olga"} | change)
    (fault,) = report.faults
    assert (fault.line, fault.column) == (3, column)
    assert sentence in fault.message
    assert not HelpRequest.objects.exists()


def test_a_day_of_receipt_that_is_not_said_is_today_and_stays(run: Any, today: date) -> None:
    run({"eingang": ""})
    assert HelpRequest.objects.get().received_on == today
    HelpRequest.objects.update(received_on=date(2026, 11, 1))
    run({"eingang": "", "dauer_min": "45"})
    assert HelpRequest.objects.get().received_on == date(2026, 11, 1)


def test_two_requests_of_one_person_share_the_record(run: Any) -> None:
    run({}, {"nummer": "A-2", "aufgabe": "besuch", "angehoerige_name": "", "angehoerige_telefon": ""})
    assert HelpSeeker.objects.count() == 1
    assert HelpRequest.objects.count() == 2
    run({"nummer": "A-3", "aufgabe": "telefon"})
    assert HelpSeeker.objects.count() == 1
    assert Person.objects.filter(family_name="Iwanow").count() == 1


def test_a_helper_who_asks_for_help_stays_one_person(run: Any) -> None:
    helper = HelperProfileFactory(
        person=PersonFactory(
            family_name="Schulte", given_name="Erwin", birth_year=1938, mobile="+492214710007"
        )
    )
    run({})
    assert HelpSeeker.objects.get().person == helper.person


def test_who_is_only_alike_becomes_another_person(run: Any) -> None:
    PersonFactory(family_name="Schulte", given_name="Erwin", birth_year=1938, phone="+4923199")
    run({}, {"nummer": "A-2", "telefon": ""})
    assert Person.objects.filter(family_name="Schulte").count() == 3


def test_a_known_number_of_somebody_else_is_a_fault(run: Any) -> None:
    run({})
    report = run({"nachname": "Koch", "geburtsjahr": "1950"})
    assert "gehört schon jemand anderem (Erwin Schulte, 1938)" in report.faults[0].message


def test_without_numbers_one_person_has_one_row(run: Any) -> None:
    report = run({"nummer": ""}, {"nummer": "", "aufgabe": "besuch"})
    assert "Mehrere Anfragen einer Person brauchen Nummern" in report.faults[0].message
    assert numbers_of(run({"nummer": ""})) == (1, 0, 0, 0)
    assert numbers_of(run({"nummer": ""})) == (0, 0, 1, 0)
    assert numbers_of(run({"nummer": "", "dauer_min": "30"})) == (0, 1, 0, 0)
    assert re.fullmatch(r"A-[0-9]{5}", HelpRequest.objects.get().number)


def test_without_a_number_it_must_be_clear_which_request_is_meant(run: Any) -> None:
    run({}, {"nummer": "A-2", "aufgabe": "besuch"})
    assert "mehrere Anfragen" in run({"nummer": "", "dauer_min": "30"}).faults[0].message


def test_requests_go_to_the_named_office(run: Any) -> None:
    office = OfficeFactory()
    run({}, office=office)
    request = HelpRequest.objects.select_related("help_seeker").get()
    assert (request.office, request.help_seeker.office) == (office, office)


def test_a_preview_writes_nothing_and_asks_for_the_seat(now: datetime) -> None:
    office = OfficeFactory()
    user, _other = tandem(office)
    assert preview_requests(table=requests({}), by=user, at=now, office=office).new == 1
    assert not HelpRequest.objects.exists()
    for by, where in ((user, OfficeFactory()), (UserFactory(training=True), office), (user, None)):
        with pytest.raises(NotAllowed):
            preview_requests(table=requests({}), by=by, at=now, office=where)
        with pytest.raises(NotAllowed):
            import_requests(table=requests({}), by=by, at=now, office=where)


def test_many_rows_need_few_queries(run: Any, django_assert_max_num_queries: Any) -> None:
    rows = [{"nummer": f"A-{n}", "vorname": f"Person {n}"} for n in range(300)]
    import_account()
    with django_assert_max_num_queries(40):
        run(*rows)
    with django_assert_max_num_queries(15):
        assert numbers_of(run(*rows)) == (0, 0, 300, 0)


def test_the_command_takes_a_file_in_any_encoding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "anfragen.csv"
    file.write_bytes(text_of([REQUEST | {"nachname": "Größner"}]).encode("cp1252"))
    call_command("import_requests", str(file))
    file.write_bytes(text_of([REQUEST | {"nachname": "Größner"}]).encode("utf-8-sig"))
    call_command("import_requests", str(file))
    assert "0 neu, 0 geändert, 1 unverändert, 0 fehlerhaft." in capsys.readouterr().out


def test_the_command_says_faults(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "anfragen.csv"
    file.write_bytes(text_of([REQUEST | {"pflegegrad": "acht"}]).encode())
    with pytest.raises(CommandError, match="Nichts übernommen"):
        call_command("import_requests", str(file))
    assert "Zeile 2, Spalte „pflegegrad“" in capsys.readouterr().err


def test_a_role_out_of_the_catalogue_is_said_with_the_known_ones(run: Any) -> None:
    Role.objects.exclude(slug__in=["besuch"]).delete()
    assert "Möglich sind: besuch" in run({"aufgabe": "xxxx"}).faults[0].message


def test_what_is_there_by_other_ways_is_not_touched(run: Any) -> None:
    other = HelpRequestFactory(number="A-9")
    run({})
    other.refresh_from_db()
    assert other.import_digest == ""

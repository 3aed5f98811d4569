"""Lists come in through the page: looked at first, then all of it or the good rows; for the sender alone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from helfer.catalogue.actions import load_catalogue
from helfer.help_requests.models import HelpRequest
from helfer.helpers.models import HelperProfile
from helfer.people.models import Office
from helfer.web.kept_lists import forget_old
from tests.factories.people import OfficeFactory, UserFactory, sign_in, tandem
from tests.help_requests import lists as of_requests
from tests.helpers import lists as of_helpers

pytestmark = pytest.mark.django_db

PAGE = "/buero/einlesen/"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    load_catalogue(land="NW")
    return tmp_path / "sent-lists"


def helper_rows(*changes: dict[str, str]) -> bytes:
    return of_helpers.text_of([of_helpers.HELPER | change for change in changes]).encode()


def send(client: Client, office: Office, content: bytes, kind: str = "helpers") -> Any:
    file = SimpleUploadedFile("liste.csv", content)
    return client.post(PAGE, {"kind": kind, "office": office.pk, "file": file})


GOOD = helper_rows({}, {"nummer": "H-2", "nachname": "Zweite", "telefon": "0221 4710-022"})
MIXED = helper_rows({}, {"nummer": "H-2", "nachname": "Zweite", "geburtsjahr": "gestern", "telefon": ""})


def test_a_good_list_is_looked_at_and_then_taken(here: Client, office: Office, folder: Path) -> None:
    sent = send(here, office, GOOD)
    assert sent.status_code == 303, sent.content.decode()
    preview = here.get(sent["Location"])
    assert preview.status_code == 200
    assert "Alle übernehmen" in preview.content.decode()
    assert not HelperProfile.objects.exists()
    # Nothing is lost by looking again.
    assert here.get(sent["Location"]).status_code == 200
    taken = here.post(sent["Location"])
    assert taken.status_code == 303, taken.content.decode()
    assert set(HelperProfile.objects.values_list("number", "office")) == {
        ("H-1", office.pk),
        ("H-2", office.pk),
    }
    assert "2 neu" in here.get(sent["Location"]).content.decode()
    assert not list(folder.glob("*/list"))
    # Once taken, taking it again changes nothing.
    assert here.post(sent["Location"]).status_code == 303
    assert HelperProfile.objects.count() == 2


def test_requests_come_in_the_same_way(here: Client, office: Office) -> None:
    content = of_requests.text_of([of_requests.REQUEST]).encode()
    sent = send(here, office, content, "requests")
    assert here.post(sent["Location"]).status_code == 303
    assert HelpRequest.objects.get().number == "A-1"


def test_faults_are_told_by_line_and_column_and_nothing_is_taken_by_halves(
    here: Client, office: Office
) -> None:
    where = send(here, office, MIXED)["Location"]
    html = here.get(where).content.decode()
    assert "geburtsjahr" in html
    assert "Alle übernehmen" not in html
    refused = here.post(where)
    assert refused.status_code == 409
    assert not HelperProfile.objects.exists()


def test_the_good_rows_are_taken_and_the_others_come_back_as_a_file(here: Client, office: Office) -> None:
    where = send(here, office, MIXED)["Location"]
    before = here.get(where + "fehler.csv")
    assert here.post(where + "gute-zeilen/").status_code == 303
    assert list(HelperProfile.objects.values_list("number", flat=True)) == ["H-1"]
    after = here.get(where + "fehler.csv")
    assert before.content == after.content
    assert after["Content-Type"].startswith("text/csv")
    text = after.content.decode("utf-8-sig")
    assert "H-2" in text and "fehler" in text and "H-1;" not in text
    assert "herunterladen" in here.get(where).content.decode()


def test_a_list_is_for_its_sender_alone(here: Client, office: Office) -> None:
    where = send(here, office, MIXED)["Location"]
    missing = PAGE + "x" * 32 + "/"
    colleague = sign_in(Client(), tandem(office)[0])
    stranger = sign_in(Client(), tandem(OfficeFactory())[0])
    for other in (colleague, stranger):
        for path in ("", "fehler.csv"):
            assert other.get(where + path).status_code == other.get(missing + path).status_code == 404
        for path in ("", "gute-zeilen/", "verwerfen/"):
            assert other.post(where + path).status_code == 404
    assert Client().get(where).status_code == 302
    assert here.get(where).status_code == 200


@pytest.mark.parametrize("kind", ["helper", "seeker", "coordinator", "training", "editor", "dpo"])
def test_only_tandems_find_the_page(db: None, kind: str) -> None:
    assert sign_in(Client(), UserFactory(**{kind: True})).get(PAGE).status_code == 404


def test_a_foreign_office_cannot_be_chosen(here: Client) -> None:
    refused = send(here, OfficeFactory(), GOOD)
    assert refused.status_code == 422
    assert "id_office" in refused.content.decode() or "Büro" in refused.content.decode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Die Datei ist leer."),
        (b"%PDF-1.7", "Das ist keine Liste."),
        (b"a;b\0c\n", "Nullbytes"),
        (b"PK\x03\x04kaputt", "Datei"),
        (b"\n\n", "leer"),
    ],
)
def test_a_bad_file_is_told_at_its_field_and_the_choice_stays(
    content: bytes, words: str, here: Client, office: Office, folder: Path
) -> None:
    refused = send(here, office, content, "requests")
    html = refused.content.decode()
    assert refused.status_code in (409, 422)
    assert words in html
    assert 'id="id_file_error"' in html
    assert 'value="requests"' in html and "checked" in html
    assert not folder.exists() or not list(folder.iterdir())


def test_a_list_without_the_needed_columns_says_which(here: Client, office: Office) -> None:
    where = send(here, office, b"name;farbe\nx;y\n")["Location"]
    page = here.get(where)
    assert page.status_code == 422
    assert "Bekannt sind" in page.content.decode()
    assert here.post(where).status_code == 422
    assert here.get(where + "fehler.csv").status_code == 404


def test_too_many_rows_are_refused_with_a_sentence(
    here: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helfer.web.tandem.imports.MOST_ROWS", 1)
    refused = send(here, office, GOOD)
    assert refused.status_code == 422
    assert "höchstens 1" in refused.content.decode()


def test_a_list_can_be_dropped(here: Client, office: Office, folder: Path) -> None:
    where = send(here, office, GOOD)["Location"]
    assert here.post(where + "verwerfen/").status_code == 303
    assert here.get(where).status_code == 404
    assert not list(folder.iterdir())


def test_after_an_hour_a_list_is_gone(here: Client, office: Office, folder: Path) -> None:
    send(here, office, GOOD)
    assert forget_old(at=timezone.now() + timedelta(minutes=59)) == 0
    assert forget_old(at=timezone.now() + timedelta(minutes=61)) == 1
    assert not list(folder.iterdir())


def test_an_old_list_is_not_shown_even_before_it_is_swept(
    here: Client, office: Office, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = send(here, office, GOOD)["Location"]
    monkeypatch.setattr("helfer.web.kept_lists.KEPT_FOR", timedelta(0))
    assert here.get(where).status_code == 404


def test_odd_names_of_lists_lead_nowhere(here: Client) -> None:
    for name in ("..", "a", "x" * 500, "-" * 30):
        assert here.get(f"{PAGE}{name}/").status_code in (302, 404)
    assert here.get(reverse("tandem:import")).status_code == 200

"""The command that imports a list of helpers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from helfer.helpers.imports.answering import IMPORT_EMAIL, import_account
from helfer.helpers.models import HelperProfile
from helfer.people.models import Office, User
from tests.factories.people import OfficeFactory, UserFactory
from tests.helpers.lists import HELPER, text_of

pytestmark = pytest.mark.django_db


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

"""Recognising a list's format by its content, never by its name."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext as _

from .csv_files import read_csv
from .table import Table, TableRefused
from .xlsx_files import read_xlsx

LARGEST_FILE = 100 * 1024 * 1024

_EXPECTED = "CSV (UTF-8 oder Windows-1252) oder Excel (.xlsx)"


def read_table_file(path: Path) -> Table:
    """Read a list from a file. Raises ``TableRefused``."""
    try:
        if path.is_dir():
            raise TableRefused(_("„%(path)s“ ist ein Ordner; erwartet wird eine Datei.") % {"path": path})
        if path.stat().st_size > LARGEST_FILE:
            raise TableRefused(_too_large())
        data = path.read_bytes()
    except FileNotFoundError:
        raise TableRefused(_("Die Datei „%(path)s“ gibt es nicht.") % {"path": path}) from None
    except (OSError, ValueError) as error:
        raise TableRefused(
            _("Die Datei „%(path)s“ lässt sich nicht lesen: %(why)s") % {"path": path, "why": error}
        ) from None
    return read_table(data)


def read_table(data: bytes) -> Table:
    """Read a list from a file's content. Raises ``TableRefused``."""
    if not data.strip(b" \t\r\n\xef\xbb\xbf"):
        raise TableRefused(_("Die Datei ist leer."))
    if len(data) > LARGEST_FILE:
        raise TableRefused(_too_large())
    if data.startswith(b"PK\x03\x04"):
        return read_xlsx(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise TableRefused(
            _("Das ist eine alte oder verschlüsselte Excel-Datei. Bitte ohne Kennwort als .xlsx speichern.")
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise TableRefused(
            _("Die Datei ist in UTF-16 gespeichert. Bitte als „CSV UTF-8“ oder .xlsx speichern.")
        )
    if data.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"{\\rtf", b"PK")):
        raise TableRefused(_("Das ist keine Liste. Erwartet wird %(expected)s.") % {"expected": _EXPECTED})
    if b"\0" in data:
        line = data[: data.index(b"\0")].count(b"\n") + 1
        raise TableRefused(
            _("Zeile %(line)s enthält Nullbytes; das ist keine Textdatei. Erwartet wird %(expected)s.")
            % {"line": line, "expected": _EXPECTED}
        )
    return read_csv(data)


def _too_large() -> str:
    return _("Die Datei ist größer als %(size)s MB. Bitte teilen Sie die Liste.") % {
        "size": LARGEST_FILE // 1024 // 1024
    }

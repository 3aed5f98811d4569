"""Reading text files as offices have them: UTF-8 or Windows-1252, plain or gzip; every refusal a sentence."""

from __future__ import annotations

import codecs
import gzip
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, cast

from django.utils.translation import gettext as _

from helfer.core.errors import RuleViolation

LONGEST_LINE = 1_000_000
SHOWN_DETAILS = 200


class FileRefused(RuleViolation):
    """A file cannot be loaded: the sentence says why and what was expected, the details name each place."""

    default_code = "file"

    def __init__(self, message: str, *, details: Sequence[str] = (), code: str = "") -> None:
        super().__init__(message, code=code)
        self.details = tuple(details)

    def lines(self) -> list[str]:
        """The sentence and its details, one to a line; an endless list is cut."""
        hidden = len(self.details) - SHOWN_DETAILS
        more = [_("… und %(count)s weitere.") % {"count": hidden}] if hidden > 0 else []
        return [str(self.message), *self.details[:SHOWN_DETAILS], *more]


def check_readable(path: Path) -> None:
    """Refuse what is no readable, filled file."""
    try:
        if path.is_dir():
            raise FileRefused(_("„%(path)s“ ist ein Ordner; erwartet wird eine Datei.") % {"path": path})
        with path.open("rb") as stream:
            if not stream.read(1):
                raise FileRefused(_("Die Datei „%(path)s“ ist leer.") % {"path": path})
    except FileNotFoundError:
        raise FileRefused(_("Die Datei „%(path)s“ gibt es nicht.") % {"path": path}) from None
    except (OSError, ValueError) as error:
        raise FileRefused(
            _("Die Datei „%(path)s“ lässt sich nicht öffnen: %(why)s") % {"path": path, "why": error}
        ) from None


def _open(path: Path) -> BinaryIO:
    check_readable(path)
    stream = path.open("rb")
    start = stream.read(4)
    stream.seek(0)
    if start.startswith(b"\x1f\x8b"):
        stream.close()
        return cast(BinaryIO, gzip.open(path, "rb"))
    if start.startswith(b"PK\x03\x04"):
        stream.close()
        raise FileRefused(
            _(
                "„%(path)s“ ist eine ZIP- oder Excel-Datei; erwartet wird Text. "
                "Bitte entpacken oder als CSV speichern."
            )
            % {"path": path}
        )
    return stream


def text_lines(path: Path) -> Iterator[str]:
    """The lines of a text file, with their line ends, one at a time.

    The first line that is not ASCII decides the encoding.
    """
    encoding: str | None = None
    number = 0
    with _open(path) as stream:
        while True:
            try:
                raw = stream.readline(LONGEST_LINE)
            except (EOFError, zlib.error, gzip.BadGzipFile):
                raise FileRefused(
                    _(
                        "Die gepackte Datei ist nach Zeile %(line)s beschädigt oder unvollständig. "
                        "Bitte neu herunterladen."
                    )
                    % {"line": number}
                ) from None
            if not raw:
                return
            number += 1
            if number == 1:
                if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                    raise FileRefused(_("Die Datei ist in UTF-16 gespeichert; bitte als UTF-8 speichern."))
                if raw.startswith(codecs.BOM_UTF8):
                    raw, encoding = raw[len(codecs.BOM_UTF8) :], "utf-8"
            if len(raw) >= LONGEST_LINE:
                raise FileRefused(
                    _("Zeile %(line)s ist länger als eine Million Zeichen; das ist keine Tabelle.")
                    % {"line": number}
                )
            if b"\0" in raw:
                raise FileRefused(
                    _("Zeile %(line)s enthält Nullbytes; das ist keine Textdatei.") % {"line": number}
                )
            if encoding is None and not raw.isascii():
                encoding = _encoding_of(raw)
            try:
                yield raw.decode(encoding or "ascii")
            except UnicodeDecodeError:
                raise FileRefused(
                    _(
                        "Zeile %(line)s lässt sich nicht als %(encoding)s lesen. "
                        "Erwartet wird eine Datei in UTF-8 oder Windows-1252."
                    )
                    % {"line": number, "encoding": {"utf-8": "UTF-8"}.get(encoding or "", "Windows-1252")}
                ) from None


def _encoding_of(raw: bytes) -> str:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"

"""What a cell of an office's list may hold: each function reads a text or says what would be right."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from functools import partial
from typing import TypeVar

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _

from helfer.core.languages import ISO_639_1, LANGUAGE_NAMES
from helfer.core.slots import SLOTS
from helfer.core.tables import NumberText

T = TypeVar("T")
_EMAIL = EmailValidator()
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[ T]00:00(?::00)?)?")
_GERMAN_DAY = re.compile(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4})")
_SHORTENED = re.compile(r"[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+")
_NUMBER = re.compile(r"[+-]?[0-9]{1,3}(?:[.,][0-9]+)?")
_SHOWN = 60


class CellFault(ValueError):
    """A cell does not say what its column needs; the sentence says what would be right."""


def shown(value: str) -> str:
    """The value as it stands in a sentence, cut where it is endless."""
    return f"„{value if len(value) <= _SHOWN else value[:_SHOWN] + '…'}“"


def clean(value: str) -> str:
    """One spelling of every letter, no invisible blanks at the ends."""
    cleaned = value if value.isascii() else unicodedata.normalize("NFC", value).replace("\xa0", " ")
    cleaned = cleaned.strip()
    return NumberText(cleaned) if isinstance(value, NumberText) else cleaned


def line_of_text(longest: int) -> Callable[[str], str]:
    """A text of one line."""

    def read(value: str) -> str:
        return _text(" ".join(value.split()), longest)

    return read


def free_text(longest: int) -> Callable[[str], str]:
    """A text of any number of lines."""
    return partial(_text, longest=longest)


def _text(value: str, longest: int) -> str:
    if not value.isprintable() and any(
        unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\r\t" for character in value
    ):
        raise CellFault(_("Hier stehen unsichtbare Steuerzeichen. Bitte neu eintippen."))
    if len(value) > longest:
        raise CellFault(
            _("Hier stehen %(there)s Zeichen, möglich sind %(most)s.")
            % {"there": len(value), "most": longest}
        )
    return value


def whole_number(low: int, high: int) -> Callable[[str], int]:
    """A whole number between two bounds, both included."""

    def read(value: str) -> int:
        plain = re.sub(r"[.,]0+\Z", "", value) if isinstance(value, NumberText) else value
        if not re.fullmatch(r"[+-]?[0-9]{1,12}", plain) or not low <= int(plain) <= high:
            right = _("Richtig wäre eine ganze Zahl von %(low)s bis %(high)s.") % {"low": low, "high": high}
            raise CellFault(
                _("%(value)s passt hier nicht. %(right)s") % {"value": shown(value), "right": right}
            )
        return int(plain)

    return read


def birth_year(latest: int) -> Callable[[str], int]:
    """A year of birth."""
    year = whole_number(1900, latest)

    def read(value: str) -> int:
        if _ISO_DAY.fullmatch(value) or _GERMAN_DAY.fullmatch(value):
            raise CellFault(_("%(value)s ist ein Tag. Richtig wäre nur das Jahr.") % {"value": shown(value)})
        return year(value)

    return read


def day(value: str) -> date:
    """A day: ``2026-12-24`` or ``24.12.2026``."""
    iso, german = _ISO_DAY.fullmatch(value), _GERMAN_DAY.fullmatch(value)
    try:
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if german:
            return date(int(german[3]), int(german[2]), int(german[1]))
    except ValueError:
        raise CellFault(_("Den Tag %(value)s gibt es nicht.") % {"value": shown(value)}) from None
    raise CellFault(
        _("%(value)s ist kein Tag. Richtig wäre zum Beispiel 2026-12-24 oder 24.12.2026.")
        % {"value": shown(value)}
    )


def day_until(latest: date) -> Callable[[str], date]:
    """A day that is not in the future."""

    def read(value: str) -> date:
        found = day(value)
        if found > latest:
            raise CellFault(_("Der Tag %(value)s liegt in der Zukunft.") % {"value": shown(value)})
        if found.year < 1900:
            raise CellFault(_("Der Tag %(value)s kann nicht stimmen.") % {"value": shown(value)})
        return found

    return read


def phone(value: str) -> str:
    """A telephone number in any German spelling, as E.164."""
    if _SHORTENED.fullmatch(value):
        raise CellFault(
            _(
                "Excel hat die Nummer zu %(value)s verkürzt. Bitte die Spalte als Text formatieren "
                "und die Nummer neu eintragen."
            )
            % {"value": shown(value)}
        )
    text = value
    if isinstance(value, NumberText) and not value.startswith(("0", "+")):
        # A spreadsheet that keeps a number as a number loses the zero in front.
        text = f"+{value}" if value.startswith("49") and len(value) >= 11 else f"0{value}"
    # „+49 (0) 231 …“: the zero in brackets is not dialled.
    text = re.sub(r"^(\+|00)([0-9]{2})\s*\(0\)", r"\1\2 ", text)
    if not re.fullmatch(r"[0-9+()/.\-–\s]+", text) or not text.lstrip("( ").startswith(("0", "+")):
        raise CellFault(
            _("%(value)s ist keine Telefonnummer mit Vorwahl. %(right)s")
            % {"value": shown(value), "right": _right_phone()}
        )
    try:
        number = phonenumbers.parse(text, "DE")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise CellFault(
            _("Die Telefonnummer %(value)s gibt es so nicht. %(right)s")
            % {"value": shown(value), "right": _right_phone()}
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _right_phone() -> str:
    return _("Richtig wäre zum Beispiel 0231 5012345 oder +49 171 2345678.")


def email(value: str) -> str:
    """An e-mail address."""
    try:
        _EMAIL(value)
    except ValidationError:
        raise CellFault(
            _("%(value)s ist keine E-Mail-Adresse. Richtig wäre zum Beispiel name@beispiel.de.")
            % {"value": shown(value)}
        ) from None
    if len(value) > 254:
        raise CellFault(_("Diese E-Mail-Adresse ist zu lang."))
    return value


def postcode(value: str) -> str:
    """A German postcode."""
    # Saxony's begin with a zero, which spreadsheets lose.
    text = value.zfill(5) if isinstance(value, NumberText) else value
    if not re.fullmatch(r"[0-9]{5}", text):
        raise CellFault(
            _("%(value)s ist keine Postleitzahl. Richtig wären fünf Ziffern.") % {"value": shown(value)}
        )
    return text


def degrees(low: float, high: float) -> Callable[[str], float]:
    """A coordinate in degrees, with point or decimal comma."""

    def read(value: str) -> float:
        number = float(value.replace(",", ".")) if _NUMBER.fullmatch(value) else None
        if number is None or not low <= number <= high:
            raise CellFault(
                _(
                    "%(value)s liegt nicht in Deutschland. "
                    "Richtig wären Grad (WGS 84) von %(low)s bis %(high)s."
                )
                % {"value": shown(value), "low": f"{low:g}", "high": f"{high:g}"}
            )
        return number

    return read


latitude = degrees(47, 55.2)
longitude = degrees(5.5, 15.5)


def choice(choices: Mapping[str, T]) -> Callable[[str], T]:
    """One of some words; capitals and umlauts written out do not matter."""

    def read(value: str) -> T:
        found = choices.get(_plain(value))
        if found is None:
            raise CellFault(
                _("%(value)s passt hier nicht. Richtig wäre: %(choices)s.")
                % {"value": shown(value), "choices": ", ".join(choices)}
            )
        return found

    return read


def _plain(value: str) -> str:
    text = value.casefold()
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
        text = text.replace(umlaut, letters)
    return text


def yes_or_no(value: str) -> bool:
    """``ja`` or ``nein``."""
    plain = value.casefold()
    if plain not in ("ja", "nein"):
        raise CellFault(
            _("%(value)s passt hier nicht. Richtig wäre: ja oder nein.") % {"value": shown(value)}
        )
    return plain == "ja"


def words(value: str) -> list[str]:
    """A list with commas, each word once, in its order."""
    return list(dict.fromkeys(word for part in re.split(r"[,;\n]", value) if (word := part.strip())))


def known_words(known: Mapping[str, T], names: Mapping[str, str] | None = None) -> Callable[[str], list[T]]:
    """A list of known short names; an unknown one is told the nearest."""

    def read(value: str) -> list[T]:
        return [_known(word, known, names or {}) for word in words(value)]

    return read


def known_word(known: Mapping[str, T], names: Mapping[str, str] | None = None) -> Callable[[str], T]:
    """One known short name."""

    def read(value: str) -> T:
        return _known(value, known, names or {})

    return read


def _known(word: str, known: Mapping[str, T], names: Mapping[str, str]) -> T:
    found = known.get(word.casefold())
    if found is None:
        raise CellFault(_unknown(word, known, names))
    return found


def _unknown(word: str, known: Iterable[str], names: Mapping[str, str]) -> str:
    by_name = {name.casefold(): short for short, name in names.items()}
    slugs = list(known)
    near = by_name.get(word.casefold()) or next(iter(get_close_matches(_plain(word), slugs, 1, 0.6)), None)
    if near is None:
        like = get_close_matches(word.casefold(), by_name, 1, 0.7)
        near = by_name[like[0]] if like else None
    if near:
        return _("%(value)s ist nicht bekannt. Gemeint ist vielleicht „%(near)s“.") % {
            "value": shown(word),
            "near": near,
        }
    return _("%(value)s ist nicht bekannt. Möglich sind: %(known)s.") % {
        "value": shown(word),
        "known": ", ".join(slugs[:30]),
    }


def languages(value: str) -> list[str]:
    """Languages by ISO 639-1, in their order."""
    found = []
    for word in words(value):
        code = word.casefold()
        if code not in ISO_639_1:
            by_name = {str(name).casefold(): short for short, name in LANGUAGE_NAMES.items()}
            if code in by_name:
                raise CellFault(
                    _("%(value)s wird mit dem Kürzel „%(near)s“ geschrieben.")
                    % {"value": shown(word), "near": by_name[code]}
                )
            raise CellFault(
                _("%(value)s ist kein Kürzel einer Sprache. Richtig wäre zum Beispiel: de,tr.")
                % {"value": shown(word)}
            )
        found.append(code)
    return list(dict.fromkeys(found))


def half_days(value: str) -> list[str]:
    """Half-days such as ``mo-vm``, in the order of the week."""
    found = set()
    for word in words(value):
        slot = re.sub(r"\s*[-–/ ]\s*", "-", word.casefold())
        if slot not in SLOTS:
            raise CellFault(
                _(
                    "%(value)s ist keine Zeit. Richtig wäre ein Tag (mo, di, mi, do, fr, sa, so) "
                    "mit vm, nm oder ab, zum Beispiel: mo-vm,do-nm."
                )
                % {"value": shown(word)}
            )
        found.add(slot)
    return sorted(found, key=SLOTS.index)


def dated_words(
    known: Mapping[str, T], latest: date, names: Mapping[str, str]
) -> Callable[[str], list[tuple[T, date]]]:
    """A list of known short names, each with the day it was issued: ``slug@2026-03-01``."""
    issued = day_until(latest)

    def read(value: str) -> list[tuple[T, date]]:
        found: dict[tuple[str, date], tuple[T, date]] = {}
        for word in words(value):
            slug, at, on = word.partition("@")
            if not at:
                raise CellFault(
                    _("%(value)s fehlt der Tag. Richtig wäre zum Beispiel: %(slug)s@2026-03-01.")
                    % {"value": shown(word), "slug": slug}
                )
            entry = _known(slug.strip(), known, names)
            when = issued(on.strip())
            found[slug.strip().casefold(), when] = (entry, when)
        return list(found.values())

    return read

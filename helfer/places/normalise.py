"""How addresses are spelled alike: street names, house numbers, towns. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_LIGHT_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "s"})
_DASHES = re.compile(r"[‐‑‒–—―−]")
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
# "Str." also as the end of a word: Ackerstr., Steeler Str., Franz-Str.
_STREET = re.compile(r"str(?:\.|(?=$|[\s\-]))")
_SQUARE = re.compile(r"pl\.(?=$|[\s\-])")
_WORDS = {"st": "sankt", "dr": "doktor", "prof": "professor"}
_WORD = re.compile(r"\b(?:st|dr|prof)(?:\.|\b)")


def _lower(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).lower()
    return _DASHES.sub("-", text).strip()


def _letters(text: str, umlauts: dict[int, str]) -> str:
    text = unicodedata.normalize("NFC", text).translate(umlauts)
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _NOT_ALPHANUMERIC.sub("", text)


def with_spelled_umlauts(text: str) -> str:
    """The text in small letters with ä as ae, ß as ss."""
    return unicodedata.normalize("NFC", _lower(text)).translate(_UMLAUTS)


def plain(text: str) -> str:
    """Only small letters and digits, ä as ae, ß as ss: one spelling for names."""
    return _letters(_lower(text), _UMLAUTS)


def _spelled_out(street: str) -> str:
    # Umlauts first: what is an abbreviation in capitals (SS for ß) has to be one in small letters too.
    street = _WORD.sub(lambda word: _WORDS[word[0].rstrip(".")] + " ", with_spelled_umlauts(street))
    street = _STREET.sub("strasse ", street)
    return _SQUARE.sub("platz ", street)


def street_key(street: str) -> str:
    """One key for all right spellings of a street: ``Köln-Mindener Str.`` → ``koelnmindenerstrasse``."""
    return _letters(_spelled_out(street), _UMLAUTS)


def street_likeness_forms(street: str) -> tuple[str, str, str]:
    """The forms in which a mistyped street is compared, each with its like.

    "Straße" long and short and abbreviations as written (a slip in "Str." or "Dr." must count as one
    slip), umlauts as two letters and as one (a wrong letter in place of "ü" must count as one slip too).
    """
    short = _letters(_lower(street), _UMLAUTS).replace("strasse", "str")
    light = _letters(_lower(street), _LIGHT_UMLAUTS).replace("ss", "s").replace("strase", "str")
    return (street_key(street), short, light)


_HALVES = re.compile(r"[½¼¾⅓⅔]")
_HOUSE = re.compile(
    r"^(?:haus)?(?:nr\.?|nummer)?\s*0*(?P<number>[1-9][0-9]{0,4})"
    r"\s*(?P<letter>[a-zäöü](?![a-zäöüß.]))?"
    r"\s*(?P<half>(?<=\s)[1-3]/[2-9](?![0-9]))?"
    r"(?:\s*(?P<sign>[-/+]|bis|und|u\.)\s*0*(?P<to>[1-9][0-9]{0,4}(?:\s*[a-zäöü](?![a-zäöüß.]))?|[a-zäöü](?![a-zäöüß.])))?"
    r"(?P<rest>.*)$"
)
# What may follow a house number without being part of it: a flat, a floor, a part of the house.
_FLAT = re.compile(
    r"^[\s,;/(\-]*(?:(?:[0-9]+\s*\.?\s*)?"
    r"(?:whg|wohnung|wg|wohneinheit|we|app|apartment|appartement|zimmer|zi|etage|et|stock|stockwerk|og|dg|eg|ug"
    r"|erdgeschoss|erdgeschoß|dachgeschoss|hinterhaus|vorderhaus|seitenflügel|hh|vh|links|rechts|mitte|li|re|c/o|bei)"
    r"(?:$|[^a-zäöüß])).*$"
)
_NO_NUMBER = re.compile(
    r"^(?:ohne(?: (?:haus)?(?:nr|nummer)\.?)?|o\.?\s?(?:haus)?nr\.?|keine?|k\.?\s?a\.?|s\.?\s?n\.?|[-/?.]*)$"
)


@dataclass(frozen=True, slots=True)
class HouseNumber:
    """A house number and its normalised suffix: 12 and "a", or 12 and "-14"."""

    number: str
    suffix: str = ""

    def __str__(self) -> str:
        return f"{self.number}{' ' if self.suffix[:1].isalnum() else ''}{self.suffix}"

    @property
    def last(self) -> str:
        """The last number of a range: "14" for 12-14, else empty."""
        match = re.search(r"-([0-9]+)[a-z]?$", self.suffix)
        return match[1] if match else ""


def split_house_number(text: str) -> HouseNumber | None:
    """The house number in ``text`` in any usual spelling, without flats and floors; None if there is none."""
    text = _lower(
        _HALVES.sub(lambda half: f" {unicodedata.normalize('NFKC', half[0]).replace('⁄', '/')}", text)
    )
    if _NO_NUMBER.match(text):
        return None
    match = _HOUSE.match(text)
    if match is None:
        return None
    rest = match["rest"].strip()
    if rest and not _FLAT.match(match["rest"]):
        return None
    suffix = _letters(match["letter"] or "", _UMLAUTS) + (match["half"] or "")
    if match["to"]:
        to = re.sub(r"\s+", "", match["to"])
        is_range = match["sign"] != "/" or not to.isdigit() or int(to) > int(match["number"])
        suffix += ("-" if is_range else "/") + to
    return HouseNumber(match["number"], suffix)


_TRAILING_NUMBER = re.compile(
    r"^(?P<street>.*?[^\W\d_].*?)[\s,]+(?P<number>(?:(?:haus)?(?:nr\.?|nummer)\s*)?[0-9].*)$", re.IGNORECASE
)


def split_street(text: str) -> tuple[str, HouseNumber | None]:
    """A street field that ends in a house number, taken apart: ``Musterweg 12a`` → Musterweg, 12 a."""
    text = text.strip()
    start = 0
    while match := _TRAILING_NUMBER.match(text[start:]):
        number = split_house_number(match["number"])
        if number is not None:
            return re.sub(
                r"[\s,]*(?:haus)?(?:nr\.?|nummer)?$", "", text[: start + match.end("street")], flags=re.I
            ), number
        start += match.start("number") + 1
    glued = re.match(
        r"^(?P<street>.*(?:str\.|straße|strasse|weg|platz))(?P<number>[0-9].*)$", text, re.IGNORECASE
    )
    if glued and (number := split_house_number(glued["number"])):
        return glued["street"], number
    return text, None


def is_same_town(written: str, name: str) -> bool:
    """Whether ``written`` means the town ``name``: Essen (Ruhr), Dortmund-Hörde, 44135 Dortmund."""
    a, b = plain(re.sub(r"^\s*(?:D-)?[0-9]{5}\s+", "", written)), plain(name)
    if a == b:
        return bool(a)
    first_a, first_b = (plain(re.split(r"[\s\-,/(]", text.strip())[0]) for text in (written, name))
    return bool(a and b) and (first_a == b or first_b == a)

"""The sixteen Länder: the first two digits of a municipality's key name its Land."""

from __future__ import annotations

from helfer.places.normalise import plain

LAND_BY_DIGITS = {
    "01": "SH",
    "02": "HH",
    "03": "NI",
    "04": "HB",
    "05": "NW",
    "06": "HE",
    "07": "RP",
    "08": "BW",
    "09": "BY",
    "10": "SL",
    "11": "BE",
    "12": "BB",
    "13": "MV",
    "14": "SN",
    "15": "ST",
    "16": "TH",
}

LAND_NAMES = {
    "SH": "Schleswig-Holstein",
    "HH": "Hamburg",
    "NI": "Niedersachsen",
    "HB": "Bremen",
    "NW": "Nordrhein-Westfalen",
    "HE": "Hessen",
    "RP": "Rheinland-Pfalz",
    "BW": "Baden-Württemberg",
    "BY": "Bayern",
    "SL": "Saarland",
    "BE": "Berlin",
    "BB": "Brandenburg",
    "MV": "Mecklenburg-Vorpommern",
    "SN": "Sachsen",
    "ST": "Sachsen-Anhalt",
    "TH": "Thüringen",
}

_CODE_BY_PLAIN = {plain(name): code for code, name in LAND_NAMES.items()} | {
    code.lower(): code for code in LAND_NAMES
}


def land_of_key(key: str) -> str:
    """The Land of an official municipality key, ``05913000`` → ``NW``; empty where there is none."""
    return LAND_BY_DIGITS.get(key[:2], "")


def land_of_name(name: str) -> str:
    """The Land of a name or code in any spelling, ``Sachsen`` → ``SN``; empty where there is none."""
    return _CODE_BY_PLAIN.get(plain(name), "")

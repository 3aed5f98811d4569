"""Names as they stand on the bell plates of a German city; persons and numbers are made up."""

from __future__ import annotations

import random

WOMEN = (
    "Ayşe Christa Gül Hannelore Helga Ingrid Jelena Katarzyna Leyla Magdalena Milica Mònica "
    "Nataša Olga Renate Rosemarie Sabine Thảo Ursula Waltraud Yasmin Zeynep Anneliese Brigitte "
    "Dunja Erika Fatma Gisela Hatice Irmgard "
).split()
MEN = (
    "Ali Bernd Cem Dieter Dragan Emre Friedhelm Günter Hans-Jürgen Heinz Igor Jürgen Karl-Heinz Lothar "
    "Mehmet Miloš Nikola Osman Paweł Rolf Stefan Tarık Uwe Viktor Werner Yusuf Zoran Andreas Manfred Reinhold"
).split()
FAMILIES = (
    "Adamczyk Aksoy Baumann Berger Brüggemann Çelik Demir Đorđević Ebeling Fischer Gärtner Groß "
    "Haddad Hoffmann Horvat Iwanow Jäger Jovanović Kaya Kovačević Kowalski Krüger Lehmann "
    "Marković Müller Nguyễn Nowak Öztürk Petrović Pieper Rausch Richter Rossi Sahin Schäfer "
    "Schröder Schulte Şimşek Stojanović Szymański Tillmann Usta Vogel Weiß Wójcik Yıldız "
    "Zimmermann Özdemir Brinkmann Lindemann "
).split()
# What a family of that spelling often speaks beside German.
LANGUAGES = {
    "tr": "Aksoy Çelik Demir Kaya Öztürk Sahin Şimşek Usta Yıldız Özdemir".split(),
    "pl": "Adamczyk Kowalski Nowak Szymański Wójcik".split(),
    "sr": "Đorđević Jovanović Kovačević Marković Petrović Stojanović Horvat".split(),
    "ru": "Iwanow".split(),
    "ar": "Haddad".split(),
    "it": "Rossi".split(),
    "vi": "Nguyễn".split(),
}


def family_language(family_name: str) -> str:
    """The language beside German, or nothing."""
    return next((code for code, names in LANGUAGES.items() if family_name in names), "")


class Book:
    """Gives names and the numbers that are kept for fiction (BNetzA, Mitteilung 148/2021)."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._used: set[tuple[str, str]] = set()
        self._landlines = 0

    def name(self) -> tuple[str, str, str]:
        """Given name, family name and gender, each pair once."""
        while True:
            gender = "w" if self._rng.random() < 0.58 else "m"
            given = self._rng.choice(WOMEN if gender == "w" else MEN)
            family = self._rng.choice(FAMILIES)
            if (given, family) not in self._used:
                self._used.add((given, family))
                return given, family, gender

    def landline(self) -> str:
        """0221 4710-000 to -999, again from the start when they are used up."""
        self._landlines += 1
        return f"+492214710{self._landlines % 1000:03d}"

    def mobile(self) -> str:
        """0171 39200-00 to -99 or 0176 040690-00 to -99."""
        prefix = self._rng.choice(("+4917139200", "+49176040690"))
        return f"{prefix}{self._rng.randrange(100):02d}"

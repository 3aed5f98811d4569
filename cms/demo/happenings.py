"""Made-up news and dates, so that the calendar of the demo is not empty; only ever in a demo."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from cms.demo.pages import text
from helfer.core.days import BERLIN

# Days ago, address, title, first words, drawing, the rest.
NEWS: list[tuple[int, str, str, str, str, str]] = [
    (
        2,
        "telefonkette-sucht-stimmen",
        "Die Telefonkette sucht freundliche Stimmen",
        "Jeden Morgen um neun klingelt bei 34 Menschen das Telefon. Wir suchen acht, die anrufen.",
        "phone",
        "<p>„Guten Morgen, haben Sie gut geschlafen?“ Mehr braucht es oft nicht. Wer mitmacht, ruft "
        "einmal in der Woche "
        "fünf Menschen an, von zu Hause aus. Meldet sich jemand nicht, weiß das Büro sofort Bescheid.</p>"
        "<h2>Was Sie brauchen</h2><ul><li>ein Telefon</li><li>eine halbe Stunde in der Woche</li>"
        "<li>Freude am Zuhören</li></ul>",
    ),
    (
        9,
        "neuer-raum-am-hafen",
        "Neuer Treffpunkt: ohne Stufen, mit Hörschleife",
        "Das Seniorenbüro hat einen größeren Raum. Der Eingang ist ebenerdig.",
        "home",
        "<p>Der neue Raum hat 40 Plätze, eine Küche und eine Hörschleife. Dienstags und donnerstags ist "
        "dort Kaffeezeit. "
        "Kuchen darf mitgebracht werden.</p>",
    ),
    (
        21,
        "vorsicht-an-der-tuer",
        "Vorsicht: Wir klingeln nie unangemeldet",
        "Betrüger geben sich als Helfer aus. So erkennen Sie, wer wirklich von uns kommt.",
        "news",
        "<ul><li>Wer zu Ihnen kommt, wurde Ihnen vorher am Telefon mit Namen genannt.</li>"
        "<li>Niemand von uns fragt nach Geld, Karten oder Schmuck.</li>"
        "<li>Im Zweifel: Tür zu lassen und bei uns oder bei der Polizei (110) anrufen.</li></ul>",
    ),
    (
        40,
        "hundert-vermittlungen",
        "Die hundertste Vermittlung in diesem Jahr",
        "Zwei Nachbarn, ein Garten: Seit Mai pflegen sie die Rosen gemeinsam.",
        "garden",
        "<p>Beide wohnen keine 300 Meter voneinander entfernt und kannten sich nicht. Jetzt trinken sie "
        "jeden Samstag "
        "zusammen Kaffee, mitten in den Rosen.</p>",
    ),
]
# Weekdays count from Monday, 0; `weeks` from now.
DATES: list[dict[str, Any]] = [
    {
        "slug": "kaffeezeit",
        "title": "Kaffeezeit im Seniorenbüro",
        "kind": "meeting",
        "weekday": 3,
        "at": time(14, 30),
        "minutes": 120,
        "every_weeks": 1,
        "drawing": "tea",
        "intro": "Kaffee, Kuchen und Menschen aus der Nachbarschaft. Einfach kommen.",
        "cost": "frei, über eine Spende freuen wir uns",
    },
    {
        "slug": "einfuehrung-fuer-neue",
        "title": "Einführung für neue Helferinnen und Helfer",
        "kind": "course",
        "weekday": 5,
        "weeks": 1,
        "at": time(10, 0),
        "minutes": 180,
        "every_weeks": 4,
        "drawing": "course",
        "intro": "Was Helfen heißt, wo die Grenzen sind und wer Ihnen beisteht.",
        "cost": "kostenlos",
        "booking": "am Telefon, bis drei Tage vorher",
    },
    {
        "slug": "handy-sprechstunde",
        "title": "Handy-Sprechstunde",
        "kind": "consultation",
        "weekday": 1,
        "at": time(10, 0),
        "minutes": 120,
        "every_weeks": 2,
        "drawing": "tablet",
        "intro": "Bringen Sie Ihr Handy oder Tablet mit. Wir schauen gemeinsam, was hakt.",
        "cost": "kostenlos",
    },
    {
        "slug": "vortrag-entlastungsbetrag",
        "title": "Vortrag: Was der Entlastungsbetrag bezahlt",
        "kind": "talk",
        "weekday": 2,
        "weeks": 2,
        "at": time(17, 0),
        "minutes": 90,
        "every_weeks": None,
        "drawing": "money",
        "intro": "Für alle mit Pflegegrad und ihre Angehörigen, mit Zeit für Ihre Fragen.",
        "cost": "kostenlos",
        "booking": "nicht nötig",
    },
    {
        "slug": "kurs-demenz-partner",
        "title": "Kurs: Menschen mit Demenz verstehen",
        "kind": "course",
        "weekday": 0,
        "weeks": 3,
        "at": time(18, 0),
        "minutes": 90,
        "every_weeks": None,
        "drawing": "neighbours",
        "intro": "90 Minuten, die vieles leichter machen, in der Familie und in der Nachbarschaft.",
        "cost": "kostenlos",
        "booking": "am Telefon, es gibt 15 Plätze",
    },
    {
        "slug": "spaziergang",
        "title": "Gemeinsam unterwegs: der langsame Spaziergang",
        "kind": "meeting",
        "weekday": 6,
        "at": time(15, 0),
        "minutes": 75,
        "every_weeks": 2,
        "drawing": "walk",
        "intro": "Eine Runde, die auch mit Rollator geht, mit vielen Bänken.",
        "cost": "kostenlos",
    },
]


def news_of(today: date) -> list[dict[str, Any]]:
    """The news as fields of pages."""
    return [
        {
            "slug": slug,
            "title": title,
            "intro": intro,
            "drawing": drawing,
            "day": today - timedelta(days=ago),
            "body": [text(words)],
        }
        for ago, slug, title, intro, drawing, words in NEWS
    ]


def dates_from(today: date, places: list[str]) -> list[dict[str, Any]]:
    """The dates as fields of pages, the next ones soon after today, spread over these places."""
    made = []
    for index, words in enumerate(DATES):
        fields = {key: words[key] for key in words if key not in ("weekday", "weeks", "at", "minutes")}
        day = today + timedelta(days=(words["weekday"] - today.weekday()) % 7, weeks=words.get("weeks", 0))
        starts_at = datetime.combine(day, words["at"], BERLIN)
        fields |= {
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(minutes=words["minutes"]),
            "place": places[index % len(places)],
            "access": "ohne Stufen, Toilette für Rollstühle",
        }
        made.append(fields)
    return made

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from icalendar import Calendar

from cms.demo import create_pages
from cms.models import EventPage, EventsPage, NewsIndexPage, NewsPage, dates_of
from helfer.core.days import BERLIN, berlin_day

pytestmark = pytest.mark.django_db


def event(**fields: Any) -> EventPage:
    words = {
        "title": "Kaffeezeit",
        "slug": "kaffee",
        "place": "Seniorenbüro",
        "starts_at": datetime(2026, 10, 15, 14, 30, tzinfo=BERLIN),
    }
    return EventPage(**(words | fields))


def test_what_repeats_keeps_its_hour_when_the_clocks_change() -> None:
    weekly = event(every_weeks=1, ends_at=datetime(2026, 10, 15, 16, 30, tzinfo=BERLIN))
    dates = list(weekly.dates(date(2026, 10, 20), date(2026, 11, 5)))
    assert [one.starts_at.astimezone(BERLIN).strftime("%d.%m. %H:%M") for one in dates] == [
        "22.10. 14:30",
        "29.10. 14:30",
        "05.11. 14:30",
    ]
    assert [one.starts_at.astimezone(UTC).hour for one in dates] == [12, 13, 13]
    assert all(one.ends_at and one.ends_at - one.starts_at == timedelta(hours=2) for one in dates)


@pytest.mark.parametrize(
    ("fields", "days"),
    [
        ({}, ["15.10."]),
        ({"every_weeks": 2}, ["15.10.", "29.10.", "12.11."]),
        ({"every_weeks": 2, "until_day": date(2026, 11, 11)}, ["15.10.", "29.10."]),
        ({"every_weeks": 4}, ["15.10.", "12.11."]),
        ({"every_weeks": 2, "days_off": [date(2026, 10, 29)]}, ["15.10.", "12.11."]),
        ({"days_off": [date(2026, 10, 15)]}, []),
    ],
)
def test_dates_come_as_often_as_they_should(fields: dict[str, Any], days: list[str]) -> None:
    found = event(**fields).dates(date(2026, 10, 1), date(2026, 11, 20))
    assert [one.day.strftime("%d.%m.") for one in found] == days


def test_the_next_date_comes_first() -> None:
    late = event(starts_at=datetime(2026, 10, 15, 18, 0, tzinfo=BERLIN))
    early = event(every_weeks=1, starts_at=datetime(2026, 9, 3, 9, 0, tzinfo=BERLIN))
    found = dates_of([late, early], from_day=date(2026, 10, 15))
    assert [one.page for one in found[:3]] == [early, late, early]


def test_an_event_ends_after_it_begins() -> None:
    create_pages([])
    page = EventPage.objects.get(slug="vortrag-entlastungsbetrag")
    page.ends_at = page.starts_at - timedelta(minutes=1)
    with pytest.raises(ValidationError, match="Das Ende liegt vor dem Anfang"):
        page.full_clean()


def test_calendars_of_others_understand_ours(client: Client) -> None:
    create_pages([])
    page = EventPage.objects.get(slug="kaffeezeit")
    off = berlin_day(page.starts_at) + timedelta(weeks=1)
    page.days_off = [off]
    page.save()
    answer = client.get("/termine/ical/")
    assert answer["Content-Type"].startswith("text/calendar")
    assert answer["Access-Control-Allow-Origin"] == "*"
    entries = {str(one["summary"]): one for one in Calendar.from_ical(answer.content).walk("VEVENT")}
    assert len(entries) == EventPage.objects.count()
    coffee = entries[page.title]
    assert coffee.decoded("dtstart") == page.starts_at
    assert coffee["rrule"]["interval"] == [1]
    assert [berlin_day(one.dt) for one in coffee["exdate"].dts] == [off]
    assert str(coffee["location"]) == page.place
    single = Calendar.from_ical(client.get("/termine/kaffeezeit/ical/").content)
    assert [str(one["summary"]) for one in single.walk("VEVENT")] == [page.title]


def test_the_calendar_is_read_by_kind(client: Client) -> None:
    create_pages([])
    every = client.get("/termine/").content.decode()
    courses = client.get("/termine/?art=course").content.decode()
    assert "Kaffeezeit" in every
    assert "Kaffeezeit" not in courses
    assert "Menschen mit Demenz verstehen" in courses
    assert client.get("/termine/?art=unsinn").status_code == 200
    EventPage.objects.all().delete()
    assert "Zurzeit sind keine Termine eingetragen." in client.get("/termine/").content.decode()


def test_news_come_as_a_feed_without_what_is_not_published(client: Client) -> None:
    create_pages([])
    NewsPage.objects.get(slug="neuer-raum-am-hafen").unpublish()
    feed = ElementTree.fromstring(client.get("/neuigkeiten/rss/").content)
    titles = [item.findtext("title") for item in feed.iter("item")]
    assert titles[0] == "Die Telefonkette sucht freundliche Stimmen"
    assert len(titles) == NewsPage.objects.live().count()
    assert "Neuer Treffpunkt: ohne Stufen, mit Hörschleife" not in titles


def test_a_long_list_of_news_is_turned_page_by_page(client: Client) -> None:
    create_pages([])
    index = NewsIndexPage.objects.get()
    for number in range(12):
        index.add_child(
            instance=NewsPage(title=f"Alt {number}", slug=f"alt-{number}", day=date(2020, 1, 1 + number))
        )
    assert "Seite 1 von 2" in client.get("/neuigkeiten/").content.decode()
    assert "Alt 0" in client.get("/neuigkeiten/?seite=2").content.decode()
    assert client.get("/neuigkeiten/?seite=unsinn").status_code == 200
    assert EventsPage.objects.count() == 1

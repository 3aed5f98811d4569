"""The calendar: dates that come once or every few weeks, to read and to take into one's own calendar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _
from icalendar import Calendar, Event, vRecur
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from cms.languages import below
from cms.models.public_page import PublicPage
from helfer.core.days import BERLIN, berlin_day

# How far the calendar looks ahead.
AHEAD = timedelta(days=183)


class EventKind(models.TextChoices):
    """What a date is about."""

    MEETING = "meeting", _("Treffen")
    COURSE = "course", _("Kurs")
    CONSULTATION = "consultation", _("Sprechstunde")
    TALK = "talk", _("Vortrag")


@dataclass(frozen=True)
class EventDate:
    """One day on which an event takes place."""

    page: EventPage
    starts_at: datetime
    ends_at: datetime | None

    @property
    def day(self) -> date:
        """The day in Berlin."""
        return berlin_day(self.starts_at)


def dates_of(events: Iterable[EventPage], *, from_day: date) -> list[EventDate]:
    """The coming dates of these events, the next one first."""
    found = [one for event in events for one in event.dates(from_day, from_day + AHEAD)]
    return sorted(found, key=lambda one: (one.starts_at, one.page.pk))


def calendar_of(events: Iterable[EventPage]) -> HttpResponse:
    """The events for everybody's own calendar (RFC 5545)."""
    calendar = Calendar()
    calendar.add("prodid", "-//Helfer//Termine//DE")
    calendar.add("version", "2.0")
    for event in events:
        calendar.add_component(event.as_calendar_entry())
    calendar.add_missing_timezones()
    answer = HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="termine.ics"'
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


class EventsPage(RoutablePageMixin, PublicPage):
    """The calendar: what takes place in the next half year, by month."""

    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.EventPage"]

    class Meta:
        verbose_name = _("Terminkalender")
        verbose_name_plural = _("Terminkalender")

    def events(self) -> Any:
        """The events below this page."""
        return below(self, EventPage).order_by("starts_at", "pk")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        kind = request.GET.get("art", "")
        events = self.events()
        if kind in EventKind.values:
            events = events.filter(kind=kind)
        dates = dates_of(events, from_day=berlin_day(timezone.now()))
        context["months"] = [
            (f"{MONTHS[month]} {year}", list(one))
            for (year, month), one in groupby(dates, key=lambda one: (one.day.year, one.day.month))
        ]
        context["kinds"] = [(value, label, value == kind) for value, label in EventKind.choices]
        context["kind"] = kind
        context["calendar_url"] = self.get_full_url(request) + "ical/"
        return context

    @path("ical/", name="ical")  # type: ignore[untyped-decorator]
    def ical(self, request: HttpRequest) -> HttpResponse:
        """All events for everybody's own calendar."""
        return calendar_of(self.events())


class EventPage(RoutablePageMixin, PublicPage):
    """Something that takes place, once or every few weeks."""

    kind = models.CharField(_("Art"), max_length=12, choices=EventKind, default=EventKind.MEETING)
    starts_at = models.DateTimeField(_("Beginn"))
    ends_at = models.DateTimeField(_("Ende"), null=True, blank=True)
    every_weeks = models.PositiveSmallIntegerField(
        _("Wiederholung"),
        null=True,
        blank=True,
        choices=[(1, _("jede Woche")), (2, _("alle zwei Wochen")), (4, _("alle vier Wochen"))],
    )
    until_day = models.DateField(_("Wiederholung bis einschließlich"), null=True, blank=True)
    days_off = ArrayField(
        models.DateField(),
        verbose_name=_("Fällt aus am"),
        default=list,
        blank=True,
        help_text=_("Zum Beispiel: 24.12.2026, 31.12.2026"),
    )
    place = models.CharField(_("Ort"), max_length=200)
    access = models.CharField(
        _("Zugang"), max_length=200, blank=True, help_text=_("Zum Beispiel: ohne Stufen, mit Hörschleife.")
    )
    cost = models.CharField(_("Kosten"), max_length=120, blank=True)
    booking = models.CharField(
        _("Anmeldung"),
        max_length=200,
        blank=True,
        help_text=_("Zum Beispiel: bis 3. Mai unter 0231 50-22222."),
    )

    content_panels = [
        *PublicPage.content_panels[:2],
        MultiFieldPanel(
            [
                FieldPanel("kind"),
                FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
                FieldRowPanel([FieldPanel("every_weeks"), FieldPanel("until_day")]),
                FieldPanel("days_off"),
                FieldPanel("place"),
                FieldPanel("access"),
                FieldPanel("cost"),
                FieldPanel("booking"),
            ],
            _("Wann und wo"),
        ),
        *PublicPage.content_panels[2:],
    ]
    search_fields = [*PublicPage.search_fields, index.SearchField("place"), index.SearchField("access")]
    # Where it is, stands on the door.
    override_translatable_fields = [*PublicPage.override_translatable_fields, SynchronizedField("place")]
    parent_page_types = ["cms.EventsPage"]
    subpage_types: list[str] = []
    what = _("Termin")

    class Meta:
        verbose_name = _("Termin")
        verbose_name_plural = _("Termine")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=models.F("starts_at")),
                name="event_ends_after_it_begins",
                violation_error_message=_("Das Ende liegt vor dem Anfang."),
            ),
            models.CheckConstraint(
                condition=Q(until_day=None) | Q(every_weeks__isnull=False),
                name="only_what_repeats_has_a_last_day",
                violation_error_message=_("Ein letzter Tag gehört nur zu einem Termin, der sich wiederholt."),
            ),
        ]

    def dates(self, from_day: date, until_day: date) -> Iterator[EventDate]:
        """The days within these two (both included); the hour stays the same on the wall's clock."""
        begins = self.starts_at.astimezone(BERLIN)
        lasts = self.ends_at - self.starts_at if self.ends_at else None
        last = min(until_day, self.until_day) if self.until_day else until_day
        step = 7 * (self.every_weeks or 0)
        skipped = max(0, -(-(from_day - begins.date()).days // step)) if step else 0
        day = begins.date() + timedelta(days=skipped * step)
        while day <= last:
            if day >= from_day and day not in self.days_off:
                starts_at = datetime.combine(day, begins.time(), BERLIN)
                yield EventDate(self, starts_at, starts_at + lasts if lasts is not None else None)
            if not step:
                break
            day += timedelta(days=step)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        today = berlin_day(timezone.now())
        coming = list(self.dates(today, today + AHEAD))
        context["date"] = coming[0] if coming else EventDate(self, self.starts_at, self.ends_at)
        context["further"] = coming[1:6]
        context["days_off"] = sorted(day for day in self.days_off if day >= today)
        context["is_over"] = not coming and berlin_day(self.starts_at) < today
        context["calendar_url"] = self.get_full_url(request) + "ical/"
        return context

    @path("ical/", name="ical")  # type: ignore[untyped-decorator]
    def ical(self, request: HttpRequest) -> HttpResponse:
        """This event for everybody's own calendar."""
        return calendar_of([self])

    def as_calendar_entry(self) -> Event:
        """The event as calendars understand it."""
        entry = Event()
        entry.add("uid", f"termin-{self.pk}@helfer")
        entry.add("dtstamp", (self.last_published_at or timezone.now()).astimezone(BERLIN))
        entry.add("summary", self.title)
        entry.add("dtstart", self.starts_at.astimezone(BERLIN))
        if self.ends_at:
            entry.add("dtend", self.ends_at.astimezone(BERLIN))
        if self.every_weeks:
            rule: dict[str, Any] = {"freq": "weekly", "interval": self.every_weeks}
            if self.until_day:
                end = datetime.combine(self.until_day + timedelta(days=1), datetime.min.time(), BERLIN)
                rule["until"] = (end - timedelta(seconds=1)).astimezone(UTC)
            entry.add("rrule", vRecur(rule))
            if self.days_off:
                hour = self.starts_at.astimezone(BERLIN).time()
                entry.add("exdate", [datetime.combine(day, hour, BERLIN) for day in self.days_off])
        entry.add("location", self.place)
        if self.description:
            entry.add("description", self.description)
        if self.full_url:
            entry.add("url", self.full_url)
        return entry

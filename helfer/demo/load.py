"""Builds the whole demo: the same city and people for the same seed, with days relative to today."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime

from django.db import connection, transaction

from helfer.catalogue.models import CompensationModel
from helfer.core.days import berlin_day
from helfer.demo.callers import Callers
from helfer.demo.cards import show_cards, show_requests
from helfer.demo.city import MUNICIPALITY_KEY, draw_city
from helfer.demo.names import Book
from helfer.demo.neighbours import Neighbours
from helfer.demo.runs import compute_runs
from helfer.demo.staff import HELPER, MAIN_OFFICE, SEEKER, TANDEM_CITY, build_staff, give_account
from helfer.demo.stories import Stories
from helfer.demo.town import build_offices, build_places
from helfer.help_requests.models import HelpRequest, RequestState
from helfer.helpers.models import HelperProfile
from helfer.matching.actions import daily_tick, offers_kept_back
from helfer.matching.lifecycle import MatchState
from helfer.matching.models import Match
from helfer.notifications.models import DeliveryChannel, Message, MessageState
from helfer.people.models import Kind, Office, Tie, TieKind
from helfer.places.models import District

SEED = 2026
HELPERS, REQUESTS = 300, 150


def is_loaded() -> bool:
    """Whether the made-up city is there."""
    return District.objects.filter(municipality__key=MUNICIPALITY_KEY).exists()


@transaction.atomic
def load(*, now: datetime, say: Callable[[str], None], scale: float = 1.0) -> None:
    """Everything in one transaction; ``scale`` makes it smaller for tests."""
    today = berlin_day(now)
    rng = random.Random(SEED)  # noqa: S311 — a demo, nothing secret
    book = Book(rng)
    say("Die Stadt wird gezeichnet …")
    city = draw_city(SEED)
    build_places(city)
    offices = build_offices(city, today=today)
    staff = build_staff(offices, book, today=today)
    say("Nachbarinnen und Nachbarn melden sich an …")
    neighbours = Neighbours(city, rng, book, today=today, checked_by=staff[TANDEM_CITY.email])
    with offers_kept_back():
        neighbours.build(offices, max(20, round(HELPERS * scale)))
        _take_stock()
    say("Anfragen kommen herein …")
    callers = Callers(city, rng, book, today=today, staff=staff)
    callers.build(offices, max(40, round(REQUESTS * scale)))
    _take_stock()
    say("Vermittlungen laufen …")
    stories = Stories(now=now)
    _main_office(stories, offices[MAIN_OFFICE])
    if scale >= 1:
        for name, office in offices.items():
            if name != MAIN_OFFICE:
                _other_office(stories, office)
    _accounts_of_neighbours(offices[MAIN_OFFICE])
    _one_of_each_oddity(offices[MAIN_OFFICE])
    daily_tick(at=now)
    _post_has_left(now)
    say("Karten werden gezeigt …")
    show_cards(by=staff[TANDEM_CITY.email], seed=SEED, now=now)
    show_requests(by=staff[TANDEM_CITY.email], seed=SEED, now=now)
    say("Vorschläge werden gerechnet …")
    compute_runs(stories, offices.values(), now=now)


def _take_stock() -> None:
    """The database counts what has come in; before, it takes every table for empty and searches badly."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _main_office(stories: Stories, office: Office) -> None:
    """Every state that there is, so that every page has something to look at."""
    s = stories
    s.tell(
        office,
        [
            (60, s.active),
            (55, s.active),
            (50, s.in_hospital),
            (45, s.overdue),
            (40, s.active),
            (38, s.holiday_over),
            (36, s.ended_well),
            (35, s.ended_badly),
            (33, s.incident),
            (30, s.active),
            (24, s.active),
            (12, s.rejected),
            (11, s.declined),
            (10, s.withdrawn),
            (9, s.trial),
            (7, s.trial),
            (4, s.approved),
            (3, s.half_signed),
            (3, s.half_signed),
            (2, s.accepted),
            (1, s.half_agreed),
            (0, s.proposed),
        ],
    )
    s.further_role(office)
    s.lent(office)
    s.death(office)


def _other_office(stories: Stories, office: Office) -> None:
    s = stories
    s.tell(
        office,
        [(50, s.active), (28, s.active), (21, s.trial), (5, s.approved), (2, s.accepted), (1, s.proposed)],
    )


def _accounts_of_neighbours(office: Office) -> None:
    """One helper and one help seeker who can sign in, each with a match to look at."""
    running = Match.objects.filter(office=office, state=MatchState.ACTIVE).select_related(
        "helper__person", "request__help_seeker__person"
    )
    match = running.order_by("pk").first()
    if match is None:
        return
    for person, account, kind in (
        (match.helper.person, HELPER, Kind.HELPER),
        (match.request.help_seeker.person, SEEKER, Kind.SEEKER),
    ):
        person.email = account.email
        person.save(update_fields=["email"])
        give_account(person, account.email, [kind], is_staff=False)


def _one_of_each_oddity(office: Office) -> None:
    """A named pair, a helper for one person only, a couple, a block, an address to confirm."""
    waiting = HelpRequest.objects.filter(
        office=office, state=RequestState.OPEN, matches=None, named_helper=None
    )
    request = waiting.order_by("-received_on", "pk").first()
    free = HelperProfile.objects.filter(office=office, matches=None).active().order_by("pk")
    helpers = list(free[:4])
    if request is None or len(helpers) < 4:
        return
    chosen, partner, neighbour, stranger = helpers
    chosen.only_for = request.help_seeker
    chosen.save(update_fields=["only_for"])
    chosen.compensation_models.add(CompensationModel.objects.get(slug="entlastungsbetrag"))
    request.named_helper = chosen
    request.save(update_fields=["named_helper"])
    _tie(chosen, partner, TieKind.HOUSEHOLD)
    _tie(neighbour, stranger, TieKind.BLOCK)
    unsure = neighbour.person
    unsure.location_to_confirm = True
    unsure.save(update_fields=["location_to_confirm"])


def _post_has_left(now: datetime) -> None:
    """What the stories said has been sent; letters wait for the printer, and one e-mail came back."""
    with_mail = Message.objects.exclude(recipient__email="")
    with_mail.update(state=MessageState.SENT, channel=DeliveryChannel.EMAIL, sent_at=now, attempts=1)
    Message.objects.filter(recipient__email="").update(
        state=MessageState.TO_PRINT, channel=DeliveryChannel.LETTER, attempts=1
    )
    lost = with_mail.filter(office__slug="mitte").order_by("-pk").first()
    if lost is not None:
        lost.state, lost.sent_at, lost.failure = MessageState.FAILED, None, "550 mailbox unavailable"
        lost.save(update_fields=["state", "sent_at", "failure"])


def _tie(one: HelperProfile, other: HelperProfile, kind: TieKind) -> None:
    first, second = sorted([one.person, other.person], key=lambda person: person.pk)
    Tie.objects.create(person_a=first, person_b=second, kind=kind)

"""The desk: what waits, the most pressing first; and finding somebody while they are on the phone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet, Window
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic.base import TemplateResponseMixin

from helfer.core.days import berlin_day
from helfer.help_requests.models import HelpRequest, RequestState
from helfer.helpers.models import Certificate, HelperProfile
from helfer.matching.desk import desk_of
from helfer.matching.lifecycle import RUNNING
from helfer.matching.models import CheckIn, Interest, Match, PublicOffer, PublicOfferMember, Suggestion
from helfer.notifications.models import Message
from helfer.people.models import Kind, Office, Person
from helfer.web.kinds import KindRequired
from helfer.web.lists import ListPage
from helfer.web.tandem.candidates import own_requests
from helfer.web.tandem.finding import said
from helfer.web.tandem.persons import own_people

ROWS_SHOWN = 6
FOUND_SHOWN = 20
SHORTEST_SEARCH = 2


@dataclass(frozen=True)
class Waiting:
    """One pile on the desk: what it is, how many, the first few, and where each of them leads."""

    key: str
    title: str | Promise
    hint: str | Promise
    rows: QuerySet[Any]
    url_name: str
    via: str = "pk"
    tone: str = "info"

    def read(self) -> tuple[int, list[Any]]:
        """How many wait, and the first few of them, in one query whatever the pile holds."""
        shown = list(self.rows.annotate(how_many=Window(Count("*")))[:ROWS_SHOWN])
        return (shown[0].how_many if shown else 0), shown


class Desk(KindRequired, TemplateResponseMixin):
    """What waits for this tandem member today."""

    kinds = {Kind.TANDEM}
    template_name = "web/tandem/desk.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        piles = [_pile(waiting) for waiting in waiting_for(self)]
        own = Office.objects.of_tandem(self.user)
        messages = Message.objects.visible_to(self.user)
        context = {
            "piles": [pile for pile in piles if pile["count"]],
            "offices": list(own.order_by("name")),
            "figures": [
                (
                    _("offene Anfragen"),
                    HelpRequest.objects.filter(office__in=own, state=RequestState.OPEN).count(),
                ),
                (
                    _("laufende Vermittlungen"),
                    Match.objects.filter(office__in=own, state__in=RUNNING).count(),
                ),
                (
                    _("aktive Helferinnen und Helfer"),
                    HelperProfile.objects.filter(office__in=own).active().count(),
                ),
            ],
            "letters": messages.to_print().count(),
            "failed": messages.failed().count(),
        }
        return self.render_to_response(context)


def waiting_for(view: KindRequired) -> list[Waiting]:
    """Every pile on the desk of whoever looks, the most pressing first."""
    desk = desk_of(view.user, on=view.today)
    return [
        Waiting(
            "nachfragen",
            _("Überfällige Nachfragen"),
            _("Bitte heute anrufen."),
            desk.overdue_check_ins,
            "tandem:match_check_in",
            "match_id",
            "danger",
        ),
        Waiting(
            "weitergegeben",
            _("An Sie weitergegebene Nachfragen"),
            _("Die zuständige Person hat sich lange nicht gemeldet."),
            desk.escalated_check_ins,
            "tandem:match",
            "match_id",
            "danger",
        ),
        Waiting(
            "todesfaelle",
            _("Todesfälle zu bestätigen"),
            _("Eine zweite Person bestätigt."),
            desk.deaths_to_confirm,
            "tandem:person",
            tone="danger",
        ),
        Waiting(
            "hinterbliebene",
            _("Hinterbliebene im Haushalt"),
            _("Bitte melden Sie sich."),
            desk.survivors,
            "tandem:person",
            tone="warning",
        ),
        Waiting(
            "freigaben",
            _("Warten auf Ihre Freigabe"),
            _("Beide Seiten haben zugestimmt."),
            desk.to_sign,
            "tandem:match_sign",
            tone="warning",
        ),
        Waiting(
            "eingegangen",
            _("Neu eingegangene Anfragen"),
            _("Zurückrufen und klären."),
            desk.submitted_requests,
            "tandem:request_clarify",
            tone="warning",
        ),
        Waiting(
            "angemeldet",
            _("Neu angemeldete Helferinnen und Helfer"),
            _("Melden Sie sich, und lernen Sie sie kennen."),
            desk.newcomers,
            "tandem:helper",
        ),
        Waiting(
            "abgelehnt",
            _("Von anderen Büros abgelehnt"),
            _("Lesen Sie den Grund, und schlagen Sie jemand anderen vor."),
            desk.not_lent,
            "tandem:match",
            tone="warning",
        ),
        Waiting(
            "interesse",
            _("Jemand hat gesagt: „Das kann ich“"),
            _("Sprechen Sie mit der Person, dann schlagen Sie sie vor."),
            desk.interests,
            "tandem:interest",
        ),
        Waiting(
            "vorschlaege",
            _("Vorschläge des letzten Laufs"),
            _("Ansehen, dann übernehmen oder zurücklegen."),
            desk.suggestions,
            "tandem:suggestion",
        ),
        Waiting(
            "offen",
            _("Anfragen ohne Vorschlag"),
            _("Jemanden finden."),
            desk.waiting_requests,
            "tandem:candidates",
        ),
        Waiting(
            "einwilligungen",
            _("Vorschläge, bei denen ein Ja fehlt"),
            _("Beide Seiten fragen."),
            desk.to_agree,
            "tandem:match",
        ),
        Waiting(
            "erstkontakte",
            _("Erste Kontakte"),
            _("Freigegeben, aber noch nicht kennengelernt."),
            desk.first_contacts,
            "tandem:match",
        ),
        Waiting(
            "ausleihen",
            _("Bitten anderer Büros"),
            _("Um eine Person aus Ihrem Kreis."),
            desk.to_lend,
            "tandem:match",
        ),
        Waiting(
            "pausen",
            _("Pausen, die vorbei sein sollten"),
            _("Nachfragen, ob es weitergeht."),
            desk.overdue_pauses,
            "tandem:match",
        ),
        Waiting(
            "nachweise",
            _("Nachweise laufen ab"),
            _("Sonst pausiert die Vermittlung."),
            desk.lapsing_certificates,
            "tandem:helper",
            "helper_id",
            "warning",
        ),
        Waiting(
            "papiere",
            _("Unterschriebene Einwilligungen fehlen"),
            _("Das gesprochene Ja gilt nur vorläufig."),
            desk.missing_papers,
            "tandem:person",
            "person_id",
        ),
        Waiting(
            "adressen",
            _("Adressen zu bestätigen"),
            _("Nur ungefähr gefunden."),
            desk.addresses_to_confirm,
            "tandem:person",
        ),
        Waiting(
            "bald",
            _("Nachfragen in den nächsten Tagen"),
            _("Zum Vormerken."),
            desk.coming_check_ins,
            "tandem:match",
            "match_id",
        ),
    ]


def _pile(waiting: Waiting) -> dict[str, Any]:
    """A pile with its first rows, each with its words and its door."""
    count, shown = waiting.read()
    rows = [_row(waiting, row) for row in shown]
    return {"waiting": waiting, "count": count, "rows": rows, "more": max(0, count - len(rows))}


def _row(waiting: Waiting, row: Any) -> dict[str, Any]:
    return {"href": reverse(waiting.url_name, kwargs={"pk": getattr(row, waiting.via)}), **_words(row)}


class Pile(ListPage[Any]):
    """One pile of the desk, all of it."""

    kinds = {Kind.TANDEM}
    template_name = "web/tandem/pile.html"

    @cached_property
    def waiting(self) -> Waiting:
        """The pile that the address names."""
        for waiting in waiting_for(self):
            if waiting.key == self.kwargs["key"]:
                return waiting
        raise Http404

    def get_queryset(self) -> QuerySet[Any]:
        return self.waiting.rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(waiting=self.waiting, **kwargs)
        return context | {"rows": [_row(self.waiting, row) for row in context["listing"].rows]}


def _words(row: Any) -> dict[str, Any]:
    """What a row on the desk says: who, what, since or until when."""
    match row:
        case Person():
            return {"label": row.full_name, "note": row.address_line, "on": row.died_on}
        case HelpRequest():
            role = row.role.name if row.role else str(_("noch unklar"))
            return {
                "label": row.help_seeker.person.full_name,
                "note": role,
                "on": row.received_on,
                "is_urgent": row.is_urgent,
            }
        case HelperProfile():
            return {"label": row.person.full_name, "note": row.person.address_line, "on": row.helper_since}
        case Interest():
            # Who it is, the page says, as far as it may be told.
            return {
                "label": row.request.help_seeker.person.full_name,
                "note": str(row.request.role),
                "on": berlin_day(row.said_at),
                "is_urgent": row.request.is_urgent,
            }
        case Suggestion():
            # Who is suggested, the page says, as far as it may be told.
            return {
                "label": row.request.help_seeker.person.full_name,
                "note": str(row.request.role),
                "on": row.request.received_on,
                "is_urgent": row.request.is_urgent,
            }
        case Match():
            return {"label": _pair(row), "note": row.role.name, "on": row.starts_on}
        case CheckIn():
            return {"label": _pair(row.match), "note": row.get_kind_display(), "on": row.due_on}
        case Certificate():
            return {"label": row.helper.person.full_name, "note": row.training.name, "on": row.valid_until}
    return {"label": row.person.full_name, "note": row.get_kind_display(), "on": row.given_at}


def _pair(match: Match) -> str:
    """Who helps whom; of a match for which another office asks, only the own helper."""
    if not Match.request.is_cached(match):
        return match.helper.person.full_name
    return f"{match.helper_name} → {match.request.help_seeker.person.full_name}"


class Search(KindRequired, TemplateResponseMixin):
    """Find a person of the own office by name, phone or number."""

    kinds = {Kind.TANDEM}
    template_name = "web/tandem/search.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        text = request.GET.get("suche", "").replace("\x00", "").strip()[:80]
        found: list[Person] = []
        if len(text) >= SHORTEST_SEARCH:
            found = list(
                self._find(text)
                .prefetch_related(
                    Prefetch("help_seeker__requests", own_requests(self).order_by("-received_on"))
                )
                .order_by("family_name", "given_name", "pk")[: FOUND_SHOWN + 1]
            )
        return self.render_to_response(
            {
                "text": text,
                "found": found[:FOUND_SHOWN],
                "offices": set(Office.objects.of_tandem(self.user).values_list("pk", flat=True)),
                "has_more": len(found) > FOUND_SHOWN,
                "is_too_short": bool(text) and len(text) < SHORTEST_SEARCH,
            }
        )

    def _find(self, text: str) -> QuerySet[Person]:
        numbers = ["help_seeker__requests__number", "helper_profile__number"]
        found = said(text, people=[""], numbers=numbers)
        # Somebody has read an offer and says its number.
        behind = PublicOfferMember.objects.filter(offer__in=PublicOffer.objects.numbered(text))
        found |= Q(helper_profile__in=behind.values("helper"))
        return own_people(self).filter(found, merged_into=None).distinct()

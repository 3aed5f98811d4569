"""The desk: what waits, the most pressing first; and finding somebody while they are on the phone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.generic.base import TemplateResponseMixin

from helfer.help_requests.models import HelpRequest, RequestState
from helfer.helpers.models import HelperProfile
from helfer.matching.desk import desk_of
from helfer.matching.lifecycle import RUNNING
from helfer.matching.models import Match
from helfer.notifications.models import Message
from helfer.people.models import Kind, Office, Person
from helfer.web.kinds import KindRequired

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

    @property
    def count(self) -> int:
        """How many wait."""
        return self.rows.count()


class Desk(KindRequired, TemplateResponseMixin):
    """What waits for this tandem member today."""

    kinds = {Kind.TANDEM}
    template_name = "web/tandem/desk.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        piles = [_pile(waiting) for waiting in self._waiting()]
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

    def _waiting(self) -> list[Waiting]:
        desk = desk_of(self.user, on=self.today)
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
    count = waiting.count
    rows = [
        {"href": reverse(waiting.url_name, kwargs={"pk": getattr(row, waiting.via)}), **_words(row)}
        for row in (waiting.rows[:ROWS_SHOWN] if count else ())
    ]
    return {"waiting": waiting, "count": count, "rows": rows, "more": max(0, count - len(rows))}


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
        case Match():
            return {
                "label": f"{row.helper.person.full_name} → {row.request.help_seeker.person.full_name}"
                if hasattr(row.request, "_state") and "request" in row._state.fields_cache
                else row.helper.person.full_name,
                "note": row.role.name,
                "on": row.starts_on,
            }
    if hasattr(row, "due_on"):
        pair = row.match
        names = f"{pair.helper.person.full_name} → {pair.request.help_seeker.person.full_name}"
        return {"label": names, "note": row.get_kind_display(), "on": row.due_on}
    if hasattr(row, "training"):
        return {"label": row.helper.person.full_name, "note": row.training.name, "on": row.valid_until}
    return {"label": row.person.full_name, "note": row.get_kind_display(), "on": row.given_at}


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
                .select_related("district", "help_seeker", "helper_profile")
                .prefetch_related("help_seeker__requests__role")
                .order_by("family_name", "given_name", "pk")[: FOUND_SHOWN + 1]
            )
        return self.render_to_response(
            {
                "text": text,
                "found": found[:FOUND_SHOWN],
                "has_more": len(found) > FOUND_SHOWN,
                "is_too_short": bool(text) and len(text) < SHORTEST_SEARCH,
            }
        )

    def _find(self, text: str) -> QuerySet[Person]:
        people = Person.objects.visible_to(self.user).filter(merged_into=None)
        digits = "".join(letter for letter in text if letter.isdecimal())
        if len(digits) >= 4 and not any(letter.isalpha() for letter in text):
            ending = digits.lstrip("0").removeprefix("49")
            return people.filter(Q(phone__contains=ending) | Q(mobile__contains=ending))
        for word in text.split():
            people = people.filter(
                Q(family_name__unaccent__icontains=word)
                | Q(given_name__unaccent__icontains=word)
                | Q(help_seeker__requests__number__iexact=word)
                | Q(helper_profile__number__iexact=word)
            )
        return people.distinct()

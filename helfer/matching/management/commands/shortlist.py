"""The candidates of one request, for the desk's eyes or for machines."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from helfer.core.errors import RuleViolation
from helfer.help_requests.models import HelpRequest
from helfer.matching.candidates import Shortlist, shortlist
from helfer.matching.candidates.lists import CANDIDATES_SHOWN, NEAR_MISSES_SHOWN
from helfer.matching.management.arguments import WRONG_USAGE, add_day, day_of
from helfer.matching.reasons import metres


class Command(BaseCommand):
    """``manage.py shortlist NUMMER [--on DAY] [--limit 20] [--near-misses 10] [--office SLUG] [--json]``."""

    help = "Zeigt die Helferinnen und Helfer, die für eine Anfrage in Frage kommen, in ihrer Reihenfolge."
    missing_args_message = "Bitte nennen Sie die Nummer der Anfrage: manage.py shortlist A-00001"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", metavar="NUMMER", help="Nummer der Anfrage")
        parser.add_argument("--office", metavar="SLUG", help="Kurzname des Seniorenbüros")
        add_day(parser)
        parser.add_argument("--limit", default=str(CANDIDATES_SHOWN), help="höchstens so viele, sonst 20")
        parser.add_argument(
            "--near-misses",
            default=str(NEAR_MISSES_SHOWN),
            help="höchstens so viele knapp Gescheiterte, sonst 10",
        )
        parser.add_argument("--json", action="store_true", help="für Maschinen")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("de"):
            on = day_of(options["on"])
            limit = _count(options["limit"], option="--limit")
            near_misses = _count(options["near_misses"], option="--near-misses")
            request = _request(options["number"], office=options["office"])
            try:
                found = shortlist(request, on=on, limit=limit, near_misses=near_misses)
            except RuleViolation as refusal:
                raise CommandError(str(refusal)) from refusal
            if not found.has_home:
                self.stderr.write(_("Der Wohnort der hilfesuchenden Person ist noch nicht auf der Karte."))
            if options["json"]:
                self.stdout.write(json.dumps(found.as_json(), ensure_ascii=False, indent=1))
            else:
                self._table(found)

    def _table(self, found: Shortlist) -> None:
        self.stdout.write(
            _("Anfrage %(number)s am %(day)s: %(eligible)d kommen in Frage")
            % {"number": found.request, "day": f"{found.on:%d.%m.%Y}", "eligible": found.eligible}
        )
        for place, candidate in enumerate(found.candidates, start=1):
            self.stdout.write(
                f"{place:3}. {candidate.shown.number:<12} {candidate.score:.4f}  "
                f"{_metres(candidate.distance_m):>8}  {candidate.shown.name}, {candidate.shown.district}"
            )
            self.stdout.write(f"     {'; '.join(candidate.reasons)}")
        if found.near_misses:
            self.stdout.write("")
            self.stdout.write(_("Knapp daneben:"))
        for miss in found.near_misses:
            self.stdout.write(
                f"     {miss.shown.number:<12} {'':6}  {_metres(miss.distance_m):>8}  {miss.sentence}"
            )


def _metres(distance_m: float | None) -> str:
    return "–" if distance_m is None else metres(distance_m)


def _count(text: str, *, option: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise CommandError(
            _("%(option)s braucht eine ganze Zahl ab 0, nicht „%(text)s“.")
            % {"option": option, "text": text},
            returncode=WRONG_USAGE,
        )
    return int(text)


def _request(number: str, *, office: str | None) -> HelpRequest:
    requests = HelpRequest.objects.select_related("office").filter(number=number)
    if office is not None:
        requests = requests.filter(office__slug=office)
    # What cannot be printed (a byte of another encoding, say) is no number; the database would choke on it.
    is_text = f"{number}{office or ''}".isprintable()
    found = list(requests.order_by("id")[:20]) if is_text else []
    if not found:
        raise CommandError(
            _("Eine Anfrage mit der Nummer „%(number)s“ gibt es hier nicht.") % {"number": number}
        )
    if len(found) > 1:
        offices = ", ".join(sorted(request.office.slug if request.office else "–" for request in found))
        raise CommandError(
            _("Die Nummer „%(number)s“ gibt es mehrmals (%(offices)s). Nennen Sie das Büro: --office SLUG")
            % {"number": number, "offices": offices}
        )
    return found[0]

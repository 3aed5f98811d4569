"""Compare what the search reads with its sources, and bring it in line where asked to."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from helfer.matching.actions.keeping_offers import offers_that_differ, repair_offers
from helfer.matching.models import Offer

NAMED = 20


class Command(BaseCommand):
    """``manage.py check_offers [--repair]``; ends with an error where something differs and is left so."""

    help = "Vergleicht die Angebote, in denen gesucht wird, mit dem, woraus sie entstehen."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--repair", action="store_true", help="Abweichungen beheben")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("de"):
            found = offers_that_differ()
            if not found:
                self.stdout.write(_("%(count)d Angebote, alle stimmen.") % {"count": Offer.objects.count()})
                return
            kinds = Counter(drift.kind for drift in found)
            self.stderr.write(
                _("%(missing)d Angebote fehlen, %(surplus)d sind zu viel, %(other)d stimmen nicht.")
                % {kind: kinds[kind] for kind in ("missing", "surplus", "other")}
            )
            helpers = sorted({drift.helper_id for drift in found})
            named = ", ".join(map(str, helpers[:NAMED])) + (" …" if len(helpers) > NAMED else "")
            self.stderr.write(_("Helferprofile: %(ids)s") % {"ids": named})
            if not options["repair"]:
                raise CommandError(_("Mit --repair werden sie in Ordnung gebracht."))
            repair_offers(helper_ids=helpers)
            self.stdout.write(_("Die Angebote sind in Ordnung gebracht."))

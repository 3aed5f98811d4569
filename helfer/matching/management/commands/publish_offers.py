"""Put the listed cards before the public now, and say whether what stood there was right."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from helfer.core.days import berlin_day
from helfer.matching.actions import publish_offers, publish_wanted, untrue_offers


class Command(BaseCommand):
    """``manage.py publish_offers``; the night does the same."""

    help = "Veröffentlicht die freigegebenen Karten der Helferinnen und Helfer, immer drei zusammen."

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("de"):
            untrue = untrue_offers()
            if untrue:
                self.stderr.write(
                    _("%(count)d öffentliche Angebote stimmten nicht mehr.") % {"count": len(untrue)}
                )
            today = berlin_day(timezone.now())
            done = publish_offers(on=today)
            publish_wanted(on=today)
            self.stdout.write(
                _(
                    "%(put_up)d Angebote veröffentlicht, %(taken_down)d zurückgenommen; "
                    "%(waiting)d Karten warten auf andere."
                )
                % {"put_up": done.put_up, "taken_down": done.taken_down, "waiting": done.waiting}
            )

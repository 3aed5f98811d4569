"""The 21 half-days of a week, ``mo-vm`` to ``so-ab``."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

DAYS = ("mo", "di", "mi", "do", "fr", "sa", "so")
HALF_DAYS = ("vm", "nm", "ab")
SLOTS: tuple[str, ...] = tuple(f"{day}-{half}" for day in DAYS for half in HALF_DAYS)

DAY_NAMES = {
    "mo": _("Montag"),
    "di": _("Dienstag"),
    "mi": _("Mittwoch"),
    "do": _("Donnerstag"),
    "fr": _("Freitag"),
    "sa": _("Samstag"),
    "so": _("Sonntag"),
}
HALF_DAY_NAMES = {"vm": _("Vormittag"), "nm": _("Nachmittag"), "ab": _("Abend")}


def slot_name(slot: str) -> str:
    """The slot in words: ``di-nm`` → „Dienstagnachmittag“."""
    day, half = slot.split("-")
    # One word in German, two in other languages.
    return gettext("%(day)s%(half)s") % {"day": DAY_NAMES[day], "half": str(HALF_DAY_NAMES[half]).lower()}


def in_week_order(slots: list[str] | set[str]) -> list[str]:
    """The slots, Monday morning first."""
    return sorted(slots, key=SLOTS.index)

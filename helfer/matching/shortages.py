"""Why nobody was left for a request when many were looked at together, in words for the tandem."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helfer.matching.city_wide import TAKEN
from helfer.matching.gates import Gate

# In the order in which they are told: first what an office can change most easily.
SHORTAGES: Mapping[str, str | Promise] = {
    TAKEN: gettext_lazy("wird für andere gebraucht"),
    Gate.CAPACITY: gettext_lazy("kein Platz mehr frei"),
    Gate.TRAININGS: gettext_lazy("Schulung fehlt"),
    Gate.DISTANCE: gettext_lazy("zu weit weg"),
    Gate.TIMES: gettext_lazy("keine gemeinsame Zeit"),
    Gate.LANGUAGE: gettext_lazy("keine gemeinsame Sprache"),
    Gate.WISHES: gettext_lazy("Wünsche passen nicht zusammen"),
    Gate.COMPENSATION: gettext_lazy("kein gemeinsames finanzielles Modell"),
    Gate.RELIEF_AMOUNT: gettext_lazy("Entlastungsbetrag nicht möglich"),
    Gate.STATE: gettext_lazy("macht gerade Pause"),
}


def nearly(counts: Mapping[str, int]) -> tuple[str, ...]:
    """How many helpers nearly were the one, and what each group lacked: „2 × kein Platz mehr frei“."""
    return tuple(
        _("%(number)d × %(reason)s") % {"number": counts[key], "reason": reason}
        for key, reason in SHORTAGES.items()
        if counts.get(key)
    )

"""What residents read of the catalogue that is the program's wording and not the office's."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RateUnit(models.TextChoices):
    """What an amount is counted by."""

    YEAR_AND_HELPER = "year_helper", _("je Jahr und Helferin oder Helfer")
    YEAR_AND_PERSON = "year_person", _("je Jahr und hilfesuchende Person")
    MONTH_AND_PERSON = "month_person", _("je Monat und hilfesuchende Person")
    MONTH_AND_HELPER = "month_helper", _("je Monat und Helferin oder Helfer")
    HOUR = "hour", _("je Stunde")


class FirstContact(models.TextChoices):
    """How helper and help seeker meet for the first time."""

    ACCOMPANIED = "accompanied", _("begleiteter Erstbesuch")
    NEUTRAL_GROUND = "neutral", _("Treffen an einem neutralen Ort")
    CALL = "call", _("Telefonat")

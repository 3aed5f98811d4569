"""The tandem stays with what it has approved: planned contacts, and what went wrong."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helfer.core.history import kept_in_history
from helfer.matching.models.matches import Match
from helfer.people.models import Channel, User


class Party(models.TextChoices):
    """The two sides of a match."""

    HELPER = "helper", _("Helferin oder Helfer")
    SEEKER = "seeker", _("hilfesuchende Person")
    BOTH = "both", _("beide")


class CheckInKind(models.TextChoices):
    """Which of the planned contacts this is."""

    FIRST_CONTACT = "first_contact", _("nach dem ersten Kontakt")
    TWO_WEEKS = "two_weeks", _("nach zwei Wochen")
    SIX_WEEKS = "six_weeks", _("nach sechs Wochen")
    REGULAR = "regular", _("regelmäßig")
    AFTER_ONE_OFF = "after_one_off", _("nach dem einmaligen Einsatz")
    COMING_HOME = "coming_home", _("nach dem Krankenhaus")
    EXTRA = "extra", _("außer der Reihe")


@kept_in_history("match", "kind", "due_on", "done_on", "done_by")
class CheckIn(models.Model):
    """A planned contact of the tandem with either side of a match, and what came of it."""

    match = models.ForeignKey(
        Match, verbose_name=_("Vermittlung"), on_delete=models.PROTECT, related_name="check_ins"
    )
    kind = models.CharField(_("Anlass"), max_length=14, choices=CheckInKind)
    party = models.CharField(_("mit wem"), max_length=6, choices=Party, default=Party.BOTH)
    due_on = models.DateField(_("fällig am"))
    done_on = models.DateField(_("erledigt am"), null=True, blank=True)
    done_by = models.ForeignKey(
        User,
        verbose_name=_("erledigt von"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    channel = models.CharField(_("auf welchem Weg"), max_length=10, choices=Channel, blank=True)
    goes_well = models.BooleanField(_("läuft gut"), null=True, blank=True)
    note = models.TextField(_("Notiz"), blank=True)
    # 14 days overdue: first the other side of the tandem, then the coordinator.
    escalated_to_other_side_on = models.DateField(_("an die andere Seite gegeben am"), null=True, blank=True)
    escalated_to_coordinator_on = models.DateField(
        _("an die Geschäftsstelle gegeben am"), null=True, blank=True
    )

    class Meta:
        verbose_name = _("Nachfrage")
        verbose_name_plural = _("Nachfragen")
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on=None, done_by=None) | Q(done_on__isnull=False, done_by__isnull=False),
                name="check_in_is_done_by_somebody_on_some_day",
                violation_error_message=_("Zu einer erledigten Nachfrage gehört, wer sie wann geführt hat."),
            ),
            models.UniqueConstraint(
                fields=["match"],
                condition=Q(done_on=None),
                name="match_has_one_next_check_in",
                violation_error_message=_("Für diese Vermittlung ist schon eine Nachfrage geplant."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.match_id}: {self.due_on}"


class IncidentClass(models.TextChoices):
    """What went wrong."""

    MONEY = "money", _("Geld oder Diebstahl")
    VIOLENCE = "violence", _("Gewalt")
    NEGLECT = "neglect", _("Vernachlässigung")
    BOUNDARY = "boundary", _("Grenzüberschreitung")
    EMERGENCY = "emergency", _("Sturz oder Notfall")
    DATA = "data", _("Datenschutz")
    AGGRESSION = "aggression", _("Aggression gegen die Helferin oder den Helfer")
    OVERLOAD = "overload", _("Überforderung")
    OTHER = "other", _("anderes")


class IncidentSeverity(models.TextChoices):
    """How bad it is; from "serious" on the match rests at once."""

    MINOR = "minor", _("leicht")
    SERIOUS = "serious", _("ernst")
    GRAVE = "grave", _("schwer")


class Incident(models.Model):
    """Something went wrong in a match: class, severity, what was done."""

    match = models.ForeignKey(
        Match, verbose_name=_("Vermittlung"), on_delete=models.PROTECT, related_name="incidents"
    )
    incident_class = models.CharField(_("Art"), max_length=12, choices=IncidentClass)
    severity = models.CharField(_("Schwere"), max_length=8, choices=IncidentSeverity)
    happened_on = models.DateField(_("geschehen am"))
    reported_at = models.DateTimeField(_("gemeldet am"))
    reported_by = models.ForeignKey(
        User, verbose_name=_("aufgenommen von"), on_delete=models.PROTECT, related_name="+"
    )
    facts = models.TextField(_("was geschehen ist"))
    done = models.TextField(_("was getan wurde"), blank=True)
    escalated_at = models.DateTimeField(_("weitergegeben am"), null=True, blank=True)
    closed_at = models.DateTimeField(_("abgeschlossen am"), null=True, blank=True)
    closed_by = models.ForeignKey(
        User,
        verbose_name=_("abgeschlossen von"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("Vorfall")
        verbose_name_plural = _("Vorfälle")
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="incident_is_closed_by_somebody_at_some_time",
                violation_error_message=_("Zum Abschluss gehört, wer ihn wann vorgenommen hat."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.match_id}: {self.get_incident_class_display()}"

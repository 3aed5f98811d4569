"""A resilience drill of the whole city that is reckoned behind the page, and what came of it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helfer.catalogue.models import Role
from helfer.people.models import Kind, User
from helfer.places.models import District, Quarter

from .runs import UNFINISHED, RunState


class CityDrillQuerySet(models.QuerySet["CityDrill"]):
    """Drills of the city as sentences."""

    def visible_to(self, viewer: User) -> CityDrillQuerySet:
        """They are the Geschäftsstelle's; an office plays its own through and keeps nothing."""
        return self.all() if viewer.has_kind(Kind.COORDINATOR) else self.none()

    def unfinished(self) -> CityDrillQuerySet:
        """Those that wait or are being reckoned."""
        return self.filter(state__in=UNFINISHED)


class CityDrill(models.Model):
    """What it would mean for the city if all dropped out to whom this applies; it changes nothing."""

    on = models.DateField(_("Ab welchem Tag?"))
    role = models.ForeignKey(
        Role, verbose_name=_("Tätigkeit"), null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    district = models.ForeignKey(
        District,
        verbose_name=_("Stadtbezirk"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    quarter = models.ForeignKey(
        Quarter, verbose_name=_("Quartier"), null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    language = models.CharField(_("Sprache"), max_length=8, blank=True)
    with_open_requests = models.BooleanField(_("mit den offenen Anfragen"), default=False)

    by = models.ForeignKey(
        User, verbose_name=_("gestartet von"), on_delete=models.PROTECT, related_name="+", editable=False
    )
    state = models.CharField(_("Stand"), max_length=8, choices=RunState, default=RunState.QUEUED)
    requested_at = models.DateTimeField(_("angefordert am"))
    started_at = models.DateTimeField(_("begonnen am"), null=True, blank=True)
    finished_at = models.DateTimeField(_("beendet am"), null=True, blank=True)
    # The last sign of life, and how often the drill was taken up again, as of a run.
    touched_at = models.DateTimeField(editable=False)
    taken_up = models.PositiveSmallIntegerField(default=0, editable=False)
    # Numbers alone (``DrillFigures``): no person, no helper, no request.
    figures: models.JSONField[Any, Any] = models.JSONField(_("Ergebnis"), null=True, editable=False)

    objects = CityDrillQuerySet.as_manager()

    class Meta:
        verbose_name = _("Ausfallprobe der Stadt")
        verbose_name_plural = _("Ausfallproben der Stadt")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=RunState.values),
                name="city_drill_is_in_a_known_state",
                violation_error_message=_("Diesen Stand gibt es nicht."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(UNFINISHED)) | Q(finished_at__isnull=False),
                name="city_drill_that_is_over_says_since_when",
                violation_error_message=_("Zum Ende einer Ausfallprobe gehört der Zeitpunkt."),
            ),
            models.CheckConstraint(
                condition=Q(state=RunState.DONE, figures__isnull=False)
                | (~Q(state=RunState.DONE) & Q(figures__isnull=True)),
                name="city_drill_has_figures_when_it_is_done",
                violation_error_message=_("Eine fertige Ausfallprobe hat ein Ergebnis, jede andere keines."),
            ),
            models.UniqueConstraint(
                fields=["on", "role", "district", "quarter", "language", "with_open_requests"],
                condition=Q(state__in=sorted(UNFINISHED)),
                nulls_distinct=False,
                name="city_drill_is_reckoned_once_at_a_time",
                violation_error_message=_("Das wird gerade schon durchgespielt."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.on} {self.get_state_display()}"

    @property
    def is_unfinished(self) -> bool:
        """Whether it waits or is being reckoned."""
        return self.state in UNFINISHED

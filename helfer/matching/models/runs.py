"""The city-wide run: what the program suggests for all waiting requests at once."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from helfer.core.history import kept_in_history
from helfer.help_requests.models import HelpRequest, RequestState
from helfer.helpers.models import HelperProfile
from helfer.matching.lifecycle import OPEN
from helfer.people.models import Kind, Office, User
from helfer.places.models import District

from .matches import Match


class RunState(models.TextChoices):
    """How far a run is."""

    QUEUED = "queued", _("wartet")
    RUNNING = "running", _("rechnet")
    DONE = "done", _("fertig")
    FAILED = "failed", _("gescheitert")
    STOPPED = "stopped", _("angehalten")


UNFINISHED = frozenset({RunState.QUEUED, RunState.RUNNING})


class CityRunQuerySet(models.QuerySet["CityRun"]):
    """Runs as sentences."""

    def visible_to(self, viewer: User) -> CityRunQuerySet:
        """A tandem sees its offices' runs and those of the whole city; the coordinators see all of them.

        A run holds figures alone. Whom it suggests for whom stands in its suggestions.
        """
        if viewer.has_kind(Kind.COORDINATOR):
            return self.all()
        if viewer.has_kind(Kind.TANDEM):
            return self.filter(Q(office=None) | Q(office__in=Office.objects.of_tandem(viewer)))
        return self.none()

    def unfinished(self) -> CityRunQuerySet:
        """Those that wait or are being computed."""
        return self.filter(state__in=UNFINISHED)

    def done(self) -> CityRunQuerySet:
        """Those that have a result."""
        return self.filter(state=RunState.DONE)


@kept_in_history("state", "on", "office", "district", "by")
class CityRun(models.Model):
    """The best suggestions for all waiting requests of the city, a district or an office, found at once."""

    on = models.DateField(_("Tag der Frage"))
    office = models.ForeignKey(
        Office,
        verbose_name=_("Seniorenbüro"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="city_runs",
    )
    district = models.ForeignKey(
        District,
        verbose_name=_("Stadtbezirk"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    # Nobody: the nightly run.
    by = models.ForeignKey(
        User,
        verbose_name=_("gestartet von"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    state = models.CharField(_("Stand"), max_length=8, choices=RunState, default=RunState.QUEUED)
    requested_at = models.DateTimeField(_("angefordert am"))
    started_at = models.DateTimeField(_("begonnen am"), null=True, blank=True)
    finished_at = models.DateTimeField(_("beendet am"), null=True, blank=True)
    # The last sign of life; where there has been none for a while, the sweep takes the run up again.
    touched_at = models.DateTimeField(editable=False)
    # How often that happened without anything having been done since.
    taken_up = models.PositiveSmallIntegerField(default=0, editable=False)

    requests = models.PositiveIntegerField(_("Anfragen"), default=0)
    # Requests whose candidates are computed.
    done = models.PositiveIntegerField(_("davon durchsucht"), default=0)
    served = models.PositiveIntegerField(_("mit Vorschlag"), default=0)
    urgent = models.PositiveIntegerField(_("dringende Anfragen"), default=0)
    urgent_served = models.PositiveIntegerField(_("dringende mit Vorschlag"), default=0)
    total_score = models.DecimalField(_("Summe der Punkte"), max_digits=14, decimal_places=6, default=0)

    objects = CityRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("Vorschlagslauf")
        verbose_name_plural = _("Vorschlagsläufe")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=RunState.values),
                name="city_run_is_in_a_known_state",
                violation_error_message=_("Diesen Stand gibt es nicht."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(UNFINISHED)) | Q(finished_at__isnull=False),
                name="city_run_that_is_over_says_since_when",
                violation_error_message=_("Zum Ende eines Vorschlagslaufs gehört der Zeitpunkt."),
            ),
            models.UniqueConstraint(
                fields=["office", "district"],
                condition=Q(state__in=sorted(UNFINISHED)),
                nulls_distinct=False,
                name="city_run_of_a_place_runs_once_at_a_time",
                violation_error_message=_("Dafür läuft gerade schon ein Vorschlagslauf."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.on} {self.get_state_display()}"

    @property
    def total(self) -> int:
        """Of how many requests ``done`` tells."""
        return self.requests

    @property
    def is_unfinished(self) -> bool:
        """Whether it waits or is being computed."""
        return self.state in UNFINISHED

    @property
    def unserved_count(self) -> int:
        """For how many requests nobody could be suggested."""
        return self.requests - self.served


class CityRunChunk(models.Model):
    """A part of a run that one worker searches by itself; kept until the run is over.

    Its edges are ids, scores and counts alone, packed; a chunk without edges has not been searched yet.
    """

    run = models.ForeignKey(
        CityRun, verbose_name=_("Vorschlagslauf"), on_delete=models.CASCADE, related_name="chunks"
    )
    number = models.PositiveIntegerField(_("Nummer"))
    request_ids = ArrayField(models.BigIntegerField(), verbose_name=_("Anfragen"))
    edges = models.BinaryField(_("mögliche Paare"), null=True, editable=False)

    class Meta:
        verbose_name = _("Teil eines Vorschlagslaufs")
        verbose_name_plural = _("Teile eines Vorschlagslaufs")
        constraints = [
            models.UniqueConstraint(
                fields=["run", "number"],
                name="city_run_has_each_chunk_once",
                violation_error_message=_("Diesen Teil des Vorschlagslaufs gibt es schon."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.number}"


class SuggestionState(models.TextChoices):
    """What people made of a suggestion."""

    OPEN = "open", _("offen")
    TAKEN = "taken", _("übernommen")
    DISMISSED = "dismissed", _("verworfen")


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    """Suggestions as sentences."""

    def visible_to(self, viewer: User) -> SuggestionQuerySet:
        """Those for the requests of one's own offices, whatever the run covered."""
        return self.filter(request__office__in=Office.objects.of_tandem(viewer))

    def waiting(self) -> SuggestionQuerySet:
        """Open ones whose request still waits for a helper."""
        return self.filter(state=SuggestionState.OPEN, request__state=RequestState.OPEN).exclude(
            Exists(Match.objects.filter(request=OuterRef("request"), state__in=OPEN))
        )


class Suggestion(models.Model):
    """One helper for one request, as a run suggests it; a person takes it over or not."""

    run = models.ForeignKey(
        CityRun, verbose_name=_("Vorschlagslauf"), on_delete=models.CASCADE, related_name="suggestions"
    )
    request = models.ForeignKey(
        HelpRequest, verbose_name=_("Hilfeanfrage"), on_delete=models.CASCADE, related_name="suggestions"
    )
    helper = models.ForeignKey(
        HelperProfile, verbose_name=_("Helferprofil"), on_delete=models.CASCADE, related_name="suggestions"
    )
    # As of the run, rounded to six decimals.
    score = models.DecimalField(_("Punkte"), max_digits=7, decimal_places=6)
    state = models.CharField(_("Stand"), max_length=9, choices=SuggestionState, default=SuggestionState.OPEN)
    decided_by = models.ForeignKey(
        User,
        verbose_name=_("entschieden von"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("entschieden am"), null=True, blank=True)
    match = models.ForeignKey(
        Match,
        verbose_name=_("Vermittlung"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="suggestions",
    )

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("Vorschlag eines Laufs")
        verbose_name_plural = _("Vorschläge eines Laufs")
        constraints = [
            models.UniqueConstraint(
                fields=["run", "request"],
                name="city_run_suggests_one_helper_for_a_request",
                violation_error_message=_("Ein Vorschlagslauf schlägt für eine Anfrage eine Person vor."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=SuggestionState.values),
                name="suggestion_is_in_a_known_state",
                violation_error_message=_("Diesen Stand gibt es nicht."),
            ),
            models.CheckConstraint(
                condition=Q(state=SuggestionState.OPEN, decided_by=None, decided_at=None)
                | (
                    ~Q(state=SuggestionState.OPEN) & Q(decided_by__isnull=False) & Q(decided_at__isnull=False)
                ),
                name="suggestion_is_decided_by_somebody_at_some_time",
                violation_error_message=_("Zur Entscheidung gehört, wer sie wann getroffen hat."),
            ),
            models.CheckConstraint(
                condition=Q(state=SuggestionState.TAKEN, match__isnull=False)
                | (~Q(state=SuggestionState.TAKEN) & Q(match=None)),
                name="suggestion_that_is_taken_has_a_match",
                violation_error_message=_("Zu einem übernommenen Vorschlag gehört die Vermittlung."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} – {self.helper_id}: {self.get_state_display()}"


class UnservedQuerySet(models.QuerySet["Unserved"]):
    """Requests without a suggestion, as sentences."""

    def visible_to(self, viewer: User) -> UnservedQuerySet:
        """Those of one's own offices, whatever the run covered."""
        return self.filter(request__office__in=Office.objects.of_tandem(viewer))


class Unserved(models.Model):
    """A request for which a run could suggest nobody, and what stood in the way.

    ``gates`` counts the near misses by gate, and by ``taken`` the candidates who are needed elsewhere.
    """

    run = models.ForeignKey(
        CityRun, verbose_name=_("Vorschlagslauf"), on_delete=models.CASCADE, related_name="unserved"
    )
    request = models.ForeignKey(
        HelpRequest, verbose_name=_("Hilfeanfrage"), on_delete=models.CASCADE, related_name="unserved_in"
    )
    gates = models.JSONField(_("woran es liegt"), default=dict)

    objects = UnservedQuerySet.as_manager()

    class Meta:
        verbose_name = _("Anfrage ohne Vorschlag")
        verbose_name_plural = _("Anfragen ohne Vorschlag")
        constraints = [
            models.UniqueConstraint(
                fields=["run", "request"],
                name="city_run_names_an_unserved_request_once",
                violation_error_message=_("Diese Anfrage ist in diesem Vorschlagslauf schon genannt."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.gates}"

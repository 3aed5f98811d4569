"""Who needs help, with what, when and how often; and how the office called back."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from helfer.catalogue.models import CompensationModel, Role
from helfer.core.any_of import any_of
from helfer.core.errors import IllegalTransition
from helfer.core.history import kept_in_history
from helfer.core.lives import born_as, moves_along
from helfer.core.slots import SLOTS
from helfer.helpers.models import HelperProfile
from helfer.people.models import Consent, HelpSeeker, Kind, Office, Representative, User
from helfer.places.models import District


class RequestState(models.TextChoices):
    """A request's life."""

    SUBMITTED = "submitted", _("eingegangen")
    OPEN = "open", _("offen")
    MATCHED = "matched", _("vermittelt")
    ON_HOLD = "on_hold", _("zurückgestellt")
    FORWARDED = "forwarded", _("weitergeleitet")
    WITHDRAWN = "withdrawn", _("zurückgezogen")
    CLOSED = "closed", _("abgeschlossen")


REQUEST_TRANSITIONS: dict[RequestState, frozenset[RequestState]] = {
    RequestState.SUBMITTED: frozenset(
        {
            RequestState.OPEN,
            RequestState.ON_HOLD,
            RequestState.FORWARDED,
            RequestState.WITHDRAWN,
            RequestState.CLOSED,
        }
    ),
    RequestState.OPEN: frozenset(
        {
            RequestState.MATCHED,
            RequestState.ON_HOLD,
            RequestState.FORWARDED,
            RequestState.WITHDRAWN,
            RequestState.CLOSED,
        }
    ),
    RequestState.MATCHED: frozenset({RequestState.OPEN, RequestState.CLOSED}),
    RequestState.ON_HOLD: frozenset(
        {RequestState.OPEN, RequestState.FORWARDED, RequestState.WITHDRAWN, RequestState.CLOSED}
    ),
    RequestState.FORWARDED: frozenset({RequestState.OPEN, RequestState.CLOSED}),
    RequestState.WITHDRAWN: frozenset({RequestState.OPEN}),
    RequestState.CLOSED: frozenset({RequestState.OPEN}),
}


class Frequency(models.TextChoices):
    """How often help is wished."""

    ONCE = "einmalig", _("einmalig")
    WEEKLY = "woechentlich", _("jede Woche")
    FORTNIGHTLY = "zweiwoechentlich", _("alle zwei Wochen")
    MONTHLY = "monatlich", _("jeden Monat")


class YesNo(models.TextChoices):
    """A plain yes or no; empty means: not known, please ask."""

    YES = "yes", _("ja")
    NO = "no", _("nein")


class CloseReason(models.TextChoices):
    """Why a request was closed."""

    HELPED = "helped", _("Hilfe gefunden")
    NO_LONGER_NEEDED = "no_longer_needed", _("nicht mehr nötig")
    NOBODY_FOUND = "nobody_found", _("niemand gefunden")
    MOVED = "moved", _("verzogen")
    DIED = "died", _("verstorben")
    OTHER = "other", _("anderer Grund")


class HelpRequestQuerySet(models.QuerySet["HelpRequest"]):
    """Requests as sentences."""

    def visible_to(self, viewer: User) -> HelpRequestQuerySet:
        """The own offices' requests; one's own; those of whom one represents and may be told about."""
        requests = HelpRequest.objects
        seen = [requests.seen_as_seeker(viewer)]
        if viewer.has_kind(Kind.TANDEM):
            seen.append(requests.filter(office__in=Office.objects.of_tandem(viewer)))
        if viewer.has_kind(Kind.COORDINATOR):
            # Rows of an import whose district has no office yet would otherwise be nobody's.
            seen.append(requests.filter(office=None))
        return self.filter(any_of(*seen))

    def seen_as_seeker(self, viewer: User) -> HelpRequestQuerySet:
        """Those of the viewer, and of whom the viewer represents and may be told about."""
        requests = HelpRequest.objects
        return self.filter(
            any_of(
                requests.filter(help_seeker__person__user=viewer),
                requests.filter(
                    help_seeker__representatives__person__user=viewer,
                    help_seeker__representatives__may_be_told=True,
                ),
            )
        )

    def open(self) -> HelpRequestQuerySet:
        """Requests that wait for a helper."""
        return self.filter(state=RequestState.OPEN)


@kept_in_history("help_seeker", "state", "role", "office", "named_helper")
class HelpRequest(models.Model):
    """One need of one help seeker; the role may be unclear until the request is open."""

    help_seeker = models.ForeignKey(
        HelpSeeker, verbose_name=_("hilfesuchende Person"), on_delete=models.PROTECT, related_name="requests"
    )
    office = models.ForeignKey(
        Office,
        verbose_name=_("Seniorenbüro"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="requests",
    )
    number = models.CharField(_("Nummer"), max_length=20, blank=True)
    state = models.CharField(_("Stand"), max_length=10, choices=RequestState, default=RequestState.SUBMITTED)
    role = models.ForeignKey(
        Role,
        verbose_name=_("Tätigkeit"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="requests",
    )
    frequency = models.CharField(_("wie oft"), max_length=16, choices=Frequency, default=Frequency.WEEKLY)
    duration_min = models.PositiveSmallIntegerField(_("Dauer (Minuten)"), null=True, blank=True)
    starts_on = models.DateField(_("ab"), null=True, blank=True)
    ends_on = models.DateField(_("bis"), null=True, blank=True)
    # In the person's order: the first one is the preferred one; none named means German.
    languages = ArrayField(
        models.CharField(max_length=2), verbose_name=_("Sprachen"), default=list, blank=True
    )
    times = ArrayField(
        models.CharField(max_length=5), verbose_name=_("gewünschte Zeiten"), default=list, blank=True
    )
    wanted_gender = models.CharField(
        _("nur von"), max_length=1, choices=[("w", _("Frauen")), ("m", _("Männern"))], blank=True
    )
    has_pets = models.CharField(_("Haustiere"), max_length=3, choices=YesNo, blank=True)
    has_smokers = models.CharField(_("Raucher im Haushalt"), max_length=3, choices=YesNo, blank=True)
    max_distance_m = models.PositiveIntegerField(_("höchstens entfernt (Meter)"), null=True, blank=True)
    is_urgent = models.BooleanField(_("dringend"), default=False)
    # None named means: unpaid (ehrenamt).
    compensation_models = models.ManyToManyField(
        CompensationModel, verbose_name=_("mögliche finanzielle Modelle"), related_name="requests", blank=True
    )
    # The pair that comes together: nothing is searched, listed or ranked.
    named_helper = models.ForeignKey(
        HelperProfile,
        verbose_name=_("gewünschte Helferin oder gewünschter Helfer"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="named_in",
    )
    received_on = models.DateField(_("Eingang"))
    remark = models.TextField(_("Bemerkung"), blank=True)
    forwarded_to = models.CharField(_("weitergeleitet an"), max_length=160, blank=True)
    forward_outcome = models.CharField(_("Ergebnis der Weiterleitung"), max_length=200, blank=True)
    hold_reason = models.CharField(_("zurückgestellt, weil"), max_length=200, blank=True)
    hold_until = models.DateField(_("zurückgestellt bis"), null=True, blank=True)
    close_reason = models.CharField(
        _("Grund des Abschlusses"), max_length=20, choices=CloseReason, blank=True
    )
    closed_on = models.DateField(_("abgeschlossen am"), null=True, blank=True)
    # Guards that depend on other rows write here first, so that two sessions meet (domain.md, section 3).
    version = models.PositiveIntegerField(default=0, editable=False)
    import_digest = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(_("angelegt am"), auto_now_add=True)

    objects = HelpRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("Hilfeanfrage")
        verbose_name_plural = _("Hilfeanfragen")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=RequestState.values),
                name="request_is_in_a_known_state",
                violation_error_message=_("Diesen Stand gibt es nicht."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[RequestState.OPEN, RequestState.MATCHED]) | Q(role__isnull=False),
                name="request_is_open_only_when_its_role_is_clear",
                violation_error_message=_("Bitte klären Sie die Tätigkeit, bevor Sie die Anfrage öffnen."),
            ),
            models.CheckConstraint(
                condition=Q(times__contained_by=list(SLOTS)),
                name="request_times_are_half_days",
                violation_error_message=_("Diese Zeit gibt es nicht."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                name="request_ends_after_it_begins",
                violation_error_message=_("Das Ende liegt vor dem Anfang."),
            ),
            models.CheckConstraint(
                condition=Q(max_distance_m=None) | Q(max_distance_m__gte=1),
                name="request_distance_is_more_than_nothing",
                violation_error_message=_("Die Entfernung beträgt mindestens einen Meter."),
            ),
            models.CheckConstraint(
                condition=~Q(state=RequestState.CLOSED) | (~Q(close_reason="") & Q(closed_on__isnull=False)),
                name="request_is_closed_with_a_reason",
                violation_error_message=_("Ein Abschluss braucht einen Grund und einen Tag."),
            ),
            models.UniqueConstraint(
                fields=["office", "number"],
                condition=~Q(number=""),
                nulls_distinct=False,
                name="request_number_is_used_once_in_an_office",
                violation_error_message=_("Diese Nummer ist in diesem Büro schon vergeben."),
            ),
        ]
        indexes = [models.Index(fields=["number"], name="request_number")]
        triggers = [
            # An imported list is an office's present state: its requests come in open.
            born_as(
                "request_begins_submitted_or_open",
                gettext_noop("Eine neue Anfrage ist „eingegangen“ oder, aus einer Liste, „offen“."),
                [RequestState.SUBMITTED, RequestState.OPEN],
                RequestState,
            ),
            moves_along(
                "request_moves_along_the_arrows",
                gettext_noop("Diesen Schritt gibt es für eine Anfrage nicht."),
                REQUEST_TRANSITIONS,
                RequestState,
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"{self.pk}"

    @property
    def is_one_off(self) -> bool:
        """Whether help is wished just once."""
        return self.frequency == Frequency.ONCE

    def move_to(self, state: RequestState) -> None:
        """Take a step of the request's life, unsaved. Raises ``IllegalTransition``."""
        if state not in REQUEST_TRANSITIONS[RequestState(self.state)]:
            raise IllegalTransition(
                gettext("Aus „%(from)s“ kann eine Anfrage nicht „%(to)s“ werden.")
                % {"from": self.get_state_display(), "to": state.label}
            )
        self.state = state


class StatusCode(models.Model):
    """By which somebody without an account asks how their request stands; kept only as digests."""

    request = models.OneToOneField(
        HelpRequest, verbose_name=_("Hilfeanfrage"), on_delete=models.CASCADE, related_name="status_code"
    )
    code_digest = models.CharField(max_length=64, unique=True, editable=False)
    # Of the number that was given when the request was made, even if the person's number changes.
    phone_digest = models.CharField(max_length=64, editable=False)

    class Meta:
        verbose_name = _("Code für den Stand")
        verbose_name_plural = _("Codes für den Stand")

    def __str__(self) -> str:
        return str(self.request)


class CallBack(models.TextChoices):
    """How the office spoke with the person."""

    PHONE = "phone", _("am Telefon")
    HOME_VISIT = "home_visit", _("beim Hausbesuch")
    OFFICE = "office", _("im Büro")


class Triage(models.Model):
    """How the office clarified a request: who called back, how, and what a helper must know."""

    request = models.OneToOneField(
        HelpRequest, verbose_name=_("Hilfeanfrage"), on_delete=models.CASCADE, related_name="triage"
    )
    called_back_by = models.ForeignKey(
        User, verbose_name=_("Rückruf durch"), on_delete=models.PROTECT, related_name="+"
    )
    called_back_at = models.DateTimeField(_("Rückruf am"))
    how = models.CharField(_("auf welchem Weg"), max_length=10, choices=CallBack)
    # The person themselves was heard, unless an authorised representative spoke.
    heard_representative = models.ForeignKey(
        Representative,
        verbose_name=_("gehört wurde"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    own_wish = models.TextField(_("eigener Wunsch (bei Demenz)"), blank=True)
    has_animals = models.CharField(_("Tiere"), max_length=3, choices=YesNo, blank=True)
    has_smoking = models.CharField(_("Rauchen"), max_length=3, choices=YesNo, blank=True)
    has_stairs = models.CharField(_("Treppen"), max_length=3, choices=YesNo, blank=True)
    has_aggression = models.CharField(_("Aggression"), max_length=3, choices=YesNo, blank=True)
    safety_note = models.TextField(_("Hinweise zur Sicherheit"), blank=True)

    class Meta:
        verbose_name = _("Klärung")
        verbose_name_plural = _("Klärungen")

    def __str__(self) -> str:
        return f"{self.request}: {self.get_how_display()}"


class RequestListing(models.Model):
    """What a help seeker lets everybody read of a request, as they saw it in the preview they said yes to.

    Shown is at most this, and of this only what the request still says.
    """

    request = models.OneToOneField(
        HelpRequest, verbose_name=_("Hilfeanfrage"), on_delete=models.CASCADE, related_name="listing"
    )
    consent = models.ForeignKey(
        Consent, verbose_name=_("Einwilligung"), on_delete=models.PROTECT, related_name="+"
    )
    # Another role than the request's where that one points to an illness.
    role = models.ForeignKey(
        Role, verbose_name=_("gezeigte Tätigkeit"), on_delete=models.PROTECT, related_name="+"
    )
    district = models.ForeignKey(
        District, verbose_name=_("Stadtbezirk"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    half_days = ArrayField(models.CharField(max_length=2), verbose_name=_("Tageszeiten"), default=list)
    languages = ArrayField(models.CharField(max_length=2), verbose_name=_("Sprachen"), default=list)

    class Meta:
        verbose_name = _("öffentliche Suche")
        verbose_name_plural = _("öffentliche Suchen")

    def __str__(self) -> str:
        return f"{self.request_id}"

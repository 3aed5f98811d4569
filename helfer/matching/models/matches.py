"""One helper for one request under one financial model, and the tandem's yes to it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helfer.catalogue.kinds import FirstContact
from helfer.catalogue.models import CompensationModel, Role
from helfer.core.any_of import any_of
from helfer.core.errors import IllegalTransition
from helfer.core.history import kept_in_history
from helfer.help_requests.models import HelpRequest
from helfer.helpers.models import HelperProfile
from helfer.matching.guards import matches as match_guards
from helfer.matching.guards import offer_sources
from helfer.matching.guards import signatures as signature_guards
from helfer.matching.lifecycle import CLOSED, OPEN, RUNNING, RUNNING_NOT_PAUSED, TRANSITIONS, MatchState
from helfer.people.models import Consent, Kind, Office, Seat, Side, User


class PauseSide(models.TextChoices):
    """From whose side a pause comes."""

    HELPER = "helper", _("Helferin oder Helfer")
    SEEKER = "seeker", _("hilfesuchende Person")
    OFFICE = "office", _("Seniorenbüro")


class PauseReason(models.TextChoices):
    """Why a running match rests."""

    HOLIDAY = "holiday", _("Urlaub")
    HOSPITAL = "hospital", _("Krankenhaus")
    ILLNESS = "illness", _("Krankheit")
    CERTIFICATE = "certificate", _("Nachweis abgelaufen")
    INCIDENT = "incident", _("Vorfall")
    WISH = "wish", _("eigener Wunsch")
    OTHER = "other", _("anderer Grund")


class EndReason(models.TextChoices):
    """Why a match ended."""

    DONE = "done", _("Aufgabe erledigt")
    NO_LONGER_NEEDED = "no_longer_needed", _("Hilfe nicht mehr nötig")
    HELPER_STOPS = "helper_stops", _("Helferin oder Helfer hört auf")
    SEEKER_STOPS = "seeker_stops", _("hilfesuchende Person möchte nicht mehr")
    DOES_NOT_FIT = "does_not_fit", _("passt nicht")
    MOVED = "moved", _("verzogen")
    CARE_HOME = "care_home", _("Umzug in ein Pflegeheim")
    DIED = "died", _("verstorben")
    INCIDENT = "incident", _("Vorfall")
    CONSENT_WITHDRAWN = "consent_withdrawn", _("Einwilligung widerrufen")
    OTHER = "other", _("anderer Grund")


class MatchQuerySet(models.QuerySet["Match"]):
    """Matches as sentences."""

    def visible_to(self, viewer: User) -> MatchQuerySet:
        """The own and the lent matches of an office; one's own as helper, help seeker or representative."""
        matches = Match.objects
        seen = [
            matches.filter(helper__person__user=viewer),
            matches.filter(request__in=HelpRequest.objects.seen_as_seeker(viewer)),
        ]
        if viewer.has_kind(Kind.TANDEM):
            own = Office.objects.of_tandem(viewer)
            seen += [matches.filter(office__in=own), matches.filter(lending_office__in=own)]
        return self.filter(any_of(*seen))

    def running(self) -> MatchQuerySet:
        """Approved, on trial, active or paused."""
        return self.filter(state__in=RUNNING)

    def running_not_paused(self) -> MatchQuerySet:
        """Running ones in which the helper goes there at present."""
        return self.filter(state__in=RUNNING_NOT_PAUSED)

    def open(self) -> MatchQuerySet:
        """Proposed, accepted or running."""
        return self.filter(state__in=OPEN)


@kept_in_history(
    "state",
    "paused_from",
    "request",
    "helper",
    "role",
    "compensation_model",
    "starts_on",
    "office",
    "lending_office",
    "lending_agreed_by",
    "helper_consent",
    "seeker_consent",
    "approved_on",
    "responsible",
    "closed_on",
)
class Match(models.Model):
    """One helper for one request under one financial model, from proposal to end."""

    request = models.ForeignKey(
        HelpRequest, verbose_name=_("Hilfeanfrage"), on_delete=models.PROTECT, related_name="matches"
    )
    helper = models.ForeignKey(
        HelperProfile, verbose_name=_("Helferprofil"), on_delete=models.PROTECT, related_name="matches"
    )
    role = models.ForeignKey(Role, verbose_name=_("Tätigkeit"), on_delete=models.PROTECT, related_name="+")
    compensation_model = models.ForeignKey(
        CompensationModel, verbose_name=_("finanzielles Modell"), on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(_("Stand"), max_length=10, choices=MatchState, default=MatchState.PROPOSED)
    starts_on = models.DateField(_("beginnt am"))

    # Frozen at the proposal, so that a later change of catalogue or districts does not shift who must sign.
    office = models.ForeignKey(
        Office, verbose_name=_("Seniorenbüro"), on_delete=models.PROTECT, related_name="matches"
    )
    signatures_required = models.PositiveSmallIntegerField(_("nötige Freigaben"))
    first_contact = models.CharField(_("erster Kontakt"), max_length=12, choices=FirstContact)
    # The pair came together by itself: fewer gates are asked (domain.md, section 2).
    is_named_pair = models.BooleanField(_("Paar, das sich selbst gefunden hat"), default=False)
    # A further role for a running pair: no second trial, one series of contacts.
    extends = models.ForeignKey(
        "self",
        verbose_name=_("erweitert"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="extended_by",
    )
    substitutes_for = models.ForeignKey(
        "self",
        verbose_name=_("vertritt"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="substitutes",
    )
    substitute_until = models.DateField(_("Vertretung bis"), null=True, blank=True)

    proposed_by = models.ForeignKey(
        User, verbose_name=_("vorgeschlagen von"), on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField(_("vorgeschlagen am"))
    # The helper belongs to another office, which agrees once to lend them.
    lending_office = models.ForeignKey(
        Office,
        verbose_name=_("abgebendes Seniorenbüro"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="lent_matches",
    )
    lending_agreed_by = models.ForeignKey(
        User,
        verbose_name=_("Ausleihe zugestimmt"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    lending_agreed_at = models.DateTimeField(_("Ausleihe zugestimmt am"), null=True, blank=True)

    helper_consent = models.OneToOneField(
        Consent,
        verbose_name=_("Ja der Helferin oder des Helfers"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="match_as_helper",
    )
    seeker_consent = models.OneToOneField(
        Consent,
        verbose_name=_("Ja der hilfesuchenden Person"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="match_as_seeker",
    )

    approved_on = models.DateField(_("freigegeben am"), null=True, blank=True)
    first_contact_on = models.DateField(_("erster Kontakt am"), null=True, blank=True)
    first_contact_note = models.TextField(_("Notiz zum ersten Kontakt"), blank=True)
    active_on = models.DateField(_("läuft seit"), null=True, blank=True)
    # Both sides confirm the trial before the match becomes active.
    trial_confirmed_by_helper_on = models.DateField(
        _("Probezeit bestätigt (Helferin, Helfer)"), null=True, blank=True
    )
    trial_confirmed_by_seeker_on = models.DateField(
        _("Probezeit bestätigt (hilfesuchende Person)"), null=True, blank=True
    )

    paused_from = models.CharField(_("pausiert aus"), max_length=10, choices=MatchState, blank=True)
    paused_on = models.DateField(_("pausiert seit"), null=True, blank=True)
    pause_side = models.CharField(_("Pause kommt von"), max_length=10, choices=PauseSide, blank=True)
    pause_reason = models.CharField(_("Grund der Pause"), max_length=12, choices=PauseReason, blank=True)
    expected_back_on = models.DateField(_("voraussichtlich zurück am"), null=True, blank=True)

    responsible = models.ForeignKey(
        Seat,
        verbose_name=_("zuständig"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="responsible_for",
    )

    closed_on = models.DateField(_("abgeschlossen am"), null=True, blank=True)
    end_reason = models.CharField(_("Grund des Endes"), max_length=20, choices=EndReason, blank=True)
    ended_well = models.BooleanField(_("gut beendet"), null=True, blank=True)
    # Why it was declined, rejected or withdrawn; by whom is in the history.
    closing_note = models.TextField(_("Notiz zum Abschluss"), blank=True)

    objects = MatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("Vermittlung")
        verbose_name_plural = _("Vermittlungen")
        triggers = [*match_guards.GUARDS, *offer_sources.MATCHES]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=MatchState.values),
                name="match_is_in_a_known_state",
                violation_error_message=_("Diesen Stand gibt es nicht."),
            ),
            models.CheckConstraint(
                condition=Q(signatures_required__in=[1, 2]),
                name="match_asks_for_one_or_two_signatures",
                violation_error_message=_("Eine Vermittlung braucht eine oder zwei Freigaben."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(RUNNING))
                | Q(helper_consent__isnull=False, seeker_consent__isnull=False, approved_on__isnull=False),
                name="match_runs_only_with_both_consents",
                violation_error_message=_("Ohne das Ja beider Seiten läuft keine Vermittlung."),
            ),
            models.CheckConstraint(
                condition=~Q(state=MatchState.ACCEPTED)
                | Q(helper_consent__isnull=False, seeker_consent__isnull=False),
                name="match_is_accepted_only_with_both_consents",
                violation_error_message=_("Es fehlt noch ein Ja."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[MatchState.TRIAL, MatchState.ACTIVE])
                | Q(first_contact_on__isnull=False)
                | Q(extends__isnull=False),
                name="match_is_on_trial_only_after_the_first_contact",
                violation_error_message=_("Vor der Probezeit findet der erste Kontakt statt."),
            ),
            models.CheckConstraint(
                condition=(
                    Q(state=MatchState.PAUSED)
                    & Q(paused_from__in=sorted(RUNNING_NOT_PAUSED))
                    & Q(paused_on__isnull=False)
                    & ~Q(pause_side="")
                    & ~Q(pause_reason="")
                )
                | (~Q(state=MatchState.PAUSED) & Q(paused_from="")),
                name="match_pause_says_where_it_came_from",
                violation_error_message=_("Eine Pause braucht Seite, Grund und Tag."),
            ),
            models.CheckConstraint(
                condition=~Q(state=MatchState.ENDED) | (~Q(end_reason="") & Q(ended_well__isnull=False)),
                name="match_ends_with_a_reason",
                violation_error_message=_("Ein Ende braucht einen Grund."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(CLOSED)) | Q(closed_on__isnull=False),
                name="match_that_is_over_says_since_when",
                violation_error_message=_("Zum Abschluss gehört der Tag."),
            ),
            models.CheckConstraint(
                condition=Q(substitutes_for=None, substitute_until=None)
                | Q(substitutes_for__isnull=False, substitute_until__isnull=False),
                name="match_substitute_is_dated",
                violation_error_message=_("Eine Vertretung braucht ein Ende."),
            ),
            models.CheckConstraint(
                condition=Q(lending_agreed_by=None, lending_agreed_at=None)
                | Q(
                    lending_agreed_by__isnull=False,
                    lending_agreed_at__isnull=False,
                    lending_office__isnull=False,
                ),
                name="match_lending_is_agreed_by_somebody_at_some_time",
                violation_error_message=_("Zur Zustimmung gehört, wer wann zugestimmt hat."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(RUNNING))
                | Q(lending_office=None)
                | Q(lending_agreed_at__isnull=False),
                name="match_of_a_lent_helper_runs_only_when_agreed",
                violation_error_message=_("Das abgebende Seniorenbüro hat noch nicht zugestimmt."),
            ),
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(state__in=sorted(RUNNING_NOT_PAUSED)),
                name="request_has_one_running_match",
                violation_error_message=_("Für diese Anfrage läuft schon eine Vermittlung."),
            ),
            models.UniqueConstraint(
                fields=["substitutes_for"],
                condition=Q(state__in=sorted(RUNNING)),
                name="paused_match_has_one_substitute",
                violation_error_message=_("Für diese pausierte Vermittlung gibt es schon eine Vertretung."),
            ),
            models.UniqueConstraint(
                fields=["request", "helper"],
                condition=Q(state__in=sorted(OPEN)),
                name="pair_has_one_open_match_for_a_request",
                violation_error_message=_(
                    "Für dieses Paar und diese Anfrage gibt es schon eine Vermittlung."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} – {self.helper_id}: {self.get_state_display()}"

    @property
    def is_running(self) -> bool:
        """Approved, on trial, active or paused; contact data show only then."""
        return self.state in RUNNING

    @property
    def is_open(self) -> bool:
        """Proposed, accepted or running."""
        return self.state in OPEN

    @property
    def helper_name(self) -> str:
        """The helper's name as its office reads it: a lent one by first name until the lender agreed."""
        is_known = self.lending_agreed_at is not None or self.helper.office_id == self.office_id
        return self.helper.person.full_name if is_known else self.helper.person.given_name

    def can_move_to(self, state: MatchState) -> bool:
        """Whether an arrow of the lifecycle leads there; from a pause only back to where it came from."""
        here = MatchState(self.state)
        if here is MatchState.PAUSED and state is not MatchState.ENDED:
            return state == self.paused_from
        return state in TRANSITIONS[here]

    def move_to(self, state: MatchState) -> None:
        """Take one arrow of the lifecycle; the row is saved by the action.

        Raises ``IllegalTransition``.
        """
        if not self.can_move_to(state):
            raise IllegalTransition(
                _("Diese Vermittlung ist „%(here)s“. Von dort geht es nicht zu „%(there)s“.")
                % {"here": self.get_state_display(), "there": state.label},
            )
        self.state = state


@kept_in_history("match", "seat", "side", "user", "signed_on")
class Signature(models.Model):
    """One tandem side's yes to a match."""

    match = models.ForeignKey(
        Match, verbose_name=_("Vermittlung"), on_delete=models.PROTECT, related_name="signatures"
    )
    seat = models.ForeignKey(
        Seat, verbose_name=_("Tandemstelle"), on_delete=models.PROTECT, related_name="signatures"
    )
    side = models.CharField(_("Seite"), max_length=12, choices=Side)
    user = models.ForeignKey(
        User, verbose_name=_("freigegeben von"), on_delete=models.PROTECT, related_name="signatures"
    )
    signed_at = models.DateTimeField(_("freigegeben am"))
    # The Berlin day of `signed_at`, so that the database compares days with days.
    signed_on = models.DateField(_("Tag der Freigabe"))

    class Meta:
        verbose_name = _("Freigabe")
        verbose_name_plural = _("Freigaben")
        triggers = signature_guards.GUARDS
        constraints = [
            models.UniqueConstraint(
                fields=["match", "side"],
                name="match_is_signed_once_by_a_side",
                violation_error_message=_("Diese Seite hat schon freigegeben."),
            ),
            models.UniqueConstraint(
                fields=["match", "user"],
                name="match_is_signed_once_by_a_person",
                violation_error_message=_(
                    "Sie haben schon freigegeben. Die zweite Freigabe gibt die andere Seite."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.match_id}: {self.get_side_display()}"

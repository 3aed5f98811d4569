"""Who offers help: profiles, their pauses and their proofs."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import ExpressionWrapper, F, Func, Q
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from helfer.catalogue.models import CompensationModel, Role, Training
from helfer.core.errors import IllegalTransition
from helfer.core.history import kept_in_history
from helfer.core.lives import born_as, moves_along
from helfer.core.slots import SLOTS
from helfer.helpers import certificates, guards
from helfer.people.models import Consent, HelpSeeker, Kind, Office, Person, User
from helfer.places.models import District, Quarter

MIN_RADIUS_M = 100
MAX_RADIUS_M = 20_000


class HelperState(models.TextChoices):
    """A helper's life; pauses are periods beside it."""

    REGISTERED = "registered", _("angemeldet")
    INTERVIEWED = "interviewed", _("Gespräch geführt")
    ACTIVE = "active", _("aktiv")
    LEFT = "left", _("ausgeschieden")
    REJECTED = "rejected", _("abgelehnt")


# from → to; whoever left or was rejected may register again.
HELPER_TRANSITIONS: dict[HelperState, frozenset[HelperState]] = {
    HelperState.REGISTERED: frozenset({HelperState.INTERVIEWED, HelperState.REJECTED, HelperState.LEFT}),
    HelperState.INTERVIEWED: frozenset({HelperState.ACTIVE, HelperState.REJECTED, HelperState.LEFT}),
    HelperState.ACTIVE: frozenset({HelperState.LEFT}),
    HelperState.LEFT: frozenset({HelperState.REGISTERED}),
    HelperState.REJECTED: frozenset({HelperState.REGISTERED}),
}


class HelperProfileQuerySet(models.QuerySet["HelperProfile"]):
    """Helpers as sentences."""

    def visible_to(self, viewer: User) -> HelperProfileQuerySet:
        """The own offices' helpers; all of them for training team and coordinators; oneself."""
        seen = Q(person__user=viewer)
        if viewer.has_kind(Kind.TANDEM):
            seen |= Q(office__in=Office.objects.of_tandem(viewer))
        if viewer.has_kind(Kind.COORDINATOR):
            # Rows of an import whose district has no office yet would otherwise be nobody's.
            seen |= Q(office=None)
        if viewer.has_kind(Kind.TRAINING):
            return self.all()
        return self.filter(seen)

    def offering(self, role: Role) -> HelperProfileQuerySet:
        """Helpers who offer the role."""
        return self.filter(roles=role)

    def active(self) -> HelperProfileQuerySet:
        """Helpers in the state active, paused or not."""
        return self.filter(state=HelperState.ACTIVE)

    def paused_on(self, day: date) -> HelperProfileQuerySet:
        """Helpers with a pause that contains the day."""
        return self.filter(
            Q(pauses__until_day=None) | Q(pauses__until_day__gt=day), pauses__from_day__lte=day
        ).distinct()


@kept_in_history("person", "state", "office", "max_people")
class HelperProfile(models.Model):
    """The neighbour who helps; may exist without e-mail, and may help only one named person."""

    person = models.OneToOneField(
        Person, verbose_name=_("Person"), on_delete=models.PROTECT, related_name="helper_profile"
    )
    office = models.ForeignKey(
        Office,
        verbose_name=_("Seniorenbüro"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="helpers",
    )
    number = models.CharField(_("Nummer"), max_length=20, blank=True)
    state = models.CharField(_("Stand"), max_length=12, choices=HelperState, default=HelperState.REGISTERED)
    radius_m = models.PositiveIntegerField(_("Umkreis (Meter)"), default=2000)
    languages = ArrayField(models.CharField(max_length=2), verbose_name=_("Sprachen"), default=list)
    times = ArrayField(models.CharField(max_length=5), verbose_name=_("Zeiten"), default=list, blank=True)
    max_people = models.PositiveSmallIntegerField(_("höchstens Personen"), default=1)
    no_pets = models.BooleanField(_("keine Haustiere"), default=False)
    no_smokers = models.BooleanField(_("keine Raucher"), default=False)
    roles = models.ManyToManyField(Role, verbose_name=_("Tätigkeiten"), related_name="helpers", blank=True)
    compensation_models = models.ManyToManyField(
        CompensationModel, verbose_name=_("finanzielle Modelle"), related_name="helpers", blank=True
    )
    # "Nur für diese Person": never searched or listed for anybody else.
    only_for = models.ForeignKey(
        HelpSeeker,
        verbose_name=_("nur für diese Person"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    helper_since = models.DateField(_("dabei seit"), null=True, blank=True)
    interviewed_on = models.DateField(_("Gespräch am"), null=True, blank=True)
    interviewed_by = models.ForeignKey(
        User,
        verbose_name=_("Gespräch mit"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    remark = models.TextField(_("interner Vermerk"), blank=True)
    # Guards that depend on other rows write here first, so that two sessions meet (domain.md, section 3).
    version = models.PositiveIntegerField(default=0, editable=False)
    # Digest of the list's row as last imported; an unchanged row is skipped, whatever was edited since.
    import_digest = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(_("angelegt am"), auto_now_add=True)

    objects = HelperProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("Helferprofil")
        verbose_name_plural = _("Helferprofile")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=HelperState.values),
                name="helper_is_in_a_known_state",
                violation_error_message=_("Diesen Stand gibt es nicht."),
            ),
            models.CheckConstraint(
                condition=Q(radius_m__gte=MIN_RADIUS_M, radius_m__lte=MAX_RADIUS_M),
                name="helper_radius_is_between_100_m_and_20_km",
                violation_error_message=_("Der Umkreis liegt zwischen 100 und 20000 Metern."),
            ),
            models.CheckConstraint(
                condition=Q(max_people__gte=1, max_people__lte=50),
                name="helper_serves_at_least_one_person",
                violation_error_message=_("Die Höchstzahl liegt zwischen 1 und 50 Personen."),
            ),
            models.CheckConstraint(
                condition=Q(times__contained_by=list(SLOTS)),
                name="helper_times_are_half_days",
                violation_error_message=_("Diese Zeit gibt es nicht."),
            ),
            models.UniqueConstraint(
                fields=["office", "number"],
                condition=~Q(number=""),
                nulls_distinct=False,
                name="helper_number_is_used_once_in_an_office",
                violation_error_message=_("Diese Nummer ist in diesem Büro schon vergeben."),
            ),
        ]
        indexes = [models.Index(fields=["number"], name="helper_number")]
        triggers = [
            # An imported list is an office's present state: its helpers come in active.
            born_as(
                "helper_begins_registered_or_active",
                gettext_noop("Ein neues Helferprofil ist „angemeldet“ oder, aus einer Liste, „aktiv“."),
                [HelperState.REGISTERED, HelperState.ACTIVE],
                HelperState,
            ),
            moves_along(
                "helper_moves_along_the_arrows",
                gettext_noop("Diesen Schritt gibt es für ein Helferprofil nicht."),
                HELPER_TRANSITIONS,
                HelperState,
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)

    def move_to(self, state: HelperState) -> None:
        """Take a step of the helper's life, unsaved. Raises ``IllegalTransition``."""
        if state not in HELPER_TRANSITIONS[HelperState(self.state)]:
            raise IllegalTransition(
                gettext("Aus „%(from)s“ kann ein Helferprofil nicht „%(to)s“ werden.")
                % {"from": self.get_state_display(), "to": state.label}
            )
        self.state = state


class Pause(models.Model):
    """A helper's time off: from a day until the day they are back (that day not included)."""

    helper = models.ForeignKey(
        HelperProfile, verbose_name=_("Helferprofil"), on_delete=models.CASCADE, related_name="pauses"
    )
    from_day = models.DateField(_("von"))
    until_day = models.DateField(_("zurück am"), null=True, blank=True)
    reason = models.CharField(_("Grund"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("Pause")
        verbose_name_plural = _("Pausen")
        constraints = [
            models.CheckConstraint(
                condition=Q(until_day=None) | Q(until_day__gt=F("from_day")),
                name="pause_ends_after_it_begins",
                violation_error_message=_("Der Tag der Rückkehr liegt nach dem Beginn der Pause."),
            ),
            ExclusionConstraint(
                name="pauses_of_a_helper_do_not_overlap",
                expressions=[
                    ("helper", RangeOperators.EQUAL),
                    (
                        Func(F("from_day"), F("until_day"), models.Value("[)"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("In diesem Zeitraum ist schon eine Pause eingetragen."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_day} – {self.until_day or '…'}"


class CertificateQuerySet(models.QuerySet["Certificate"]):
    """Proofs as sentences."""

    def visible_to(self, viewer: User) -> CertificateQuerySet:
        """The proofs of the helpers whom the viewer may see."""
        return self.filter(helper__in=HelperProfile.objects.visible_to(viewer))

    def verified(self) -> CertificateQuerySet:
        """Proofs that staff have checked."""
        return self.filter(verified_at__isnull=False)

    def counting_on(self, day: date) -> CertificateQuerySet:
        """Verified proofs that count on that day, the training's grace days included."""
        counts_until = ExpressionWrapper(
            F("valid_until") + F("training__grace_days"), output_field=models.DateField()
        )
        return (
            self.verified()
            .alias(counts_until=counts_until)
            .filter(Q(valid_until=None) | Q(counts_until__gte=day), issued_on__lte=day)
        )


def certificate_path(certificate: Certificate, filename: str) -> str:
    """Where a proof's file lies: by ids only, never by a name."""
    suffix = ".jpg" if filename.endswith(".jpg") else ".pdf"
    day = f"{certificate.issued_on:%Y%m%d}"
    return f"nachweise/{certificate.helper_id}/{certificate.training_id}-{day}{suffix}"


@kept_in_history(
    "helper",
    "training",
    "issued_on",
    "valid_until",
    "verified_by",
    "verified_at",
    "seen_on",
    "seen_by",
    "delete_by",
)
class Certificate(models.Model):
    """A helper's proof of a training; of an inspection only who saw it when, and until when that is kept."""

    helper = models.ForeignKey(
        HelperProfile, verbose_name=_("Helferprofil"), on_delete=models.PROTECT, related_name="certificates"
    )
    training = models.ForeignKey(
        Training, verbose_name=_("Schulung"), on_delete=models.PROTECT, related_name="certificates"
    )
    issued_on = models.DateField(_("ausgestellt am"))
    # Stored when issued, that day included; a later change of the training's validity does not move it.
    valid_until = models.DateField(_("gültig bis einschließlich"), null=True, blank=True)
    verified_by = models.ForeignKey(
        User, verbose_name=_("geprüft von"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    verified_at = models.DateTimeField(_("geprüft am"), null=True, blank=True)
    file = models.FileField(_("Datei"), upload_to=certificate_path, blank=True)
    seen_on = models.DateField(_("gesehen am"), null=True, blank=True)
    seen_by = models.ForeignKey(
        User, verbose_name=_("gesehen von"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    delete_by = models.DateField(_("zu löschen bis"), null=True, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("Eignungsnachweis")
        verbose_name_plural = _("Eignungsnachweise")
        constraints = [
            models.UniqueConstraint(
                fields=["helper", "training", "issued_on"],
                name="certificate_of_a_day_is_kept_once",
                violation_error_message=_("Dieser Nachweis ist schon eingetragen."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("issued_on")),
                name="certificate_ends_after_it_was_issued",
                violation_error_message=_("Das Ende der Gültigkeit liegt vor der Ausstellung."),
            ),
            models.CheckConstraint(
                condition=Q(verified_at=None, verified_by=None)
                | Q(verified_at__isnull=False, verified_by__isnull=False),
                name="certificate_is_verified_by_somebody_at_some_time",
                violation_error_message=_("Zu einer Prüfung gehört, wer wann geprüft hat."),
            ),
        ]
        triggers = guards.CERTIFICATES

    def __str__(self) -> str:
        return f"{self.training} vom {self.issued_on}"

    def counts_on(self, day: date) -> bool:
        """Whether this proof counts on that day, the training's days of grace included."""
        return self.verified_at is not None and certificates.counts_on(
            day, issued_on=self.issued_on, until=self.valid_until, grace_days=self.training.grace_days
        )


class GuardedTraining(Training):
    """A training's evidence type meets the proofs that are kept of it."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = guards.TRAININGS


class PublicCard(models.Model):
    """What a helper lets everybody see of their offer, as they saw it in the preview they said yes to.

    A card shows at most this, and of this only what the profile still says; what comes new into the
    profile waits for a new yes.
    """

    helper = models.OneToOneField(
        HelperProfile, verbose_name=_("Helferprofil"), on_delete=models.CASCADE, related_name="public_card"
    )
    consent = models.ForeignKey(
        Consent, verbose_name=_("Einwilligung"), on_delete=models.PROTECT, related_name="+"
    )
    # A first name or an initial, never more; empty: no name.
    name = models.CharField(_("gezeigter Name"), max_length=60, blank=True)
    district = models.ForeignKey(
        District,
        verbose_name=_("Stadtbezirk"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    quarter = models.ForeignKey(
        Quarter,
        verbose_name=_("Quartier"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    role_ids = ArrayField(models.BigIntegerField(), verbose_name=_("Tätigkeiten"), default=list)
    half_days = ArrayField(models.CharField(max_length=2), verbose_name=_("Tageszeiten"), default=list)
    languages = ArrayField(models.CharField(max_length=2), verbose_name=_("Sprachen"), default=list)
    model_ids = ArrayField(models.BigIntegerField(), verbose_name=_("finanzielle Modelle"), default=list)
    training_ids = ArrayField(models.BigIntegerField(), verbose_name=_("Schulungen"), default=list)

    class Meta:
        verbose_name = _("öffentliche Karte")
        verbose_name_plural = _("öffentliche Karten")

    def __str__(self) -> str:
        return f"{self.helper_id}"

"""Who gets help, and who speaks for them."""

from __future__ import annotations

from datetime import date

from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helfer.core.any_of import any_of
from helfer.core.history import kept_in_history

from .accounts import Kind, User
from .offices import Office
from .persons import Person


class CareLevel(models.TextChoices):
    """The Pflegegrad; "applied" lets a match start unpaid and never pays."""

    NONE = "none", _("keiner")
    APPLIED = "applied", _("beantragt")
    ONE = "1", _("Pflegegrad 1")
    TWO = "2", _("Pflegegrad 2")
    THREE = "3", _("Pflegegrad 3")
    FOUR = "4", _("Pflegegrad 4")
    FIVE = "5", _("Pflegegrad 5")

    @property
    def number(self) -> int:
        """1 to 5, or 0 where nothing is granted."""
        return int(self.value) if self.value.isdigit() else 0


class HelpSeekerQuerySet(models.QuerySet["HelpSeeker"]):
    """Help seekers as sentences."""

    def visible_to(self, viewer: User) -> HelpSeekerQuerySet:
        """The own offices' help seekers; oneself; whom one represents."""
        seekers = HelpSeeker.objects
        seen = [
            seekers.filter(person__user=viewer),
            seekers.filter(representatives__person__user=viewer, representatives__may_be_told=True),
        ]
        if viewer.has_kind(Kind.TANDEM):
            seen.append(seekers.filter(office__in=Office.objects.of_tandem(viewer)))
        if viewer.has_kind(Kind.COORDINATOR):
            seen.append(seekers.filter(office=None))
        return self.filter(any_of(*seen))


class HelpSeeker(models.Model):
    """The person who gets help; often 75+, often without e-mail, rarely with an account."""

    person = models.OneToOneField(
        Person, verbose_name=_("Person"), on_delete=models.PROTECT, related_name="help_seeker"
    )
    office = models.ForeignKey(
        Office,
        verbose_name=_("Seniorenbüro"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="help_seekers",
    )
    care_level = models.CharField(_("Pflegegrad"), max_length=8, choices=CareLevel, default=CareLevel.NONE)
    lives_at_home = models.BooleanField(_("lebt zu Hause"), default=True)
    remark = models.TextField(_("interner Vermerk"), blank=True)
    # Guards that depend on other rows write here first, so that two sessions meet (domain.md, section 3).
    version = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("angelegt am"), auto_now_add=True)

    objects = HelpSeekerQuerySet.as_manager()

    class Meta:
        verbose_name = _("hilfesuchende Person")
        verbose_name_plural = _("hilfesuchende Personen")
        constraints = [
            models.CheckConstraint(
                condition=Q(care_level__in=CareLevel.values),
                name="help_seeker_has_a_known_care_level",
                violation_error_message=_("Diesen Pflegegrad gibt es nicht."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)


class RepresentativeKind(models.TextChoices):
    """By what somebody speaks for a help seeker; kinship alone gives no power."""

    RELATIVE = "relative", _("Angehörige")
    PROXY = "proxy", _("Vorsorgebevollmächtigte")
    GUARDIAN = "guardian", _("rechtliche Betreuung")


class RepresentativeArea(models.TextChoices):
    """For what the paper that staff saw is good."""

    ALL = "all", _("alle Angelegenheiten")
    HEALTH = "health", _("Gesundheit und Pflege")
    HOUSING = "housing", _("Wohnung und Aufenthalt")
    MONEY = "money", _("Vermögen")


@kept_in_history(
    "person",
    "help_seeker",
    "kind",
    "may_consent",
    "may_sign",
    "area",
    "seen_on",
    "seen_by",
    "until_day",
    "may_be_told",
    "is_emergency_contact",
)
class Representative(models.Model):
    """Speaks for a help seeker; may consent and sign only once staff saw the paper (no copy is kept)."""

    person = models.ForeignKey(
        Person, verbose_name=_("Person"), on_delete=models.PROTECT, related_name="representations"
    )
    help_seeker = models.ForeignKey(
        HelpSeeker,
        verbose_name=_("hilfesuchende Person"),
        on_delete=models.PROTECT,
        related_name="representatives",
    )
    kind = models.CharField(_("Art"), max_length=10, choices=RepresentativeKind)
    relation = models.CharField(_("Verhältnis"), max_length=80, blank=True)
    may_consent = models.BooleanField(_("darf einwilligen"), default=False)
    may_sign = models.BooleanField(_("darf unterschreiben"), default=False)
    area = models.CharField(_("Aufgabenkreis"), max_length=10, choices=RepresentativeArea, blank=True)
    seen_on = models.DateField(_("Urkunde gesehen am"), null=True, blank=True)
    seen_by = models.ForeignKey(
        User, verbose_name=_("gesehen von"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    until_day = models.DateField(_("gültig bis einschließlich"), null=True, blank=True)
    # These two are the person's own choice.
    may_be_told = models.BooleanField(_("darf informiert werden"), default=False)
    is_emergency_contact = models.BooleanField(_("im Notfall anrufen"), default=False)

    class Meta:
        verbose_name = _("Vertretung einer hilfesuchenden Person")
        verbose_name_plural = _("Vertretungen hilfesuchender Personen")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "help_seeker"],
                name="somebody_represents_a_help_seeker_once",
                violation_error_message=_("Diese Person ist hier schon eingetragen."),
            ),
            models.CheckConstraint(
                condition=Q(may_consent=False, may_sign=False)
                | (
                    Q(seen_on__isnull=False, seen_by__isnull=False)
                    & ~Q(area="")
                    & Q(kind__in=[RepresentativeKind.PROXY, RepresentativeKind.GUARDIAN])
                ),
                name="representative_may_decide_only_by_a_paper_that_staff_saw",
                violation_error_message=_(
                    "Einwilligen oder unterschreiben darf nur, wer bevollmächtigt oder rechtlich bestellt "
                    "ist und wessen Urkunde das Büro gesehen hat. Verwandtschaft allein genügt nicht."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.get_kind_display()})"

    def may_consent_on(self, day: date) -> bool:
        """Whether a consent given by this representative counts on that day."""
        return (
            self.may_consent
            and self.area in (RepresentativeArea.ALL, RepresentativeArea.HEALTH)
            and (self.until_day is None or day <= self.until_day)
        )

"""What the office offers: roles, trainings, compensation models, and the Land's rules, all dated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import ClassVar, Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext_lazy as _

from helfer.catalogue.kinds import FirstContact, RateUnit
from helfer.core.guards import Guard, sql

RELIEF_AMOUNT = "entlastungsbetrag"
RESPITE_CARE = "verhinderungspflege"
UNPAID = "ehrenamt"


class LoadedFromDefaults(models.Model):
    """A catalogue entry that may have come with the defaults and may since have been changed by an office."""

    # What of it residents read, and may read in their language.
    TEXTS: ClassVar[Sequence[str]] = ()

    # What the defaults said when they were last loaded; where the entry differs, an office changed it.
    loaded_values = models.JSONField(null=True, blank=True, editable=False)
    # {language: {field: text}}, languages as in settings.LANGUAGES; "de-simple" is Leichte Sprache.
    translations = models.JSONField(_("Übersetzungen"), default=dict, blank=True)

    class Meta:
        abstract = True

    def text(self, field: str) -> str:
        """What the field says in the reader's language; German where nobody has translated it."""
        translated: str = self.translations.get(get_language() or "de", {}).get(field, "")
        return translated or str(getattr(self, field))

    def not_translated(self) -> list[str]:
        """Own names of the languages in which one of its texts, or more, is shown in German."""
        written = [name for name in self.TEXTS if getattr(self, name)]
        return [
            name
            for code, name in settings.LANGUAGES
            if code != settings.LANGUAGE_CODE
            and any(not self.translations.get(code, {}).get(field) for field in written)
        ]


class EvidenceType(models.TextChoices):
    """What proves a training: a kept document, a signed statement, or a look that leaves no copy."""

    DOCUMENT = "document", _("Nachweis liegt vor")
    STATEMENT = "statement", _("unterschriebene Erklärung")
    INSPECTION = "inspection", _("gesehen, nicht aufbewahrt")


# Who includes whom, over any number of steps; UNION ends even where somebody has drawn a circle.
_INCLUDING = """
    WITH RECURSIVE including(id) AS (
        SELECT %s::bigint
        UNION
        SELECT link.from_training_id FROM catalogue_training_includes link
        JOIN including ON link.to_training_id = including.id
    )
    SELECT id FROM including
"""
_INCLUDED = """
    WITH RECURSIVE included(id) AS (
        SELECT %s::bigint
        UNION
        SELECT link.to_training_id FROM catalogue_training_includes link
        JOIN included ON link.from_training_id = included.id
    )
    SELECT id FROM included
"""


class TrainingQuerySet(models.QuerySet["Training"]):
    """Trainings as sentences."""

    def satisfying(self, training: Training) -> Self:
        """The training itself and whatever includes it, over any number of steps."""
        return self.filter(pk__in=RawSQL(_INCLUDING, [training.pk]))  # noqa: S611

    def contained_in(self, training: Training) -> Self:
        """The training itself and whatever it includes, over any number of steps."""
        return self.filter(pk__in=RawSQL(_INCLUDED, [training.pk]))  # noqa: S611


class Training(LoadedFromDefaults):
    """A kind of proof, with its evidence type and how long it counts."""

    TEXTS = ("name", "description")

    slug = models.SlugField(_("Kurzname"), unique=True)
    name = models.CharField(_("Name"), max_length=120)
    description = models.TextField(_("Beschreibung"), blank=True)
    evidence_type = models.CharField(_("Art des Nachweises"), max_length=10, choices=EvidenceType)
    validity_months = models.PositiveSmallIntegerField(_("gültig (Monate)"), null=True, blank=True)
    grace_days = models.PositiveSmallIntegerField(_("Nachfrist (Tage)"), default=0)
    includes = models.ManyToManyField(
        "self", verbose_name=_("schließt ein"), symmetrical=False, blank=True, related_name="included_in"
    )
    is_active = models.BooleanField(_("in Gebrauch"), default=True)

    objects = TrainingQuerySet.as_manager()

    class Meta:
        verbose_name = _("Schulung")
        verbose_name_plural = _("Schulungen")
        constraints = [
            models.CheckConstraint(
                condition=Q(validity_months=None) | Q(validity_months__gte=1),
                name="training_is_valid_for_at_least_a_month",
                violation_error_message=_(
                    "Die Gültigkeit beträgt mindestens einen Monat, oder das Feld bleibt leer."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CompensationModel(LoadedFromDefaults):
    """A financial model by which a helper's engagement may be covered."""

    TEXTS = ("name", "description", "conditions")

    slug = models.SlugField(_("Kurzname"), unique=True)
    name = models.CharField(_("Name"), max_length=120)
    description = models.TextField(_("Beschreibung"), blank=True)
    conditions = models.TextField(_("Bedingungen"), blank=True)
    is_active = models.BooleanField(_("in Gebrauch"), default=True)

    class Meta:
        verbose_name = _("finanzielles Modell")
        verbose_name_plural = _("finanzielle Modelle")

    def __str__(self) -> str:
        return self.name


class CompensationRate(models.Model):
    """An amount or ceiling of a model, from a day until a day (both included), with its source."""

    model = models.ForeignKey(
        CompensationModel,
        verbose_name=_("finanzielles Modell"),
        on_delete=models.CASCADE,
        related_name="rates",
    )
    unit = models.CharField(_("Einheit"), max_length=14, choices=RateUnit)
    amount_eur = models.DecimalField(_("Betrag (Euro)"), max_digits=9, decimal_places=2)
    valid_from = models.DateField(_("gilt ab"))
    valid_until = models.DateField(_("gilt bis einschließlich"), null=True, blank=True)
    source_url = models.URLField(_("Quelle"), max_length=500, blank=True)
    checked_on = models.DateField(_("geprüft am"))

    class Meta:
        verbose_name = _("Betrag")
        verbose_name_plural = _("Beträge")
        constraints = [
            models.UniqueConstraint(
                fields=["model", "unit", "valid_from"],
                name="rate_of_a_model_begins_once_a_day",
                violation_error_message=_(
                    "Ab diesem Tag ist für dieses Modell schon ein Betrag eingetragen."
                ),
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="rate_ends_after_it_begins",
                violation_error_message=_("Das Ende liegt vor dem Anfang."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model}: {self.amount_eur} € {self.get_unit_display()}"


class Role(LoadedFromDefaults):
    """What a helper may do and must not do, what it needs and how it may be compensated."""

    TEXTS = ("name", "does", "does_not", "instruction")

    slug = models.SlugField(_("Kurzname"), unique=True)
    name = models.CharField(_("Name"), max_length=120)
    does = models.TextField(_("gehört dazu"), blank=True)
    does_not = models.TextField(_("gehört nicht dazu"), blank=True)
    instruction = models.TextField(_("Anleitung"), blank=True)
    required_trainings = models.ManyToManyField(
        Training, verbose_name=_("nötige Schulungen"), blank=True, related_name="required_by"
    )
    compensation_models = models.ManyToManyField(
        CompensationModel, verbose_name=_("erlaubte finanzielle Modelle"), related_name="roles"
    )
    signatures_required = models.PositiveSmallIntegerField(
        _("nötige Freigaben"), default=2, choices=[(1, _("eine Freigabe")), (2, _("zwei Freigaben"))]
    )
    at_a_distance = models.BooleanField(_("aus der Ferne"), default=False)
    # Who seeks it is read in public as seeking this one: the own name would tell of an illness.
    shown_publicly_as = models.ForeignKey(
        "self",
        verbose_name=_("öffentlich gezeigt als"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="stands_publicly_for",
    )
    first_contact = models.CharField(
        _("erster Kontakt"), max_length=12, choices=FirstContact, default=FirstContact.ACCOMPANIED
    )
    is_active = models.BooleanField(_("in Gebrauch"), default=True)

    class Meta:
        verbose_name = _("Tätigkeit")
        verbose_name_plural = _("Tätigkeiten")
        constraints = [
            models.CheckConstraint(
                condition=Q(signatures_required__in=[1, 2]),
                name="role_asks_for_one_or_two_signatures",
                violation_error_message=_("Eine Tätigkeit verlangt eine oder zwei Freigaben."),
            ),
        ]
        triggers = [
            # The role it points to keeps still meanwhile.
            Guard(
                "role_is_shown_as_one_that_shows_itself",
                gettext_noop("Wählen Sie eine Tätigkeit, die unter ihrem eigenen Namen gezeigt wird."),
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=sql("NEW.shown_publicly_as_id IS NOT NULL"),
                func="""
                    PERFORM FROM catalogue_role WHERE id = NEW.shown_publicly_as_id FOR SHARE;
                    IF NEW.shown_publicly_as_id = NEW.id
                        OR EXISTS (SELECT FROM catalogue_role WHERE shown_publicly_as_id = NEW.id)
                        OR EXISTS (
                            SELECT FROM catalogue_role
                            WHERE id = NEW.shown_publicly_as_id AND shown_publicly_as_id IS NOT NULL
                        )
                    THEN
                        REFUSE;
                    END IF;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LandRuleQuerySet(models.QuerySet["LandRule"]):
    """The Land's rules as sentences."""

    def in_force(self, land: str, on: date) -> LandRuleQuerySet:
        """The Land's rule that holds on that day (at most one)."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=on), land=land, valid_from__lte=on)


class LandRule(LoadedFromDefaults):
    """What a Land demands of neighbours under the Entlastungsbetrag (§ 45a (3) SGB XI), with sources."""

    land = models.CharField(_("Land"), max_length=2)
    valid_from = models.DateField(_("gilt ab"))
    valid_until = models.DateField(_("gilt bis einschließlich"), null=True, blank=True)
    individuals_allowed = models.BooleanField(_("Einzelpersonen erlaubt"), default=True)
    # None: the Land names no limit, or none was found.
    max_people = models.PositiveSmallIntegerField(
        _("höchstens Personen je Helferin oder Helfer"), null=True, blank=True
    )
    min_age = models.PositiveSmallIntegerField(_("Mindestalter"), default=18)
    # Any one of these, or what includes it, is enough; none named: no qualification demanded.
    qualifications = models.ManyToManyField(
        Training, verbose_name=_("eine dieser Qualifikationen"), blank=True, related_name="+"
    )
    max_hours_month = models.PositiveSmallIntegerField(_("höchstens Stunden im Monat"), null=True, blank=True)
    hour_cap_eur = models.DecimalField(
        _("höchstens je Stunde (Euro)"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    source_urls = ArrayField(
        models.URLField(max_length=500), verbose_name=_("Quellen"), default=list, blank=True
    )
    checked_on = models.DateField(_("geprüft am"))
    note = models.TextField(_("Hinweis"), blank=True)

    objects = LandRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("Landesregel")
        verbose_name_plural = _("Landesregeln")
        constraints = [
            models.UniqueConstraint(
                fields=["land", "valid_from"],
                name="land_rule_begins_once_a_day",
                violation_error_message=_("Ab diesem Tag ist für dieses Land schon eine Regel eingetragen."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="land_rule_ends_after_it_begins",
                violation_error_message=_("Das Ende liegt vor dem Anfang."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.land} ab {self.valid_from}"

"""What the search reads: one row per helper and role offered, kept by the database beside its sources."""

from __future__ import annotations

from typing import Any

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex
from django.utils.translation import gettext_lazy as _

from helfer.catalogue.models import Role
from helfer.helpers.models import HelperProfile
from helfer.matching.guards import offer_sources
from helfer.matching.models.unchecked import UNCHECKED
from helfer.people.models import HelpSeeker, Office, Person, User
from helfer.places.models import District


class DateMultirangeField(models.Field):  # type: ignore[type-arg]
    """Any number of periods of days; PostgreSQL's ``datemultirange``, psycopg's ``Multirange``."""

    def db_type(self, connection: Any) -> str:
        """The column's type."""
        return "datemultirange"


class OfferQuerySet(models.QuerySet["Offer"]):
    """Offers as sentences."""

    def visible_to(self, viewer: User) -> OfferQuerySet:
        """The offers of the helpers whom the viewer may see."""
        return self.filter(helper__in=HelperProfile.objects.visible_to(viewer))


class Offer(models.Model):
    """A role that an active helper offers, with all that the search asks of it; nobody writes it by hand.

    The view ``matching_offer_truth`` says what a row holds, ``helfer_refresh_offers`` writes it, triggers on
    every source call that (``guards/offer_sources.py``), and ``check_offers`` compares the two.
    """

    # Without foreign-key constraints: their triggers would cost more than the row.
    helper = models.ForeignKey(HelperProfile, verbose_name=_("Helferprofil"), db_index=False, **UNCHECKED)
    role = models.ForeignKey(Role, verbose_name=_("Tätigkeit"), db_index=False, **UNCHECKED)
    person = models.ForeignKey(Person, verbose_name=_("Person"), db_index=False, **UNCHECKED)
    office = models.ForeignKey(Office, verbose_name=_("Seniorenbüro"), null=True, db_index=False, **UNCHECKED)
    only_for = models.ForeignKey(
        HelpSeeker, verbose_name=_("nur für diese Person"), null=True, db_index=False, **UNCHECKED
    )
    home = models.PointField(_("Wohnort"), geography=True, srid=4326, null=True, spatial_index=False)
    # A box in degrees that surely contains every point within the radius of the home.
    reach = models.PolygonField(_("Einzugsgebiet"), srid=4326, null=True, spatial_index=False)
    radius_m = models.IntegerField(_("Umkreis (Meter)"))
    gender = models.CharField(_("Geschlecht"), max_length=1, blank=True)
    languages = ArrayField(models.TextField(), verbose_name=_("Sprachen"))
    # Bit i stands for helfer.core.slots.SLOTS[i].
    times = models.IntegerField(_("Zeiten"))
    no_pets = models.BooleanField(_("keine Haustiere"))
    no_smokers = models.BooleanField(_("keine Raucher"))
    max_people = models.SmallIntegerField(_("höchstens Personen"))
    # Distinct help seekers in running matches; the same, paid under § 45b.
    serves = models.IntegerField(_("hilft"))
    relief_serves = models.IntegerField(_("hilft über den Entlastungsbetrag"))
    # The Berlin day of the helper's latest proposal, whatever became of it.
    last_proposed_on = models.DateField(_("zuletzt vorgeschlagen am"), null=True)
    # The days of the helper's pauses; the days on which every training that the role requires counts.
    away = DateMultirangeField(_("abwesend"))
    qualified = DateMultirangeField(_("geeignet"))
    # What a list of candidates shows of them: it would take longer to look up than to search.
    number = models.CharField(_("Nummer"), max_length=20, blank=True)
    given_name = models.CharField(_("Vorname"), max_length=120, blank=True)
    family_name = models.CharField(_("Nachname"), max_length=120)
    district = models.ForeignKey(
        District, verbose_name=_("Stadtbezirk"), null=True, db_index=False, **UNCHECKED
    )
    home_is_exact = models.BooleanField(_("Wohnort ist genau bekannt"))
    # The financial models that the helper accepts, by their ids. The last field: it hides the module's name.
    models = ArrayField(models.BigIntegerField(), verbose_name=_("finanzielle Modelle"))

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("Angebot")
        verbose_name_plural = _("Angebote")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["helper", "role"],
                name="offer_of_a_role_is_kept_once",
                violation_error_message=_("Dieses Angebot ist schon verzeichnet."),
            ),
        ]
        indexes = [
            # Whose circle reaches this place; who of this role is the nearest.
            GistIndex(fields=["role", "reach"], name="offer_role_reach"),
            GistIndex(fields=["role", "home"], name="offer_role_home"),
        ]

    def __str__(self) -> str:
        return f"{self.helper_id}: {self.role_id}"


class OfferVersion(models.Model):
    """Where two sessions meet that change what the offers of one helper, or of one person, rest on.

    Whoever keeps the offers writes here first, and reads the sources in the next statement: then it sees what
    the other session has committed, or fails under REPEATABLE READ and may try again.
    """

    class About(models.IntegerChoices):
        """Whose version it is."""

        HELPER = 1, _("Helferprofil")
        PERSON = 2, _("Person")

    pk = models.CompositePrimaryKey("about", "ref")
    about = models.SmallIntegerField(choices=About)
    ref = models.BigIntegerField()
    version = models.BigIntegerField()

    class Meta:
        verbose_name = _("Version eines Angebots")
        verbose_name_plural = _("Versionen von Angeboten")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.get_about_display()} {self.ref}: {self.version}"


class OfferKeeping(models.Model):
    """One row that everybody holds who keeps offers, and that a change of the catalogue writes.

    While it says ``is_held_back``, offers are not kept: whoever wrote that rebuilds them all before the
    transaction ends, and nobody else keeps or sees any in the meantime.
    """

    id = models.SmallIntegerField(primary_key=True)
    version = models.BigIntegerField(default=0)
    is_held_back = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("Führung der Angebote")
        verbose_name_plural = _("Führung der Angebote")
        default_permissions = ()
        triggers = offer_sources.KEEPING
        constraints = [
            models.CheckConstraint(
                condition=models.Q(id=1),
                name="offers_are_kept_in_one_place",
                violation_error_message=_("Davon gibt es nur eine Zeile."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.version)

"""Where people are: municipalities, their districts and quarters, postcodes and house addresses."""

from __future__ import annotations

from typing import Self
from uuid import uuid4

import pgtrigger
from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.gis.db.models.functions import PointOnSurface
from django.contrib.gis.geos import Point
from django.core.validators import RegexValidator
from django.db.models import F
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from helfer.places.laender import land_of_key

MUNICIPALITY_KEY = RegexValidator(
    r"^[0-9]{8}\Z", _("Ein amtlicher Gemeindeschlüssel hat genau acht Ziffern.")
)


class LocationQuality(models.TextChoices):
    """How well a place is known."""

    ADDRESS = "address", _("Hausadresse")
    STREET = "street", _("nur die Straße")
    POSTCODE = "postcode", _("nur die Postleitzahl")
    MANUAL = "manual", _("von Hand gesetzt")


def _inner_point() -> models.GeneratedField:
    """A point that surely lies inside ``area``; the database keeps it, whoever writes the polygon."""
    return models.GeneratedField(
        expression=Cast(PointOnSurface("area"), models.PointField(geography=True, srid=4326)),
        output_field=models.PointField(_("Punkt im Inneren"), geography=True, srid=4326),
        db_persist=True,
    )


class MunicipalityQuerySet(models.QuerySet["Municipality"]):
    """Municipalities as sentences."""

    def with_addresses(self) -> Self:
        """Those whose house addresses are loaded."""
        return self.filter(models.Exists(Address.objects.filter(municipality=models.OuterRef("pk"))))

    def default(self) -> Municipality:
        """The installation's own municipality, made when it is asked for first."""
        key, name = settings.HELFER_MUNICIPALITY
        return self.get_or_create(key=key, defaults={"name": name})[0]


class Municipality(models.Model):
    """A Kommune with its official key; owns districts and house addresses."""

    key = models.CharField(
        _("amtlicher Gemeindeschlüssel"), max_length=8, unique=True, validators=[MUNICIPALITY_KEY]
    )
    name = models.CharField(_("Name"), max_length=120)
    # Another one after every change of its addresses (a trigger sees to it), so that each process
    # notices that its street names in memory are old. Never repeats, not even after a rollback.
    addresses_version = models.UUIDField(default=uuid4, editable=False)

    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        verbose_name = _("Kommune")
        verbose_name_plural = _("Kommunen")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(key__regex=r"^[0-9]{8}$"),
                name="municipality_key_has_eight_digits",
                violation_error_message=_("Ein amtlicher Gemeindeschlüssel hat genau acht Ziffern."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def land(self) -> str:
        """The two-letter code of the Land, from the key's first two digits."""
        return land_of_key(self.key)


class DistrictQuerySet(models.QuerySet["District"]):
    """Districts as sentences."""

    def covering(self, point: Point) -> Self:
        """Every district that has ``point`` inside or on its border."""
        return self.filter(area__covers=point)

    def containing(self, point: Point) -> District | None:
        """The district of ``point``; a point on a border belongs to the lower id."""
        return self.covering(point).order_by("pk").first()


class District(models.Model):
    """A Stadtbezirk: one of the polygons that a municipality is divided into."""

    municipality = models.ForeignKey(
        Municipality, verbose_name=_("Kommune"), on_delete=models.PROTECT, related_name="districts"
    )
    name = models.CharField(_("Name"), max_length=120)
    slug = models.SlugField(_("Kurzname"), max_length=140)
    area = models.MultiPolygonField(_("Fläche"), srid=4326)
    inner_point = _inner_point()

    objects = DistrictQuerySet.as_manager()

    class Meta:
        verbose_name = _("Stadtbezirk")
        verbose_name_plural = _("Stadtbezirke")
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "name"],
                name="district_name_is_unique_in_its_municipality",
                violation_error_message=_(
                    "Einen Stadtbezirk mit diesem Namen gibt es in dieser Kommune schon."
                ),
            ),
            models.UniqueConstraint(
                fields=["municipality", "slug"],
                name="district_slug_is_unique_in_its_municipality",
                violation_error_message=_(
                    "Einen Stadtbezirk mit diesem Kurznamen gibt es in dieser Kommune schon."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class QuarterQuerySet(models.QuerySet["Quarter"]):
    """Quarters as sentences."""

    def covering(self, point: Point) -> Self:
        """Every quarter that has ``point`` inside or on its border."""
        return self.filter(area__covers=point)

    def containing(self, point: Point) -> Quarter | None:
        """The quarter of ``point``; a point on a border belongs to the lower id."""
        return self.covering(point).order_by("pk").first()


class Quarter(models.Model):
    """A Quartier: a part of a district, and the finest place that the public may see."""

    district = models.ForeignKey(
        District, verbose_name=_("Stadtbezirk"), on_delete=models.CASCADE, related_name="quarters"
    )
    name = models.CharField(_("Name"), max_length=120)
    area = models.MultiPolygonField(_("Fläche"), srid=4326)
    inner_point = _inner_point()

    objects = QuarterQuerySet.as_manager()

    class Meta:
        verbose_name = _("Quartier")
        verbose_name_plural = _("Quartiere")
        constraints = [
            models.UniqueConstraint(
                fields=["district", "name"],
                name="quarter_name_is_unique_in_its_district",
                violation_error_message=_(
                    "Ein Quartier mit diesem Namen gibt es in diesem Stadtbezirk schon."
                ),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Postcode(models.Model):
    """A Postleitzahl with a point inside it, and its polygon where that is loaded."""

    plz = models.CharField(_("Postleitzahl"), max_length=5, unique=True)
    town = models.CharField(_("Ort"), max_length=200, blank=True)
    land = models.CharField(_("Land"), max_length=2, blank=True)
    point = models.PointField(_("Punkt im Inneren"), geography=True, srid=4326)
    area = models.MultiPolygonField(_("Fläche"), srid=4326, null=True, blank=True)
    area_km2 = models.FloatField(_("Fläche in km²"), null=True, blank=True)
    population = models.PositiveIntegerField(_("Menschen"), null=True, blank=True)

    class Meta:
        verbose_name = _("Postleitzahl")
        verbose_name_plural = _("Postleitzahlen")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(plz__regex=r"^[0-9]{5}$"),
                name="postcode_has_five_digits",
                violation_error_message=_("Eine Postleitzahl hat genau fünf Ziffern."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.plz} {self.town}".strip()


_RENEW_ADDRESSES_VERSION = """
    UPDATE places_municipality SET addresses_version = gen_random_uuid()
    WHERE id IN (SELECT DISTINCT municipality_id FROM changed_addresses);
    RETURN NULL;
"""


def _renew_addresses_version(operation: pgtrigger.Operation, which: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=f"addresses_version_is_renewed_on_{operation}".lower(),
        when=pgtrigger.After,
        operation=operation,
        level=pgtrigger.Statement,
        referencing=pgtrigger.Referencing(**{which: "changed_addresses"}),  # type: ignore[no-untyped-call]
        func=_RENEW_ADDRESSES_VERSION,
    )


class AddressQuerySet(models.QuerySet["Address"]):
    """House addresses as sentences."""

    def in_street(self, municipality: Municipality, street_norm: str) -> Self:
        """The houses of one street, by its normalised name."""
        return self.filter(municipality=municipality, street_norm=street_norm)


class Address(models.Model):
    """One house: street, number with suffix, and its point."""

    municipality = models.ForeignKey(
        Municipality,
        verbose_name=_("Kommune"),
        on_delete=models.CASCADE,
        related_name="addresses",
        db_index=False,
    )
    street = models.CharField(_("Straße"), max_length=120)
    # As `normalise.street_key` writes it.
    street_norm = models.CharField(max_length=120)
    house_number = models.CharField(_("Hausnummer"), max_length=10)
    # As `normalise.house_number` writes it: "a", or "-14" for 12-14.
    suffix = models.CharField(_("Zusatz"), max_length=20, blank=True)
    postcode = models.CharField(_("Postleitzahl"), max_length=5, blank=True)
    town = models.CharField(_("Ort"), max_length=120, blank=True)
    point = models.PointField(_("Punkt"), geography=True, srid=4326)

    objects = AddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("Adresse")
        verbose_name_plural = _("Adressen")
        indexes = [
            models.Index(
                F("municipality"),
                F("street_norm"),
                F("house_number"),
                F("suffix"),
                name="address_by_street_and_number",
            )
        ]
        triggers = [
            _renew_addresses_version(pgtrigger.Insert, "new"),
            _renew_addresses_version(pgtrigger.Update, "new"),
            _renew_addresses_version(pgtrigger.Delete, "old"),
        ]

    def __str__(self) -> str:
        return f"{self.street} {self.house_number}{' ' if self.suffix.isalpha() else ''}{self.suffix}"


class BarrierKind(models.TextChoices):
    """What lies between two homes and cannot be crossed everywhere."""

    RAIL = "rail", _("Bahnlinie")
    RIVER = "river", _("Fluss")
    CANAL = "canal", _("Kanal")
    MOTORWAY = "motorway", _("Autobahn")
    OTHER = "other", _("Hindernis")


class Barrier(models.Model):
    """A Hindernis: a stretch of railway, river, canal or motorway; one name and kind, one barrier."""

    kind = models.CharField(_("Art"), max_length=10, choices=BarrierKind.choices)
    name = models.CharField(_("Name"), max_length=120, blank=True)
    # Short stretches: the index then finds few of them beside a way through the city.
    line = models.LineStringField(_("Verlauf"), srid=4326)

    class Meta:
        verbose_name = _("Hindernis")
        verbose_name_plural = _("Hindernisse")
        indexes = [models.Index(fields=["kind", "name"], name="barrier_by_kind_and_name")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=BarrierKind.values),
                name="barrier_has_a_known_kind",
                violation_error_message=_("Diese Art von Hindernis gibt es nicht."),
            )
        ]

    def __str__(self) -> str:
        return self.name or self.get_kind_display()


class BarrierOpening(models.Model):
    """A Durchlass: a gap in a barrier, drawn so because one can pass there."""

    kind = models.CharField(_("Art"), max_length=10, choices=BarrierKind.choices)
    name = models.CharField(_("Name"), max_length=120, blank=True)
    point = models.PointField(_("Punkt"), geography=True, srid=4326)

    class Meta:
        verbose_name = _("Durchlass")
        verbose_name_plural = _("Durchlässe")
        indexes = [models.Index(fields=["kind", "name"], name="opening_by_kind_and_name")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=BarrierKind.values),
                name="opening_has_a_known_kind",
                violation_error_message=_("Diese Art von Hindernis gibt es nicht."),
            )
        ]

    def __str__(self) -> str:
        return self.name or self.get_kind_display()

"""The senior offices and the two equal sides of their tandems."""

from __future__ import annotations

from datetime import date

from django.contrib.gis.db import models
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from helfer.core.days import berlin_day
from helfer.core.history import kept_in_history
from helfer.places.models import District, Municipality

from .accounts import Kind, User


class OfficeQuerySet(models.QuerySet["Office"]):
    """Offices as sentences."""

    def of_tandem(self, viewer: User) -> OfficeQuerySet:
        """The offices in whose tandem the viewer holds a seat today: access is about this very moment."""
        if not viewer.has_kind(Kind.TANDEM):
            return self.none()
        today = berlin_day(timezone.now())  # noqa: TID251
        return self.filter(pk__in=viewer.seats_on(today).values("office"))

    def visible_to(self, viewer: User) -> OfficeQuerySet:
        """The offices whose inner matters the viewer may see: the own ones; all of them for coordinators."""
        if viewer.has_kind(Kind.COORDINATOR):
            return self.all()
        return self.of_tandem(viewer)


class Office(models.Model):
    """A Seniorenbüro: it serves districts of one municipality; every helper and request belongs to one."""

    municipality = models.ForeignKey(Municipality, verbose_name=_("Kommune"), on_delete=models.PROTECT)
    name = models.CharField(_("Name"), max_length=120)
    slug = models.SlugField(_("Kurzname"), unique=True)
    districts = models.ManyToManyField(
        District, verbose_name=_("Stadtbezirke"), through="people.OfficeDistrict", related_name="offices"
    )
    street = models.CharField(_("Straße und Hausnummer"), max_length=160, blank=True)
    postcode = models.CharField(_("Postleitzahl"), max_length=5, blank=True)
    town = models.CharField(_("Ort"), max_length=80, blank=True)
    location = models.PointField(_("Ort auf der Karte"), geography=True, srid=4326, null=True, blank=True)
    phone = PhoneNumberField(_("Telefon"), blank=True)
    email = models.EmailField(_("E-Mail"), blank=True)
    opening_hours = models.TextField(_("Öffnungszeiten"), blank=True)
    is_active = models.BooleanField(_("geöffnet"), default=True)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("Seniorenbüro")
        verbose_name_plural = _("Seniorenbüros")

    def __str__(self) -> str:
        return self.name


class OfficeDistrict(models.Model):
    """Which district an office serves; each district has one office."""

    office = models.ForeignKey(Office, on_delete=models.CASCADE)
    district = models.OneToOneField(
        District,
        on_delete=models.CASCADE,
        related_name="served_by",
        error_messages={"unique": _("Dieser Stadtbezirk hat schon ein Seniorenbüro.")},
    )

    class Meta:
        verbose_name = _("Zuständigkeit")
        verbose_name_plural = _("Zuständigkeiten")

    def __str__(self) -> str:
        return f"{self.office} – {self.district}"


class OfficeHoliday(models.Model):
    """Days on which an office is closed; both days included."""

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="holidays")
    from_day = models.DateField(_("von"))
    until_day = models.DateField(_("bis einschließlich"))
    reason = models.CharField(_("Anlass"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("Schließtag")
        verbose_name_plural = _("Schließtage")
        constraints = [
            models.CheckConstraint(
                condition=Q(until_day__gte=F("from_day")),
                name="office_holiday_ends_after_it_begins",
                violation_error_message=_("Das Ende liegt vor dem Anfang."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_day} – {self.until_day}"


class Side(models.TextChoices):
    """The two equal sides of a tandem."""

    MUNICIPAL = "municipal", _("Stadt")
    ASSOCIATION = "association", _("Verband")

    @property
    def other(self) -> Side:
        """The side across the desk."""
        return Side.ASSOCIATION if self is Side.MUNICIPAL else Side.MUNICIPAL


class SeatQuerySet(models.QuerySet["Seat"]):
    """Seats as sentences."""

    def held_by(self, user: User) -> SeatQuerySet:
        """The seats of this account, past and future ones too."""
        return self.filter(user=user)

    def valid_on(self, day: date) -> SeatQuerySet:
        """The seats that are held on that day."""
        return self.filter(Q(until_day=None) | Q(until_day__gte=day), from_day__lte=day)

    def of_office(self, office: Office) -> SeatQuerySet:
        """The seats of this office's tandem."""
        return self.filter(office=office)


@kept_in_history("office", "side", "user", "is_deputy", "from_day", "until_day")
class Seat(models.Model):
    """One of the two equal sides of an office's tandem, held from a day to a day (both included)."""

    office = models.ForeignKey(
        Office, verbose_name=_("Seniorenbüro"), on_delete=models.PROTECT, related_name="seats"
    )
    side = models.CharField(_("Seite"), max_length=12, choices=Side)
    user = models.ForeignKey(User, verbose_name=_("Zugang"), on_delete=models.PROTECT, related_name="seats")
    carrier = models.CharField(_("Träger"), max_length=120, blank=True)
    is_deputy = models.BooleanField(_("Vertretung"), default=False)
    from_day = models.DateField(_("von"))
    until_day = models.DateField(_("bis einschließlich"), null=True, blank=True)
    # An approval writes here first, so that it and a change of the seat's period meet (domain.md, section 3).
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("Tandemstelle")
        verbose_name_plural = _("Tandemstellen")
        constraints = [
            models.CheckConstraint(
                condition=Q(until_day=None) | Q(until_day__gte=F("from_day")),
                name="seat_ends_after_it_begins",
                violation_error_message=_("Das Ende liegt vor dem Anfang."),
            ),
            models.CheckConstraint(
                condition=Q(side__in=Side.values),
                name="seat_is_on_a_known_side",
                violation_error_message=_("Eine Tandemstelle gehört zur Stadt oder zum Verband."),
            ),
            ExclusionConstraint(
                name="nobody_holds_two_seats_of_one_office_at_a_time",
                expressions=[
                    ("office", RangeOperators.EQUAL),
                    ("user", RangeOperators.EQUAL),
                    (
                        Func(F("from_day"), F("until_day"), models.Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_(
                    "Diese Person hat in diesem Zeitraum schon eine Stelle in diesem Tandem. "
                    "Niemand darf beide Seiten zugleich vertreten."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office} – {self.get_side_display()}: {self.user}"

    def is_valid_on(self, day: date) -> bool:
        """Whether the seat is held on that day."""
        return self.from_day <= day and (self.until_day is None or day <= self.until_day)

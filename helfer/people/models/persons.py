"""The human being, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from helfer.core.any_of import any_of
from helfer.places.models import District, LocationQuality, Quarter

if TYPE_CHECKING:
    from .accounts import User


class Gender(models.TextChoices):
    """As the office's lists write it; empty means: not known."""

    WOMAN = "w", _("weiblich")
    MAN = "m", _("männlich")
    DIVERSE = "d", _("divers")


def _of_own_offices(viewer: User) -> list[PersonQuerySet]:
    from .accounts import Kind
    from .offices import Office

    people = []
    if viewer.has_kind(Kind.TANDEM):
        own = Office.objects.of_tandem(viewer)
        people += [
            Person.objects.filter(help_seeker__office__in=own),
            Person.objects.filter(helper_profile__office__in=own),
            Person.objects.filter(representations__help_seeker__office__in=own),
        ]
    if viewer.has_kind(Kind.COORDINATOR):
        # Rows of an import whose district has no office yet would otherwise be nobody's.
        people += [
            Person.objects.filter(help_seeker__isnull=False, help_seeker__office=None),
            Person.objects.filter(helper_profile__isnull=False, helper_profile__office=None),
        ]
    return people


class PersonQuerySet(models.QuerySet["Person"]):
    """Persons as sentences."""

    def visible_to(self, viewer: User) -> PersonQuerySet:
        """Oneself; the own offices' people; the persons of accounts for those who keep accounts."""
        from .accounts import Kind

        seen = _of_own_offices(viewer)
        if viewer.has_kind(Kind.TRAINING):
            seen.append(Person.objects.filter(helper_profile__isnull=False))
        if viewer.has_kind(Kind.COORDINATOR) or viewer.has_kind(Kind.ADMINISTRATOR):
            seen.append(Person.objects.filter(user__isnull=False))
        return self.filter(any_of(Person.objects.filter(user=viewer), *seen))

    def of_own_offices(self, viewer: User) -> PersonQuerySet:
        """The people of the offices in whose tandem the viewer holds a seat."""
        return self.filter(any_of(Person.objects.none(), *_of_own_offices(viewer)))

    def kept_by(self, keeper: User) -> PersonQuerySet:
        """Whose details this account may change: oneself; the own offices' people; mere accounts."""
        from .accounts import Kind

        kept = _of_own_offices(keeper)
        if keeper.has_kind(Kind.COORDINATOR) or keeper.has_kind(Kind.ADMINISTRATOR):
            kept.append(
                Person.objects.filter(
                    user__isnull=False,
                    help_seeker__isnull=True,
                    helper_profile__isnull=True,
                    representations__isnull=True,
                )
            )
        return self.filter(any_of(Person.objects.filter(user=keeper), *kept))

    def alike(self, *, family_name: str, birth_year: int | None, phone: str = "") -> PersonQuerySet:
        """Records that may be the same human being: look here before somebody is entered again."""
        same = Q(family_name__iexact=family_name.strip())
        if birth_year is not None:
            same &= Q(birth_year=birth_year) | Q(birth_year=None)
        if phone:
            same |= Q(phone=phone) | Q(mobile=phone)
        return self.alive().filter(same)

    def alive(self) -> PersonQuerySet:
        """Nobody who died, and nobody whose record was merged into another."""
        return self.filter(died_on=None, merged_into=None)


class Person(models.Model):
    """A human being, once; profile, help seeker, representative and account each point here."""

    family_name = models.CharField(_("Nachname"), max_length=120)
    given_name = models.CharField(_("Vorname"), max_length=120, blank=True)
    birth_year = models.PositiveSmallIntegerField(_("Geburtsjahr"), null=True, blank=True)
    gender = models.CharField(_("Geschlecht"), max_length=1, choices=Gender, blank=True)
    phone = PhoneNumberField(_("Telefon"), blank=True)
    mobile = PhoneNumberField(_("Mobiltelefon"), blank=True)
    email = models.EmailField(_("E-Mail"), blank=True)
    language = models.CharField(_("Sprache"), max_length=8, default="de")

    street = models.CharField(_("Straße"), max_length=120, blank=True)
    house_number = models.CharField(_("Hausnummer"), max_length=20, blank=True)
    postcode = models.CharField(_("Postleitzahl"), max_length=5, blank=True)
    town = models.CharField(_("Ort"), max_length=80, blank=True)
    home = models.PointField(_("Wohnort"), geography=True, srid=4326, null=True, blank=True)
    location_quality = models.CharField(_("Genauigkeit"), max_length=10, choices=LocationQuality, blank=True)
    # An address found only by likeness waits for a person to confirm it.
    location_to_confirm = models.BooleanField(_("Adresse zu bestätigen"), default=False)
    # Kept by the database from `home` and the polygons (see this app's triggers).
    district = models.ForeignKey(
        District,
        verbose_name=_("Stadtbezirk"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
    )
    quarter = models.ForeignKey(
        Quarter, verbose_name=_("Quartier"), null=True, blank=True, editable=False, on_delete=models.SET_NULL
    )

    died_on = models.DateField(_("verstorben am"), null=True, blank=True)
    # "Died" stops mail at once; a second person confirms the ending of everything else.
    death_reported_by = models.ForeignKey(
        "people.User",
        verbose_name=_("gemeldet von"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    death_confirmed_by = models.ForeignKey(
        "people.User",
        verbose_name=_("bestätigt von"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    moved_on = models.DateField(_("verzogen am"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("zusammengeführt mit"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merged",
    )
    created_at = models.DateTimeField(_("angelegt am"), auto_now_add=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("Person")
        verbose_name_plural = _("Personen")
        constraints = [
            models.CheckConstraint(
                condition=Q(birth_year=None) | Q(birth_year__gte=1880, birth_year__lte=2100),
                name="person_birth_year_is_plausible",
                violation_error_message=_("Dieses Geburtsjahr kann nicht stimmen."),
            ),
            models.CheckConstraint(
                condition=Q(home=None, location_quality="")
                | (Q(home__isnull=False) & ~Q(location_quality="")),
                name="person_home_says_how_exact_it_is",
                violation_error_message=_("Zu einem Punkt auf der Karte gehört, wie genau er ist."),
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=models.F("id")),
                name="person_is_not_merged_into_itself",
                violation_error_message=_("Eine Person kann nicht mit sich selbst zusammengeführt werden."),
            ),
            models.CheckConstraint(
                condition=Q(death_confirmed_by=None)
                | (Q(died_on__isnull=False) & ~Q(death_confirmed_by=models.F("death_reported_by"))),
                name="person_death_is_confirmed_by_a_second_person",
                violation_error_message=_("Einen Todesfall bestätigt eine zweite Person."),
            ),
        ]
        indexes = [
            models.Index(fields=["family_name", "given_name", "birth_year"], name="person_name_year"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """Given name and family name."""
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def can_get_mail(self) -> bool:
        """Whether words may be sent at all: nobody writes to the dead."""
        return self.died_on is None and self.merged_into_id is None

    @property
    def address_line(self) -> str:
        """Street and house number, postcode and town, as far as known."""
        first = f"{self.street} {self.house_number}".strip()
        second = f"{self.postcode} {self.town}".strip()
        return ", ".join(part for part in (first, second) if part)

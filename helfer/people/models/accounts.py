"""The account a person signs in with."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helfer.core.history import kept_in_history

from .persons import Person

if TYPE_CHECKING:
    from .offices import SeatQuerySet


class Kind(models.TextChoices):
    """What an account may be; kinds add up."""

    HELPER = "helper", _("Helferin oder Helfer")
    SEEKER = "seeker", _("hilfesuchende oder vertretende Person")
    TANDEM = "tandem", _("Tandem")
    TRAINING = "training", _("Schulungsteam")
    COORDINATOR = "coordinator", _("Geschäftsstelle")
    EDITOR = "editor", _("Redaktion")
    DPO = "dpo", _("Datenschutz")
    ADMINISTRATOR = "administrator", _("Verwaltung der Zugänge")


# Who must prove a second factor in every session.
STAFF_KINDS = frozenset(
    {Kind.TANDEM, Kind.TRAINING, Kind.COORDINATOR, Kind.EDITOR, Kind.DPO, Kind.ADMINISTRATOR}
)


class UserQuerySet(models.QuerySet["User"]):
    """Accounts as sentences."""

    def of_kind(self, kind: Kind) -> UserQuerySet:
        """Accounts that are (also) of this kind."""
        return self.filter(kinds__contains=[kind])


class UserManager(BaseUserManager["User"]):
    """Makes accounts; e-mail is the name one signs in with."""

    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def of_kind(self, kind: Kind) -> UserQuerySet:
        return self.get_queryset().of_kind(kind)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """An account; without a password it can only sign in by mailed code."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


@kept_in_history("person", "kinds", "is_active")
class User(AbstractBaseUser, PermissionsMixin):
    """An account of one person, with additive kinds; the system accounts have no person."""

    email = models.EmailField(_("E-Mail"), unique=True)
    person = models.OneToOneField(
        Person, verbose_name=_("Person"), null=True, blank=True, on_delete=models.PROTECT, related_name="user"
    )
    name = models.CharField(_("Anzeigename"), max_length=120, blank=True)
    kinds = ArrayField(models.CharField(max_length=16), verbose_name=_("Arten"), default=list, blank=True)
    is_active = models.BooleanField(_("aktiv"), default=True)
    date_joined = models.DateTimeField(_("angelegt am"), auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("Zugang")
        verbose_name_plural = _("Zugänge")
        constraints = [
            models.CheckConstraint(
                condition=Q(kinds__contained_by=[str(kind) for kind in Kind.values]),
                name="user_has_only_known_kinds",
                violation_error_message=_("Diese Art von Zugang gibt es nicht."),
            ),
            models.CheckConstraint(
                condition=Q(email=models.functions.Lower("email")),
                name="user_email_is_lower_case",
                violation_error_message=_("Die E-Mail-Adresse eines Zugangs wird klein geschrieben."),
            ),
            # Nothing here asks for one, and Wagtail would open every door to them.
            models.CheckConstraint(
                condition=Q(is_superuser=False),
                name="user_is_never_a_superuser",
                violation_error_message=_("Zugänge, die alles dürfen, gibt es nicht."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        """The person's name, or the account's own display name."""
        if self.person_id and self.person:
            return self.person.full_name
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.person.given_name if self.person_id and self.person else self.get_full_name()

    def has_kind(self, kind: str) -> bool:
        """Whether this account is (also) of this kind and may be used."""
        return self.is_active and kind in self.kinds

    @property
    def is_office_staff(self) -> bool:
        """Whether a second factor is demanded of this account."""
        return bool(STAFF_KINDS.intersection(self.kinds))

    # Wagtail and allauth ask for it; there is no Django admin.
    @property
    def is_staff(self) -> bool:
        return False

    def seats_on(self, day: date) -> SeatQuerySet:
        """The tandem seats this account holds on that day."""
        from .offices import Seat

        if not self.is_active:
            return Seat.objects.none()
        return Seat.objects.held_by(self).valid_on(day)

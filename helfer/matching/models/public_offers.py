"""What the public can ask for: three cards at a time that say the same, and nothing else about anybody."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helfer.catalogue.models import Role
from helfer.help_requests.models import HelpRequest
from helfer.helpers.models import HelperProfile
from helfer.matching.guards import public_tallies
from helfer.matching.models.unchecked import UNCHECKED
from helfer.matching.trios import TOGETHER
from helfer.people.models import Office, User
from helfer.places.models import District, Quarter


class PublicOfferQuerySet(models.QuerySet["PublicOffer"]):
    """Public offers as sentences."""

    def numbered(self, said: str) -> PublicOfferQuerySet:
        """Those of this short number; none where it cannot be one."""
        digits = said.strip().lower()
        if not re.fullmatch(r"[0-9a-f]{6}", digits):
            return self.none()
        return self.filter(public_id__range=(UUID(f"{digits:0<32}"), UUID(f"{digits:f<32}")))

    def in_use(self) -> PublicOfferQuerySet:
        """Offers of roles that the catalogue still has in use."""
        return self.filter(role__is_active=True)

    def of_role(self, slug: str) -> PublicOfferQuerySet:
        """Offers of this role."""
        return self.filter(role__slug=slug)

    def speaking(self, language: str) -> PublicOfferQuerySet:
        """Offers of which all three say that they speak the language."""
        return self.filter(languages__contains=[language])

    def at(self, half_day: str) -> PublicOfferQuerySet:
        """Offers of which all three have time then."""
        return self.filter(half_days__contains=[half_day])

    def accepting(self, model_id: int) -> PublicOfferQuerySet:
        """Offers of which all three accept the financial model."""
        return self.filter(model_ids__contains=[model_id])


class PublicOffer(models.Model):
    """Three listed helpers who offer the same role, with what all three show; nothing tells them apart.

    Always exactly three, so that any count, and any difference between two counts or two days, is a
    multiple of three (ADR 13). No home, radius, full name, exact times, and no way back to a helper.
    """

    public_id = models.UUIDField(_("öffentliche Nummer"), default=uuid4, unique=True, editable=False)
    # Without foreign-key constraints, as offers are: whoever drops an area or a role recalls the cards.
    role = models.ForeignKey(Role, verbose_name=_("Tätigkeit"), **UNCHECKED)
    # None: anywhere in the city.
    district = models.ForeignKey(
        District, verbose_name=_("Stadtbezirk"), null=True, db_index=False, **UNCHECKED
    )
    # None: anywhere in the district.
    quarter = models.ForeignKey(Quarter, verbose_name=_("Quartier"), null=True, db_index=False, **UNCHECKED)
    half_days = ArrayField(models.TextField(), verbose_name=_("Tageszeiten"))
    languages = ArrayField(models.TextField(), verbose_name=_("Sprachen"))
    model_ids = ArrayField(models.BigIntegerField(), verbose_name=_("finanzielle Modelle"))
    training_ids = ArrayField(models.BigIntegerField(), verbose_name=_("Schulungen"))
    # What the three want to be called, sorted; "" for who shows no name.
    names = ArrayField(models.TextField(), verbose_name=_("gezeigte Namen"))
    published_on = models.DateField(_("veröffentlicht am"))

    objects = PublicOfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("öffentliches Angebot")
        verbose_name_plural = _("öffentliche Angebote")
        default_permissions = ()
        triggers = public_tallies.OFFERS
        constraints = [
            models.CheckConstraint(
                condition=Q(names__len=TOGETHER),
                name="public_offer_stands_for_three",
                violation_error_message=_("Öffentlich stehen immer drei Angebote zusammen."),
            ),
            models.CheckConstraint(
                condition=Q(quarter=None) | Q(district__isnull=False),
                name="public_offer_in_a_quarter_names_its_district",
                violation_error_message=_("Zu einem Quartier gehört sein Stadtbezirk."),
            ),
        ]
        indexes = [
            models.Index(fields=["quarter", "district", "role"], name="public_offer_place"),
            GinIndex(fields=["languages", "half_days", "model_ids"], name="public_offer_says"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def short_number(self) -> str:
        """What one says on the telephone."""
        return str(self.public_id)[:6].upper()

    @property
    def shown_names(self) -> list[str]:
        """The names that are shown; who shows none is not among them."""
        return [name for name in self.names if name]


class PublicTally(models.Model):
    """How many public offers say a thing, by role and place; several rows of the same thing add up.

    The database adds a row with whatever statement changes the offers (``guards/public_tallies.py``). Each
    counts trios, as the offers themselves, so it tells nothing that they do not.
    """

    class About(models.IntegerChoices):
        """What is said."""

        OFFERED = 0, _("Angebot")
        LANGUAGE = 1, _("Sprache")
        HALF_DAY = 2, _("Tageszeit")
        MODEL = 3, _("finanzielles Modell")

    role = models.ForeignKey(Role, verbose_name=_("Tätigkeit"), db_index=False, **UNCHECKED)
    district = models.ForeignKey(
        District, verbose_name=_("Stadtbezirk"), null=True, db_index=False, **UNCHECKED
    )
    quarter = models.ForeignKey(Quarter, verbose_name=_("Quartier"), null=True, db_index=False, **UNCHECKED)
    about = models.SmallIntegerField(_("worüber"), choices=About)
    # A language, a half-day, a financial model's id; empty where the offer itself is meant.
    value = models.TextField(_("was"))
    number = models.IntegerField(_("wie viele"))

    class Meta:
        verbose_name = _("Zahl öffentlicher Angebote")
        verbose_name_plural = _("Zahlen öffentlicher Angebote")
        default_permissions = ()
        indexes = [
            models.Index(fields=["about", "district", "quarter"], name="public_tally_place"),
            models.Index(fields=["about", "value"], name="public_tally_says"),
        ]

    def __str__(self) -> str:
        return f"{self.get_about_display()} {self.value}: {self.number}"


class PublicOfferMember(models.Model):
    """Who stands behind a public offer; no page of the public reads this."""

    offer = models.ForeignKey(PublicOffer, verbose_name=_("öffentliches Angebot"), **UNCHECKED)
    helper = models.ForeignKey(HelperProfile, verbose_name=_("Helferprofil"), db_index=False, **UNCHECKED)
    role = models.ForeignKey(Role, verbose_name=_("Tätigkeit"), db_index=False, **UNCHECKED)

    class Meta:
        verbose_name = _("wer hinter einem öffentlichen Angebot steht")
        verbose_name_plural = _("wer hinter öffentlichen Angeboten steht")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["helper", "role"],
                name="card_of_a_role_is_published_once",
                violation_error_message=_("Diese Karte ist schon veröffentlicht."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.helper_id}: {self.role_id}"


class WishQuerySet(models.QuerySet["Wish"]):
    """Wishes as sentences."""

    def visible_to(self, viewer: User) -> WishQuerySet:
        """Those in the requests of the own offices."""
        return self.filter(request__office__in=Office.objects.of_tandem(viewer))


class Wish(models.Model):
    """Somebody asked for help because of a public offer, and this helper stands behind it.

    It opens nothing: gates, ranking and signatures are as without it. The office sees it.
    """

    request = models.ForeignKey(
        HelpRequest, verbose_name=_("Hilfeanfrage"), on_delete=models.CASCADE, related_name="wishes"
    )
    helper = models.ForeignKey(
        HelperProfile, verbose_name=_("Helferprofil"), on_delete=models.CASCADE, related_name="wishes"
    )
    # What was read and may have gone since.
    offer_number = models.CharField(_("Nummer des Angebots"), max_length=6)
    said_at = models.DateTimeField(_("gesagt am"))

    objects = WishQuerySet.as_manager()

    class Meta:
        verbose_name = _("Wunsch nach einem Angebot")
        verbose_name_plural = _("Wünsche nach Angeboten")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["request", "helper"],
                name="wish_for_a_helper_is_kept_once",
                violation_error_message=_("Dieser Wunsch ist schon notiert."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} → {self.helper_id}"

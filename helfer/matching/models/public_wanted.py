"""What the public reads of those who look for help, and who would like to help them."""

from __future__ import annotations

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helfer.catalogue.models import Role
from helfer.help_requests.models import HelpRequest
from helfer.helpers.models import HelperProfile
from helfer.matching.models.unchecked import UNCHECKED
from helfer.matching.trios import TOGETHER
from helfer.people.models import Office, User
from helfer.places.models import District


class PublicWanted(models.Model):
    """Listed requests of one role in one district: three that say the same, or up to two with no more.

    Never who, never what illness, no number below three (ADR 13). The line of up to two stays the same one
    whoever of them comes and goes.
    """

    public_id = models.UUIDField(_("öffentliche Nummer"), default=uuid4, unique=True, editable=False)
    # Without foreign-key constraints, as public offers are.
    role = models.ForeignKey(Role, verbose_name=_("Tätigkeit"), **UNCHECKED)
    district = models.ForeignKey(District, verbose_name=_("Stadtbezirk"), **UNCHECKED)
    # Three, or 0 for one or two: which, nobody is told.
    number = models.SmallIntegerField(_("wie viele"))
    half_days = ArrayField(models.TextField(), verbose_name=_("Tageszeiten"))
    languages = ArrayField(models.TextField(), verbose_name=_("Sprachen"))
    published_on = models.DateField(_("veröffentlicht am"))

    class Meta:
        verbose_name = _("öffentlich gesuchte Hilfe")
        verbose_name_plural = _("öffentlich gesuchte Hilfen")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(number=TOGETHER) | Q(number=0, half_days__len=0, languages__len=0),
                name="public_wanted_says_more_only_of_three",
                violation_error_message=_("Einzelheiten stehen öffentlich nur, wo drei dasselbe suchen."),
            ),
            models.UniqueConstraint(
                fields=["role", "district"],
                condition=Q(number=0),
                name="public_wanted_has_one_line_for_who_is_left",
                violation_error_message=_("Diese Zeile steht schon da."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class PublicWantedMember(models.Model):
    """Which requests stand behind what is read in public; no page of the public reads this."""

    wanted = models.ForeignKey(PublicWanted, verbose_name=_("öffentlich gesuchte Hilfe"), **UNCHECKED)
    request = models.OneToOneField(HelpRequest, verbose_name=_("Hilfeanfrage"), **UNCHECKED)

    class Meta:
        verbose_name = _("wer hinter einer öffentlichen Suche steht")
        verbose_name_plural = _("wer hinter öffentlichen Suchen steht")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.wanted_id}: {self.request_id}"


class PublicWantedPause(models.Model):
    """Three were taken down here: who is left of them is not shown for a while.

    Their line would be known to be two people who say what the three said.
    """

    role = models.ForeignKey(Role, verbose_name=_("Tätigkeit"), **UNCHECKED)
    district = models.ForeignKey(District, verbose_name=_("Stadtbezirk"), **UNCHECKED)
    # None until the next publication: it counts the days.
    until = models.DateField(_("bis"), null=True)

    class Meta:
        verbose_name = _("Pause einer öffentlichen Suche")
        verbose_name_plural = _("Pausen öffentlicher Suchen")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["role", "district"],
                name="public_wanted_pauses_once_at_a_time",
                violation_error_message=_("Hier wird schon pausiert."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role_id}, {self.district_id}"


class InterestQuerySet(models.QuerySet["Interest"]):
    """Interests as sentences."""

    def visible_to(self, viewer: User) -> InterestQuerySet:
        """Those in the requests of the own offices."""
        return self.filter(request__office__in=Office.objects.of_tandem(viewer))


class Interest(models.Model):
    """A helper's "Das kann ich" to what they read in public; the office decides what becomes of it."""

    helper = models.ForeignKey(
        HelperProfile, verbose_name=_("Helferprofil"), on_delete=models.CASCADE, related_name="interests"
    )
    request = models.ForeignKey(
        HelpRequest, verbose_name=_("Hilfeanfrage"), on_delete=models.CASCADE, related_name="interests"
    )
    said_at = models.DateTimeField(_("gesagt am"))
    settled_at = models.DateTimeField(_("erledigt am"), null=True, blank=True)
    settled_by = models.ForeignKey(
        User,
        verbose_name=_("erledigt von"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = InterestQuerySet.as_manager()

    class Meta:
        verbose_name = _("Interesse")
        verbose_name_plural = _("Interessen")
        constraints = [
            models.UniqueConstraint(
                fields=["helper", "request"],
                name="interest_in_a_request_is_said_once",
                violation_error_message=_("Das haben Sie dem Seniorenbüro schon gesagt."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.helper_id} → {self.request_id}"


class Volunteering(models.Model):
    """Each time that a helper said "Das kann ich", for the helper's own export.

    Interests would tell there whether two lines had the same requests behind them.
    """

    helper = models.ForeignKey(
        HelperProfile, verbose_name=_("Helferprofil"), on_delete=models.CASCADE, related_name="volunteerings"
    )
    said_at = models.DateTimeField(_("gesagt am"))

    class Meta:
        verbose_name = _("gesagtes „Das kann ich“")
        verbose_name_plural = _("gesagte „Das kann ich“")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.helper_id}, {self.said_at}"

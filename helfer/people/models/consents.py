"""Who agreed to what, to which words, in which way, and when they took it back."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from helfer.core.history import kept_in_history

from .accounts import User
from .persons import Person
from .seekers import Representative


class ConsentKind(models.TextChoices):
    """Each purpose is asked for on its own."""

    KEEP_HEALTH_DATA = "keep_health_data", _("Gesundheitsangaben aufbewahren")
    TELL_HELPER = "tell_helper", _("Angaben an die Helferin oder den Helfer weitergeben")
    MATCH = "match", _("diese Vermittlung")
    PUBLIC_LISTING = "public_listing", _("öffentlich gelistet werden")
    PUBLIC_CARD = "public_card", _("die Karte mit dem eigenen Angebot öffentlich zeigen")
    RELIEF_DATA_RECONCILIATION = "relief_data", _("Datenabgleich zwischen Pflegekassen")


class Channel(models.TextChoices):
    """How somebody said it."""

    ONLINE = "online", _("online")
    PHONE = "phone", _("am Telefon")
    PAPER = "paper", _("auf Papier")
    HOME_VISIT = "home_visit", _("beim Hausbesuch")
    OFFICE = "office", _("im Büro")


@kept_in_history(
    "person", "representative", "kind", "channel", "given_at", "recorded_by", "paper_seen_on", "withdrawn_at"
)
class Consent(models.Model):
    """A person's yes: to what text version, in which channel, when given, when withdrawn."""

    person = models.ForeignKey(
        Person, verbose_name=_("wer"), on_delete=models.PROTECT, related_name="consents"
    )
    representative = models.ForeignKey(
        Representative,
        verbose_name=_("gegeben durch"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    kind = models.CharField(_("wozu"), max_length=20, choices=ConsentKind)
    text_version = models.CharField(_("Textfassung"), max_length=20)
    channel = models.CharField(_("auf welchem Weg"), max_length=10, choices=Channel)
    given_at = models.DateTimeField(_("gegeben am"))
    recorded_by = models.ForeignKey(
        User,
        verbose_name=_("eingetragen von"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    # A spoken yes to health data is provisional, with its reason, until the paper is there (§ 67b SGB X).
    provisional_reason = models.CharField(_("vorläufig, weil"), max_length=200, blank=True)
    paper_seen_on = models.DateField(_("Papier da seit"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("widerrufen am"), null=True, blank=True)

    class Meta:
        verbose_name = _("Einwilligung")
        verbose_name_plural = _("Einwilligungen")
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("given_at")),
                name="consent_is_withdrawn_after_it_was_given",
                violation_error_message=_(
                    "Eine Einwilligung kann nicht vor ihrer Erteilung widerrufen werden."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(channel=Channel.ONLINE) | Q(provisional_reason=""),
                name="consent_given_online_is_not_provisional",
                violation_error_message=_("Nur eine gesprochene Einwilligung kann vorläufig sein."),
            ),
            models.CheckConstraint(
                condition=Q(channel=Channel.ONLINE) | Q(recorded_by__isnull=False),
                name="consent_given_to_staff_says_who_recorded_it",
                violation_error_message=_(
                    "Bei einer dem Büro gegebenen Einwilligung steht, wer sie eingetragen hat."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_kind_display()}"

    @property
    def awaits_paper(self) -> bool:
        """A provisional yes whose paper has not come."""
        return bool(self.provisional_reason) and self.paper_seen_on is None and self.withdrawn_at is None

"""The outbox: what is to be said to whom, kept in the database until it has left the house."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helfer.people.models import Office, Person


class DeliveryChannel(models.TextChoices):
    """How words leave the house."""

    EMAIL = "email", _("E-Mail")
    SMS = "sms", _("SMS")
    LETTER = "letter", _("Brief")


class MessageState(models.TextChoices):
    """Where a message stands."""

    WAITING = "waiting", _("wartet")
    SENT = "sent", _("gesendet")
    TO_PRINT = "to_print", _("zu drucken")
    PRINTED = "printed", _("gedruckt")
    CANCELLED = "cancelled", _("nicht mehr zu senden")
    FAILED = "failed", _("gescheitert")


class Message(models.Model):
    """One message per kind, subject, recipient and occasion; ids only, the words are rendered when it leaves."""

    kind = models.CharField(_("Art"), max_length=60)
    subject_id = models.BigIntegerField(_("Gegenstand"))
    recipient = models.ForeignKey(
        Person, verbose_name=_("an"), on_delete=models.PROTECT, related_name="messages"
    )
    occasion = models.CharField(_("Anlass"), max_length=80, blank=True)
    office = models.ForeignKey(
        Office,
        verbose_name=_("Seniorenbüro"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="messages",
    )
    channel = models.CharField(_("Weg"), max_length=6, choices=DeliveryChannel, blank=True)
    state = models.CharField(_("Stand"), max_length=10, choices=MessageState, default=MessageState.WAITING)
    created_at = models.DateTimeField(_("angelegt am"))
    due_at = models.DateTimeField(_("fällig am"))
    attempts = models.PositiveSmallIntegerField(_("Versuche"), default=0)
    sent_at = models.DateTimeField(_("gesendet am"), null=True, blank=True)
    # Message-ID or the gateway's reference; the same at every repetition.
    reference = models.CharField(_("Kennung"), max_length=120, blank=True)
    failure = models.CharField(_("Fehler"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("Nachricht")
        verbose_name_plural = _("Nachrichten")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_id", "recipient", "occasion"],
                name="message_is_sent_once_for_an_occasion",
                violation_error_message=_("Diese Nachricht gibt es schon."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=MessageState.values),
                name="message_is_in_a_known_state",
                violation_error_message=_("Diesen Stand gibt es nicht."),
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="message_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"

"""The outbox: what is to be said to whom, kept in the database until it has left the house."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedJSONField

from helfer.people.models import Kind, Office, Person, User


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


class PrintBatch(models.Model):
    """Letters of one office that were printed together; it can be printed again."""

    office = models.ForeignKey(
        Office,
        verbose_name=_("Seniorenbüro"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="print_batches",
    )
    printed_by = models.ForeignKey(
        User, verbose_name=_("gedruckt von"), on_delete=models.PROTECT, related_name="+"
    )
    printed_at = models.DateTimeField(_("gedruckt am"))

    class Meta:
        verbose_name = _("Druckstapel")
        verbose_name_plural = _("Druckstapel")

    def __str__(self) -> str:
        return f"{self.printed_at:%Y-%m-%d} {self.office or ''}".strip()


class MessageQuerySet(models.QuerySet["Message"]):
    """Messages as sentences."""

    def visible_to(self, viewer: User) -> MessageQuerySet:
        """What was said to oneself; the own offices' messages; nobody's messages for coordinators."""
        seen = Q(recipient__user=viewer)
        if viewer.has_kind(Kind.TANDEM):
            seen |= Q(office__in=Office.objects.of_tandem(viewer))
        if viewer.has_kind(Kind.COORDINATOR):
            seen |= Q(office=None)
        return self.filter(seen)

    def of_office(self, office: Office | None) -> MessageQuerySet:
        """The messages of this office; without one, those that belong to none."""
        return self.filter(office=office)

    def due(self, at: datetime) -> MessageQuerySet:
        """What waits and may leave now, the longest waiting first."""
        return self.filter(state=MessageState.WAITING, due_at__lte=at).order_by("due_at", "pk")

    def to_print(self) -> MessageQuerySet:
        """The letters that wait to be printed, in the order in which they came."""
        return self.filter(state=MessageState.TO_PRINT).order_by("pk")

    def failed(self) -> MessageQuerySet:
        """What could not be said in any way, so that the office has to call."""
        return self.filter(state=MessageState.FAILED).order_by("pk")


class Message(models.Model):
    """One message per kind, subject, recipient and occasion; ids only: its words are found when it leaves."""

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
    print_batch = models.ForeignKey(
        PrintBatch,
        verbose_name=_("Druckstapel"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="messages",
    )

    objects = MessageQuerySet.as_manager()

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
            models.CheckConstraint(
                condition=~Q(state="printed") | Q(print_batch__isnull=False),
                name="message_is_printed_in_a_batch",
                violation_error_message=_("Ein gedruckter Brief gehört zu einem Druckstapel."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "printed"]) | (Q(sent_at__isnull=False) & ~Q(channel="")),
                name="message_that_left_says_when_and_how",
                violation_error_message=_("Zu einer gesendeten Nachricht gehört, wann und wie."),
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="message_waiting"),
            models.Index(
                fields=["office"], condition=Q(state__in=["to_print", "failed"]), name="message_on_the_desk"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"


class SignInMailQuerySet(models.QuerySet["SignInMail"]):
    """Mails of the sign-in as sentences."""

    def due(self, at: datetime) -> SignInMailQuerySet:
        """What is still good and may leave now, the longest waiting first."""
        return self.filter(due_at__lte=at, good_until__gt=at).order_by("due_at", "pk")

    def run_out(self, at: datetime) -> SignInMailQuerySet:
        """What is good for nothing any more."""
        return self.filter(good_until__lte=at)


class SignInMail(models.Model):
    """A mail of the sign-in, laid down for every address that is typed; gone once sent or run out."""

    template = models.CharField(_("Vorlage"), max_length=80)
    # A code opens an account, and an address alone tells who tried to sign in.
    content = EncryptedJSONField(_("Inhalt"))
    created_at = models.DateTimeField(_("angelegt am"))
    due_at = models.DateTimeField(_("fällig am"))
    good_until = models.DateTimeField(_("gilt bis"))

    objects = SignInMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("E-Mail der Anmeldung")
        verbose_name_plural = _("E-Mails der Anmeldung")
        indexes = [
            models.Index(fields=["due_at"], name="sign_in_mail_due"),
            models.Index(fields=["good_until"], name="sign_in_mail_run_out"),
        ]

    def __str__(self) -> str:
        return self.template

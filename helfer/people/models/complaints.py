"""Something is wrong, says somebody; read outside the tandem it may be about."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .accounts import Kind, User


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    """Complaints as sentences."""

    def visible_to(self, viewer: User) -> ComplaintQuerySet:
        """The coordinators' alone: a complaint may be about an office's tandem."""
        return self.all() if viewer.has_kind(Kind.COORDINATOR) else self.none()

    def open(self) -> ComplaintQuerySet:
        """What nobody has seen to yet."""
        return self.filter(settled_at=None)


class Complaint(models.Model):
    """What somebody says is wrong; who they are they need not say."""

    text = models.TextField(_("Was stimmt nicht?"), max_length=4000)
    contact = models.CharField(_("Wie wir Sie erreichen"), max_length=160, blank=True)
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
    outcome = models.TextField(_("Was geschehen ist"), max_length=2000, blank=True)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = _("Beschwerde")
        verbose_name_plural = _("Beschwerden")
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None)
                | (Q(settled_at__isnull=False, settled_by__isnull=False) & ~Q(outcome="")),
                name="complaint_is_settled_by_somebody_with_an_outcome",
                violation_error_message=_("Bitte schreiben Sie, was geschehen ist."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

"""What two persons are to each other."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from helfer.core.history import kept_in_history

from .accounts import User
from .persons import Person


class TieKind(models.TextChoices):
    """Kinship (up to the second degree), household, registered Pflegeperson, or a block."""

    RELATIVE = "relative", _("verwandt bis zum zweiten Grad")
    IN_LAW = "in_law", _("verschwägert bis zum zweiten Grad")
    HOUSEHOLD = "household", _("gleicher Haushalt")
    CAREGIVER = "caregiver", _("eingetragene Pflegeperson")
    BLOCK = "block", _("Sperre")


# Under § 45b these exclude a helper (§ 11 AnFöVO NRW; the same in almost every Land).
RELIEF_EXCLUDING = frozenset({TieKind.RELATIVE, TieKind.IN_LAW, TieKind.HOUSEHOLD, TieKind.CAREGIVER})
# Nobody decides for or about these.
CONFLICTING = frozenset({TieKind.RELATIVE, TieKind.IN_LAW, TieKind.HOUSEHOLD})


@kept_in_history("person_a", "person_b", "kind", "noted_by")
class Tie(models.Model):
    """A relation between two persons, kept once with the lower id first; it holds in both directions."""

    person_a = models.ForeignKey(
        Person, verbose_name=_("Person"), on_delete=models.PROTECT, related_name="ties_as_a"
    )
    person_b = models.ForeignKey(
        Person, verbose_name=_("andere Person"), on_delete=models.PROTECT, related_name="ties_as_b"
    )
    kind = models.CharField(_("Beziehung"), max_length=10, choices=TieKind)
    noted_by = models.ForeignKey(
        User,
        verbose_name=_("eingetragen von"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    noted_at = models.DateTimeField(_("eingetragen am"), auto_now_add=True)

    class Meta:
        verbose_name = _("Beziehung")
        verbose_name_plural = _("Beziehungen")
        constraints = [
            models.CheckConstraint(
                condition=Q(person_a__lt=F("person_b")),
                name="tie_names_the_lower_person_first",
                violation_error_message=_("Eine Beziehung verbindet zwei verschiedene Personen."),
            ),
            models.UniqueConstraint(
                fields=["person_a", "person_b", "kind"],
                name="tie_of_a_kind_is_noted_once",
                violation_error_message=_("Diese Beziehung ist schon eingetragen."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=TieKind.values),
                name="tie_is_of_a_known_kind",
                violation_error_message=_("Diese Art von Beziehung gibt es nicht."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_a} – {self.person_b}: {self.get_kind_display()}"

"""Who drops out in a drill: helpers by name, and all to whom what is said about them applies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from helfer.core.errors import RuleViolation
from helfer.helpers.models import HelperProfile


@dataclass(frozen=True, slots=True)
class Outage:
    """Helpers who are gone from a day on, with everything they do.

    These by name, and beside them everybody to whom all of the rest applies: they offer the role, live in the
    district or quarter, speak the language.
    """

    on: date
    # Whose drill it is; None: the whole city's.
    office_ids: frozenset[int] | None = None
    helper_ids: frozenset[int] = frozenset()
    # What is said applies to the helpers of other offices too.
    is_everywhere: bool = False
    role_id: int | None = None
    district_id: int | None = None
    quarter_id: int | None = None
    language: str = ""

    @property
    def is_described(self) -> bool:
        """Whether anything is said about helpers, beside names."""
        return bool(self.language) or any((self.role_id, self.district_id, self.quarter_id))

    def is_of(self, office_id: int | None) -> bool:
        """Whether a request of this office is a matter of those whose drill it is."""
        return self.office_ids is None or office_id in self.office_ids

    def helpers(self) -> QuerySet[HelperProfile]:
        """The active helpers who drop out, paused or not.

        Raises ``RuleViolation`` where nobody was chosen: a drill in which all drop out says nothing.
        """
        if not self.helper_ids and not self.is_described:
            raise RuleViolation(
                _("Bitte wählen Sie, wer ausfällt: nach Wohnort, Tätigkeit, Sprache oder einzeln."),
                code="nobody_drops_out",
            )
        return HelperProfile.objects.active().filter(
            self._by_name() | self._by_description(), person__died_on=None, person__merged_into=None
        )

    def _by_name(self) -> Q:
        return Q(pk__in=self.helper_ids)

    def _by_description(self) -> Q:
        if not self.is_described:
            return Q(pk__in=[])
        described = Q()
        if self.office_ids is not None and not self.is_everywhere:
            described &= Q(office__in=self.office_ids)
        if self.role_id is not None:
            offering = HelperProfile.roles.through.objects.filter(role=self.role_id)
            described &= Q(pk__in=offering.values("helperprofile"))
        if self.quarter_id is not None:
            described &= Q(person__quarter=self.quarter_id)
        if self.district_id is not None:
            described &= Q(person__district=self.district_id)
        if self.language:
            described &= Q(languages__contains=[self.language])
        return described

"""The city in figures: counts by district and office, too small ones hidden, never a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from helfer.help_requests.models import HelpRequest
from helfer.helpers.models import HelperProfile
from helfer.matching.models import CheckIn, Incident, IncidentSeverity, Match
from helfer.people.models import Office
from helfer.places.models import District

# Whoever knows the neighbourhood would know who stands behind a smaller count.
SMALLEST_SHOWN = 3


def shown(count: int) -> str:
    """A count as it may be shown."""
    if count < SMALLEST_SHOWN:
        return _("unter %(count)s") % {"count": SMALLEST_SHOWN}
    return str(count)


def total_shown(counts: Iterable[int]) -> str:
    """The sum of what is shown: with the hidden ones in it, they could be worked out."""
    counts = list(counts)
    visible = [count for count in counts if count >= SMALLEST_SHOWN]
    if len(visible) == len(counts):
        return str(sum(visible))
    return _("mindestens %(count)s") % {"count": sum(visible)} if visible else shown(0)


@dataclass(frozen=True, slots=True)
class DistrictFigures:
    """How much is asked for, runs and is offered in a district."""

    district: District
    office: str
    requests: int
    matches: int
    helpers: int

    @property
    def open_requests(self) -> str:
        """Open requests, as they may be shown."""
        return shown(self.requests)

    @property
    def running_matches(self) -> str:
        """Running matches, as they may be shown."""
        return shown(self.matches)

    @property
    def active_helpers(self) -> str:
        """Active helpers, as they may be shown."""
        return shown(self.helpers)


def figures_by_district() -> Sequence[DistrictFigures]:
    """Each district's figures, by where people live."""
    requests = _counted(HelpRequest.objects.open(), "help_seeker__person__district")
    matches = _counted(Match.objects.running(), "request__help_seeker__person__district")
    helpers = _counted(HelperProfile.objects.active(), "person__district")
    districts = District.objects.select_related("served_by__office").order_by("name", "pk")
    return [
        DistrictFigures(
            district=district,
            office=district.served_by.office.name if hasattr(district, "served_by") else "",
            requests=requests.get(district.pk, 0),
            matches=matches.get(district.pk, 0),
            helpers=helpers.get(district.pk, 0),
        )
        for district in districts
    ]


def _counted(
    rows: QuerySet[HelpRequest] | QuerySet[Match] | QuerySet[HelperProfile], by: str
) -> dict[int, int]:
    found = rows.order_by().values_list(by).annotate(number=Count("pk"))
    return {district: number for district, number in found if district is not None}


@dataclass(frozen=True, slots=True)
class OfficeWaiting:
    """What has waited too long in an office: numbers, so that somebody calls there."""

    office: Office
    check_ins: int
    incidents: int


def waiting_by_office() -> Sequence[OfficeWaiting]:
    """Check-ins given on to the coordinators, and open incidents that are more than minor."""
    check_ins: dict[int, int] = dict(
        CheckIn.objects.filter(done_on=None, escalated_to_coordinator_on__isnull=False)
        .values_list("match__office")
        .annotate(number=Count("pk"))
    )
    incidents: dict[int, int] = dict(
        Incident.objects.filter(closed_at=None)
        .exclude(severity=IncidentSeverity.MINOR)
        .values_list("match__office")
        .annotate(number=Count("pk"))
    )
    offices = Office.objects.filter(Q(pk__in=check_ins) | Q(pk__in=incidents)).order_by("name", "pk")
    return [
        OfficeWaiting(office, check_ins.get(office.pk, 0), incidents.get(office.pk, 0)) for office in offices
    ]

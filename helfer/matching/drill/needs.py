"""What an outage leaves undone: the requests that need somebody again, each once, and those that do not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q

from helfer.help_requests.models import Frequency, HelpRequest
from helfer.matching.lifecycle import OPEN, MatchState
from helfer.matching.models import Match
from helfer.people.models import CareLevel, Tie, TieKind

# From here on nobody may be left alone for long; urgent requests count with them.
AT_RISK_FROM_CARE_LEVEL = 3


@dataclass(frozen=True, slots=True)
class Need:
    """One request that waits for somebody, and what is known of the person's risk."""

    request_id: int
    seeker_id: int
    person_id: int
    office_id: int | None
    role_id: int | None
    district_id: int | None
    quarter_id: int | None
    is_urgent: bool
    care_level: CareLevel
    # It names its helper: the pair came together by itself, nobody is searched for it.
    is_named_pair: bool
    # Somebody in the same household is known; nothing known does not mean that the person lives alone.
    shares_household: bool = False
    # The running matches that end with the outage.
    lost_match_ids: tuple[int, ...] = ()
    # Somebody else stands in until this day, or the one they stood in for is back by then.
    covered_until: date | None = None
    is_covered: bool = False

    @property
    def is_at_risk(self) -> bool:
        """Urgent, or in need of much care: served first where not all can be served."""
        return self.is_urgent or self.care_level.number >= AT_RISK_FROM_CARE_LEVEL

    @property
    def most_at_risk_first(self) -> tuple[bool, int, bool, int]:
        """The sort key of everybody who reads a drill."""
        return (not self.is_urgent, -self.care_level.number, self.shares_household, self.request_id)


@dataclass(frozen=True, slots=True)
class Needs:
    """The requests that an outage leaves without their helper, and how many are over before it begins."""

    lost: tuple[Need, ...]
    over: int


class _Run(NamedTuple):
    """A running match, with what decides whether its end leaves anybody alone."""

    pk: int
    state: str
    starts_on: date
    is_named_pair: bool
    substitutes_for_id: int | None
    substitute_until: date | None
    expected_back_on: date | None
    request_id: int
    named_helper_id: int | None
    frequency: str
    ends_on: date | None
    is_urgent: bool
    office_id: int | None
    role_id: int | None
    seeker_id: int
    care_level: str
    person_id: int
    district_id: int | None
    quarter_id: int | None

    @property
    def is_paused(self) -> bool:
        return self.state == MatchState.PAUSED

    def is_over_by(self, day: date) -> bool:
        """Whether nobody needs this match any more on that day."""
        if self.ends_on is not None and self.ends_on < day:
            return True
        if self.substitute_until is not None and self.substitute_until < day:
            return True
        # Help that is wished just once has been given on its day.
        return self.frequency == Frequency.ONCE and self.starts_on < day


_RUN = (
    "pk", "state", "starts_on", "is_named_pair", "substitutes_for_id", "substitute_until", "expected_back_on",
    "request_id", "request__named_helper_id", "request__frequency", "request__ends_on", "request__is_urgent",
    "request__office_id", "request__role_id", "request__help_seeker_id", "request__help_seeker__care_level",
    "request__help_seeker__person_id", "request__help_seeker__person__district_id",
    "request__help_seeker__person__quarter_id",
)  # fmt: skip


def needs_without(helper_ids: Collection[int], *, on: date) -> Needs:
    """What remains to be done from that day on if these helpers are gone."""
    running = Match.objects.running().filter(request__help_seeker__person__died_on=None)
    lost = [_Run(*row) for row in running.filter(helper__in=helper_ids).values_list(*_RUN)]
    still_needed: dict[int, list[_Run]] = defaultdict(list)
    for run in lost:
        if not run.is_over_by(on):
            still_needed[run.request_id].append(run)
    going_on: dict[int, list[_Run]] = defaultdict(list)
    for row in (
        running.filter(request__in=still_needed.keys()).exclude(helper__in=helper_ids).values_list(*_RUN)
    ):
        run = _Run(*row)
        going_on[run.request_id].append(run)
    sharing = _sharing_a_household({runs[0].person_id for runs in still_needed.values()})
    return Needs(
        lost=tuple(
            _need(runs, going_on[request_id], on=on, shares_household=runs[0].person_id in sharing)
            for request_id, runs in sorted(still_needed.items())
        ),
        over=len({run.request_id for run in lost} - still_needed.keys()),
    )


def waiting_needs(office_ids: Collection[int] | None) -> tuple[Need, ...]:
    """The open requests for which somebody is searched anyway: of these offices (None: of the whole city)."""
    waiting = HelpRequest.objects.open().filter(
        ~Exists(Match.objects.filter(request=OuterRef("pk"), state__in=OPEN)),
        named_helper=None,
        help_seeker__person__died_on=None,
    )
    if office_ids is not None:
        waiting = waiting.filter(office__in=office_ids)
    rows = waiting.order_by("pk").values_list(
        "pk", "help_seeker_id", "help_seeker__person_id", "office_id", "role_id",
        "help_seeker__person__district_id", "help_seeker__person__quarter_id", "is_urgent",
        "help_seeker__care_level",
    )  # fmt: skip
    return tuple(
        Need(
            request_id=request_id,
            seeker_id=seeker_id,
            person_id=person_id,
            office_id=office_id,
            role_id=role_id,
            district_id=district_id,
            quarter_id=quarter_id,
            is_urgent=is_urgent,
            care_level=CareLevel(care_level),
            is_named_pair=False,
        )
        for (
            request_id, seeker_id, person_id, office_id, role_id, district_id, quarter_id, is_urgent,
            care_level,
        ) in rows
    )  # fmt: skip


def _need(lost: Sequence[_Run], going_on: Iterable[_Run], *, on: date, shares_household: bool) -> Need:
    run = lost[0]
    is_covered, until = _cover(going_on, on=on)
    return Need(
        request_id=run.request_id,
        seeker_id=run.seeker_id,
        person_id=run.person_id,
        office_id=run.office_id,
        role_id=run.role_id,
        district_id=run.district_id,
        quarter_id=run.quarter_id,
        is_urgent=run.is_urgent,
        care_level=CareLevel(run.care_level),
        is_named_pair=run.named_helper_id is not None or any(each.is_named_pair for each in lost),
        shares_household=shares_household,
        lost_match_ids=tuple(sorted(each.pk for each in lost)),
        is_covered=is_covered,
        covered_until=until,
    )


def _cover(going_on: Iterable[_Run], *, on: date) -> tuple[bool, date | None]:
    """Whether a match of the same request goes on without the lost ones, and until when."""
    for run in going_on:
        if not run.is_paused and not run.is_over_by(on):
            return True, run.substitute_until
        # Whoever was stood in for is back by then.
        if run.is_paused and run.expected_back_on is not None and run.expected_back_on <= on:
            return True, None
    return False, None


def _sharing_a_household(person_ids: Collection[int]) -> frozenset[int]:
    ties = Tie.objects.filter(
        Q(person_a__in=person_ids) | Q(person_b__in=person_ids),
        kind=TieKind.HOUSEHOLD,
        person_a__died_on=None,
        person_b__died_on=None,
    ).values_list("person_a_id", "person_b_id")
    return frozenset(person for pair in ties for person in pair if person in person_ids)

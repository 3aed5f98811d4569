"""What waits on a tandem's desk, the most pressing first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from helfer.help_requests.models import HelpRequest, RequestState
from helfer.helpers.models import Certificate, HelperProfile, HelperState
from helfer.matching.lifecycle import OPEN, RUNNING, MatchState
from helfer.matching.models import CheckIn, CityRun, Interest, Match, Signature, Suggestion
from helfer.matching.notices import told_of_refusal
from helfer.people.models import Consent, Office, Person, Tie, TieKind, User

LAPSE_NOTICE_DAYS = 30
CHECK_IN_PREVIEW_DAYS = 7
MOURNING_DAYS = 30
REFUSAL_NOTICE_DAYS = 30


@dataclass(frozen=True)
class Desk:
    """The desk of one tandem member on one day; each part is a queryset, to be counted or paged."""

    overdue_check_ins: QuerySet[CheckIn]
    escalated_check_ins: QuerySet[CheckIn]
    to_sign: QuerySet[Match]
    to_agree: QuerySet[Match]
    to_lend: QuerySet[Match]
    not_lent: QuerySet[Match]
    first_contacts: QuerySet[Match]
    submitted_requests: QuerySet[HelpRequest]
    newcomers: QuerySet[HelperProfile]
    interests: QuerySet[Interest]
    suggestions: QuerySet[Suggestion]
    waiting_requests: QuerySet[HelpRequest]
    missing_papers: QuerySet[Consent]
    lapsing_certificates: QuerySet[Certificate]
    overdue_pauses: QuerySet[Match]
    deaths_to_confirm: QuerySet[Person]
    survivors: QuerySet[Person]
    addresses_to_confirm: QuerySet[Person]
    coming_check_ins: QuerySet[CheckIn]


def desk_of(viewer: User, *, on: date) -> Desk:
    """What waits for this account on that day, over all offices in which it holds a seat."""
    offices = Office.objects.of_tandem(viewer)
    matches = Match.objects.filter(office__in=offices).select_related(
        "request__help_seeker__person", "helper__person", "role", "office"
    )
    check_ins = CheckIn.objects.filter(match__office__in=offices, done_on=None).select_related(
        "match__request__help_seeker__person", "match__helper__person", "match__role"
    )
    requests = HelpRequest.objects.filter(office__in=offices).select_related(
        "help_seeker__person__district", "role"
    )
    # By id: joins to seekers, helpers and representatives would count a person more than once.
    own = Person.objects.of_own_offices(viewer).exclude(user=viewer)
    people = Person.objects.filter(pk__in=own.values("pk"), merged_into=None)
    return Desk(
        overdue_check_ins=check_ins.filter(due_on__lte=on).order_by("due_on", "pk"),
        escalated_check_ins=check_ins.filter(escalated_to_other_side_on__isnull=False)
        .exclude(match__responsible__user=viewer)
        .order_by("due_on", "pk"),
        to_sign=_waiting_for_signature(matches, viewer, on),
        to_agree=matches.filter(state=MatchState.PROPOSED).order_by("proposed_at", "pk"),
        to_lend=Match.objects.filter(
            lending_office__in=offices,
            lending_agreed_at=None,
            state__in=[MatchState.PROPOSED, MatchState.ACCEPTED],
        )
        .select_related("helper__person", "role", "office")
        .order_by("proposed_at", "pk"),
        not_lent=_not_lent(matches, on),
        first_contacts=matches.filter(state=MatchState.APPROVED).order_by("starts_on", "pk"),
        submitted_requests=requests.filter(state=RequestState.SUBMITTED).order_by(
            "-is_urgent", "received_on", "pk"
        ),
        newcomers=HelperProfile.objects.filter(office__in=offices, state=HelperState.REGISTERED)
        .select_related("person")
        .order_by("helper_since", "pk"),
        interests=Interest.objects.visible_to(viewer)
        .filter(settled_at=None, request__state=RequestState.OPEN)
        .select_related("request__help_seeker__person", "request__role")
        .order_by("said_at", "pk"),
        suggestions=_suggestions(viewer),
        waiting_requests=requests.filter(state=RequestState.OPEN)
        .exclude(Exists(Match.objects.filter(request=OuterRef("pk"), state__in=OPEN)))
        .order_by("-is_urgent", "received_on", "pk"),
        missing_papers=Consent.objects.filter(
            person__help_seeker__office__in=offices, paper_seen_on=None, withdrawn_at=None
        )
        .exclude(provisional_reason="")
        .select_related("person")
        .order_by("given_at", "pk"),
        lapsing_certificates=_lapsing(offices, on),
        overdue_pauses=matches.filter(state=MatchState.PAUSED, expected_back_on__lte=on).order_by(
            "expected_back_on", "pk"
        ),
        deaths_to_confirm=people.filter(died_on__isnull=False, death_confirmed_by=None)
        .exclude(death_reported_by=viewer)
        .order_by("died_on", "pk"),
        survivors=_survivors(people, on),
        addresses_to_confirm=people.filter(location_to_confirm=True, died_on=None).order_by(
            "family_name", "given_name", "pk"
        ),
        coming_check_ins=check_ins.filter(
            due_on__gt=on, due_on__lte=on + timedelta(days=CHECK_IN_PREVIEW_DAYS)
        ).order_by("due_on", "pk"),
    )


def _waiting_for_signature(matches: QuerySet[Match], viewer: User, on: date) -> QuerySet[Match]:
    """Accepted matches in which a side that the viewer holds has not signed, and the viewer neither."""
    held = viewer.seats_on(on)
    signed = Signature.objects.filter(match=OuterRef("pk"))
    missing = Q(pk__in=[])
    for office_id, side in held.values_list("office_id", "side"):
        missing |= Q(~Exists(signed.filter(side=side)), office=office_id)
    return (
        matches.filter(missing, state=MatchState.ACCEPTED)
        .filter(helper_consent__withdrawn_at=None, seeker_consent__withdrawn_at=None)
        .exclude(Exists(signed.filter(user=viewer)))
        .order_by("proposed_at", "pk")
    )


def _not_lent(matches: QuerySet[Match], on: date) -> QuerySet[Match]:
    """Proposals that the other office refused lately, while nobody else was found for the request."""
    another = Match.objects.filter(request=OuterRef("request"), state__in=OPEN)
    return (
        matches.filter(
            Exists(told_of_refusal(OuterRef("pk"))),
            state=MatchState.WITHDRAWN,
            request__state=RequestState.OPEN,
        )
        .filter(closed_on__gte=on - timedelta(days=REFUSAL_NOTICE_DAYS))
        .exclude(Exists(another))
        .order_by("closed_on", "pk")
    )


def _suggestions(viewer: User) -> QuerySet[Suggestion]:
    """What the latest run suggests for the own offices and nobody has decided on yet."""
    latest = CityRun.objects.visible_to(viewer).done().order_by("-requested_at", "-pk")
    return (
        Suggestion.objects.visible_to(viewer)
        .waiting()
        .filter(run=Subquery(latest.values("pk")[:1]))
        .select_related("request__help_seeker__person", "request__role")
        .order_by("-request__is_urgent", "request__received_on", "pk")
    )


def _survivors(people: QuerySet[Person], on: date) -> QuerySet[Person]:
    """Who lived with somebody that died lately: the office calls them."""
    lately = Person.objects.filter(died_on__gte=on - timedelta(days=MOURNING_DAYS))
    ties = Tie.objects.filter(kind=TieKind.HOUSEHOLD)
    left_behind = Q(pk__in=ties.filter(person_b__in=lately).values("person_a"))
    left_behind |= Q(pk__in=ties.filter(person_a__in=lately).values("person_b"))
    return people.filter(left_behind, died_on=None).order_by("family_name", "given_name", "pk")


def _lapsing(offices: QuerySet[Office], on: date) -> QuerySet[Certificate]:
    """Proofs that running matches rely on and that end soon or have ended, without a newer one."""
    newer = Certificate.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=OuterRef("valid_until")),
        helper=OuterRef("helper"),
        training=OuterRef("training"),
        verified_at__isnull=False,
    )
    needed = Match.objects.filter(
        helper=OuterRef("helper"), state__in=RUNNING, role__required_trainings=OuterRef("training")
    )
    return (
        Certificate.objects.filter(
            helper__office__in=offices,
            verified_at__isnull=False,
            valid_until__lte=on + timedelta(days=LAPSE_NOTICE_DAYS),
        )
        .filter(Exists(needed))
        .exclude(Exists(newer))
        .select_related("helper__person", "training")
        .order_by(F("valid_until").asc(), "pk")
    )

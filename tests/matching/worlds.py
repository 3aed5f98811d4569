"""Small made-up worlds: one request, a handful of helpers, what happened between them; how they get in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.contrib.gis.geos import Point
from django.db import connection
from hypothesis import strategies as st

from helfer.catalogue.models import CompensationModel, LandRule, Role, Training
from helfer.help_requests.models import HelpRequest
from helfer.helpers.models import Certificate, HelperProfile, HelperState, Pause
from helfer.matching.lifecycle import CLOSED, RUNNING, RUNNING_NOT_PAUSED, MatchState
from helfer.matching.models import Match
from helfer.people.models import CareLevel, Consent, HelpSeeker, Office, Person, Tie, TieKind, User
from helfer.places.models import Municipality

ON = date(2026, 11, 23)
MODELS = ("ehrenamt", "zeitbank", "entlastungsbetrag")
TRAININGS = ("einfuehrung", "kurs", "broschuere", "pflegekurs")
HALF_DAYS = ("mo-vm", "mo-nm", "di-vm", "so-ab")
TONGUES = ("de", "tr", "ru")
CENTRE = (7.4653, 51.5136)
# Doors, streets and towns away: near enough to tie, and around the bounds of 800 m, 2 km and 20 km.
PLACES = (
    CENTRE,
    (7.4653, 51.5136),
    (7.4653, 51.5200),
    (7.4653, 51.5208),
    (7.4900, 51.5136),
    (7.4940, 51.5136),
    (7.4653, 51.6930),
    (7.4653, 51.6936),
    (7.8500, 51.5136),
)
# Whose tables have guards that would refuse what these worlds simply claim to have happened.
GUARDED = (
    "matching_match",
    "helpers_helperprofile",
    "helpers_certificate",
    "help_requests_helprequest",
    "people_helpseeker",
    "people_tie",
    "people_consent",
)


@dataclass
class Neighbour:
    """A helper as a world tells of them; days are counted from the asking day."""

    place: tuple[float, float] | None = CENTRE
    state: str = "active"
    offers: bool = True
    radius_m: int = 2000
    languages: tuple[str, ...] = ("de",)
    times: tuple[str, ...] = ()
    models: tuple[str, ...] = ("ehrenamt",)
    max_people: int = 1
    gender: str = "w"
    birth_year: int | None = 1960
    no_pets: bool = False
    no_smokers: bool = False
    only_for: int | None = None
    pause: tuple[int, int | None] | None = None
    # training, issued (days), valid for (days or None), verified
    proofs: tuple[tuple[int, int, int | None, bool], ...] = ()
    ties: tuple[str, ...] = ()
    # with which help seeker (0: of the request), for this very request?, state, model, proposed (days), well?
    matches: tuple[tuple[int, bool, str, int, int, bool], ...] = ()


@dataclass
class World:
    """One request and everybody around it."""

    neighbours: list[Neighbour] = field(default_factory=list)
    at_a_distance: bool = False
    required: tuple[int, ...] = ()
    includes: tuple[tuple[int, int], ...] = ()
    grace: tuple[int, ...] = (0, 0, 0, 0)
    role_models: tuple[str, ...] = MODELS
    qualifications: tuple[int, ...] = ()
    max_people: int | None = 2
    has_rule: bool = True
    place: tuple[float, float] | None = CENTRE
    starts_in: int | None = None
    languages: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    wanted_gender: str = ""
    has_pets: str = ""
    has_smokers: str = ""
    max_distance_m: int | None = None
    care_level: str = "none"
    lives_at_home: bool = True


def some(values: tuple[Any, ...]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=len(values)).map(tuple)


def mostly(usual: Any, otherwise: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.just(usual), st.just(usual), st.just(usual), otherwise)


SOON = st.integers(-3, 3)
MATCHES = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.booleans(),
        st.sampled_from([str(state) for state in MatchState]),
        st.integers(0, 2),
        st.integers(-100, 2),
        st.booleans(),
    ),
    max_size=3,
).map(tuple)
NEIGHBOURS = st.builds(
    Neighbour,
    place=mostly(CENTRE, st.none() | st.sampled_from(PLACES)),
    state=mostly("active", st.sampled_from([str(state) for state in HelperState])),
    offers=mostly(True, st.booleans()),
    radius_m=st.sampled_from((100, 800, 2000, 20_000)),
    languages=mostly(("de",), some(TONGUES)),
    times=some(HALF_DAYS),
    models=mostly(("ehrenamt", "entlastungsbetrag"), some(MODELS)),
    max_people=st.integers(1, 3),
    gender=st.sampled_from(("w", "m", "d", "")),
    birth_year=st.sampled_from((1960, 1960, 2008, 2009, None)),
    no_pets=st.booleans(),
    no_smokers=st.booleans(),
    only_for=mostly(None, st.integers(0, 1)),
    pause=mostly(None, st.tuples(SOON, st.none() | st.integers(4, 6))),
    proofs=st.lists(
        st.tuples(
            st.integers(0, 3),
            st.integers(-9, 1),
            st.none() | st.integers(0, 9),
            mostly(True, st.booleans()),
        ),
        max_size=4,
        unique_by=lambda proof: proof[:2],
    ).map(tuple),
    ties=mostly((), some(tuple(str(kind) for kind in TieKind))),
    matches=mostly((), MATCHES),
)
WORLDS = st.builds(
    World,
    neighbours=st.lists(NEIGHBOURS, min_size=1, max_size=6),
    at_a_distance=mostly(False, st.booleans()),
    required=mostly((), some((0, 1, 2))),
    includes=some(((1, 2), (3, 1), (2, 3), (0, 0))),
    grace=st.tuples(*[st.integers(0, 3)] * 4),
    role_models=mostly(MODELS, some(MODELS)),
    qualifications=some((1, 2)),
    max_people=st.sampled_from((None, 1, 2)),
    has_rule=mostly(True, st.booleans()),
    place=mostly(CENTRE, st.none() | st.sampled_from(PLACES)),
    starts_in=st.none() | st.integers(-4, 4),
    languages=mostly((), some(TONGUES)),
    times=mostly((), some(HALF_DAYS)),
    models=mostly((), some(MODELS)),
    wanted_gender=mostly("", st.sampled_from(("w", "m"))),
    has_pets=st.sampled_from(("", "no", "yes")),
    has_smokers=st.sampled_from(("", "no", "yes")),
    max_distance_m=mostly(None, st.sampled_from((1, 700, 1500, 20_001))),
    care_level=st.sampled_from([str(level) for level in CareLevel]),
    lives_at_home=mostly(True, st.booleans()),
)


def lift_guards() -> None:
    """Let a world claim what happened; only within a test's own transaction."""
    with connection.cursor() as cursor:
        for table in GUARDED:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")


def settle(world: World) -> tuple[HelpRequest, list[HelperProfile]]:
    """Write the world into the database: the request that is asked for, and the helpers in order."""
    municipality = Municipality.objects.default()
    office = Office.objects.create(municipality=municipality, name="Seniorenbüro", slug="buero")
    account = User.objects.create_user("jemand@example.org")
    models = {slug: CompensationModel.objects.create(slug=slug, name=slug) for slug in MODELS}
    trainings = [
        Training.objects.create(slug=slug, name=slug, evidence_type="document", grace_days=grace)
        for slug, grace in zip(TRAININGS, world.grace, strict=True)
    ]
    for including, included in world.includes:
        trainings[including].includes.add(trainings[included])
    role = Role.objects.create(slug="besuch", name="Besuch", at_a_distance=world.at_a_distance)
    role.required_trainings.set(trainings[number] for number in world.required)
    role.compensation_models.set(models[slug] for slug in world.role_models)
    if world.has_rule:
        rule = LandRule.objects.create(
            land=municipality.land,
            valid_from=date(2020, 1, 1),
            max_people=world.max_people,
            min_age=18,
            checked_on=ON,
        )
        rule.qualifications.set(trainings[number] for number in world.qualifications)

    seekers = [
        HelpSeeker.objects.create(
            person=person(place), office=office, care_level=level, lives_at_home=at_home
        )
        for place, level, at_home in (
            (world.place, world.care_level, world.lives_at_home),
            (CENTRE, "none", True),
            (CENTRE, "none", True),
        )
    ]
    request = HelpRequest.objects.create(
        help_seeker=seekers[0],
        office=office,
        number="A-1",
        state="open",
        role=role,
        received_on=ON,
        starts_on=None if world.starts_in is None else ON + timedelta(days=world.starts_in),
        languages=list(world.languages),
        times=list(world.times),
        wanted_gender=world.wanted_gender,
        has_pets=world.has_pets,
        has_smokers=world.has_smokers,
        max_distance_m=world.max_distance_m,
    )
    request.compensation_models.set(models[slug] for slug in world.models)

    helpers = []
    is_served = False
    for number, neighbour in enumerate(world.neighbours, start=1):
        helper = _move_in(neighbour, number=number, office=office, seekers=seekers, account=account)
        helper.compensation_models.set(models[slug] for slug in neighbour.models)
        if neighbour.offers:
            helper.roles.set([role])
        for training, issued, until, verified in neighbour.proofs:
            Certificate.objects.create(
                helper=helper,
                training=trainings[training],
                issued_on=ON + timedelta(days=issued),
                valid_until=None if until is None else ON + timedelta(days=issued + until),
                verified_by=account if verified else None,
                verified_at=at_noon(0) if verified else None,
            )
        helpers.append(helper)
        neighbour.matches = legal(neighbour.matches, is_served=is_served)
        for whose, same, state, model, days, well in neighbour.matches:
            _meet(
                request if same else None,
                helper,
                seekers[whose],
                state=MatchState(state),
                model=models[MODELS[model]],
                days=days,
                well=well,
                account=account,
            )
            is_served = is_served or (same and state in RUNNING_NOT_PAUSED)
    return request, helpers


def legal(matches: tuple[Any, ...], *, is_served: bool) -> tuple[Any, ...]:
    """Without what no database holds: two running matches of the request, two open ones of one pair."""
    kept: list[Any] = []
    for whose, same, state, model, days, well in matches:
        same_request = same and whose == 0
        if same_request and state not in CLOSED:
            if is_served or any(other[1] and other[2] not in CLOSED for other in kept):
                continue
        kept.append((whose, same_request, state, model, days, well))
    return tuple(kept)


def person(place: tuple[float, float] | None, **details: Any) -> Person:
    return Person.objects.create(
        family_name="Muster",
        home=None if place is None else Point(*place, srid=4326),
        location_quality="" if place is None else "manual",
        **details,
    )


def at_noon(days: int) -> datetime:
    return datetime.combine(ON + timedelta(days=days), time(11), tzinfo=UTC)


def _move_in(
    neighbour: Neighbour, *, number: int, office: Office, seekers: list[HelpSeeker], account: User
) -> HelperProfile:
    home = person(
        neighbour.place, given_name="Ayşe", gender=neighbour.gender, birth_year=neighbour.birth_year
    )
    helper = HelperProfile.objects.create(
        person=home,
        office=office,
        number=f"H-{number}",
        state=neighbour.state,
        radius_m=neighbour.radius_m,
        languages=list(neighbour.languages),
        times=list(neighbour.times),
        max_people=neighbour.max_people,
        no_pets=neighbour.no_pets,
        no_smokers=neighbour.no_smokers,
        only_for=None if neighbour.only_for is None else seekers[neighbour.only_for],
    )
    if neighbour.pause:
        start, until = neighbour.pause
        Pause.objects.create(
            helper=helper,
            from_day=ON + timedelta(days=start),
            until_day=None if until is None else ON + timedelta(days=until),
        )
    for kind in neighbour.ties:
        lower, higher = sorted((home.pk, seekers[0].person_id))
        Tie.objects.create(person_a_id=lower, person_b_id=higher, kind=kind)
    return helper


def _meet(
    request: HelpRequest | None,
    helper: HelperProfile,
    seeker: HelpSeeker,
    *,
    state: MatchState,
    model: CompensationModel,
    days: int,
    well: bool,
    account: User,
) -> Match:
    if request is None:
        request = HelpRequest.objects.create(help_seeker=seeker, received_on=ON, number="")
    consents = [
        Consent.objects.create(
            person=one, kind="match", text_version="1", channel="online", given_at=at_noon(days)
        )
        for one in (helper.person, seeker.person)
    ]
    day = ON + timedelta(days=days)
    role = Role.objects.get(slug="besuch")
    is_paused = state == MatchState.PAUSED
    return Match.objects.create(
        request=request,
        helper=helper,
        role=role,
        compensation_model=model,
        state=state,
        starts_on=day,
        office_id=helper.office_id,
        signatures_required=2,
        first_contact="call",
        proposed_by=account,
        proposed_at=at_noon(days),
        helper_consent=consents[0],
        seeker_consent=consents[1],
        approved_on=day if state in RUNNING else None,
        first_contact_on=day,
        paused_from="active" if is_paused else "",
        paused_on=day if is_paused else None,
        pause_side="office" if is_paused else "",
        pause_reason="other" if is_paused else "",
        closed_on=day if state in CLOSED else None,
        end_reason="done" if state == MatchState.ENDED else "",
        ended_well=well if state == MatchState.ENDED else None,
    )

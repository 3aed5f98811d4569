"""Invariants 5 and 6, attacked: blocked pairs, and what § 45b and § 39 SGB XI demand of a match that runs."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from helfer.catalogue.models import LandRule
from helfer.help_requests.models import HelpRequest
from helfer.helpers.models import HelperProfile
from helfer.matching.lifecycle import MatchState
from helfer.matching.models import Match
from helfer.people.models import CareLevel, HelpSeeker, Office, Person, Tie, TieKind
from helfer.places.models import Municipality
from tests.factories.catalogue import CompensationModelFactory, LandRuleFactory, TrainingFactory
from tests.factories.helpers import CertificateFactory
from tests.factories.matching import walk
from tests.factories.people import HelpSeekerFactory, PersonFactory, tie
from tests.matching.attacks import (
    APPROVED,
    WAYS,
    Attack,
    approves,
    columns_of,
    insert_row,
    is_refused,
    set_columns,
    succeeds_without_its_guard,
    updates,
)
from tests.matching.situations import MatchFactory, another_for, match_in, ready, relief, relief_match

pytestmark = pytest.mark.django_db
APPROVED_ON = APPROVED["approved_on"]
MODEL = "match_obeys_the_rules_of_its_financial_model"
SEEKER = "help_seeker_change_leaves_matches_allowed"


def breaks_the_model(sentence: str, prepare: Any) -> Attack:
    return approves(sentence, prepare, MODEL)


def ties(sentence: str, prepare: Any, kind: TieKind, refused_by: str) -> Attack:
    """Note a relation between the two of a match."""

    def unwritten(match: Match) -> Tie:
        one, other = sorted([match.helper.person_id, match.request.help_seeker.person_id])
        return Tie(person_a_id=one, person_b_id=other, kind=kind, noted_at="2026-11-22T00:00:00Z")

    return Attack(
        sentence,
        prepare=prepare,
        update=lambda match: len(Tie.objects.bulk_create([unwritten(match)])),
        sql=lambda match: insert_row("people_tie", **columns_of(unwritten(match), noted_at="2026-11-22")),
        refused_by=(refused_by,),
    )


def tied(kind: TieKind, match: Match) -> Match:
    tie(match.helper.person, match.request.help_seeker.person, kind)
    return match


def proposed_to_somebody_blocked() -> Match:
    match = MatchFactory()
    Match.objects.filter(pk=match.pk).update(state=MatchState.DECLINED, closed_on=date(2026, 11, 20))
    tied(TieKind.BLOCK, match)
    match.pk = None
    return match


def proposed_to_oneself() -> Match:
    match = MatchFactory()
    myself = HelpSeekerFactory(person=match.helper.person, office=match.office)
    request = HelpRequest.objects.create(
        help_seeker=myself, office=match.office, role=match.role, state="open", received_on=date(2026, 11, 1)
    )
    match.pk, match.request = None, request
    return match


def proposes(sentence: str, prepare: Any) -> Attack:
    return Attack(
        sentence,
        prepare=prepare,
        update=lambda match: len(Match.objects.bulk_create([match])),
        sql=lambda match: insert_row("matching_match", **columns_of(match)),
        refused_by=("blocked_pair_is_never_open",),
    )


def ready_relief(**fields: Any) -> Match:
    return ready(relief_match(**fields))


def cared_for(level: CareLevel) -> Any:
    return lambda: ready_relief(request__help_seeker__care_level=level)


def helped_by(**person: Any) -> Any:
    return lambda: ready_relief(**{f"helper__person__{name}": value for name, value in person.items()})


def rule_with(**fields: Any) -> Any:
    def prepare() -> Match:
        match = ready_relief()
        LandRule.objects.update(**fields)
        return match

    return prepare


def without_the_qualification() -> Match:
    match = ready_relief()
    LandRule.objects.get().qualifications.add(TrainingFactory(slug="nbh-broschuere"))
    return match


def respite_care(level: CareLevel, to: str | None = None) -> Match:
    model = CompensationModelFactory(respite=True)
    match: Match = MatchFactory(compensation_model=model, request__help_seeker__care_level=level, to=to)
    return match


def serving_two_under_relief() -> Match:
    """The third person is one write away; the helper has places, the Land has not."""
    match = relief_match(to=MatchState.ACTIVE, helper__max_people=5)
    for _ in range(2):
        other = another_for(match, compensation_model=relief())
        HelpSeeker.objects.filter(pk=other.request.help_seeker_id).update(care_level=CareLevel.ONE)
        if Match.objects.running().count() < 2:
            walk(other, MatchState.PAUSED)
    return ready(Match.objects.get(pk=other.pk))


def a_request_that_goes_over() -> HelpRequest:
    """Two people under § 45b by three requests; one of the requests is about to become a third person's."""
    match = relief_match(to=MatchState.ACTIVE, helper__max_people=5)
    for _ in range(2):
        other = another_for(match, compensation_model=relief())
        HelpSeeker.objects.filter(pk=other.request.help_seeker_id).update(care_level=CareLevel.ONE)
        if Match.objects.running().count() == 2:
            HelpRequest.objects.filter(pk=other.request_id).update(help_seeker=match.request.help_seeker)
        walk(Match.objects.get(pk=other.pk), MatchState.APPROVED)
    return HelpRequest.objects.get(pk=other.request_id)


def another_land() -> Municipality:
    municipality: Municipality = Municipality.objects.get_or_create(key="09162000", name="München")[0]
    return municipality


ATTACKS = [
    # 5: blocks
    proposes("a blocked pair is proposed", proposed_to_somebody_blocked),
    proposes("somebody is proposed to themselves", proposed_to_oneself),
    ties(
        "a pair is blocked while its match runs",
        lambda: match_in(MatchState.PAUSED),
        TieKind.BLOCK,
        "pair_is_blocked_only_after_its_matches_ended",
    ),
    ties(
        "a pair is blocked while its match is proposed",
        MatchFactory,
        TieKind.BLOCK,
        "pair_is_blocked_only_after_its_matches_ended",
    ),
    Attack(
        "a relation becomes a block while a match is open",
        prepare=lambda: tied(TieKind.RELATIVE, MatchFactory()),
        update=lambda match: Tie.objects.update(kind=TieKind.BLOCK),
        sql=lambda match: ("UPDATE people_tie SET kind = 'block'", []),
        refused_by=("pair_is_blocked_only_after_its_matches_ended",),
    ),
    # 5: § 45b, at the approval
    *(
        breaks_the_model(f"under § 45b: a {kind}", lambda kind=kind: tied(kind, ready_relief()))
        for kind in (TieKind.RELATIVE, TieKind.IN_LAW, TieKind.HOUSEHOLD, TieKind.CAREGIVER)
    ),
    breaks_the_model("under § 45b: no care level", cared_for(CareLevel.NONE)),
    breaks_the_model("under § 45b: a care level that is only applied for", cared_for(CareLevel.APPLIED)),
    breaks_the_model(
        "under § 45b: not at home", lambda: ready_relief(request__help_seeker__lives_at_home=False)
    ),
    breaks_the_model("under § 45b: a helper who is not of age", helped_by(birth_year=2009)),
    breaks_the_model("under § 45b: a helper of unknown age", helped_by(birth_year=None)),
    breaks_the_model("under § 45b: a Land without a rule", rule_with(land="BY")),
    breaks_the_model("under § 45b: a rule that came later", rule_with(valid_from=date(2026, 11, 19))),
    breaks_the_model("under § 45b: a rule that ended", rule_with(valid_until=date(2026, 11, 17))),
    breaks_the_model("under § 45b: a Land that allows no individuals", rule_with(individuals_allowed=False)),
    breaks_the_model("under § 45b: without the qualification", without_the_qualification),
    breaks_the_model("under § 39: care level 1", lambda: ready(respite_care(CareLevel.ONE))),
    # 5: § 45b, while it runs
    ties(
        "under § 45b: they become relatives while it runs",
        lambda: relief_match(to=MatchState.ACTIVE),
        TieKind.IN_LAW,
        "tie_does_not_enter_a_relief_match",
    ),
    updates(
        "under § 45b: the care level goes while it runs",
        lambda: relief_match(to=MatchState.TRIAL).request.help_seeker,
        SEEKER,
        care_level=CareLevel.NONE,
    ),
    updates(
        "under § 45b: a move into a home while it runs",
        lambda: relief_match(to=MatchState.PAUSED).request.help_seeker,
        SEEKER,
        lives_at_home=False,
    ),
    updates(
        "under § 39: the care level falls while it runs",
        lambda: respite_care(CareLevel.TWO, MatchState.ACTIVE).request.help_seeker,
        SEEKER,
        care_level=CareLevel.ONE,
    ),
    updates(
        "under § 45b: the helper turns out to be a child",
        lambda: relief_match(to=MatchState.ACTIVE).helper.person,
        "person_change_leaves_relief_matches_allowed",
        birth_year=2012,
    ),
    Attack(
        "under § 45b: the office moves to a Land without a rule",
        prepare=lambda: relief_match(to=MatchState.ACTIVE).office,
        update=lambda office: Office.objects.filter(pk=office.pk).update(municipality=another_land()),
        sql=lambda office: set_columns(office, municipality_id=another_land().pk),
        refused_by=("office_change_leaves_relief_matches_allowed",),
    ),
    updates(
        "under § 45b: the model is called otherwise, and its rules are gone",
        lambda: relief_match(to=MatchState.ACTIVE).compensation_model,
        "financial_model_with_rules_keeps_its_name",
        slug="taschengeld",
    ),
    # 6
    breaks_the_model("under § 45b: a third person in North Rhine-Westphalia", serving_two_under_relief),
    Attack(
        "under § 45b: a request goes over to a third person",
        prepare=a_request_that_goes_over,
        update=lambda request: HelpRequest.objects.filter(pk=request.pk).update(
            help_seeker=HelpSeekerFactory(care_level=CareLevel.ONE)
        ),
        sql=lambda request: set_columns(
            request, help_seeker_id=HelpSeekerFactory(care_level=CareLevel.ONE).pk
        ),
        refused_by=("request_change_leaves_matches_allowed",),
    ),
    Attack(
        "under § 45b: a request goes over to a relative",
        prepare=lambda: relief_match(to=MatchState.ACTIVE),
        update=lambda match: HelpRequest.objects.filter(pk=match.request_id).update(
            help_seeker=relative_of(match.helper)
        ),
        sql=lambda match: set_columns(match.request, help_seeker_id=relative_of(match.helper).pk),
        refused_by=("request_change_leaves_matches_allowed",),
    ),
    Attack(
        "a help seeker's row becomes somebody's whom the helper blocked",
        prepare=MatchFactory,
        update=lambda match: HelpSeeker.objects.filter(pk=match.request.help_seeker_id).update(
            person=blocked_by(match.helper)
        ),
        sql=lambda match: set_columns(match.request.help_seeker, person_id=blocked_by(match.helper).pk),
        refused_by=(SEEKER,),
    ),
    Attack(
        "a profile becomes the help seeker's own",
        prepare=MatchFactory,
        update=lambda match: HelperProfile.objects.filter(pk=match.helper_id).update(
            person=match.request.help_seeker.person
        ),
        sql=lambda match: set_columns(match.helper, person_id=match.request.help_seeker.person_id),
        refused_by=("helper_change_leaves_matches_allowed",),
    ),
]


def relative_of(helper: HelperProfile) -> HelpSeeker:
    seeker: HelpSeeker = HelpSeekerFactory(care_level=CareLevel.TWO)
    tie(helper.person, seeker.person, TieKind.RELATIVE)
    return seeker


def blocked_by(helper: HelperProfile) -> Person:
    person: Person = PersonFactory()
    tie(helper.person, person, TieKind.BLOCK)
    return person


ids = [attack.sentence for attack in ATTACKS]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("attack", ATTACKS, ids=ids)
def test_the_database_refuses(attack: Attack, way: str) -> None:
    is_refused(attack, way)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("attack", ATTACKS, ids=ids)
def test_without_its_guard_the_attack_succeeds(attack: Attack, way: str) -> None:
    succeeds_without_its_guard(attack, way)


def test_a_match_that_the_land_allows_is_approved() -> None:
    training = TrainingFactory(slug="nbh-broschuere")
    match = ready_relief(helper__person__birth_year=2008, request__help_seeker__care_level=CareLevel.ONE)
    LandRule.objects.get().qualifications.add(training, TrainingFactory(slug="pflegekurs"))
    CertificateFactory(helper=match.helper, training=training, issued_on=APPROVED_ON)
    Match.objects.filter(pk=match.pk).update(**APPROVED)


def test_the_third_person_is_fine_where_another_model_covers_it() -> None:
    match = serving_two_under_relief()
    unpaid = another_for(match)
    walk(unpaid, MatchState.ACTIVE)
    assert Match.objects.running().count() == 3


def test_a_second_request_of_a_person_served_takes_no_further_place() -> None:
    a_request_that_goes_over()
    assert Match.objects.running().count() == 3


def test_a_pair_may_be_blocked_and_change_once_its_match_is_over() -> None:
    match = relief_match(to=MatchState.ENDED)
    tied(TieKind.BLOCK, match)
    tied(TieKind.RELATIVE, match)
    HelpSeeker.objects.update(care_level=CareLevel.NONE, lives_at_home=False)


def test_an_office_may_move_to_a_land_whose_rule_allows_what_runs() -> None:
    match = relief_match(to=MatchState.ACTIVE)
    LandRuleFactory(land="BY", max_people=1)
    Office.objects.update(municipality=another_land())
    assert Match.objects.running().count() == 1, match

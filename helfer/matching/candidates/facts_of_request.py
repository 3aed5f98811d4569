"""The facts of one request, read with a constant number of small queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.conf import settings
from django.contrib.gis.geos import Point
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from helfer.catalogue.models import CompensationModel, LandRule, Role, Training
from helfer.core.errors import RuleViolation
from helfer.help_requests.models import HelpRequest
from helfer.matching.facts import LandRuleFacts, RequestFacts, first_day
from helfer.matching.lifecycle import MatchState
from helfer.matching.models import Match
from helfer.people.models import CareLevel, Person, Tie, TieKind
from helfer.places.laender import land_of_key
from helfer.places.models import LocationQuality

EXACT = frozenset({LocationQuality.ADDRESS, LocationQuality.MANUAL})


@dataclass(frozen=True, slots=True)
class Asked:
    """A request's facts, and what is needed beside them to read the helpers."""

    facts: RequestFacts
    role_id: int
    home: Point | None
    # Trainings whose proofs matter for this request.
    training_ids: tuple[int, ...]
    # By the other person's id: what they are to the help seeker, and with whom it went well before.
    ties: Mapping[int, frozenset[TieKind]]
    ended_well_with: frozenset[int]


def ask(request_id: int, *, on: date, starts_on: date | None = None, role_id: int | None = None) -> Asked:
    """Everything that gates and ranking want to know of the request itself.

    ``starts_on`` and ``role_id`` take the place of the request's own where a match says otherwise.
    """
    request = HelpRequest.objects.select_related(
        "role",
        "office__municipality",
        "help_seeker__office__municipality",
        "help_seeker__person__district__municipality",
    ).get(pk=request_id)
    role = request.role if role_id in (None, request.role_id) else Role.objects.get(pk=role_id)
    if role is None:
        raise role_unclear()
    seeker = request.help_seeker
    person = seeker.person
    day = first_day(on=on, starts_on=starts_on or request.starts_on)
    rule = _land_rule(_land_of(request), day)
    models = _models(request, role)
    trainings = _trainings(role)
    slugs = {training.pk: training.slug for training in trainings}
    good_for = satisfying({training.pk: set(training.includes) for training in trainings})
    qualifications = rule.qualifications if rule else ()
    matters = [training for training in trainings if training.is_required or training.slug in qualifications]
    facts = RequestFacts(
        id=request.pk,
        number=request.number,
        seeker_id=seeker.pk,
        seeker_person_id=person.pk,
        office_id=request.office_id,
        on=on,
        first_day=day,
        role=role.slug,
        role_name=role.name,
        at_a_distance=role.at_a_distance,
        required_trainings=tuple(training.slug for training in trainings if training.is_required),
        allowed_models=frozenset(model.slug for model in models if model.is_allowed),
        named_models=frozenset(model.slug for model in models if model.is_named),
        named_languages=tuple(request.languages),
        times=frozenset(request.times),
        wanted_gender=request.wanted_gender,
        has_pets=request.has_pets,
        has_smokers=request.has_smokers,
        max_distance_m=request.max_distance_m,
        has_home=person.home is not None,
        home_is_exact=is_exact(person.location_quality, to_confirm=person.location_to_confirm),
        care_level=CareLevel(seeker.care_level),
        lives_at_home=seeker.lives_at_home,
        land_rule=rule,
        satisfied_by={slugs[pk]: frozenset(slugs[i] for i in good) for pk, good in good_for.items()},
        training_names={training.slug: training.name for training in trainings},
        model_names={model.slug: model.name for model in models},
    )
    return Asked(
        facts=facts,
        role_id=role.pk,
        home=person.home,
        training_ids=tuple(sorted({pk for training in matters for pk in good_for[training.pk]})),
        ties=_ties_of(person),
        ended_well_with=_ended_well_with(person),
    )


def role_unclear() -> RuleViolation:
    """The refusal to search for a request whose role nobody has clarified."""
    return RuleViolation(
        _("Bitte klären Sie zuerst die Tätigkeit. Erst dann lässt sich suchen."),
        code="role_unclear",
        field="role",
    )


def is_exact(quality: str, *, to_confirm: bool) -> bool:
    """Whether a home is known to the house, so that its distance may be told to the metre."""
    return quality in EXACT and not to_confirm


def satisfying(includes: Mapping[int, set[int]]) -> dict[int, set[int]]:
    """Training → all that are good for it: itself, and what includes it over any number of steps."""
    included_in: dict[int, set[int]] = {training: set() for training in includes}
    for training, included in includes.items():
        for other in included:
            included_in.setdefault(other, set()).add(training)
    good: dict[int, set[int]] = {}
    for training in included_in:
        reached = {training}
        frontier = [training]
        while frontier:
            for including in included_in.get(frontier.pop(), set()) - reached:
                reached.add(including)
                frontier.append(including)
        good[training] = reached
    return good


def _land_of(request: HelpRequest) -> str:
    """The Land of the help seeker's municipality; else the office's, else the installation's."""
    seeker = request.help_seeker
    if seeker.person.district is not None:
        return seeker.person.district.municipality.land
    office = seeker.office or request.office
    if office is not None:
        return office.municipality.land
    return land_of_key(settings.HELFER_MUNICIPALITY[0])


def _land_rule(land: str, day: date) -> LandRuleFacts | None:
    rule = LandRule.objects.in_force(land, on=day).order_by("-valid_from").first()
    if rule is None:
        return None
    return LandRuleFacts(
        land=rule.land,
        individuals_allowed=rule.individuals_allowed,
        max_people=rule.max_people,
        min_age=rule.min_age,
        qualifications=tuple(rule.qualifications.order_by("id").values_list("slug", flat=True)),
    )


class _Model(NamedTuple):
    slug: str
    name: str
    is_named: bool
    is_allowed: bool


def _models(request: HelpRequest, role: Role) -> list[_Model]:
    """The catalogue's financial models, with what request and role say of each."""
    rows = CompensationModel.objects.annotate(
        is_named=Exists(request.compensation_models.filter(pk=OuterRef("pk"))),
        is_allowed=Exists(role.compensation_models.filter(pk=OuterRef("pk"))),
    ).order_by("id")
    return [_Model(*row) for row in rows.values_list("slug", "name", "is_named", "is_allowed")]


class _Training(NamedTuple):
    pk: int
    slug: str
    name: str
    is_required: bool
    includes: list[int]


def _trainings(role: Role) -> list[_Training]:
    """The catalogue's trainings, with what each includes and whether the role requires it."""
    steps = Training.includes.through.objects.filter(from_training_id=OuterRef("pk"))
    rows = Training.objects.annotate(
        is_required=Exists(role.required_trainings.filter(pk=OuterRef("pk"))),
        included_ids=ArraySubquery(steps.values("to_training_id")),
    ).order_by("id")
    return [_Training(*row) for row in rows.values_list("id", "slug", "name", "is_required", "included_ids")]


def _ties_of(person: Person) -> dict[int, frozenset[TieKind]]:
    ties: dict[int, set[TieKind]] = {}
    rows = Tie.objects.filter(Q(person_a=person) | Q(person_b=person))
    for a, b, kind in rows.values_list("person_a_id", "person_b_id", "kind"):
        ties.setdefault(b if a == person.pk else a, set()).add(TieKind(kind))
    return {other: frozenset(kinds) for other, kinds in ties.items()}


def _ended_well_with(person: Person) -> frozenset[int]:
    """The other persons of this person's matches that ended well, whoever of the two helped."""
    pairs = Match.objects.filter(
        Q(request__help_seeker__person=person) | Q(helper__person=person),
        state=MatchState.ENDED,
        ended_well=True,
    ).values_list("helper__person_id", "request__help_seeker__person_id")
    return frozenset(other for pair in pairs for other in pair) - {person.pk}

"""The made-up people who need help: some are helped already, the others wait with an open request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from helfer.catalogue.models import RELIEF_AMOUNT, UNPAID, LandRule
from helfer.core.slots import SLOTS
from helfer.demo.bench import catalogue as shares
from helfer.demo.bench.catalogue import Catalogue
from helfer.demo.bench.country import Country, Floats, Ints, Points
from helfer.demo.bench.helpers import Bools, Days, Helpers, picked
from helfer.demo.bench.offices import HELD_SINCE, Offices
from helfer.matching.lifecycle import MatchState

Words = npt.NDArray[np.str_]

RUNNING, RUNNING_TWICE, ENDED, PAUSED = 0.16, 0.35, 0.08, 0.06
ONLY_FOR = 0.05
# Needs nothing but the helper's yes to it.
SIMPLE_MODELS = (UNPAID, "auslagen", "ehrenamtspauschale", "zeitbank")
RELIEF_PROOF = "nbh-kurs"
# What that proof is good for.
RELIEF_PROOF_COUNTS_AS = frozenset({"nbh-kurs", "nbh-broschuere"})
CARE_LEVELS = {"none": 0.35, "applied": 0.06, "1": 0.14, "2": 0.22, "3": 0.15, "4": 0.06, "5": 0.02}
# What an open request names as possible; "": nothing, which means unpaid.
NAMED_MODELS = {
    "": 0.42,
    "entlastungsbetrag": 0.2,
    "ehrenamt,entlastungsbetrag": 0.2,
    "ehrenamt,auslagen": 0.18,
}
NAMED_LANGUAGES = {"": 0.8, "de": 0.1, "tr,de": 0.03, "ru,de": 0.03, "pl,de": 0.02, "ar": 0.01, "en": 0.01}
WISHED_TIMES: dict[int, float] = {0: 0.12, 1: 0.22, 2: 0.28, 3: 0.2, 4: 0.12, 6: 0.06}


@dataclass(frozen=True)
class Bonds:
    """Who is or was helped by whom; one help seeker and one request for each."""

    helper: Ints
    role: Ints
    model_id: Ints
    state: Words
    points: Points
    care_level: Words
    approved_on: Days
    closed_on: Days
    only_for: Bools

    def __len__(self) -> int:
        return len(self.helper)


@dataclass(frozen=True)
class Waiting:
    """The open requests, each with a help seeker of its own."""

    points: Points
    role: Ints
    care_level: Words
    times: Bools
    languages: Words
    models: Words
    wanted_gender: Words
    has_pets: Words
    has_smokers: Words
    max_distance_m: Ints
    is_urgent: Bools
    starts_on: Days
    received_on: Days

    def __len__(self) -> int:
        return len(self.role)


def _words(rng: np.random.Generator, shares_by_value: dict[str, float], count: int) -> Words:
    values = np.array(list(shares_by_value))
    weights = np.array(list(shares_by_value.values()))
    return rng.choice(values, size=count, p=weights / weights.sum())


def draw_bonds(
    rng: np.random.Generator,
    country: Country,
    helpers: Helpers,
    catalogue: Catalogue,
    offices: Offices,
    *,
    today: date,
) -> Bonds:
    """Running and ended matches that no guard would have refused: in the helper's main role, nearby."""
    now = np.datetime64(today, "D")
    day = np.timedelta64(1, "D")
    since = _qualified_since(helpers, catalogue)
    fit = np.flatnonzero(helpers.active & ~np.isnat(since) & (since < now - 10 * day))
    luck = rng.random(len(fit))
    running = fit[luck < RUNNING]
    twice = running[(helpers.max_people[running] > 1) & (rng.random(len(running)) < RUNNING_TWICE)]
    ended = fit[rng.random(len(fit)) < ENDED]
    helper = np.concatenate([running, twice, ended])
    is_first = np.arange(len(helper)) < len(running)
    is_ended = np.arange(len(helper)) >= len(running) + len(twice)
    model_id, not_before = _models(helper, is_first, helpers, catalogue, offices, today=today)
    lawful = model_id > 0
    helper, is_first, is_ended = helper[lawful], is_first[lawful], is_ended[lawful]
    earliest = np.maximum(np.maximum(since[helper], not_before[lawful]), np.datetime64(HELD_SINCE, "D") + 30)
    room = np.maximum((now - earliest).astype(np.int64) - 3, 0)
    approved = earliest + (1 + (rng.random(len(helper)) * room).astype(np.int64)).astype("m8[D]")
    age = (now - approved).astype(np.int64)
    state = np.where(age > 25, MatchState.ACTIVE, np.where(age > 4, MatchState.TRIAL, MatchState.APPROVED))
    state = np.where(
        (state == MatchState.ACTIVE) & (rng.random(len(helper)) < PAUSED), MatchState.PAUSED, state
    )
    state = np.where(is_ended, MatchState.ENDED, state).astype(str)
    closed = np.full(len(helper), np.datetime64("NaT"), dtype="M8[D]")
    length = (rng.random(len(helper)) * age).astype("m8[D]")
    closed[is_ended] = (approved + length)[is_ended]
    reach: Floats = helpers.radius_m[helper] * 0.9
    points = Points(*(values[helper] for values in vars(helpers.points).values()))
    relief_id = catalogue.model_ids.get(RELIEF_AMOUNT, 0)
    care_level = _words(rng, CARE_LEVELS, len(helper))
    under_relief = model_id[lawful] == relief_id
    care_level[under_relief] = rng.choice(np.array(["1", "2", "3"]), int(under_relief.sum()))
    # Whoever serves one person only may serve nobody else.
    alone = is_first & ~np.isin(helper, twice) & ~np.isin(helper, ended)
    return Bonds(
        helper=helper,
        role=helpers.roles[helper, 0],
        model_id=model_id[lawful],
        state=state,
        points=country.near(rng, points, reach),
        care_level=care_level,
        approved_on=approved,
        closed_on=closed,
        only_for=alone & (rng.random(len(helper)) < ONLY_FOR),
    )


def _qualified_since(helpers: Helpers, catalogue: Catalogue) -> Days:
    """Since when all that the main role asks for has counted without a break until today; else NaT."""
    since = helpers.since.copy()
    for place, role in enumerate(catalogue.roles):
        own = np.flatnonzero(helpers.roles[:, 0] == place)
        for slug in catalogue.required[role.pk]:
            counting = helpers.counts_since.get(slug)
            since[own] = np.datetime64("NaT") if counting is None else np.maximum(since[own], counting[own])
    return since


def _models(
    helper: Ints,
    is_first: Bools,
    helpers: Helpers,
    catalogue: Catalogue,
    offices: Offices,
    *,
    today: date,
) -> tuple[Ints, Days]:
    """The financial model of each match (0: none fits), and the first day on which it may have begun."""
    model_id = np.zeros(len(helper), dtype=np.int64)
    not_before = np.full(len(helper), np.datetime64(HELD_SINCE, "D"))
    role = helpers.roles[helper, 0]

    def may(slug: str) -> Bools:
        known = catalogue.model_ids.get(slug)
        if known is None:
            return np.zeros(len(helper), dtype=np.bool_)
        allowed = [place for place, each in enumerate(catalogue.roles) if known in catalogue.allowed[each.pk]]
        accepted = helpers.models[helper, helpers.model_ids.index(known)]
        return np.asarray(accepted & np.isin(role, allowed))

    for slug in reversed(SIMPLE_MODELS):
        model_id[may(slug)] = catalogue.model_ids.get(slug, 0)
    since = helpers.counts_since.get(RELIEF_PROOF)
    if since is None:
        return model_id, not_before
    begins = _relief_begins(offices, today=today)[offices.place_of(helpers.points)[helper]]
    first_day = np.maximum(begins, since[helper])
    # Each at most once, so that no Land's limit is met; the other one stays with a simple model.
    good = may(RELIEF_AMOUNT) & is_first & ~np.isnat(first_day)
    good &= first_day < np.datetime64(today, "D") - np.timedelta64(10, "D")
    model_id[good] = catalogue.model_ids[RELIEF_AMOUNT]
    not_before[good] = first_day[good]
    return model_id, not_before


def _relief_begins(offices: Offices, *, today: date) -> Days:
    """By municipality: since when its Land allows what this data can show; NaT where it does not."""
    begins: dict[str, np.datetime64] = {}
    for rule in LandRule.objects.order_by("pk"):
        slugs = set(rule.qualifications.values_list("slug", flat=True))
        holds = rule.valid_from <= today and (rule.valid_until is None or today <= rule.valid_until)
        if holds and rule.individuals_allowed and slugs & RELIEF_PROOF_COUNTS_AS:
            begins[rule.land] = np.datetime64(rule.valid_from, "D")
    nothing = np.datetime64("NaT", "D")
    return np.array([begins.get(land, nothing) for land in offices.laender], dtype="M8[D]")


def draw_waiting(rng: np.random.Generator, points: Points, catalogue: Catalogue, *, today: date) -> Waiting:
    """One open request for each home; roles at a distance are left out (they have no place)."""
    count = len(points.lon)
    now = np.datetime64(today, "D")
    near = [place for place, role in enumerate(catalogue.roles) if not role.at_a_distance]
    weights = np.array([shares.ROLES.get(catalogue.roles[place].slug, shares.RARE) for place in near])
    keys = np.log(np.array(shares.TIMES)) + rng.gumbel(size=(count, len(SLOTS)))
    rank = np.argsort(np.argsort(-keys, axis=1), axis=1)
    return Waiting(
        points=points,
        role=rng.choice(np.array(near), size=count, p=weights / weights.sum()),
        care_level=_words(rng, CARE_LEVELS, count),
        times=rank < picked(rng, WISHED_TIMES, count)[:, None],
        languages=_words(rng, NAMED_LANGUAGES, count),
        models=_words(rng, NAMED_MODELS, count),
        wanted_gender=_words(rng, {"": 0.9, "w": 0.08, "m": 0.02}, count),
        has_pets=_words(rng, {"": 0.3, "yes": 0.15, "no": 0.55}, count),
        has_smokers=_words(rng, {"": 0.3, "yes": 0.1, "no": 0.6}, count),
        max_distance_m=picked(rng, {0: 0.9, 1000: 0.03, 2000: 0.04, 5000: 0.03}, count),
        is_urgent=rng.random(count) < 0.12,
        starts_on=np.where(
            rng.random(count) < 0.2,
            now + rng.integers(1, 30, count).astype("m8[D]"),
            np.datetime64("NaT", "D"),
        ),
        received_on=now - rng.integers(0, 40, count).astype("m8[D]"),
    )

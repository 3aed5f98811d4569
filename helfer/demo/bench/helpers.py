"""The made-up neighbours: drawn as columns, written by COPY."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt

from helfer.core.slots import SLOTS
from helfer.demo.bench import catalogue as shares
from helfer.demo.bench.catalogue import Catalogue
from helfer.demo.bench.country import Ints, Points

Bools = npt.NDArray[np.bool_]
Days = npt.NDArray[np.datetime64]

OFFERS_AT_MOST = max(shares.OFFERS_PER_HELPER)
PAUSED, PAUSED_OPEN_ENDED = 0.05, 0.2
NOT_ACTIVE = 0.02


@dataclass(frozen=True)
class Proofs:
    """Proofs of one training: whose, since when, until when, checked or not."""

    helper: Ints
    issued: Days
    until: Days
    verified: Bools


@dataclass(frozen=True)
class Helpers:
    """All of them, one array for each fact; ids begin at ``first_id``."""

    points: Points
    since: Days
    birth_year: Ints
    gender: npt.NDArray[np.str_]
    radius_m: Ints
    max_people: Ints
    times: Bools
    languages: Bools
    no_pets: Bools
    no_smokers: Bools
    active: Bools
    # Indexes into the catalogue's roles, the main one first; -1: none.
    roles: Ints
    models: Bools
    proofs: dict[str, Proofs]
    paused: Ints
    paused_from: Days
    paused_until: Days
    language_codes: list[str]
    model_ids: list[int]
    # By training: the first day from which on the proof counts until today and beyond; NaT where none does.
    counts_since: dict[str, Days] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.since)


def picked(rng: np.random.Generator, shares_by_value: dict[int, float], count: int) -> Ints:
    """So many values drawn by their shares."""
    values = np.array(list(shares_by_value))
    weights = np.array(list(shares_by_value.values()))
    return rng.choice(values, size=count, p=weights / weights.sum()).astype(np.int64)


def slots_text(times: Bools) -> list[str]:
    """Half-days as a PostgreSQL array."""
    weights = 1 << np.arange(len(SLOTS), dtype=np.int64)
    masks = times @ weights
    unique, places = np.unique(masks, return_inverse=True)
    texts = [
        "{" + ",".join(slot for bit, slot in enumerate(SLOTS) if mask >> bit & 1) + "}"
        for mask in unique.tolist()
    ]
    return [texts[place] for place in places.tolist()]


def add_months(days: Days, months: int) -> Days:
    """Calendar months later, clamped to the month's end."""
    month = days.astype("M8[M]")
    day_of_month = days - month.astype("M8[D]")
    last = (month + months + 1).astype("M8[D]") - np.timedelta64(1, "D")
    days_later: Days = np.minimum((month + months).astype("M8[D]") + day_of_month, last)
    return days_later


def draw_helpers(rng: np.random.Generator, points: Points, catalogue: Catalogue, *, today: date) -> Helpers:
    """One helper for each home."""
    count = len(points.lon)
    now = np.datetime64(today, "D")
    since = now - np.minimum(30 + rng.exponential(700, count), 5_000).astype("m8[D]")
    willing = rng.gamma(4, 0.25, count)[:, None]
    times = rng.random((count, len(SLOTS))) < np.array(shares.TIMES) * willing
    times[~times.any(axis=1), 4] = True
    codes = ["de", *shares.LANGUAGES]
    languages = rng.random((count, len(codes))) < np.array([1.0, *shares.LANGUAGES.values()])
    speaks_another = languages[:, 2:].any(axis=1)
    languages[speaks_another & (rng.random(count) < shares.WITHOUT_GERMAN), 0] = False
    model_ids = list(catalogue.model_ids.values())
    models = rng.random((count, len(model_ids))) < np.array(
        [shares.MODELS.get(slug, shares.RARE) for slug in catalogue.model_ids]
    )
    models[~models.any(axis=1), 0] = True
    paused = np.flatnonzero(rng.random(count) < PAUSED)
    paused_from = now + rng.integers(-60, 30, len(paused)).astype("m8[D]")
    paused_until = paused_from + rng.integers(7, 90, len(paused)).astype("m8[D]")
    paused_until[rng.random(len(paused)) < PAUSED_OPEN_ENDED] = np.datetime64("NaT")
    roles = _roles(rng, catalogue, count)
    helpers = Helpers(
        points=points,
        since=since,
        birth_year=today.year - 20 - rng.binomial(65, 0.6, count),
        gender=rng.choice(np.array(["w", "m", "d", ""]), size=count, p=[0.62, 0.36, 0.01, 0.01]),
        radius_m=picked(rng, shares.RADII_M, count),
        max_people=picked(rng, shares.MAX_PEOPLE, count),
        times=times,
        languages=languages,
        no_pets=rng.random(count) < 0.08,
        no_smokers=rng.random(count) < 0.12,
        active=rng.random(count) >= NOT_ACTIVE,
        roles=roles,
        models=models,
        proofs=_proofs(rng, catalogue, roles, since, today=today),
        paused=paused,
        paused_from=paused_from,
        paused_until=paused_until,
        language_codes=codes,
        model_ids=model_ids,
    )
    for slug, proofs in helpers.proofs.items():
        counting = np.full(count, np.datetime64("NaT"), dtype="M8[D]")
        grace = np.timedelta64(catalogue.trainings[slug].grace_days, "D")
        good = proofs.verified & (np.isnat(proofs.until) | (proofs.until + grace >= now))
        counting[proofs.helper[good]] = proofs.issued[good]
        helpers.counts_since[slug] = counting
    return helpers


def _roles(rng: np.random.Generator, catalogue: Catalogue, count: int) -> Ints:
    """Different roles for each helper, drawn by their shares (the largest keys win)."""
    weights = np.array([shares.ROLES.get(role.slug, shares.RARE) for role in catalogue.roles])
    keys = np.log(weights) + rng.gumbel(size=(count, len(weights)))
    at_most = min(OFFERS_AT_MOST, len(weights))
    order = np.argsort(-keys, axis=1)[:, :at_most].astype(np.int64)
    wanted = picked(rng, shares.OFFERS_PER_HELPER, count)
    order[np.arange(at_most)[None, :] >= wanted[:, None]] = -1
    return order


def _proofs(
    rng: np.random.Generator, catalogue: Catalogue, roles: Ints, since: Days, *, today: date
) -> dict[str, Proofs]:
    count = len(since)
    found: dict[str, Proofs] = {}
    now = np.datetime64(today, "D")
    for slug, training in catalogue.trainings.items():
        asking = [place for place, role in enumerate(catalogue.roles) if slug in catalogue.required[role.pk]]
        held = rng.random(count)
        has = held < shares.FURTHER_TRAININGS.get(slug, 0)
        if asking:
            has |= np.isin(roles, asking).any(axis=1) & (held < shares.HELD.get(slug, shares.HELD_OF_OTHERS))
        helper = np.flatnonzero(has)
        if not len(helper):
            continue
        if training.validity_months is None:
            issued = since[helper] + rng.integers(0, 30, len(helper)).astype("m8[D]")
            until = np.full(len(helper), np.datetime64("NaT"), dtype="M8[D]")
        else:
            days = 30 * training.validity_months
            age = rng.integers(1, days, len(helper))
            late = rng.random(len(helper))
            lapsed = late < shares.LAPSED
            age[lapsed] += days + training.grace_days + 10
            in_grace = ~lapsed & (late < shares.LAPSED + shares.IN_GRACE)
            if training.grace_days:
                age[in_grace] = days + 10 + rng.integers(1, training.grace_days, int(in_grace.sum()))
            issued = np.maximum(now - age.astype("m8[D]"), since[helper])
            until = add_months(issued, training.validity_months)
        found[slug] = Proofs(helper, issued, until, rng.random(len(helper)) < shares.VERIFIED)
    return found

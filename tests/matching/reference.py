"""The rules once more, in another hand: plain Python over a world, no database, its own geodesic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from pyproj import Geod

from .worlds import MODELS, ON, TRAININGS, Neighbour, World

EARTH = Geod(ellps="WGS84")
RUNNING = ("approved", "trial", "active", "paused")


@dataclass
class Verdict:
    """What the rules say of one helper."""

    number: int
    distance_m: float | None
    closed: dict[str, Any]
    score: float


def judge(world: World) -> list[Verdict]:
    return [_judge(world, n, number) for number, n in enumerate(world.neighbours, start=1)]


def candidates(world: World) -> list[Verdict]:
    """Best first; the nearer, then the older where scores tie."""
    fitting = [verdict for verdict in judge(world) if not verdict.closed]
    return sorted(fitting, key=lambda v: (-round(v.score, 9), _far(v), v.number))


def near_misses(world: World) -> list[Verdict]:
    """Nearest first."""
    missed = []
    for verdict, neighbour in zip(judge(world), world.neighbours, strict=True):
        gates = set(verdict.closed)
        if len(gates) != 1 or gates & {"pair", "role"}:
            continue
        if gates == {"state"} and neighbour.state != "active":
            continue
        if verdict.distance_m is not None and verdict.distance_m <= 20_000:
            missed.append(verdict)
    return sorted(missed, key=lambda v: (_far(v), v.number))


def _far(verdict: Verdict) -> float:
    return float("inf") if verdict.distance_m is None else verdict.distance_m


def _judge(world: World, helper: Neighbour, number: int) -> Verdict:
    first_day = max(0, world.starts_in or 0)
    closed: dict[str, Any] = {}

    if helper.state != "active":
        closed["state"] = None
    elif helper.pause:
        start, until = helper.pause
        if first_day >= start and (until is None or first_day < until):
            closed["state"] = until
    if not helper.offers:
        closed["role"] = None

    distance = None
    if world.place and helper.place:
        distance = EARTH.inv(*world.place, *helper.place)[2]
    limit = min(helper.radius_m, world.max_distance_m or helper.radius_m)
    if not world.at_a_distance and (distance is None or distance > limit):
        closed["distance"] = None if distance is None else distance - limit

    held = _held(world, helper, first_day)
    if not set(world.required) <= held:
        closed["trainings"] = {TRAININGS[n] for n in set(world.required) - held}

    served = {whose for whose, _, state, *_ in helper.matches if state in RUNNING}
    if len(served) >= helper.max_people and 0 not in served:
        closed["capacity"] = len(served)

    common = set(world.models or ("ehrenamt",)) & set(helper.models) & set(world.role_models)
    if not common:
        closed["compensation"] = None
    if common == {"entlastungsbetrag"}:
        paid = {
            whose
            for whose, _, state, model, *_ in helper.matches
            if state in RUNNING and MODELS[model] == "entlastungsbetrag"
        }
        reasons = []
        if not world.has_rule:
            reasons.append("qualification")
        elif world.max_people is not None and len(paid) >= world.max_people and 0 not in paid:
            reasons.append("people")
        if set(helper.ties) - {"block"}:
            reasons.append("tie")
        if world.qualifications and not held & set(world.qualifications):
            reasons.append("qualification")
        if world.care_level in ("none", "applied") or not world.lives_at_home:
            reasons.append("pflegegrad")
        if helper.birth_year is None or helper.birth_year > 2026 - 18:
            reasons.append("age")
        if reasons:
            closed["relief_amount"] = reasons[0]

    tongues = world.languages or ("de",)
    if not set(tongues) & set(helper.languages):
        closed["language"] = None
    shared = set(world.times) & set(helper.times)
    if world.times and not shared:
        closed["times"] = None

    if world.wanted_gender and helper.gender != world.wanted_gender:
        closed["wishes"] = "gender"
    elif helper.no_pets and world.has_pets == "yes":
        closed["wishes"] = "pets"
    elif helper.no_smokers and world.has_smokers == "yes":
        closed["wishes"] = "smokers"

    here = {state for _, same, state, *_ in helper.matches if same}
    if "block" in helper.ties or here - {"ended"} or helper.only_for == 1:
        closed["pair"] = None

    days = [(days if days <= 0 else 0) for *_, days, _ in helper.matches]
    well = any(whose == 0 and state == "ended" and good for whose, _, state, _, _, good in helper.matches)
    score = (
        0.35 * (1 if world.at_a_distance else 0 if distance is None else max(0, 1 - distance / limit))
        + 0.25 * (len(shared) / len(world.times) if world.times else 1)
        + 0.10 * (1 if tongues[0] in helper.languages else 0.5)
        + 0.15 * max(0, 1 - len(served) / helper.max_people)
        + 0.10 * (min(1, -max(days) / 90) if days else 1)
        + 0.05 * well
    )
    return Verdict(number, distance, closed, score)


def _held(world: World, helper: Neighbour, first_day: int) -> set[int]:
    held = set()
    for training, issued, until, verified in helper.proofs:
        is_old_enough = issued <= first_day
        is_good = until is None or first_day <= issued + until + world.grace[training]
        if verified and is_old_enough and is_good:
            held.add(training)
    while True:
        more = held | {included for including, included in world.includes if including in held}
        if more == held:
            return held
        held = more


def day(offset: int | None) -> str | None:
    """A world's day as the shortlist writes it."""
    return None if offset is None else date.fromordinal(ON.toordinal() + offset).isoformat()

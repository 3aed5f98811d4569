"""The gates and the score once more, in SQL, for many helpers at once.

``gates.py`` and ``ranking.py`` say what holds; this says the same of an offer ``o`` (a row of
``matching_offer`` with its distance ``metres``) and a request ``a`` (see ``questions.py``). Every gate is
written here once, and the tests hold both against each other. A condition is true or false, never unknown.
"""

from __future__ import annotations

from helfer.help_requests.models import YesNo
from helfer.matching.gates import GATES, Gate
from helfer.matching.ranking import DECIMALS, RESTED_AFTER_DAYS, SHARED_LATER_LANGUAGE, WEIGHTS

REACH_M = "LEAST(o.radius_m, a.max_distance_m)"

# The helper's proofs that count on D.
PROOFS = """helpers_certificate proof JOIN catalogue_training training ON training.id = proof.training_id
         WHERE proof.helper_id = o.helper_id
           AND proof.verified_at IS NOT NULL AND proof.issued_on <= a.first_day
           AND (proof.valid_until IS NULL OR proof.valid_until + training.grace_days >= a.first_day)"""
# One of the Land's qualifications, or what includes it.
HOLDS_QUALIFICATION = f"""EXISTS (
        SELECT FROM {PROOFS} AND proof.training_id = ANY((a.rule).qualifications))"""

# What stands against paying from the Entlastungsbetrag, but for the qualification.
_RELIEF_BUT_FOR_QUALIFICATION = """a.has_relief AND (a.rule).individuals_allowed
    AND ((a.rule).max_people IS NULL OR o.relief_serves < (a.rule).max_people
         OR o.helper_id = ANY(a.relief_served_by))
    AND o.person_id <> ALL(a.tied)
    AND date_part('year', a.first_day) - (SELECT birth_year FROM people_person WHERE id = o.person_id)
        >= (a.rule).min_age"""


def relief_holds(qualified: str = HOLDS_QUALIFICATION) -> str:
    """Whether the helper may be paid from the Entlastungsbetrag (§ 45b SGB XI)."""
    return f"""COALESCE({_RELIEF_BUT_FOR_QUALIFICATION}
    AND ((a.rule).qualifications = '{{}}' OR {qualified}), FALSE)"""


def relief_is_open(holds: str) -> str:
    """Where only the Entlastungsbetrag is left, its conditions hold: read only where it is left."""
    return f"""CASE WHEN o.models && a.models AND NOT o.models && array_remove(a.models, a.relief)
    THEN {holds} ELSE TRUE END"""


OPEN_WHEN: dict[Gate, str] = {
    # Only active helpers make offers, and only for roles that they offer.
    Gate.STATE: "NOT o.away @> a.first_day",
    Gate.ROLE: "TRUE",
    Gate.DISTANCE: f"(a.at_a_distance OR COALESCE(o.metres <= {REACH_M}, FALSE))",
    Gate.TRAININGS: "o.qualified @> a.first_day",
    Gate.CAPACITY: "(o.serves < o.max_people OR o.helper_id = ANY(a.served_by))",
    Gate.COMPENSATION: "o.models && a.models",
    Gate.RELIEF_AMOUNT: relief_is_open(relief_holds()),
    Gate.LANGUAGE: "o.languages && a.languages",
    Gate.TIMES: "(a.times = 0 OR o.times & a.times <> 0)",
    Gate.WISHES: f"""(a.wanted_gender IN ('', o.gender)
    AND NOT (o.no_pets AND a.has_pets = '{YesNo.YES}')
    AND NOT (o.no_smokers AND a.has_smokers = '{YesNo.YES}'))""",
    Gate.PAIR: """(o.person_id <> a.seeker_person_id AND o.person_id <> ALL(a.blocked)
    AND COALESCE(o.only_for_id = a.seeker_id, TRUE) AND o.helper_id <> ALL(a.tried))""",
}
# What is asked before the distance is reckoned, which costs more than all of these: the cheap ones first.
BEFORE_THE_WAY = (
    Gate.TIMES,
    Gate.CAPACITY,
    Gate.WISHES,
    Gate.LANGUAGE,
    Gate.COMPENSATION,
    Gate.TRAININGS,
    Gate.STATE,
    Gate.PAIR,
    Gate.RELIEF_AMOUNT,
)


def all_open(*gates: Gate) -> str:
    """Every one of these gates is open."""
    return "\n   AND ".join(OPEN_WHEN[gate] for gate in gates) or "TRUE"


def number_closed(*gates: Gate) -> str:
    """How many of these gates are closed."""
    return f"({' + '.join(f'(NOT {OPEN_WHEN[gate]})::int' for gate in gates)})"


# The first closed gate in the order of gates.py; where none of those before it is, it can only be the last.
CLOSED_GATE = f"""CASE {
    " ".join(f"WHEN NOT {OPEN_WHEN[gate]} THEN '{gate}'" for gate, _ in GATES if gate is not Gate.ROLE)
} END"""


def _common_times(times: str) -> str:
    return f"bit_count(({times})::bit(32))::float8"


# Each between 0 and 1, reckoned in the order and precision of ranking.py, so that the sums are the same.
PARTS: dict[str, str] = {
    "nearness": f"""CASE WHEN a.at_a_distance THEN 1
    ELSE LEAST(1, GREATEST(0, 1 - o.metres / {REACH_M})) END""",
    "times": f"""CASE a.times WHEN 0 THEN 1
    ELSE {_common_times("o.times & a.times")} / {_common_times("a.times")} END""",
    "language": f"CASE WHEN a.languages[1] = ANY(o.languages) THEN 1 ELSE {SHARED_LATER_LANGUAGE} END",
    "workload": "LEAST(1, GREATEST(0, 1 - o.serves::float8 / o.max_people))",
    "rotation": f"""CASE WHEN o.last_proposed_on IS NULL THEN 1
    ELSE LEAST(1, GREATEST(0, (a.asked_on - o.last_proposed_on) / {RESTED_AFTER_DAYS}::float8)) END""",
    "continuity": """CASE WHEN o.helper_id = ANY(a.went_well_with) OR o.person_id = ANY(a.helped_well)
    THEN 1 ELSE 0 END""",
}
WEIGHTED_PARTS = ",\n       ".join(
    f"{WEIGHTS[name]}::float8 * {value} AS {name}" for name, value in PARTS.items()
)
SCORE = " + ".join(f"part.{name}" for name in PARTS)


def rounded(score: str, decimals: int = DECIMALS) -> str:
    """The score times 10^decimals as a whole number, exactly as Python's ``round`` would have it.

    Casting to numeric rounds to fifteen digits first, and a plain product rounds before it is rounded. Here
    every step but the last is exact for 1/32 ≤ score ≤ 1: 24 bits of the score, and what is left of it (32
    bits at most), times 5^9 (21 bits); halves fall to the even side because ``high`` is made even.
    """
    scale = f"1e{decimals}::float8"
    lead = f"(round({score} * 16777216) / 16777216)"
    high = f"(2 * round({lead} * {scale} / 2))"
    return f"({high} + round({lead} * {scale} - {high} + ({score} - {lead}) * {scale}))::bigint"

"""The numbers beside the public offers: read, not counted.

Each statement that puts offers up or takes them down adds a row for what changed, plus or minus; rows are
only ever added, so that nobody waits for anybody. A publication puts them together again.
"""

from __future__ import annotations

import pgtrigger

from helfer.core.guards import Guard
from helfer.matching.guards.offer_sources import CHANGES

_SAID = """
    CROSS JOIN LATERAL (
        SELECT 0, ''
        UNION ALL SELECT 1, unnest(offer.languages)
        UNION ALL SELECT 2, unnest(offer.half_days)
        UNION ALL SELECT 3, unnest(offer.model_ids)::text
    ) AS said (about, value)
"""


def tally_of(table: str, *, sign: str = "") -> str:
    """What these offers say, one row for each kind of thing said, by role and place."""
    return f"""
        SELECT offer.role_id, offer.district_id, offer.quarter_id, said.about, said.value, {sign}count(*)
        FROM {table} offer {_SAID}
        GROUP BY 1, 2, 3, 4, 5
    """


def _follow(change: str, func: str) -> Guard:
    operation, referencing = CHANGES[change]
    return Guard(
        f"tallies_follow_{change}_offers",
        when=pgtrigger.After,
        operation=operation,
        level=pgtrigger.Statement,
        referencing=referencing,
        func=func,
    )


_ADD = "INSERT INTO matching_publictally (role_id, district_id, quarter_id, about, value, number)"
_PUT_UP, _TAKEN_DOWN = f"{_ADD} {tally_of('new_rows')};", f"{_ADD} {tally_of('old_rows', sign='-')};"
OFFERS = [
    _follow("new", _PUT_UP),
    _follow("changed", _TAKEN_DOWN + _PUT_UP),
    _follow("removed", _TAKEN_DOWN),
    _follow("emptied", "DELETE FROM matching_publictally;"),
]

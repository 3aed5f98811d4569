"""What it costs to keep the derived table right: the same changes with its triggers and without them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection

from tests.bench.databases import using
from tests.bench.measuring import Series, seconds, shown
from tests.bench.report import Row
from tests.bench.run import Run, size_name

BLOCKS, CHANGES_IN_A_BLOCK = 10, 12
TRIGGERS = """
    SELECT tgrelid::regclass::text, tgname FROM pg_trigger
     WHERE NOT tgisinternal AND tgname LIKE 'pgtrigger\\_offers\\_follow\\_%'
"""
# Two sets of helpers who have all that a change needs, so that nobody is changed twice.
WHOM = """
    SELECT helper.id, helper.person_id, proof.id, proof.valid_until,
           (SELECT role.id FROM catalogue_role role WHERE role.is_active AND role.id NOT IN (
                SELECT role_id FROM helpers_helperprofile_roles WHERE helperprofile_id = helper.id)
             ORDER BY role.id LIMIT 1)
      FROM helpers_helperprofile helper
      JOIN LATERAL (
        SELECT id, valid_until FROM helpers_certificate
         WHERE helper_id = helper.id AND valid_until > %(on)s AND issued_on < %(on)s::date - 7
         ORDER BY id LIMIT 1) proof ON TRUE
     WHERE helper.id = ANY(%(ids)s) AND helper.state = 'active'
       AND NOT EXISTS (SELECT FROM helpers_pause WHERE helper_id = helper.id)
       AND NOT EXISTS (SELECT FROM matching_match WHERE helper_id = helper.id)
     ORDER BY helper.id
"""


@dataclass(frozen=True)
class Change:
    """A change of one helper, as one statement, and what takes it back."""

    name: str
    do: str
    undo: str


CHANGES = (
    Change(
        "certificate lapses",
        "UPDATE helpers_certificate SET valid_until = %(on)s::date - 1 WHERE id = %(proof)s",
        "UPDATE helpers_certificate SET valid_until = %(until)s WHERE id = %(proof)s",
    ),
    Change(
        "pause",
        "INSERT INTO helpers_pause (helper_id, from_day, until_day, reason)"
        " VALUES (%(helper)s, %(on)s, %(on)s::date + 14, '')",
        "DELETE FROM helpers_pause WHERE helper_id = %(helper)s",
    ),
    Change(
        "move",
        "UPDATE people_person SET home = ST_Project(home, 150, 1.0) WHERE id = %(person)s",
        "UPDATE people_person SET home = %(home)s::geography WHERE id = %(person)s",
    ),
    Change(
        "new role",
        "INSERT INTO helpers_helperprofile_roles (helperprofile_id, role_id) VALUES (%(helper)s, %(role)s)",
        "DELETE FROM helpers_helperprofile_roles WHERE helperprofile_id = %(helper)s AND role_id = %(role)s",
    ),
)


def measure(run: Run) -> None:
    """Each kind of change, in blocks by turns with and without the triggers."""
    run.say("Keeping the derived table …")
    with using(run.wrappers[run.largest]):
        section = run.report.section("Keeping the derived table")
        section.lines += [
            "One statement for one helper in a transaction of its own, the commit with its fsync included, "
            "sent as it is and not prepared; all other guards and the history are there in both cases. "
            "Without: the table's triggers are off. Blocks of changes take turns; each change is made and "
            "taken back once before, so that neither way waits for a disk; afterwards everything is taken "
            "back.",
            "",
        ]
        for change in CHANGES:
            with_it, without = _times(run, change)
            ratio = with_it.median / without.median
            run.report.rows.append(
                Row(
                    f"keeping the derived data, {size_name(run.largest)} helpers: {change.name}",
                    str(with_it),
                    "the same change without it",
                    str(without),
                    f"{ratio:.2f} ×",
                    "≤ 2 ×",
                    ratio <= 2,
                )
            )
            section.lines.append(
                f"- {change.name}: p95 {shown(with_it.p95)} with, {shown(without.p95)} without"
            )


def _times(run: Run, change: Change) -> tuple[Series, Series]:
    blocks = run.times(BLOCKS, 2)
    people = _people(run, change, 2 * blocks * CHANGES_IN_A_BLOCK)
    with_it, without = Series(), Series()
    chunks = [
        people[start : start + CHANGES_IN_A_BLOCK] for start in range(0, len(people), CHANGES_IN_A_BLOCK)
    ]
    for number, chunk in enumerate(chunks):
        # The first change of a block only warms up.
        if number % 2:
            _make_and_take_back(change, chunk)
            with_it.values.extend([_commit(change.do, each) for each in chunk][1:])
        else:
            with _without_triggers():
                _make_and_take_back(change, chunk)
                without.values.extend([_commit(change.do, each) for each in chunk][1:])
                for each in chunk:
                    _commit(change.undo, each)
    for number, chunk in enumerate(chunks):
        if number % 2:
            for each in chunk:
                _commit(change.undo, each)
    return with_it, without


def _make_and_take_back(change: Change, chunk: Sequence[dict[str, Any]]) -> None:
    for sql in (change.do, change.undo):
        for each in chunk:
            _commit(sql, each)


def _people(run: Run, change: Change, count: int) -> Sequence[dict[str, Any]]:
    ids = run.rng(f"upkeep {change.name}").sample(range(1, run.largest + 1), min(count * 4, run.largest))
    with connection.cursor() as cursor:
        cursor.execute(WHOM, {"ids": ids, "on": run.on})
        rows = cursor.fetchall()[:count]
        cursor.execute(
            "SELECT id, ST_AsEWKB(home::geometry) FROM people_person WHERE id = ANY(%s)",
            [[row[1] for row in rows]],
        )
        homes = dict(cursor.fetchall())
    return [
        {
            "on": run.on,
            "helper": helper,
            "person": person,
            "proof": proof,
            "until": until,
            "role": role,
            "home": bytes(homes[person]).hex(),
        }
        for helper, person, proof, until, role in rows
    ]


def _commit(sql: str, parameters: dict[str, Any]) -> float:
    def work() -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)

    return seconds(work)


@contextmanager
def _without_triggers() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS)
        triggers = cursor.fetchall()
        if not triggers:
            raise AssertionError("the derived table has no triggers; nothing could be compared")

        def switch(how: str) -> None:
            cursor.execute(
                "; ".join(f'ALTER TABLE {table} {how} TRIGGER "{name}"' for table, name in triggers)
            )

        switch("DISABLE")
        try:
            yield
        finally:
            switch("ENABLE")

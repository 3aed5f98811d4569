"""A list of a hundred thousand helpers, imported by the program, beside COPY of the same rows."""

from __future__ import annotations

import cProfile
import pstats
import tempfile
from pathlib import Path
from typing import Any

from django.db import connection

from helfer.core.history import acting
from helfer.core.tables import read_table_file
from helfer.helpers.actions import import_helpers
from helfer.helpers.imports.answering import import_account
from tests.bench.databases import PREFIX, make_empty, manage, remove, using, wrapper_for
from tests.bench.measuring import Series, seconds, shown
from tests.bench.processes import run_process
from tests.bench.report import Row
from tests.bench.run import Run

ROWS, PROFILED = 100_000, 10_000
COPIES = 3
# The list as an office would keep it (formats.md), of the made-up helpers.
LIST = """
    SELECT helper.number AS nummer, person.family_name AS nachname, person.given_name AS vorname,
           person.birth_year AS geburtsjahr, person.gender AS geschlecht,
           '0221 47' || lpad(helper.id::text, 7, '0') AS telefon, '' AS mobil,
           'h' || helper.id || '@bench.example' AS email,
           person.street AS strasse, person.house_number AS hausnummer, person.postcode AS plz,
           person.town AS ort, ST_Y(person.home::geometry) AS lat, ST_X(person.home::geometry) AS lon,
           helper.radius_m AS umkreis_m,
           array_to_string(helper.languages, ',') AS sprachen,
           (SELECT string_agg(role.slug, ',' ORDER BY role.id) FROM helpers_helperprofile_roles offered
              JOIN catalogue_role role ON role.id = offered.role_id
             WHERE offered.helperprofile_id = helper.id) AS aufgaben,
           array_to_string(helper.times, ',') AS zeiten,
           (SELECT string_agg(model.slug, ',' ORDER BY model.id)
              FROM helpers_helperprofile_compensation_models taken
              JOIN catalogue_compensationmodel model ON model.id = taken.compensationmodel_id
             WHERE taken.helperprofile_id = helper.id) AS verguetung,
           helper.max_people AS max_personen,
           CASE WHEN helper.no_pets THEN 'ja' ELSE 'nein' END AS keine_haustiere,
           CASE WHEN helper.no_smokers THEN 'ja' ELSE 'nein' END AS keine_raucher,
           (SELECT string_agg(training.slug || '@' || proof.issued_on, ',' ORDER BY proof.id)
              FROM helpers_certificate proof
              JOIN catalogue_training training ON training.id = proof.training_id
             WHERE proof.helper_id = helper.id) AS schulungen,
           helper.helper_since AS seit
      FROM helpers_helperprofile helper JOIN people_person person ON person.id = helper.person_id
     WHERE helper.id <= {rows}
     ORDER BY helper.id
"""


def measure(run: Run) -> None:
    """The import as a whole, COPY before and after it, and what the import spends its time on."""
    rows = min(run.times(ROWS, 2_000), run.largest)
    run.say(f"Import of {rows:,} rows …")
    database = f"{PREFIX}import"
    with tempfile.TemporaryDirectory() as folder:
        list_of_all, list_of_some = Path(folder) / "helfer.csv", Path(folder) / "einige.csv"
        with using(run.wrappers[run.largest]):
            _write_list(list_of_all, rows)
            _write_list(list_of_some, min(rows, PROFILED))
        columns = list_of_all.read_text().partition("\n")[0].split(",")
        make_empty(database)
        try:
            manage(database, "load_catalogue", output=(Path(folder) / "catalogue.txt").open("w"))
            wrapper = wrapper_for(database)
            with using(wrapper):
                copies = Series([_copy(list_of_all, columns) for _ in range(COPIES)])
                profile = _profiled(run, list_of_some)
                connection.close()
            make_empty(database)
            manage(database, "load_catalogue", output=(Path(folder) / "catalogue.txt").open("w"))
            taken = run_process(
                database, ["manage.py", "import_helpers", str(list_of_all)], Path(folder) / "import.txt"
            )
            with using(wrapper_for(database)):
                copies.values.extend(_copy(list_of_all, columns) for _ in range(COPIES))
                connection.close()
        finally:
            remove(database)
    run.report.rows.append(
        Row(
            f"bulk import of {rows:,} helpers from CSV",
            shown(taken.seconds),
            "COPY of the same rows into a bare table",
            str(copies),
            f"{taken.seconds / copies.median:,.0f} ×",
            "report, and name what costs",
            None,
        )
    )
    run.report.section("Bulk import").lines += [
        f"`manage.py import_helpers`, all or nothing, into an empty database: {rows / taken.seconds:,.0f} "
        f"rows a second, {taken.peak_gib:.1f} GiB at most. It said: "
        f"“{taken.output.strip().splitlines()[-1]}”",
        "",
        f"What costs, by a profile of {min(rows, PROFILED):,} rows in the same process (shares of the whole, "
        "the profiler included; a dash marks a part of what stands above):",
        "",
        *profile,
    ]


def _write_list(path: Path, rows: int) -> None:
    with connection.cursor() as cursor, path.open("wb") as stream:
        with cursor.copy(f"COPY ({LIST.format(rows=rows)}) TO STDOUT WITH (FORMAT csv, HEADER)") as copy:
            for block in copy:
                stream.write(block)


def _copy(path: Path, columns: list[str]) -> float:
    """COPY into a table without index, key or trigger, in a transaction of its own."""

    def work() -> None:
        with (
            connection.cursor() as cursor,
            cursor.copy("COPY helfer_bench_bare FROM STDIN WITH (FORMAT csv, HEADER)") as copy,
            path.open("rb") as stream,
        ):
            while block := stream.read(1 << 16):
                copy.write(block)

    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS helfer_bench_bare")
        cursor.execute(f"CREATE TABLE helfer_bench_bare ({', '.join(f'{name} text' for name in columns)})")
    return seconds(work)


# What a profile is asked for: words, file, function.
STEPS = (
    ("reading the file", "core/tables/reading.py", "read_table_file"),
    ("planning: reading cells, looking up who is known, finding homes", "imports/plan.py", "plan_helpers"),
    ("– cells read and checked", "imports/rows.py", "read"),
    ("– – telephone numbers", "core/cells.py", "phone"),
    ("– homes found", "imports/plan.py", "_find_homes"),
    ("– who is known", "imports/plan.py", "_find_known"),
    ("writing", "imports/apply.py", "write_helpers"),
    (
        "– rows copied into the tables, the database's answer included",
        "core/copying.py",
        "_copy",
    ),
    (
        "waiting for the database, all in all: guards, history, offers, indexes",
        "psycopg/connection.py",
        "wait",
    ),
)


def _profiled(run: Run, path: Path) -> list[str]:
    profile = cProfile.Profile()
    by = import_account()
    with acting(by.pk, door="command"):
        profile.enable()
        import_helpers(table=read_table_file(path), by=by, at=run.now, is_operator=True)
        profile.disable()
    stats: Any = pstats.Stats(profile).stats
    whole = sum(own for _calls, _primitive, own, _cumulative, _callers in stats.values())
    lines = []
    for words, file, function in STEPS:
        taken = sum(
            cumulative
            for (at, _line, called), (_c, _p, _own, cumulative, _callers) in stats.items()
            if at.endswith(file) and called == function
        )
        if taken:
            lines.append(f"- {words}: {taken / whole:.0%}")
    return lines

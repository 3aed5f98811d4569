"""One database of made-up people for each size, beside the others in the private cluster."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import load_backend

from helfer.settings import env
from tests.template_database import template_database

ROOT = Path(__file__).parents[2]
PREFIX = "helfer_bench_"


def manage(database: str, *arguments: str, output: Any = None) -> None:
    """Run the program's command line on that database."""
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    subprocess.run(command, env=environment(database), check=True, cwd=ROOT, stdout=output)


def environment(database: str) -> dict[str, str]:
    """The process's own, with that database."""
    given = urlsplit(env.str("DATABASE_URL"))
    # `urlunsplit` would drop the empty host of an address that names a socket.
    url = f"{given.scheme}://{given.netloc}/{database}" + (f"?{given.query}" if given.query else "")
    return {**os.environ, "DATABASE_URL": url}


def make_empty(database: str) -> None:
    """A migrated database without rows; one of that name is thrown away."""
    template = template_database()
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(f'DROP DATABASE IF EXISTS "{database}"')
        cursor.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')


def remove(database: str) -> None:
    """Throw a database away."""
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


def prepare(*, helpers: int, requests: int, seed: int, postcodes: str) -> str:
    """The database of this size, filled if it is not there yet; brought to the present schema."""
    name = f"{PREFIX}{helpers}"
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        is_there = cursor.fetchone() is not None
    if is_there and not _is_complete(name, helpers=helpers, requests=requests, seed=seed):
        remove(name)
        is_there = False
    if not is_there:
        make_empty(name)
        if postcodes:
            manage(name, "load_postcodes", postcodes, output=subprocess.DEVNULL)
    manage(name, "migrate", "--verbosity", "0")
    manage(name, "bench_data", f"--helpers={helpers}", f"--requests={requests}", f"--seed={seed}")
    return name


def _is_complete(name: str, *, helpers: int, requests: int, seed: int) -> bool:
    from helfer.demo.bench.load import VERSION, what_is_there

    with using(wrapper_for(name)):
        there = what_is_there()
        connection.close()
    return there is not None and (there.helpers, there.requests, there.seed, there.version) == (
        helpers,
        requests,
        seed,
        VERSION,
    )


def wrapper_for(database: str) -> BaseDatabaseWrapper:
    """Django's connection to that database."""
    settings = {**connection.settings_dict, "NAME": database, "CONN_MAX_AGE": None}
    wrapper: BaseDatabaseWrapper = load_backend(settings["ENGINE"]).DatabaseWrapper(settings, alias="default")
    return wrapper


@contextmanager
def using(wrapper: BaseDatabaseWrapper) -> Iterator[None]:
    """The program works on that database meanwhile."""
    before = connections["default"]
    connections["default"] = wrapper
    try:
        yield
    finally:
        connections["default"] = before


def prepared(sql: str, parameters: Any, *, from_index_alone: bool = False) -> list[Any]:
    """The rows of a statement that the server has prepared, by the connection the program uses.

    ``from_index_alone``: by another one, which keeps the planner from reading the table all the same.
    """
    connection.ensure_connection()
    raw: Any = _index_only(connection.settings_dict["NAME"]) if from_index_alone else connection.connection
    # Django switches preparing off; any number switches it on.
    raw.prepare_threshold = 5
    with psycopg.Cursor(raw) as cursor:
        cursor.execute(sql, parameters, prepare=True, binary=True)
        return cursor.fetchall()


@cache
def _index_only(database: str) -> psycopg.Connection[Any]:
    address = environment(database)["DATABASE_URL"]
    options = "-c enable_bitmapscan=off -c enable_seqscan=off -c max_parallel_workers_per_gather=0"
    return psycopg.connect(address, autocommit=True, options=options)


def describe(size: int) -> str:
    """What the present database holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM matching_offer), (SELECT count(*) FROM matching_match),"
            " (SELECT count(*) FROM help_requests_helprequest WHERE state = 'open'),"
            " pg_size_pretty(pg_database_size(current_database())),"
            " pg_size_pretty(pg_total_relation_size('matching_offer'))"
        )
        offers, matches, requests, whole, table = cursor.fetchone()
    return (
        f"{size:,} helpers: {offers:,} offers, {matches:,} running and ended matches, {requests:,} open "
        "requests; "
        f"{whole}, of these {table} for the offers with their indexes"
    )

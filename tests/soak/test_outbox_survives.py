"""Sent once, whatever dies: worker, Redis and PostgreSQL are killed with -9 while messages are under way."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from functools import partial
from pathlib import Path

import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from .machine import ROOT, Machine
from .sink import MailSink

LONG = os.environ.get("HELFER_SOAK") == "1"
MESSAGES = 600 if LONG else 60
KILLS_OF_EACH = 8 if LONG else 1
VICTIMS = ("worker", "redis", "postgresql")


@pytest.fixture
def machine_and_sink(db: None, tmp_path: Path) -> tuple[Machine, MailSink, random.Random]:
    seed = int(os.environ.get("HELFER_SOAK_SEED") or random.SystemRandom().randrange(10**6))
    chance = random.Random(seed)
    print(f"\nHELFER_SOAK_SEED={seed}")
    sink = MailSink(seconds_per_message=0.05, rudeness=0.02, chance=chance)
    return Machine(tmp_path, mail_port=sink.port), sink, chance


def build_tables(machine: Machine) -> None:
    """The schema of the test database; where it cannot be copied, by migrating."""
    parts = ("host", "port", "user", "password", "dbname")
    given = connection.get_connection_params()
    source = make_conninfo(**{part: given[part] for part in parts if given.get(part)})
    tools = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_dump"))
    if tools:
        dump = [tools[-1], "--schema-only", "--no-owner", "--no-privileges", "--no-comments", "-n", "public"]
        schema = subprocess.run([*dump, "-d", source], capture_output=True, check=False)
        psql = [tools[-1].with_name("psql"), "-q", "-X", machine.environment["DATABASE_URL"]]
        subprocess.run(psql, input=schema.stdout, capture_output=True, check=False)
    if machine.ask("SELECT to_regclass('notifications_message')") == [(None,)]:
        command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(command, cwd=ROOT, env=machine.environment, check=True, capture_output=True)


def _has_taken(sink: MailSink, count: int) -> bool:
    return sink.different() >= count


@pytest.mark.soak
def test_every_message_arrives_and_a_repeated_one_is_known_by_its_message_id(
    machine_and_sink: tuple[Machine, MailSink, random.Random],
) -> None:
    machine, sink, chance = machine_and_sink
    victims = [victim for victim in VICTIMS for _turn in range(KILLS_OF_EACH)]
    chance.shuffle(victims)
    moments = sorted(chance.sample(range(1, int(MESSAGES * 0.9)), len(victims)))
    begun = time.monotonic()
    with sink, machine:
        build_tables(machine)
        machine.start_worker()
        machine.start_beat()
        producer = machine.start(
            "producer", sys.executable, "-m", "tests.soak.producer", str(MESSAGES), "0.01"
        )
        ready = time.monotonic()
        for moment, victim in zip(moments, victims, strict=True):
            reached = partial(_has_taken, sink, moment)
            assert machine.wait_until(reached, seconds=120), machine.last_words()
            under_way = MESSAGES - sink.different()
            getattr(machine, f"kill_{victim}")()
            # The others have to live without it for a moment.
            threading.Event().wait(chance.random())
            if victim == "worker":
                machine.start_worker()
            else:
                machine.start_services()
            print(f"{time.monotonic() - ready:6.1f} s  kill -9 {victim:10}  {under_way} messages under way")
        assert machine.wait_until(lambda: producer.poll() is not None, seconds=120), machine.last_words()
        settled = machine.wait_until(
            lambda: machine.ask("SELECT DISTINCT state FROM notifications_message") == [("sent",)],
            seconds=120,
        )
        rows = machine.ask(
            "SELECT email, '<' || reference || '>', state, attempts"
            " FROM notifications_message JOIN people_person ON people_person.id = recipient_id"
        )
        ended = time.monotonic()
    states = Counter(row[2] for row in rows)
    repeated = {pair: count for pair, count in Counter(sink.arrived).items() if count > 1}
    print(
        f"{len(victims)} kills, {len(rows)} messages posted, {dict(states)}, "
        f"{len({to for to, _id in sink.arrived})} arrived, {len(repeated)} of them more than once; "
        f"ended by themselves: {dict(Counter(machine.ended_by_themselves))}; "
        f"most attempts {max(int(str(row[3])) for row in rows)}; "
        f"{ready - begun:.0f} s to build, {ended - ready:.0f} s to run"
    )
    assert settled, states
    assert producer.returncode == 0
    assert len(rows) == MESSAGES
    # Nothing is lost, and whatever came twice came under one Message-ID: that of the row.
    assert set(sink.arrived) == {(row[0], row[1]) for row in rows}

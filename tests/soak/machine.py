"""An installation of its own that can be killed piece by piece."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO
from urllib.parse import parse_qs, urlsplit

import psycopg

ROOT = Path(__file__).resolve().parent.parent.parent
SERVICES = str(ROOT / "docker" / "local" / "services.sh")
CELERY = (sys.executable, "-m", "celery", "--quiet", "--app", "helfer")
WORKER = (
    *CELERY,
    "worker",
    "--loglevel",
    "INFO",
    "--concurrency",
    "2",
    "--without-gossip",
    "--without-mingle",
)


class Machine:
    """PostgreSQL, Redis, worker and beat in a folder; everything ends with the block."""

    def __init__(self, folder: Path, *, mail_port: int) -> None:
        self.folder = folder
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.logs: list[IO[bytes]] = []
        self.ended_by_themselves: list[str] = []
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("HELFER_")},
            "DJANGO_SETTINGS_MODULE": "tests.soak.settings",
            "HELFER_SECRET_KEY": "a-key-for-an-installation-that-is-killed-at-once",
            "HELFER_EMAIL_HOST": "127.0.0.1",
            "HELFER_EMAIL_PORT": str(mail_port),
            # The same clockwork, only quicker.
            "HELFER_SWEEP_SECONDS": "1",
            "HELFER_MESSAGE_BACKOFF_SECONDS": ",".join(["1"] * 60),
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "ignore",
        }
        self.base = Path()

    def __enter__(self) -> Machine:
        self.start_services()
        host = parse_qs(urlsplit(self.environment["DATABASE_URL"]).query)["host"][0]
        self.base = Path(host).parent
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name in list(self.processes):
            self.kill_process(name)
        for log in self.logs:
            log.close()
        subprocess.run([SERVICES, "remove", str(self.folder)], check=True, capture_output=True)

    def start_services(self) -> None:
        # A database killed a moment ago may still have children that let go of its memory.
        for attempt in range(10):
            started = subprocess.run(
                [SERVICES, "start", str(self.folder)], capture_output=True, text=True, check=False
            )
            if started.returncode == 0:
                self.environment.update(line.split("=", 1) for line in started.stdout.splitlines())
                return
            threading.Event().wait(0.2 * (attempt + 1))
        raise AssertionError(started.stderr)

    def start(self, name: str, *command: str) -> subprocess.Popen[bytes]:
        log = (self.folder / f"{name}.log").open("ab")
        self.logs.append(log)
        process = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
        )
        self.processes[name] = process
        return process

    def start_worker(self) -> None:
        self.start("worker", *WORKER)

    def start_beat(self) -> None:
        schedule = str(self.folder / "beat-schedule")
        self.start("beat", *CELERY, "beat", "--loglevel", "INFO", "--pidfile=", "--schedule", schedule)

    def tend(self) -> None:
        """Start again what ended by itself, as compose and systemd do.

        Celery's worker sometimes does: it stumbles over a queue that is still away when it wants to put back
        what it had not acknowledged.
        """
        for name, start in (("worker", self.start_worker), ("beat", self.start_beat)):
            if name in self.processes and self.processes[name].poll() is not None:
                self.kill_process(name)
                self.ended_by_themselves.append(name)
                start()

    def kill_process(self, name: str) -> None:
        process = self.processes.pop(name)
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()

    def kill_worker(self) -> None:
        self.kill_process("worker")

    def kill_redis(self) -> None:
        _kill([_pid_in(self.base / "redis" / "redis.pid")])

    def kill_postgresql(self) -> None:
        postmaster = _pid_in(self.base / "postgresql" / "postmaster.pid")
        _kill([postmaster, *_children_of(postmaster)])

    def ask(self, sql: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.environment["DATABASE_URL"], autocommit=True) as connection:
            return connection.execute(sql).fetchall()

    def last_words(self) -> str:
        """The ends of all logs, for whoever has to find out why it got stuck."""
        return "\n".join(
            f"{log.name}:\n{log.read_text(errors='replace')[-2000:]}"
            for log in sorted(self.folder.glob("*.log"))
        )

    def wait_until(self, holds: Callable[[], bool], *, seconds: float) -> bool:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if holds():
                return True
            self.tend()
            threading.Event().wait(0.05)
        return False


def _pid_in(file: Path) -> int:
    return int(file.read_text().split()[0])


def _children_of(parent: int) -> list[int]:
    children = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            children.append(int(status.parent.name))
    return children


def _kill(pids: list[int]) -> None:
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    for pid in pids:
        while Path(f"/proc/{pid}").exists() and _state_of(pid) != "Z":
            threading.Event().wait(0.01)


def _state_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"

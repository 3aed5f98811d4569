"""Lists that were sent and wait for a yes: kept for an hour, for the person who sent them, then gone."""

from __future__ import annotations

import json
import re
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from helfer.people.models import User

KEPT_FOR = timedelta(hours=1)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}")


@dataclass(frozen=True, slots=True)
class KeptList:
    """What is known of a sent list: whose, of what, for which office, and what came of it."""

    token: str
    user_id: int
    office_id: int
    kind: str
    file_name: str
    sent_at: str
    # Filled when it was taken: the numbers in one sentence.
    taken: str = ""

    @property
    def content(self) -> bytes:
        """The list as it was sent."""
        return (_folder() / self.token / "list").read_bytes()

    @property
    def rejected(self) -> bytes:
        """The rows that were not taken."""
        path = _folder() / self.token / "rejected"
        return path.read_bytes() if path.is_file() else b""


def _folder() -> Path:
    folder = Path(settings.MEDIA_ROOT) / "sent-lists"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _write(kept: KeptList) -> None:
    (_folder() / kept.token / "about.json").write_text(json.dumps(asdict(kept)), encoding="utf-8")


def keep(content: bytes, *, user: User, office_id: int, kind: str, file_name: str, at: datetime) -> KeptList:
    """Put a list aside for its sender, under a name nobody guesses."""
    forget_old(at=at)
    kept = KeptList(
        token=secrets.token_urlsafe(24),
        user_id=user.pk,
        office_id=office_id,
        kind=kind,
        file_name=file_name[:120],
        sent_at=at.isoformat(),
    )
    (_folder() / kept.token).mkdir(mode=0o700)
    (_folder() / kept.token / "list").write_bytes(content)
    _write(kept)
    return kept


def find(token: str, *, user: User, at: datetime) -> KeptList | None:
    """The list under this name, if this person sent it within the hour."""
    kept = _read(_folder() / token) if _TOKEN.fullmatch(token) else None
    if kept is None or kept.user_id != user.pk or _is_old(kept, at):
        return None
    return kept


def note_taken(kept: KeptList, *, taken: str, rejected: str) -> KeptList:
    """The list was taken: it goes, and only the rows that were not taken stay for the rest of the hour."""
    if rejected:
        # The mark at the beginning tells spreadsheets that it is UTF-8.
        (_folder() / kept.token / "rejected").write_bytes(rejected.encode("utf-8-sig"))
    done = replace(kept, taken=taken)
    _write(done)
    (_folder() / kept.token / "list").unlink(missing_ok=True)
    return done


def forget(kept: KeptList) -> None:
    """Throw a list away."""
    shutil.rmtree(_folder() / kept.token, ignore_errors=True)


def forget_old(*, at: datetime) -> int:
    """Throw away what waited longer than an hour, and what cannot be read; returns how many."""
    gone = 0
    for folder, kept in _all():
        if kept is None or _is_old(kept, at):
            shutil.rmtree(folder, ignore_errors=True)
            gone += 1
    return gone


def _all() -> Iterator[tuple[Path, KeptList | None]]:
    for folder in _folder().iterdir():
        yield folder, _read(folder)


def _read(folder: Path) -> KeptList | None:
    try:
        return KeptList(**json.loads((folder / "about.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _is_old(kept: KeptList, at: datetime) -> bool:
    return not timedelta(0) <= at - datetime.fromisoformat(kept.sent_at) < KEPT_FOR

"""Loading what lies between homes: railways, rivers, canals, motorways."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import md5
from pathlib import Path

from django.contrib.gis.geos import LineString, Point
from django.db import connection, transaction
from django.utils.translation import gettext as _

from helfer.places.files import FileRefused
from helfer.places.lines import Corners, LineFile
from helfer.places.models import Barrier, BarrierKind, BarrierOpening
from helfer.places.openings import End, ends_of, gaps_between

BATCH = 2_000
_ACROSS = "SELECT EXISTS (SELECT 1 FROM places_barrier WHERE kind = %s AND ST_Intersects(line, %s))"


@dataclass(slots=True)
class BarrierReport:
    """What a load of barriers did: stretches of line, and the gaps where one can pass."""

    added: int = 0
    unchanged: int = 0
    removed: int = 0
    openings: int = 0
    nameless: int = 0


@transaction.atomic
def load_barriers(
    *,
    path: Path,
    kind: BarrierKind,
    name_field: str = "",
    keep: bool = False,
    crs: str = "",
    layer_name: str = "",
    progress: Callable[[str], None] = lambda sentence: None,
) -> BarrierReport:
    """Make the barriers of this kind those of the file, all or nothing; ``keep`` adds to what is there.

    Raises ``FileRefused`` for what is no line, or does not lie in Germany.
    """
    file = LineFile(path, name_field=name_field, crs=crs, layer_name=layer_name)
    with connection.cursor() as cursor:
        # Two loads of one kind wait for each other.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"load_barriers:{kind}"])
    report = BarrierReport()
    there: dict[bytes, list[int]] = defaultdict(list)
    stored = Barrier.objects.filter(kind=kind).values_list("pk", "name", "line")
    for pk, name, stretch in stored.iterator():
        there[_digest(name, stretch)].append(pk)
    seen: set[bytes] = set()
    ends: dict[str, list[End]] = defaultdict(list)
    new: list[Barrier] = []
    numbers: set[int] = set()
    for line in file.lines():
        ends[line.name] += ends_of(line)
        if line.number not in numbers:
            numbers = {line.number}
            report.nameless += not line.name
            if line.number % BATCH == 0:
                progress(
                    _("%(count)s von %(all)s Objekten gelesen.") % {"count": line.number, "all": len(file)}
                )
        for corners in line.stretches():
            drawn = _drawn(corners)
            digest = _digest(line.name, drawn)
            if digest in seen:
                continue
            seen.add(digest)
            if there.get(digest):
                there[digest].pop()
                report.unchanged += 1
            else:
                new.append(Barrier(kind=kind, name=line.name, line=drawn))
        if len(new) >= BATCH:
            report.added += len(Barrier.objects.bulk_create(new))
            new.clear()
    report.added += len(Barrier.objects.bulk_create(new))
    if not report.added and not report.unchanged:
        raise FileRefused(_("Die Datei enthält keine Linien."))
    if not keep:
        gone = [pk for pks in there.values() for pk in pks]
        report.removed = Barrier.objects.filter(pk__in=gone).delete()[0]
    report.openings = _renew_openings(kind, ends, keep=keep)
    return report


def _digest(name: str, line: LineString) -> bytes:
    return md5(name.encode() + b"\0" + bytes(line.wkb), usedforsecurity=False).digest()


def _drawn(corners: Corners) -> LineString:
    return LineString(*map(tuple, corners.tolist()), srid=4326)


def _renew_openings(kind: BarrierKind, ends: dict[str, list[End]], *, keep: bool) -> int:
    """Make the openings of this kind the gaps of this file; ``keep`` adds them to those that are there."""
    found = {(name, *middle) for name, those in ends.items() for middle in _passable(kind, those)}
    there = {
        (name, point.x, point.y): pk
        for pk, name, point in BarrierOpening.objects.filter(kind=kind).values_list("pk", "name", "point")
    }
    if not keep:
        gone = [pk for place, pk in there.items() if place not in found]
        BarrierOpening.objects.filter(pk__in=gone).delete()
    new = sorted(found - there.keys())
    BarrierOpening.objects.bulk_create(
        (BarrierOpening(kind=kind, name=name, point=Point(x, y, srid=4326)) for name, x, y in new),
        batch_size=BATCH,
    )
    return len(found)


def _passable(kind: BarrierKind, ends: list[End]) -> Iterator[tuple[float, float]]:
    """The middles of gaps across which no other line of the kind lies."""
    with connection.cursor() as cursor:
        for gap in gaps_between(ends):
            cursor.execute(_ACROSS, [kind, LineString(*gap.inner(), srid=4326).hexewkb.decode()])
            if not cursor.fetchone()[0]:
                yield gap.middle

"""Barriers: any line file, any coordinate system; a second run changes nothing, a new file replaces."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection
from pyproj import Transformer

from helfer.places.models import Barrier, BarrierKind, BarrierOpening
from tests.places.map_files import geojson

pytestmark = pytest.mark.django_db

Place = tuple[float, float]
Draw = Callable[..., Path]
# A track from west to east, and the same with a gap of about seventy metres.
TRACK: list[Place] = [(7.40, 51.50), (7.42, 51.50), (7.44, 51.50)]
WITH_GAP: list[list[Place]] = [[(7.40, 51.50), (7.42, 51.50)], [(7.421, 51.50), (7.44, 51.50)]]


@pytest.fixture
def draw(tmp_path: Path) -> Draw:
    """Writes lines with their names as GeoJSON, in another coordinate system where wanted."""

    def drawn(*lines: tuple[str, Any], epsg: int = 4326, says: int | None = None) -> Path:
        move = Transformer.from_crs(4326, epsg, always_xy=True)

        def geometry(line: Any) -> Any:
            if line is None or isinstance(line, dict):
                return line
            if isinstance(line[0], list):
                parts = [[move.transform(*corner) for corner in part] for part in line]
                return {"type": "MultiLineString", "coordinates": parts}
            return {"type": "LineString", "coordinates": [move.transform(*corner) for corner in line]}

        features = [({"name": name}, geometry(line)) for name, line in lines]
        return geojson(tmp_path / "lines.geojson", features, says=epsg if says is None else says)

    return drawn


def load(path: Path, **options: Any) -> str:
    out = StringIO()
    call_command("load_barriers", path, stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def stretches() -> list[tuple[str, str, list[Place]]]:
    return [(b.kind, b.name, [(x, y) for x, y in b.line.coords]) for b in Barrier.objects.order_by("pk")]


class TestLoad:
    def test_keeps_lines_with_kind_and_name(self, draw: Draw) -> None:
        said = load(draw(("Köln-Mindener", TRACK)), kind="rail", name_field="name")
        assert stretches() == [("rail", "Köln-Mindener", TRACK)]
        assert "1 Abschnitte neu, 0 unverändert, 0 entfernt; 0 Durchlässe." in said

    def test_reads_other_coordinate_systems(self, draw: Draw) -> None:
        load(draw(("", TRACK), epsg=25832), kind="river")
        ((kind, _name, corners),) = stretches()
        assert kind == "river"
        assert corners == [pytest.approx(corner, abs=2e-7) for corner in TRACK]

    def test_takes_lines_of_many_parts(self, draw: Draw) -> None:
        load(draw(("", WITH_GAP)), kind="rail")
        assert [corners for _kind, _name, corners in stretches()] == WITH_GAP

    def test_cuts_long_lines_into_stretches_that_meet(self, draw: Draw) -> None:
        long = [(7.40 + n / 10_000, 51.5) for n in range(200)]
        load(draw(("", long)), kind="canal")
        pieces = [corners for _kind, _name, corners in stretches()]
        assert [len(piece) for piece in pieces] == [64, 64, 64, 11]
        assert all(one[-1] == other[0] for one, other in zip(pieces, pieces[1:], strict=False))

    def test_of_the_same_file_again_changes_nothing(self, draw: Draw) -> None:
        path = draw(("A", [(7.40, 51.51), (7.44, 51.51)]), ("B", WITH_GAP))
        load(path, kind="rail", name_field="name")
        before = list(Barrier.objects.order_by("pk").values_list("pk", flat=True))
        openings = list(BarrierOpening.objects.values_list("pk", flat=True))
        said = load(path, kind="rail", name_field="name")
        assert "0 Abschnitte neu, 3 unverändert, 0 entfernt; 1 Durchlässe." in said
        assert list(Barrier.objects.order_by("pk").values_list("pk", flat=True)) == before
        assert list(BarrierOpening.objects.values_list("pk", flat=True)) == openings

    def test_of_another_file_replaces_its_kind_alone(self, draw: Draw) -> None:
        load(draw(("", [(7.5, 51.5), (7.6, 51.5)])), kind="motorway")
        load(draw(("", WITH_GAP)), kind="rail")
        said = load(draw(("", TRACK)), kind="rail")
        assert "1 Abschnitte neu, 0 unverändert, 2 entfernt; 0 Durchlässe." in said
        assert [kind for kind, *_rest in stretches()] == ["motorway", "rail"]
        assert not BarrierOpening.objects.exists()

    def test_keeps_what_is_there_where_wanted(self, draw: Draw) -> None:
        load(draw(("A", WITH_GAP)), kind="rail", name_field="name")
        said = load(draw(("B", TRACK)), kind="rail", name_field="name", keep=True)
        assert "1 Abschnitte neu, 0 unverändert, 0 entfernt" in said
        assert Barrier.objects.count() == 3
        assert BarrierOpening.objects.get().name == "A"

    def test_says_how_many_have_no_name(self, draw: Draw) -> None:
        assert "1 Objekte haben keinen Namen." in load(draw(("", TRACK), ("A", WITH_GAP)), name_field="name")

    def test_shows_progress_on_long_files(self, draw: Draw) -> None:
        err = StringIO()
        lines = [("", [(7.4 + n / 100_000, 51.5), (7.4 + n / 100_000, 51.6)]) for n in range(2_001)]
        call_command("load_barriers", draw(*lines), stdout=StringIO(), stderr=err)
        assert "2000 von 2001 Objekten gelesen." in err.getvalue()

    def test_makes_what_lies_between_findable_by_index(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'places_barrier'")
            assert any("USING gist (line)" in row[0] for row in cursor.fetchall())


class TestOpenings:
    def test_are_gaps_between_ends_that_face_each_other(self, draw: Draw) -> None:
        load(draw(("Strecke", WITH_GAP)), kind="rail", name_field="name")
        opening = BarrierOpening.objects.get()
        assert (opening.kind, opening.name) == ("rail", "Strecke")
        assert (opening.point.x, opening.point.y) == pytest.approx((7.4205, 51.50))

    @pytest.mark.parametrize(
        "lines",
        [
            pytest.param([("", TRACK)], id="none is drawn"),
            pytest.param([("", [TRACK[:2], TRACK[1:]])], id="two lines meet"),
            pytest.param([("A", WITH_GAP[0]), ("B", WITH_GAP[1])], id="of two names"),
            pytest.param([("", [TRACK[:2], [(7.423, 51.5), (7.44, 51.5)]])], id="too wide"),
            pytest.param([("", [TRACK, [(7.40, 51.5002), (7.44, 51.5002)]])], id="parallel tracks end"),
            pytest.param(
                [("", [*WITH_GAP, [(7.4205, 51.49), (7.4205, 51.51)]])], id="another track lies across"
            ),
        ],
    )
    def test_are_not_where(self, draw: Draw, lines: list[tuple[str, Any]]) -> None:
        load(draw(*lines), kind="rail", name_field="name")
        assert not BarrierOpening.objects.exists()


class TestRefusals:
    @pytest.mark.parametrize(
        ("geometry", "sentence"),
        [
            (
                {"type": "Polygon", "coordinates": [[[7.4, 51.5], [7.5, 51.5], [7.5, 51.6], [7.4, 51.5]]]},
                "Objekt 2 ist keine Linie, sondern Polygon. Erwartet werden Linien.",
            ),
            (None, "Objekt 2 hat keine lesbare Linie."),
            (
                {"type": "LineString", "coordinates": [[2.3, 48.8], [2.4, 48.8]]},
                "Objekt 2 liegt nicht in Deu",
            ),
            ({"type": "LineString", "coordinates": [[391e3, 57e5], [392e3, 57e5]]}, "sind keine Grad"),
        ],
    )
    def test_say_which_object_and_why_and_leave_everything(
        self, draw: Draw, geometry: Any, sentence: str
    ) -> None:
        load(draw(("", TRACK)), kind="rail")
        with pytest.raises(CommandError, match=sentence):
            load(draw(("", WITH_GAP), ("", geometry)), kind="rail")
        assert [corners for _kind, _name, corners in stretches()] == [TRACK]

    def test_of_other_files_say_what_is_expected(self, tmp_path: Path) -> None:
        path = tmp_path / "lines.geojson"
        path.write_text("{")
        with pytest.raises(CommandError, match="ist keine lesbare Kartendatei"):
            load(path)

    def test_of_a_missing_name_field_list_those_there_are(self, draw: Draw) -> None:
        with pytest.raises(CommandError, match="Die Datei hat kein Feld „titel“. Sie hat diese Felder: name"):
            load(draw(("", TRACK)), name_field="titel")

    def test_of_a_file_without_lines(self, draw: Draw) -> None:
        with pytest.raises(CommandError, match="Die Datei enthält keine Linien"):
            load(draw())

    def test_of_an_unknown_kind(self, draw: Draw) -> None:
        with pytest.raises(CommandError, match="invalid choice"):
            call_command("load_barriers", draw(("", TRACK)), "--kind=wall")

    def test_of_the_database_name_the_kinds(self) -> None:
        with pytest.raises(IntegrityError, match="barrier_has_a_known_kind"):
            Barrier.objects.create(kind="wall", line="SRID=4326;LINESTRING(7 51, 8 51)")
        assert BarrierKind.values == ["rail", "river", "canal", "motorway", "other"]

"""Every door × every kind of person × a thing of one's own office and of another one."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http.response import HttpResponseBase, HttpResponseNotFound
from django.test import client as test_client
from django.test import override_settings
from django.urls import URLResolver, reverse

from helfer.matching.models.matches import MatchQuerySet
from helfer.people.models import User
from helfer.people.models.offices import OfficeQuerySet
from tests.kept_world import kept_world

from .access_matrix import OURS, PEOPLE, WORDS, Row
from .access_matrix_of_others import CONTENT, MACHINES, SIGN_IN
from .doors import HIDDEN, LOGIN, NOT_THAT_WAY, OPEN, REFUSED, answer_of, ask, every_door, without_its_own
from .world import MISSING, World, build

TABLE = [*OURS, *SIGN_IN, *CONTENT, *MACHINES]
ROWS = {row.name: row for row in TABLE}
PARAMETERS = {door.name: door.parameters for door in every_door()}
# What addresses of the content system are filled with where a row does not say; "'" begins a plain word.
USUAL = {
    **dict.fromkeys(("page_id", "parent_page_id", "page_to_move_id", "page_pk"), "page"),
    **dict.fromkeys(("app_label", "app_name", "content_type_app_name"), "'cms"),
    **dict.fromkeys(("model_name", "content_type_model_name"), "'contentpage"),
    **dict.fromkeys(("revision_id_a", "revision_id_b"), "'live"),
    **dict.fromkeys(("action", "action_name"), "'delete"),
    **dict.fromkeys(("filter_spec", "token", "uidb64"), "'x"),
    **{"folder": "'images", "name": "'x.png"},
}


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Built once; whatever the doors do is undone after each knock."""
    with pytest.MonkeyPatch.context() as patch:
        # Thousands of answers: nobody reads which templates they were drawn with, nor the log.
        patch.setattr(test_client, "store_rendered_templates", lambda *args, **kwargs: None)
        patch.setattr(logging.getLogger("django.request"), "disabled", True)
        yield from _world(django_db_blocker, tmp_path_factory)


def _world(django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    settings = override_settings(
        MEDIA_ROOT=str(tmp_path_factory.mktemp("media")),
        # Everybody signed in when the world was built; on a busy machine that may be a while ago.
        ACCOUNT_REAUTHENTICATION_TIMEOUT=24 * 60 * 60,
        # Thousands of knocks ask for a dozen sessions.
        SESSION_ENGINE="django.contrib.sessions.backends.cached_db",
    )
    with settings, kept_world(django_db_blocker), pytest.MonkeyPatch.context() as patch:
        world = build()
        _draw_only_what_is_looked_at(world, patch)
        yield world


def _draw_only_what_is_looked_at(world: World, patch: pytest.MonkeyPatch) -> None:
    real = URLResolver.resolve_error_handler

    def resolve(self: URLResolver, view_type: int) -> Any:
        if view_type == 404 and not world.hidden_is_drawn:
            return lambda request, exception: HttpResponseNotFound()
        return real(self, view_type)

    patch.setattr(URLResolver, "resolve_error_handler", resolve)


@pytest.fixture(autouse=True)
def unhurried() -> None:
    """So many knocks would tire the sign-in's limits."""
    cache.clear()


def address(world: World, row: Row, thing: int, foreign: bool) -> str:
    """Where to knock."""
    if row.path:
        return row.path
    where: dict[str, Any] = {}
    for name in PARAMETERS[row.name]:
        value = row.filled.get(name, USUAL.get(name, 1))
        where[name] = thing if row.thing and name == row.key else _filled(world, value, foreign)
    if row.name == "wagtaildocs_serve":
        return reverse(row.name, args=(1, "x"))
    return "/seite/" if row.name == "wagtail_serve" else reverse(row.name, kwargs=where or None)


def _filled(world: World, value: Any, foreign: bool) -> Any:
    if not isinstance(value, str):
        return value
    return value[1:] if value.startswith("'") else world.things[value][foreign]


def knock(
    world: World, row: Row, who: str, method: str, thing: int, foreign: bool, *, drawn: bool = True
) -> tuple[str, HttpResponseBase | None]:
    """What this person gets at this door; afterwards everything is as before.

    Where nobody looks at the page that says "there is nothing here", it need not be ``drawn``.
    """
    more: dict[str, Any] = {}
    if row.body is not None:
        # Things are named by a word, the thing asked about by its own number.
        sent = {
            key: thing if value == row.thing and row.key == key else _filled(world, value, foreign)
            for key, value in row.body.items()
        }
        method, more = "POST", {"data": json.dumps(sent), "content_type": "application/json"}
    point = transaction.savepoint()
    world.hidden_is_drawn = drawn
    try:
        response = ask(world.clients[who], method, address(world, row, thing, foreign), **more)
    except Exception as error:
        return f"raises {type(error).__name__}", None
    else:
        if response.streaming:
            # Read to its end, a file closes.
            b"".join(response)
        return answer_of(response), response
    finally:
        transaction.savepoint_rollback(point)


def test_every_door_has_a_row_and_every_row_a_door() -> None:
    doors = {door.name for door in every_door()}
    without_row, without_door = sorted(doors - ROWS.keys()), sorted(ROWS.keys() - doors)
    assert len(ROWS) == len(TABLE), "a row is there twice"
    assert not without_row, f"write a row into access_matrix.py for: {' '.join(without_row)}"
    assert not without_door, f"no such door any more: {' '.join(without_door)}"


def read_what_is_not_theirs(text: str, who: str) -> list[str]:
    return [word for word, readers in WORDS.items() if word in text and who not in readers.split()]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ROWS)
def test_a_door_opens_to_those_in_its_row_and_to_nobody_else(name: str, world: World) -> None:
    row, wrong = ROWS[name], []
    posting = ("guest", "own") if name.startswith("wagtail") else PEOPLE
    things = world.things[row.thing] if row.thing else (0,)
    closed = (HIDDEN, LOGIN, *([REFUSED] if name.startswith("tandem:") else []))
    for who in PEOPLE:
        stands_inside = False
        for foreign, thing in enumerate(things):
            expected = row.expected(who, foreign=bool(foreign))
            note = f"{who}, {'theirs' if foreign else 'mine'}"
            compared = stands_inside or (foreign and who == "other")
            answer, response = knock(world, row, who, "GET", thing, bool(foreign), drawn=compared)
            by = "GET"
            if answer == NOT_THAT_WAY:
                by = "POST"
                answer, response = knock(world, row, who, by, thing, bool(foreign), drawn=compared)
            if answer != expected:
                wrong.append(f"{note}: {answer} instead of {expected}")
            if answer == OPEN and response is not None and not response.streaming:
                text = response.content.decode(errors="replace")
                wrong += [f"{note}: reads {word}" for word in read_what_is_not_theirs(text, who)]
            elif by == "GET" and expected in closed and not foreign and who in posting:
                posted, _ = knock(world, row, who, "POST", thing, bool(foreign), drawn=False)
                if posted not in (expected, NOT_THAT_WAY):
                    wrong.append(f"{note}: {posted} by POST instead of {expected}")
            if answer == HIDDEN and compared and response:
                where = address(world, row, thing, bool(foreign))
                missing, nothing = knock(world, row, who, by, MISSING, bool(foreign))
                nowhere = address(world, row, MISSING, bool(foreign))
                same = without_its_own(response, where) == without_its_own(nothing, nowhere)
                if missing != HIDDEN or not same:
                    wrong.append(f"{note}: foreign and missing do not look the same")
            stands_inside = stands_inside or answer == OPEN
    assert not wrong, "\n".join([name, *wrong])


def propose(world: World, helper: int) -> list[tuple[str, str]]:
    """What the page and the machine say to a tandem that wants this helper for its own request."""
    request = world.things["request"][0]
    page = Row("tandem:propose", frozenset(), thing="request", filled={"helper_id": helper})
    sent = {"request_id": request, "helper_id": helper, "compensation_model": "'ehrenamt"}
    machine = Row("api-1:propose", frozenset(), body=sent)
    said = []
    for row in (page, machine):
        answer, response = knock(world, row, "own", "GET", request, False)
        said.append((answer, without_its_own(response, address(world, row, request, False))))
    return said


@pytest.mark.django_db
def test_what_another_offices_helper_lacks_is_not_told(world: World) -> None:
    """Who does not come into question looks like somebody who is not there."""
    foreign, missing = propose(world, world.things["helper"][1]), propose(world, MISSING)
    assert [answer for answer, _ in missing] == [HIDDEN, HIDDEN]
    assert foreign == missing


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "where", "what", "instead"),
    [
        ("tandem:match_sign", OfficeQuerySet, "of_tandem", lambda rows, viewer: rows.all()),
        ("api-1:read_match", MatchQuerySet, "visible_to", lambda rows, viewer: rows.all()),
        ("tandem:request", OfficeQuerySet, "of_tandem", lambda rows, viewer: rows.all()),
        ("coordination:people", User, "has_kind", lambda user, kind: True),
        ("training:helpers", User, "has_kind", lambda user, kind: True),
    ],
)
def test_the_matrix_sees_a_door_that_is_left_open(
    name: str, where: type, what: str, instead: Any, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(where, what, instead)
    with pytest.raises(AssertionError, match="instead of hidden|instead of login"):
        test_a_door_opens_to_those_in_its_row_and_to_nobody_else(name, world)

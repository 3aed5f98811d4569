"""A thing's life in the database: in which states it may be born, and along which arrows it moves."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeVar

import pgtrigger
from django.db import models

from .guards import Guard, one_of, sql

State = TypeVar("State", bound=models.TextChoices)


def born_as(name: str, sentence: str, states: Collection[State], choices: type[State]) -> Guard:
    """Rows come into the world in one of these states only."""
    return Guard(
        name,
        sentence,
        operation=pgtrigger.Insert,
        condition=sql(f"NEW.state NOT IN {one_of([state.value for state in states], choices)}"),
    )


def moves_along(
    name: str,
    sentence: str,
    arrows: Mapping[State, Collection[State]],
    choices: type[State],
) -> Guard:
    """A row's state changes only along these arrows."""
    steps = [
        f"OLD.state = '{before}' AND NEW.state IN {one_of([state.value for state in after], choices)}"
        for before, after in arrows.items()
        if after
    ]
    legal = " OR ".join(f"({step})" for step in steps)
    return Guard(
        name,
        sentence,
        operation=pgtrigger.Update,
        condition=sql(f"OLD.state <> NEW.state AND NOT ({legal})"),
    )

"""Who did what when, ready for a timeline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Model

from helfer.core.history import actor_of, history_of
from helfer.people.models import User


def states_of(thing: Model, *, labels: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The changes of a thing's state, the latest first."""
    moves = list(history_of(thing))
    actors = {actor for move in moves if (actor := actor_of(move)) is not None}
    names = {
        user.pk: user.get_full_name() for user in User.objects.filter(pk__in=actors).select_related("person")
    }
    events: list[dict[str, Any]] = []
    last = ""
    for move in moves:
        if move.state != last:
            last = move.state
            by = names.get(actor_of(move) or 0, "")
            events.append({"at": move.pgh_created_at, "title": labels[last], "text": "", "by": by})
    return events[::-1]

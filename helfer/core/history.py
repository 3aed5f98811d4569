"""Who did what when: kept by the database at every change, and never changed again.

History holds ids, states, days and actors; no free text, no name, no address. So it may stay when a person's
data are erased.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal, TypeVar

import pghistory
import pghistory.trigger
import pgtrigger
from django.db import models
from django.utils.translation import gettext_noop as _

from helfer.core.guards import CannotBeSwitchedOff, Guard, never_deleted, never_truncated

Door = Literal["web", "api", "task", "command"]
ModelT = TypeVar("ModelT", bound=models.Model)


class _WritesHistory(CannotBeSwitchedOff, pghistory.trigger.Event):
    """A trigger that writes one row of history."""


class _Kept(pghistory.RowEvent):
    """Like pghistory's events, by a trigger that no session setting turns off."""

    def add_event_trigger(self, event_model: Any) -> None:
        trigger = _WritesHistory(  # type: ignore[no-untyped-call]
            event_model=event_model,
            label=self.label,
            name=f"history_keeps_{self.label}",
            row=self.row,
            operation=self.operation,
            condition=self.condition,
            level=self.level,
        )
        pgtrigger.register(trigger)(event_model.pgh_tracked_model)


class _KeptInsert(_Kept, pghistory.InsertEvent):
    pass


class _KeptUpdate(_Kept, pghistory.UpdateEvent):
    pass


class _KeptDelete(_Kept, pghistory.DeleteEvent):
    pass


def kept_in_history(*fields: str) -> Callable[[type[ModelT]], type[ModelT]]:
    """Keep the history of these fields: the model gets ``history``, its table a twin that only grows."""

    def decorate(model: type[ModelT]) -> type[ModelT]:
        track = pghistory.track(
            _KeptInsert(),
            _KeptUpdate(),
            _KeptDelete(),
            fields=list(fields),
            obj_field=pghistory.ObjForeignKey(
                related_name="history", related_query_name="history", db_index=True
            ),
            context_field=pghistory.ContextJSONField(),
            context_id_field=pghistory.ContextUUIDField(),
            model_name=f"{model.__name__}History",
            meta={
                "default_permissions": (),
                "triggers": [
                    Guard(
                        "history_is_never_changed",
                        _("Der Verlauf wird nie geändert."),
                        operation=pgtrigger.Update,
                    ),
                    never_deleted("history_is_never_deleted", _("Der Verlauf wird nie gelöscht.")),
                    never_truncated("history_is_never_truncated", _("Der Verlauf wird nie gelöscht.")),
                ],
            },
        )
        tracked: type[ModelT] = track(model)
        return tracked

    return decorate


def history_of(thing: models.Model) -> models.QuerySet[Any]:
    """What was kept of a thing, oldest first: its tracked fields, ``pgh_created_at``, ``pgh_context``."""
    kept: models.QuerySet[Any] = thing.history.order_by("pgh_created_at", "pgh_id")  # type: ignore[attr-defined]
    return kept


def actor_of(row: Any) -> int | None:
    """The id of the account that made a row of history; nothing where the program did."""
    actor: int | None = (row.pgh_context or {}).get("actor")
    return actor


@contextmanager
def acting(user_id: int | None, *, door: Door) -> Iterator[None]:
    """Everything written inside was done by this account (``None``: the program) by this door."""
    with pghistory.context() as context:
        before = dict(context.metadata)
        context.metadata.update(actor=user_id, door=door)
        try:
            yield
        finally:
            context.metadata.clear()
            context.metadata.update(before)


def identify(user_id: int) -> None:
    """Inside ``acting``: it has turned out who acts (a token was checked)."""
    pghistory.context(actor=user_id)

"""What the database refuses, turned back into the sentence that stands next to the rule."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import DatabaseError, IntegrityError
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from .errors import Conflict

if TYPE_CHECKING:
    from psycopg import Error
    from psycopg.errors import Diagnostic

RAISED_BY_TRIGGER = "P0001"
UNIQUE_VIOLATION = "23505"
FOREIGN_KEY_VIOLATION = "23503"
# Serialization failure, deadlock, lock not available: somebody else was at it in the same moment.
SOMEBODY_ELSE_WAS_FASTER = frozenset({"40001", "40P01", "55P03"})


@cache
def _sentences() -> dict[str, str | Promise]:
    return {
        constraint.name: constraint.violation_error_message
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if constraint.violation_error_message
        and constraint.violation_error_message != constraint.default_violation_error_message
    }


def refusal_for(error: DatabaseError) -> Conflict | None:
    """The refusal behind a database error, or None where the error is a fault of the program.

    The constraint's (or trigger's) name becomes the refusal's code.
    """
    cause: Error | BaseException | None = error.__cause__
    diagnostic: Diagnostic | None = getattr(cause, "diag", None)
    if diagnostic is None:
        return None
    state = diagnostic.sqlstate or ""
    name = diagnostic.constraint_name or ""
    if name in _sentences():
        return Conflict(str(_sentences()[name]), code=name)
    if state in SOMEBODY_ELSE_WAS_FASTER:
        return Conflict(
            _("Jemand anderes war im selben Augenblick dabei. Bitte versuchen Sie es noch einmal."),
            code="busy",
        )
    if state == UNIQUE_VIOLATION:
        return Conflict(_("Das ist schon eingetragen."), code=name or "unique")
    if state == FOREIGN_KEY_VIOLATION:
        return Conflict(
            _("Das hängt noch mit anderem zusammen und kann so nicht geändert werden."), code=name
        )
    # A guard that raises by itself brings its sentence along.
    raised = state == RAISED_BY_TRIGGER or (diagnostic.context or "").startswith("PL/pgSQL")
    if raised and diagnostic.message_primary:
        return Conflict(_(diagnostic.message_primary), code=name or "guard")
    if isinstance(error, IntegrityError):
        return Conflict(_("Diese Angaben passen nicht zusammen."), code=name or "integrity")
    return None

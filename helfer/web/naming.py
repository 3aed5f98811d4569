"""Finding people by their names, whatever is written above the letters."""

from __future__ import annotations

from django.db.models import Q


def is_called(word: str, person: str = "") -> Q:
    """Whose family or given name holds ``word``: "Kovac" finds Kovač. ``person`` is the way to the person."""
    family, given = (f"{person}{name}_name__unaccent__icontains" for name in ("family", "given"))
    return Q(**{family: word}) | Q(**{given: word})

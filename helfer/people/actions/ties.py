"""What two persons are to each other, row by row; what a block ends is the matter of `matching`."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from helfer.core.errors import Conflict
from helfer.people.models import Person, Tie, TieKind, User
from helfer.people.permissions import can_edit_person, can_remove_tie


def _in_order(person: Person, other: Person) -> tuple[Person, Person]:
    if person.pk == other.pk:
        raise Conflict(_("Eine Beziehung verbindet zwei verschiedene Personen."), field="other")
    return (person, other) if person.pk < other.pk else (other, person)


@transaction.atomic
def add_tie(*, person: Person, other: Person, kind: TieKind, by: User, at: datetime) -> Tie:
    """Note a relation once, whichever of the two is named first; noting it again changes nothing."""
    can_edit_person(by, person)
    first, second = _in_order(person, other)
    if first.merged_into_id is not None or second.merged_into_id is not None:
        raise Conflict(_("Diese Person wurde mit einer anderen zusammengeführt."), code="merged")
    tie, _created = Tie.objects.get_or_create(
        person_a=first, person_b=second, kind=TieKind(kind), defaults={"noted_by": by}
    )
    return tie


@transaction.atomic
def remove_tie(*, tie_id: int, by: User, at: datetime) -> None:
    """A relation that is over, or was noted by mistake."""
    tie = Tie.objects.select_for_update(of=("self",)).filter(pk=tie_id).first()
    if tie is None:
        return
    can_remove_tie(by, tie)
    tie.delete()

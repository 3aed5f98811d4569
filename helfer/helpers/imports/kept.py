"""What is kept already under the numbers of a list, and of those who stand in it without a number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Generic, Protocol, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from helfer.core.import_report import Fault
from helfer.helpers.imports.persons import ListedPerson, chunks, stored_key
from helfer.people.models import Office, Person

T = TypeVar("T", bound=Model)


class NumberedRow(Protocol):
    """A row of a list, with or without a number."""

    line: int
    number: str
    person: ListedPerson


def repeated_number(row: NumberedRow, first_lines: dict[str, int]) -> Fault | None:
    """One number, one row: the fault of every later one; ``first_lines`` remembers the first."""
    first = first_lines.setdefault(row.number, row.line)
    if first == row.line:
        return None
    sentence = _("Die Nummer „%(number)s“ steht schon in Zeile %(line)s.")
    return Fault(row.line, "nummer", sentence % {"number": row.number, "line": first})


class Kept(Generic[T]):
    """What an office keeps of the rows of a list: helpers, or requests.

    ``path`` leads the query to the person, ``person_of`` the thing itself.
    """

    def __init__(
        self,
        rows: Sequence[NumberedRow],
        scope: QuerySet[T],
        *,
        office: Office | None,
        path: str,
        person_of: Callable[[T], Person],
    ) -> None:
        self._office, self._person_of = office, person_of
        # An office's list may take in rows that were imported before there was an office for them.
        own_list = scope.filter(Q(office=office) | Q(office=None)) if office else scope
        self._by_number: dict[str, list[T]] = defaultdict(list)
        for numbers in chunks(sorted({row.number for row in rows if row.number})):
            for kept in own_list.filter(number__in=numbers).order_by("pk"):
                self._by_number[kept.number].append(kept)  # type: ignore[attr-defined]
        self._by_key: dict[object, list[T]] = defaultdict(list)
        wanted = {row.person.key(): row.person.family_name for row in rows if not row.number}
        for names in chunks(sorted(set(wanted.values()))):
            for kept in own_list.filter(**{f"{path}__family_name__in": names}).order_by("pk"):
                key = stored_key(person_of(kept))
                if key in wanted:
                    self._by_key[key].append(kept)

    def still_unknown(self, rows: Iterable[NumberedRow]) -> Iterator[ListedPerson]:
        """Those whom no number tells: whose number is known needs no further look."""
        for row in rows:
            if all(self._means_another(row, kept) for kept in self._by_number.get(row.number, [])):
                yield row.person

    def under_number(self, row: NumberedRow) -> tuple[T | None, Fault | None]:
        """What stands under the row's number, or the fault where that is unclear or somebody else's."""
        same = self._by_number.get(row.number, [])
        if self._office:
            # A number without an office that stands for somebody else belongs to another list.
            same = [kept for kept in same if kept.office_id] or [  # type: ignore[attr-defined]
                kept for kept in same if not self._means_another(row, kept)
            ]
        if len(same) > 1:
            return None, Fault(row.line, "nummer", _ambiguous_number(row.number))
        if same and self._means_another(row, same[0]):
            return None, Fault(row.line, "nummer", _foreign_number(row.number, self._person_of(same[0])))
        return (same[0] if same else None), None

    def without_number(self, row: NumberedRow) -> list[T]:
        """What stands for a row without a number: by name, birth year and telephone number."""
        return self._by_key.get(row.person.key(), [])

    def _means_another(self, row: NumberedRow, kept: T) -> bool:
        return row.person.is_somebody_else(self._person_of(kept))


def _ambiguous_number(number: str) -> str:
    return _(
        "Die Nummer „%(number)s“ gibt es in mehreren Büros. Bitte sagen Sie, welches Büro gemeint ist."
    ) % {"number": number}


def _foreign_number(number: str, person: Person) -> str:
    name = f"{person.full_name}, {person.birth_year}" if person.birth_year else person.full_name
    return _(
        "Die Nummer „%(number)s“ gehört schon jemand anderem (%(name)s). Richtig wäre eine freie Nummer."
    ) % {"number": number, "name": name}

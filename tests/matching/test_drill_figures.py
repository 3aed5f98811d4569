"""The drill in figures for the city: small numbers stay hidden, and cannot be worked out."""

from __future__ import annotations

import pytest

from helfer.matching.drill import Fate, Outcome
from helfer.matching.drill.figures import (
    REST,
    Loss,
    alone_of_all,
    losses_by,
    shortages_of,
    without_small_parts,
)
from helfer.matching.drill.needs import Need
from helfer.people.models import CareLevel


def outcomes(*parts: tuple[int, int, int]) -> list[Outcome]:
    """District, affected, alone."""
    found = []
    for district, affected, alone in parts:
        for number in range(affected):
            need = Need(
                request_id=district * 100 + number,
                seeker_id=1,
                person_id=1,
                office_id=1,
                role_id=1,
                district_id=district,
                quarter_id=None,
                is_urgent=False,
                care_level=CareLevel.NONE,
                is_named_pair=False,
            )
            found.append(Outcome(need, Fate.LEFT if number < alone else Fate.SERVED))
    return found


@pytest.mark.parametrize(
    ("affected", "alone", "shown"),
    [
        (0, 0, ("0", "0")),
        (2, 0, ("unter 3", "unter 3")),
        (2, 2, ("unter 3", "unter 3")),
        (9, 0, ("9", "0")),
        (9, 2, ("9", "unter 3")),
        (9, 4, ("9", "4")),
        (9, 8, ("9", "mindestens 7")),
        (9, 9, ("9", "9")),
        (4, 2, ("4", "mindestens 2")),
    ],
)
def test_small_numbers_are_hidden_and_cannot_be_worked_out(
    affected: int, alone: int, shown: tuple[str, str]
) -> None:
    loss = Loss(affected, alone)
    assert (loss.affected_shown, loss.alone_shown) == shown


def test_small_districts_are_put_together_until_they_are_large_enough() -> None:
    def parts(*wanted: tuple[int, int, int]) -> dict[int | None, Loss]:
        return dict(without_small_parts(losses_by(lambda need: need.district_id, outcomes(*wanted))))

    assert parts((1, 9, 4), (2, 5, 0)) == {1: Loss(9, 4), 2: Loss(5, 0)}
    assert parts((1, 9, 4), (2, 2, 1), (3, 1, 0)) == {1: Loss(9, 4), REST: Loss(3, 1)}
    # One small district alone could be worked out from the sum: the smallest other one goes with it.
    assert parts((1, 9, 4), (2, 5, 1), (3, 1, 1)) == {1: Loss(9, 4), REST: Loss(6, 2)}
    assert parts((1, 2, 1)) == {REST: Loss(2, 1)}


def test_the_sum_of_those_left_alone_hides_what_a_part_hides() -> None:
    assert alone_of_all([Loss(9, 4), Loss(5, 0)]) == "4"
    assert alone_of_all([Loss(9, 4), Loss(5, 1)]) == "mindestens 4"
    assert alone_of_all([Loss(5, 1)]) == "einzelne"


def test_what_is_lacked_is_counted_by_people_and_only_where_it_is_several() -> None:
    lacking = [{"language": 4}, {"language": 1, "taken": 2}, {"language": 2}, {"distance": 9}]
    assert shortages_of(lacking) == [("keine gemeinsame Sprache", 3)]

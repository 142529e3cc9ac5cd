"""Long lists go to the database portion by portion."""

from typing import Any

import sqlalchemy as sa

from accounts.models import Unit
from core import paging
from core.database import reading
from core.paging import loaded, portions
from tests.factories import a_unit
from tests.questions import heard, questions


def test_portions_are_the_whole_in_its_order() -> None:
    assert [list(some) for some in portions(range(7), 3)] == [[0, 1, 2], [3, 4, 5], [6]]
    assert list(portions([], 3)) == []
    assert [len(some) for some in portions(range(1001))] == [500, 500, 1]


def test_rows_are_loaded_by_their_numbers_with_few_questions(given: Any, monkeypatch: Any) -> None:
    units = given(*(a_unit(name=f"Sở {number}") for number in range(7)))
    monkeypatch.setattr(paging, "AT_ONCE", 3)
    numbers = [unit.id for unit in units[:6]]

    with reading(), heard() as said:
        found = loaded(sa.select(Unit), [*numbers, 999_999])

    assert {number: unit.name for number, unit in found.items()} == {
        unit.id: unit.name for unit in units[:6]
    }
    assert questions(said) == 3

"""Small works that share one COMMIT, on a database that lets several write at once."""

import threading
from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa

from accounts.models import Unit
from core import database
from core.database import commit_later
from core.together import _Waiting
from tests.factories import a_unit


@pytest.fixture(autouse=True)
def postgresql(database_url: str) -> None:
    """The line of PostgreSQL; SQLite has one writer."""
    if database.configure(database_url).is_sqlite:
        pytest.skip("SQLite has one writer")


def _named(connection: sa.Connection, numbers: Sequence[int], name: str) -> None:
    """Name units one after the other, as the rows are given."""
    for number in numbers:
        connection.execute(sa.update(Unit).where(Unit.id == number).values(name=name))


def test_one_that_waits_holds_up_no_other(given: Any) -> None:
    given(a_unit(id=1))
    held, free = threading.Event(), threading.Event()

    def wait(_connection: sa.Connection, items: Sequence[str]) -> Sequence[str]:
        held.set()
        assert free.wait(20)
        return items

    commit_later(wait, "slow", lambda *_: None)
    assert held.wait(20)
    quick = threading.Event()
    commit_later(lambda _connection, items: items, "quick", lambda *_: quick.set())
    came = quick.wait(5)
    free.set()

    assert came


def test_two_that_wait_for_each_other_are_settled_one_by_one(given: Any, stored: Any) -> None:
    """Two lots take the same two rows crosswise: PostgreSQL sends one away, it comes again."""
    given(a_unit(id=1), a_unit(id=2))
    both = threading.Barrier(2, timeout=20)
    crossed = {"ab": (1, 2), "ba": (2, 1)}

    def cross(connection: sa.Connection, items: Sequence[str]) -> Sequence[str]:
        first, second = crossed[items[0]]
        _named(connection, [first], items[0])
        if len(items) > 1:
            both.wait()
        _named(connection, [second], items[0])
        return items

    here = database.database().line()
    said: dict[str, Any] = {}
    done = threading.Semaphore(0)

    def hear(outcome: Any, error: BaseException | None) -> None:
        said[str(outcome)] = error
        done.release()

    lots = [[(cross, f"{way}", hear)] * 2 for way in crossed]
    threads = [threading.Thread(target=_commit, args=(here, lot)) for lot in lots]
    for thread in threads:
        thread.start()
    for _ in range(4):
        assert done.acquire(timeout=20)
    for thread in threads:
        thread.join(20)

    assert said == {"ab": None, "ba": None}
    assert len({unit.name for unit in stored(Unit)}) == 1


def _commit(line: Any, lot: Sequence[tuple[Any, str, Any]]) -> None:
    line._commit([_Waiting(*one) for one in lot])

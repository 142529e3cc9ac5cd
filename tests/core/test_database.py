"""Two ways in, one place that commits."""

import threading
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from accounts.models import Unit
from core import database
from core.database import commit_together, reading, session, transaction
from tests.factories import a_unit


def test_transaction_keeps_what_it_did(given, stored) -> None:
    given(a_unit(code="so-gd"))

    assert [unit.code for unit in stored(Unit)] == ["so-gd"]


def test_transaction_undoes_everything_when_something_raises(database_url, stored) -> None:
    def fail_halfway() -> None:
        with transaction() as opened:
            opened.add(a_unit())
            opened.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_halfway()

    assert stored(Unit) == []


def test_session_is_refused_outside_of_both_ways_in(database_url) -> None:
    with pytest.raises(RuntimeError, match="no session"):
        session()


def test_transaction_inside_a_transaction_is_refused(database_url) -> None:
    with transaction(), pytest.raises(RuntimeError, match="inside a transaction"), transaction():
        pass


def test_reading_sees_what_a_transaction_inside_it_kept(database_url) -> None:
    with reading() as opened:
        assert opened.scalar(sa.select(sa.func.count(Unit.id))) == 0
        with transaction() as writing:
            writing.add(a_unit())
        assert opened.scalar(sa.select(sa.func.count(Unit.id))) == 1


def test_reading_cannot_write(database_url) -> None:
    refused = pytest.raises(sa.exc.DBAPIError, match=r"read-?only")
    with reading() as opened, refused:
        opened.execute(sa.insert(Unit), [{"code": "x"}])


def test_commit_together_keeps_all_but_the_item_that_failed(database_url, stored) -> None:
    outcomes: dict[int, object] = {}

    def settle(connection: sa.Connection, numbers: Sequence[int]) -> Sequence[int]:
        rows = [
            {"code": f"u{number // 2}", "name": "x", "short_name": "x", "kind": "other",
             "place": "", "symbol": "", "head_title": "", "path": "/", "position": 0}
            for number in numbers
        ]  # fmt: skip
        connection.execute(sa.insert(Unit), rows)
        return numbers

    def one(number: int) -> None:
        try:
            outcomes[number] = commit_together(settle, number)
        except sa.exc.IntegrityError:
            outcomes[number] = "refused"

    threads = [threading.Thread(target=one, args=(n,)) for n in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(stored(Unit)) == 20
    assert list(outcomes.values()).count("refused") == 20
    assert all(outcomes[n] in {n, "refused"} for n in range(40))


def test_utc_date_time_refuses_a_naive_moment(database_url) -> None:
    with reading() as opened, pytest.raises(sa.exc.StatementError, match="naive datetime"):
        opened.scalar(sa.select(sa.literal(datetime(2027, 10, 1), database.UtcDateTime())))  # noqa: DTZ001


def test_utc_date_time_comes_back_aware(database_url) -> None:
    moment = datetime(2027, 10, 1, 1, 0, tzinfo=UTC)
    with reading() as opened:
        assert opened.scalar(sa.select(sa.literal(moment, database.UtcDateTime()))) == moment

"""Small works that share one COMMIT: each caller goes on when its own is durable.

Waiting for the disk is what a small transaction costs. A thread takes all items
that wait, settles those of one kind by one call, commits once and answers all.
"""

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

In = TypeVar("In")
Out = TypeVar("Out")

Settle = Callable[[sa.Connection, Sequence[In]], Sequence[Out]]
"""Does what a number of items ask for, and says of each what became of it, in their order."""

MOST = 64
"""Items of one COMMIT."""


@dataclass
class _Waiting(Generic[In, Out]):
    """One item in line, and what became of it."""

    settle: Settle[In, Out]
    item: In
    done: threading.Lock = field(default_factory=threading.Lock)
    """Held until the item is durable or refused."""
    result: Any = None
    error: BaseException | None = None


class Line:
    """Items in the order in which they came, and the daemon thread that serves them."""

    def __init__(self, engine: sa.Engine, turn: Any) -> None:
        self._engine = engine
        self._turn = turn
        self._queue: queue.SimpleQueue[_Waiting[Any, Any] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="commit-together", daemon=True)
        self._thread.start()

    def do(self, settle: Settle[In, Out], item: In) -> Out:
        """Put an item in line and wait until it is durable."""
        waiting = _Waiting(settle, item)
        waiting.done.acquire()
        self._queue.put(waiting)
        waiting.done.acquire()
        if waiting.error is not None:
            raise waiting.error
        result: Out = waiting.result
        return result

    def stop(self) -> None:
        """Finish what is in line, then end."""
        self._queue.put(None)
        self._thread.join(timeout=10)

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            batch = [first]
            following: _Waiting[Any, Any] | None = first
            while len(batch) < MOST:
                try:
                    following = self._queue.get_nowait()
                except queue.Empty:
                    break
                if following is None:
                    break
                batch.append(following)
            self._commit(batch)
            if following is None:
                return

    def _commit(self, batch: list[_Waiting[Any, Any]]) -> None:
        try:
            with self._turn, self._engine.begin() as connection:
                for _settle, alike in groupby(batch, key=lambda waiting: waiting.settle):
                    _settled(connection, list(alike))
        except BaseException as error:  # noqa: BLE001  the waiting requests must hear of it
            for waiting in batch:
                waiting.error = waiting.error or error
        for waiting in batch:
            waiting.done.release()


def _settled(connection: sa.Connection, alike: Sequence[_Waiting[Any, Any]]) -> None:
    """All by one call; when that fails each by itself, so that the fault stays with its item."""
    driver: Any = connection.connection.driver_connection
    driver.execute("SAVEPOINT work")
    try:
        results = alike[0].settle(connection, [waiting.item for waiting in alike])
        for waiting, result in zip(alike, results, strict=True):
            waiting.result = result
    except Exception as error:  # noqa: BLE001  handed to the requests that asked
        connection.exec_driver_sql("ROLLBACK TO work")
        if len(alike) > 1:
            for waiting in alike:
                _settled(connection, [waiting])
        else:
            alike[0].error = error
    driver.execute("RELEASE work")

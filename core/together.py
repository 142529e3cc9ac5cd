"""Small works that share one COMMIT: each caller goes on when its own is durable.

Waiting for the disk is what a small transaction costs. A thread takes all items
that wait, settles those of one kind by one call, commits once and answers all.
"""

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, TypeVar

import sqlalchemy as sa

In = TypeVar("In")
Out = TypeVar("Out")

_log = logging.getLogger(__name__)

Settle = Callable[[sa.Connection, Sequence[In]], Sequence[Out]]
"""Does what a number of items ask for, and says of each what became of it, in their order."""

MOST = 64
"""Items of one COMMIT."""
UNAVAILABLE = (sa.exc.OperationalError, sa.exc.TimeoutError)
"""Faults of the database, not of an item."""


Then = Callable[[Any, BaseException | None], None]
"""Hears what became of an item, or which fault kept it from being done."""


@dataclass(slots=True)
class _Waiting:
    """One item in line."""

    settle: Settle[Any, Any]
    item: Any
    then: Then


class Line:
    """Items in the order in which they came, and the daemon threads that serve them.

    Where the database lets several write at once, a second one works while the first waits.
    """

    def __init__(self, engine: sa.Engine, turn: Any, hands: int) -> None:
        self._engine = engine
        self._turn = turn
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._hands = [
            threading.Thread(target=self._run, name="commit-together", daemon=True)
            for _ in range(hands)
        ]
        for hand in self._hands:
            hand.start()

    def put(self, settle: Settle[In, Out], item: In, then: Then) -> None:
        """Put an item in line; ``then`` is called by the line once it is durable or refused.

        It is brief: the others wait for it. If it raises, that is written down and holds nobody up.
        """
        self._queue.put(_Waiting(settle, item, then))

    def do(self, settle: Settle[In, Out], item: In) -> Out:
        """Put an item in line and wait until it is durable."""
        heard: list[tuple[Out, BaseException | None]] = []
        done = threading.Lock()
        done.acquire()

        def hear(outcome: Out, error: BaseException | None) -> None:
            heard.append((outcome, error))
            done.release()

        self.put(settle, item, hear)
        done.acquire()
        outcome, error = heard[0]
        if error is not None:
            raise error
        return outcome

    def stop(self) -> None:
        """Finish what is in line, then end."""
        for _ in self._hands:
            self._queue.put(None)
        for hand in self._hands:
            hand.join(timeout=10)

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            batch = [first]
            following: _Waiting | None = first
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

    def _commit(self, batch: Sequence[_Waiting]) -> None:
        """All in one; when an item spoils it each by itself, so that the fault stays there."""
        try:
            with self._turn, self._engine.begin() as connection:
                results = _settled(connection, batch)
        except Exception as error:  # noqa: BLE001  the waiting requests must hear of it
            if len(batch) > 1 and (not isinstance(error, UNAVAILABLE) or _is_deadlock(error)):
                for waiting in batch:
                    self._commit([waiting])
            else:
                for waiting in batch:
                    _tell(waiting, None, error)
        else:
            for waiting, result in results:
                _tell(waiting, result, None)


def _is_deadlock(error: Exception) -> bool:
    """Whether two at once waited for each other, so that PostgreSQL sent one of them away."""
    return getattr(getattr(error, "orig", None), "sqlstate", None) == "40P01"


def _settled(connection: sa.Connection, batch: Sequence[_Waiting]) -> list[tuple[_Waiting, Any]]:
    """What became of each; of one that is left without a word nothing is kept."""
    results: list[tuple[_Waiting, Any]] = []
    for settle, some in groupby(batch, key=lambda waiting: waiting.settle):
        alike = list(some)
        became = settle(connection, [waiting.item for waiting in alike])
        results += zip(alike, became, strict=True)
    return results


def _tell(waiting: _Waiting, outcome: Any, error: BaseException | None) -> None:
    """Let one hear; what goes wrong with its answer is not the others' concern."""
    try:
        waiting.then(outcome, error)
    except Exception:  # noqa: BLE001  the line goes on
        _log.exception("an answer could not be given")

"""The right to tick: held by one clock at a time, checked inside every transaction.

A clock that was frozen or cut off finds at its next write that its term is
over and writes nothing. On PostgreSQL the database's own clock decides, and the transaction
of a clock that falls silent inside it is ended with its term, so that its locks stop nobody.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from core import clock
from core.database import UtcDateTime, session, transaction
from notifications.models import Lease

NAME = "clock"
LENGTH = timedelta(seconds=12)
"""How long a clock that died in silence keeps the others waiting."""

SHORTEST_SILENCE = timedelta(seconds=1)
"""No transaction of a clock is ended sooner."""


class LeaseLost(Exception):
    """Another clock holds the lease now, or this one was away for too long."""


@dataclass(frozen=True)
class Term:
    """One owner's hold on the lease, from taking it to giving it back."""

    owner: str
    epoch: int
    length: timedelta


def moment() -> datetime:
    """The present by the clock that all who share the database share."""
    here = session()
    if here.get_bind().dialect.name == "sqlite":
        return clock.now()
    return here.execute(sa.select(sa.func.clock_timestamp(type_=UtcDateTime()))).scalar_one()


def take(
    owner: str, *, length: timedelta = LENGTH, is_gone: Callable[[str], bool] = lambda _: False
) -> Term | None:
    """The lease when it is free, expired, or its owner is known to be gone."""
    row = _locked(length)
    now = moment()
    if row.owner and row.owner != owner and row.expires_at > now and not is_gone(row.owner):
        return None
    row.owner, row.epoch, row.expires_at = owner, row.epoch + 1, now + length
    return Term(owner, row.epoch, length)


def hold(term: Term) -> None:
    """Check the term inside the open transaction and prolong it. Raises ``LeaseLost``."""
    row = _locked(term.length)
    now = moment()
    if (row.owner, row.epoch) != (term.owner, term.epoch) or row.expires_at <= now:
        raise LeaseLost(f"{term.owner} lost term {term.epoch} to {row.owner or 'nobody'}")
    row.expires_at = now + term.length


def give_back(term: Term) -> None:
    """Let the next clock tick at once. Raises ``LeaseLost``."""
    hold(term)
    _locked(term.length).owner = ""


@contextmanager
def fenced(term: Term) -> Iterator[None]:
    """A transaction that only the holder of the term can leave with something kept."""
    with transaction():
        hold(term)
        yield


def _locked(length: timedelta) -> Lease:
    if session().get_bind().dialect.name != "sqlite":
        silence = str(round(max(length, SHORTEST_SILENCE).total_seconds() * 1000))
        local = sa.func.set_config("idle_in_transaction_session_timeout", silence, True)
        session().execute(sa.select(local))
    row = session().get(Lease, NAME, with_for_update=True, populate_existing=True)
    if row is None:
        _make()
        row = session().get_one(Lease, NAME, with_for_update=True)
    return row


def _make() -> None:
    insert = sqlite.insert if session().get_bind().dialect.name == "sqlite" else postgresql.insert
    values = {"name": NAME, "owner": "", "epoch": 0, "expires_at": clock.now()}
    session().execute(insert(Lease).values(values).on_conflict_do_nothing())

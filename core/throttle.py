"""How often something may be tried: one row for each key that was used lately.

The row keeps one moment, ``full_at``: from then on all tries are free again,
so that a row whose moment has passed means the same as no row. Keys are kept
as authentication codes: no address and no name stands in the table.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from core import keys
from core.database import Base, session


class ThrottleBucket(Base):
    """The tries that one key has used up, as the moment when all are free again."""

    __tablename__ = "throttle_bucket"

    key: Mapped[str] = mapped_column(primary_key=True)
    full_at: Mapped[datetime] = mapped_column(index=True)


def allow(key: str, limit: int, per_minutes: float, now: datetime) -> bool:
    """Use up one try of the key; false when ``limit`` were used within ``per_minutes``.

    It writes: call it in a transaction that is kept whatever comes after.
    """
    span = timedelta(minutes=per_minutes)
    bucket = _bucket(_concealed(key), now)
    after = max(bucket.full_at, now) + span / limit
    if after - now > span:
        return False
    bucket.full_at = after
    return True


def forget(key: str) -> None:
    """Free all tries of the key, as after a sign-in that succeeded."""
    session().execute(sa.delete(ThrottleBucket).where(ThrottleBucket.key == _concealed(key)))


def forget_old(now: datetime) -> int:
    """Drop the rows that mean the same as none; says how many."""
    done = session().execute(sa.delete(ThrottleBucket).where(ThrottleBucket.full_at < now))
    return int(done.rowcount)  # type: ignore[attr-defined]


def _concealed(key: str) -> str:
    return keys.sign("throttle", key).hex()


def _bucket(key: str, now: datetime) -> ThrottleBucket:
    found = sa.select(ThrottleBucket).where(ThrottleBucket.key == key).with_for_update()
    bucket = session().scalar(found)
    if bucket is not None:
        return bucket
    forget_old(now)
    try:
        with session().begin_nested():
            bucket = ThrottleBucket(key=key, full_at=now)
            session().add(bucket)
    except IntegrityError:
        return session().scalars(found).one()
    return bucket

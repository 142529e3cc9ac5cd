"""Where else an activity takes place, and how often its stream was looked at."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Unit
from core.database import Base, Id
from events.models import Activity


class Point(Base):
    """A điểm cầu: a place with people of its own, who are counted by its host."""

    __tablename__ = "counting_point"
    __table_args__ = (sa.UniqueConstraint("activity_id", "name"),)

    id: Mapped[Id]
    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id", ondelete="CASCADE"))
    name: Mapped[str]
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    """The host: its stewards may count here, and nowhere else of the activity."""
    created_at: Mapped[datetime]

    activity: Mapped[Activity] = relationship()
    unit: Mapped[Unit | None] = relationship()


class StreamCount(Base):
    """What a platform says of a stream: views, never people; the last number of a stream holds."""

    __tablename__ = "stream_count"
    __table_args__ = (sa.CheckConstraint("views >= 0", name="views_not_negative"),)

    id: Mapped[Id]
    activity_id: Mapped[int] = mapped_column(
        sa.ForeignKey("activity.id", ondelete="CASCADE"), index=True
    )
    stream: Mapped[str]
    """The page or the link of the stream."""
    views: Mapped[int]
    note: Mapped[str] = mapped_column(default="")
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    at: Mapped[datetime]

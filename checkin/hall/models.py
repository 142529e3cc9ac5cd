"""The screens of halls, and phones that count there."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Account
from checkin.points.models import Point
from core.database import Base, Id
from events.models import Activity


class Screen(Base):
    """What a code let in, without an account, for one activity.

    A laptop in the hall shows the code that changes and may count heads; a phone only counts, at
    the place of the activity or at one of its points.
    """

    __tablename__ = "hall_screen"

    id: Mapped[Id]
    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"), index=True)
    point_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("counting_point.id", ondelete="CASCADE"), index=True
    )
    only_counts: Mapped[bool] = mapped_column(default=False)
    pairing_hash: Mapped[str | None] = mapped_column(unique=True)
    token_hash: Mapped[str | None] = mapped_column(unique=True)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    """Who let it in."""
    created_at: Mapped[datetime]
    paired_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    activity: Mapped[Activity] = relationship()
    point: Mapped[Point | None] = relationship()
    account: Mapped[Account | None] = relationship()

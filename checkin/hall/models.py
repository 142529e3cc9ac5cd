"""The screens of halls."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Account
from core.database import Base, Id
from events.models import Activity


class Screen(Base):
    """A laptop in the hall of one activity: it shows the code that changes, and may count heads."""

    __tablename__ = "hall_screen"

    id: Mapped[Id]
    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"), index=True)
    pairing_hash: Mapped[str | None] = mapped_column(unique=True)
    token_hash: Mapped[str | None] = mapped_column(unique=True)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    """Who let it in."""
    created_at: Mapped[datetime]
    paired_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    activity: Mapped[Activity] = relationship()
    account: Mapped[Account | None] = relationship()

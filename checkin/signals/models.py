"""What is noted of a press of the button, and what somebody should look at."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Account
from checkin.models import Attendance, Grade, Scan
from core.database import Base, Id


class Signal(StrEnum):
    """Why an attendance looks odd."""

    ONE_PHONE = "one_phone"
    AFTER_END = "after_end"
    ONE_CODE = "one_code"


class Verdict(StrEnum):
    """What was found when somebody looked."""

    RIGHT = "right"
    DOUBTFUL = "doubtful"
    NOBODY = "nobody"
    """It is not counted any more."""


class Press(Base):
    """From which phone, by which step of the screen, a press came; kept no longer than needed."""

    __tablename__ = "press"
    __table_args__ = (
        sa.Index("ix_press_session_id_phone", "session_id", "phone"),
        sa.Index("ix_press_session_id_slot", "session_id", "slot"),
        sa.Index("ix_press_session_id_at", "session_id", "at"),
    )

    scan_id: Mapped[int] = mapped_column(
        sa.ForeignKey("scan.id"), primary_key=True, autoincrement=False
    )
    session_id: Mapped[int] = mapped_column(sa.ForeignKey("session.id"))
    phone: Mapped[str]
    """An authentication code of what the browser shows of itself; leads back to nobody."""
    slot: Mapped[int | None]
    at: Mapped[datetime]


class Doubt(Base):
    """An attendance that counts for less until, or because, somebody has looked at it."""

    __tablename__ = "doubt"
    __table_args__ = (sa.Index("ix_doubt_activity_id_verdict", "activity_id", "verdict"),)

    id: Mapped[Id]
    scan_id: Mapped[int] = mapped_column(sa.ForeignKey("scan.id"), unique=True)
    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"))
    signal: Mapped[Signal]
    series: Mapped[str]
    """What odd attendances have in common: the phone, the step, the sitting that was over."""
    grade: Mapped[Grade]
    """What it would be worth without the doubt."""
    raised_at: Mapped[datetime]
    verdict: Mapped[Verdict | None]
    settled_at: Mapped[datetime | None]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))

    scan: Mapped[Scan] = relationship()
    attendance: Mapped[Attendance | None] = relationship(
        primaryjoin=lambda: sa.and_(
            Attendance.scan_id == Doubt.scan_id, Attendance.activity_id == Doubt.activity_id
        ),
        foreign_keys=lambda: [Doubt.scan_id, Doubt.activity_id],
        viewonly=True,
    )
    """Nothing when nobody was found; those of one activity are found by an index."""
    account: Mapped[Account | None] = relationship()

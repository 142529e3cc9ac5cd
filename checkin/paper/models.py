"""Sheets as they were printed, so that a row means the same however long it lay in a drawer."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from checkin.models import Registration
from core.database import Base, Id
from events.models import Session


class PaperSheet(Base):
    """A list to sign at one sitting, printed once; its rows are numbered from 1."""

    __tablename__ = "paper_sheet"
    __table_args__ = (sa.CheckConstraint("rows > 0", name="some_rows"),)

    id: Mapped[Id]
    session_id: Mapped[int] = mapped_column(
        sa.ForeignKey("session.id", ondelete="CASCADE"), index=True
    )
    rows: Mapped[int]
    """How many rows there are; those without a ``PaperRow`` are blank."""
    printed_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))

    session: Mapped[Session] = relationship()


class PaperRow(Base):
    """A row with somebody's name on it."""

    __tablename__ = "paper_row"
    __table_args__ = (sa.UniqueConstraint("sheet_id", "number"),)

    id: Mapped[Id]
    sheet_id: Mapped[int] = mapped_column(sa.ForeignKey("paper_sheet.id", ondelete="CASCADE"))
    number: Mapped[int]
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registration.id"), index=True)

    sheet: Mapped[PaperSheet] = relationship()
    registration: Mapped[Registration] = relationship()

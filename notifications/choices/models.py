"""What somebody who gets letters has chosen, and addresses that refused one for good."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Unit
from core.database import Base, Id


class Preference(Base):
    """The choices behind one address; the address itself is not kept, only its fingerprint."""

    __tablename__ = "letter_preference"

    address_key: Mapped[str] = mapped_column(primary_key=True)
    refused: Mapped[list[str]] = mapped_column(default=list)
    """The kinds of letters that are not wanted."""
    locale: Mapped[str | None]
    digest: Mapped[bool] = mapped_column(default=False)
    """What can wait comes in the morning only, all of it together."""
    changed_at: Mapped[datetime]


class Suppression(Base):
    """An address that a mail server refused for good; nothing is sent there until it is lifted."""

    __tablename__ = "letter_suppression"
    __table_args__ = (sa.UniqueConstraint("address_key"),)

    id: Mapped[Id]
    address_key: Mapped[str]
    address: Mapped[str]
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    """Whose letter it was that came back."""
    answer: Mapped[str]
    since: Mapped[datetime]

    unit: Mapped[Unit | None] = relationship()

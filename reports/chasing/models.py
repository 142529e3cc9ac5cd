"""Ladders of reminders to units, what was told to whom, phone calls, excuses."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Account, Unit
from core.database import Base, Id
from events.models import Campaign


class Obligation(StrEnum):
    """What a unit owes in a week."""

    PLAN = "plan"
    DUTY = "duty"
    FIGURES = "figures"
    REPORT = "report"


class Step(StrEnum):
    """Who hears of it, in this order."""

    PERSON = "person"
    HEAD = "head"
    PARENT = "parent"


class Ladder(Base):
    """One office chases one obligation in a week, step by step on its dates."""

    __tablename__ = "ladder"
    __table_args__ = (sa.UniqueConstraint("unit_id", "campaign_id", "obligation"),)

    id: Mapped[Id]
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    """The office: it chases the units below it."""
    campaign_id: Mapped[int] = mapped_column(
        sa.ForeignKey("campaign.id", ondelete="CASCADE"), index=True
    )
    obligation: Mapped[Obligation]
    on_since: Mapped[datetime | None]
    """Nothing while nobody is chased."""

    unit: Mapped[Unit] = relationship()
    campaign: Mapped[Campaign] = relationship()
    rungs: Mapped[list["Rung"]] = relationship(
        back_populates="ladder", cascade="all, delete-orphan", order_by="Rung.on_date"
    )


class Rung(Base):
    """On which day one sort of reader hears of it."""

    __tablename__ = "rung"
    __table_args__ = (sa.UniqueConstraint("ladder_id", "step"),)

    id: Mapped[Id]
    ladder_id: Mapped[int] = mapped_column(sa.ForeignKey("ladder.id", ondelete="CASCADE"))
    step: Mapped[Step]
    on_date: Mapped[date] = mapped_column(index=True)
    climbed_at: Mapped[datetime | None]

    ladder: Mapped[Ladder] = relationship(back_populates="rungs")


class Digest(Base):
    """The one letter of a day to one person about all that units owe."""

    __tablename__ = "digest"
    __table_args__ = (sa.UniqueConstraint("on_date", "recipient"),)

    id: Mapped[Id]
    on_date: Mapped[date]
    recipient: Mapped[str]
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    """For which unit the person reads it."""
    locale: Mapped[str]
    due_at: Mapped[datetime] = mapped_column(index=True)
    useful_until: Mapped[datetime]

    unit: Mapped[Unit] = relationship()


class Told(Base):
    """One thing that a letter says: this unit owes this, at this step."""

    __tablename__ = "told"
    __table_args__ = (sa.UniqueConstraint("digest_id", "ladder_id", "unit_id"),)

    id: Mapped[Id]
    digest_id: Mapped[int] = mapped_column(sa.ForeignKey("digest.id", ondelete="CASCADE"))
    ladder_id: Mapped[int] = mapped_column(
        sa.ForeignKey("ladder.id", ondelete="CASCADE"), index=True
    )
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    step: Mapped[Step]

    digest: Mapped[Digest] = relationship()
    ladder: Mapped[Ladder] = relationship()
    unit: Mapped[Unit] = relationship()


class PhoneCall(Base):
    """Somebody called a unit about what it owes."""

    __tablename__ = "phone_call"

    id: Mapped[Id]
    campaign_id: Mapped[int] = mapped_column(
        sa.ForeignKey("campaign.id", ondelete="CASCADE"), index=True
    )
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    called_at: Mapped[datetime]
    spoke_with: Mapped[str]
    note: Mapped[str] = mapped_column(default="")

    unit: Mapped[Unit] = relationship()
    account: Mapped[Account] = relationship()


class Excuse(Base):
    """A unit need not deliver something in a week, for a reason."""

    __tablename__ = "excuse"
    __table_args__ = (sa.UniqueConstraint("campaign_id", "unit_id", "obligation"),)

    id: Mapped[Id]
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id", ondelete="CASCADE"))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    obligation: Mapped[Obligation]
    reason: Mapped[str]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    excused_at: Mapped[datetime]

    unit: Mapped[Unit] = relationship()
    account: Mapped[Account] = relationship()

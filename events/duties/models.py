"""What a unit was told and answered, what became other, who chased it, inspections, photos."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Account, Unit
from core.database import Base, Id
from events.models import Activity, Assignment, Evidence, Plan


class Handout(Base):
    """The one link through which a unit answers for all that a plan lays on it."""

    __tablename__ = "handout"
    __table_args__ = (sa.UniqueConstraint("plan_id", "unit_id"),)

    id: Mapped[Id]
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plan.id", ondelete="CASCADE"))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    serial: Mapped[int] = mapped_column(default=0)
    """Rises when the link is renewed; the earlier one is then worth nothing."""
    told_at: Mapped[datetime] = mapped_column(index=True)
    """When duties were last handed out to the unit."""

    plan: Mapped[Plan] = relationship()
    unit: Mapped[Unit] = relationship()


class Chase(Base):
    """Somebody urged a unit about its open duties; once a day and no more."""

    __tablename__ = "chase"
    __table_args__ = (sa.UniqueConstraint("handout_id", "chased_on"),)

    id: Mapped[Id]
    handout_id: Mapped[int] = mapped_column(sa.ForeignKey("handout.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    chased_on: Mapped[date]
    chased_at: Mapped[datetime] = mapped_column(index=True)

    handout: Mapped[Handout] = relationship()
    account: Mapped[Account] = relationship()


class Turn(StrEnum):
    """What may happen to a duty after its unit was told of it."""

    MOVED = "moved"
    EXCUSED = "excused"
    REQUIRED = "required"
    """No longer excused."""
    WITHDRAWN = "withdrawn"


class DutyChange(Base):
    """What became other than a unit was told; the unit is written to about it."""

    __tablename__ = "duty_change"

    id: Mapped[Id]
    handout_id: Mapped[int] = mapped_column(
        sa.ForeignKey("handout.id", ondelete="CASCADE"), index=True
    )
    number: Mapped[int]
    """Of the duty, which may be no more."""
    duty: Mapped[str]
    turn: Mapped[Turn]
    due_before: Mapped[date | None]
    due_on: Mapped[date | None]
    reason: Mapped[str]
    tell_at: Mapped[datetime] = mapped_column(index=True)
    """When the unit is to hear of it: a little later, so that several changes are one letter."""

    handout: Mapped[Handout] = relationship()


class Inspection(Base):
    """A cuộc kiểm tra: who looked at what a unit does, on which day, and what they found."""

    __tablename__ = "inspection"

    id: Mapped[Id]
    campaign_id: Mapped[int] = mapped_column(
        sa.ForeignKey("campaign.id", ondelete="CASCADE"), index=True
    )
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    assignment_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("assignment.id", ondelete="SET NULL"), index=True
    )
    activity_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("activity.id", ondelete="SET NULL"), index=True
    )
    inspected_on: Mapped[date]
    inspectors: Mapped[str]
    finding: Mapped[str]
    written_at: Mapped[datetime]

    unit: Mapped[Unit] = relationship()
    assignment: Mapped[Assignment | None] = relationship()
    """The duty that was looked at, when it was one."""
    activity: Mapped[Activity | None] = relationship()
    """The activity that was looked at, when it was one."""


class Photo(Base):
    """A photo as evidence: written anew without place, camera and time; staff pages only.

    It may be shown in public from the moment at which somebody stands for the
    consent of the people in it.
    """

    __tablename__ = "photo"

    id: Mapped[Id]
    evidence_id: Mapped[int] = mapped_column(
        sa.ForeignKey("evidence.id", ondelete="CASCADE"), unique=True
    )
    code: Mapped[str] = mapped_column(unique=True)
    """The secret part of its address and of the names of its files."""
    width: Mapped[int]
    height: Mapped[int]
    digest: Mapped[str]
    """SHA-256 of the file that was sent: the same one sent twice is one photo."""
    fingerprint: Mapped[str]
    """What it looks like, in 32 hexadecimal digits."""
    resembles_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("photo.id", ondelete="SET NULL"), index=True
    )
    """An earlier photo of another unit that looks the same."""
    public_since: Mapped[datetime | None]

    evidence: Mapped[Evidence] = relationship()
    resembles: Mapped["Photo | None"] = relationship(remote_side="Photo.id")

"""Versions of plans, changes that wait for the next one, and what a parent said before it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Account, Unit
from core.database import Base, Id
from events.models import Activity, Plan


class Release(Base):
    """One numbered version of a plan: what the public was told from then on; never altered."""

    __tablename__ = "plan_release"
    __table_args__ = (
        sa.UniqueConstraint("plan_id", "number"),
        sa.Index("ix_plan_release_released_at_id", "released_at", "id"),
    )

    id: Mapped[Id]
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plan.id", ondelete="CASCADE"))
    number: Mapped[int]
    note: Mapped[str] = mapped_column(default="")
    """What the unit says about this version, for everyone."""
    released_at: Mapped[datetime]
    useful_until: Mapped[datetime]
    """Until when a letter about it is worth sending."""
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    facts: Mapped[dict[str, Any]]
    """The public facts of every activity of the plan, by id, as they stood."""
    changes: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    """What became different from the version before, worded when it is shown."""

    plan: Mapped[Plan] = relationship()
    account: Mapped[Account | None] = relationship()


class ReleaseReader(Base):
    """A unit that a new version concerns: it hears of it once."""

    __tablename__ = "plan_release_reader"

    release_id: Mapped[int] = mapped_column(
        sa.ForeignKey("plan_release.id", ondelete="CASCADE"), primary_key=True
    )
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), primary_key=True)

    release: Mapped[Release] = relationship()
    unit: Mapped[Unit] = relationship()


class PendingChange(Base):
    """What the next version will say of a released activity; the public sees none of it."""

    __tablename__ = "pending_change"

    activity_id: Mapped[int] = mapped_column(
        sa.ForeignKey("activity.id", ondelete="CASCADE"), primary_key=True
    )
    changes: Mapped[dict[str, Any]]
    """By field the value that it was changed from and the one it is to have."""
    cancel_reason: Mapped[str] = mapped_column(default="")
    """Why the next version calls it off; empty when it does not."""
    changed_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))

    activity: Mapped[Activity] = relationship()
    account: Mapped[Account | None] = relationship()


class ReviewState(StrEnum):
    """What a parent unit said of a version that it asked to see."""

    ASKED = "asked"
    APPROVED = "approved"
    RETURNED = "returned"


class ReviewRule(Base):
    """A unit that asks to see the plans of the units below it before they are released."""

    __tablename__ = "plan_review_rule"

    unit_id: Mapped[int] = mapped_column(
        sa.ForeignKey("unit.id", ondelete="CASCADE"), primary_key=True
    )
    since: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))

    unit: Mapped[Unit] = relationship()


class Review(Base):
    """One version of a plan laid before a parent unit, and its answer."""

    __tablename__ = "plan_review"

    id: Mapped[Id]
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    """The unit that asked to see it."""
    state: Mapped[ReviewState] = mapped_column(default=ReviewState.ASKED)
    note: Mapped[str] = mapped_column(default="")
    seen: Mapped[dict[str, Any]]
    """By activity the mark of what was laid before the parent; only that may be released."""
    asked_at: Mapped[datetime] = mapped_column(index=True)
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    remark: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None] = mapped_column(index=True)
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    used_at: Mapped[datetime | None]
    """When the version that was approved went out."""
    useful_until: Mapped[datetime]
    """Until when a letter about the asking or the answer is worth sending."""

    plan: Mapped[Plan] = relationship()
    unit: Mapped[Unit] = relationship()
    asked_by: Mapped[Account | None] = relationship(foreign_keys=[asked_by_id])
    answered_by: Mapped[Account | None] = relationship(foreign_keys=[answered_by_id])

"""Changes of the tree that were decided for a day that is still ahead."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Unit
from core.database import Base, Id


class ChangeKind(StrEnum):
    """The two changes that join a unit with another one."""

    MOVE = "move"
    MERGE = "merge"


class PlanState(StrEnum):
    """What became of a planned change."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class PlannedChange(Base):
    """A unit that will stand under, or go into, another one from a day on.

    Until then the tree stands as it is; the clock carries the change out on its day, or
    as soon as it runs again, and writes down why when it cannot.
    """

    __tablename__ = "planned_change"
    __table_args__ = (sa.Index("ix_planned_change_state_happens_on", "state", "happens_on"),)

    id: Mapped[Id]
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    other_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    kind: Mapped[ChangeKind]
    happens_on: Mapped[date]
    """The first day of the new order."""
    state: Mapped[PlanState] = mapped_column(default=PlanState.WAITING)
    planned_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    planned_at: Mapped[datetime]
    refusal: Mapped[str] = mapped_column(default="")
    """The msgid of the sentence that says why it could not be carried out."""
    refusal_facts: Mapped[dict[str, Any]] = mapped_column(default=dict)

    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    other: Mapped[Unit] = relationship(foreign_keys=[other_id])

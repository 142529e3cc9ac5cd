"""A take-over of an earlier week or plan that is being looked at or was kept."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Account, Unit
from core.database import Base, Id
from events.models import Campaign


class Shift(StrEnum):
    """How the days of an earlier week become days of the new one."""

    WEEKDAY = "weekday"
    RUN = "run"


class Part(StrEnum):
    """What of an earlier plan may be taken over."""

    ACTIVITIES = "activities"
    VENUES = "venues"
    DUTIES = "duties"
    REMINDERS = "reminders"
    TEXTS = "texts"


class Cloning(Base):
    """What someone takes over: from which week, whose plans, which parts; changed row by row."""

    __tablename__ = "cloning"

    id: Mapped[Id]
    source_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    target_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    from_unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"))
    """Whose plan it is, when it is not the unit's own."""
    below: Mapped[bool] = mapped_column(default=False)
    """Whether the plans of all units below are taken over too."""
    parts: Mapped[list[str]]
    shift: Mapped[Shift]
    changes: Mapped[dict[str, Any]]
    """By activity (``a12``) or duty (``d7``) what was decided otherwise than proposed."""
    created_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    kept_at: Mapped[datetime | None]
    outcome: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """How many of what were made, and how many were there already."""

    source: Mapped[Campaign] = relationship(foreign_keys=[source_id])
    target: Mapped[Campaign] = relationship(foreign_keys=[target_id])
    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    from_unit: Mapped[Unit | None] = relationship(foreign_keys=[from_unit_id])
    account: Mapped[Account | None] = relationship()

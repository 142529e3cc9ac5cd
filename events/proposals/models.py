"""What is kept of a document that was taken in, until it is a plan; phases of movements."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Account, Unit
from core.database import Base, Id
from events.models import Campaign, Plan


class ProposalState(StrEnum):
    """Whether a person still decides, a plan came of it, or it was put aside."""

    OPEN = "open"
    TAKEN = "taken"
    DISCARDED = "discarded"


class Proposal(Base):
    """A document as it was understood, and what a person decided about each part of it."""

    __tablename__ = "proposal"

    id: Mapped[Id]
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    """The unit whose plan it becomes."""
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    source_name: Mapped[str]
    """The name of the file; empty when the text was pasted."""
    text: Mapped[str]
    """The document line by line, as it was read; sources count its lines from 1."""
    understood: Mapped[dict[str, Any]]
    """The JSON of ``events.proposals.proposal.Proposal``."""
    decisions: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What a person decided, by part: ``{"choice": …, "values": {…}}``."""
    made: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The rows that came of each part, by part."""
    state: Mapped[ProposalState] = mapped_column(default=ProposalState.OPEN)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    plan_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("plan.id", ondelete="SET NULL"), index=True
    )

    unit: Mapped[Unit] = relationship()
    account: Mapped[Account | None] = relationship()
    plan: Mapped[Plan | None] = relationship()

    @property
    def lines(self) -> list[str]:
        """The document line by line."""
        return self.text.split("\n")


class Phase(Base):
    """A giai đoạn of a movement."""

    __tablename__ = "phase"

    id: Mapped[Id]
    campaign_id: Mapped[int] = mapped_column(
        sa.ForeignKey("campaign.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    title: Mapped[str]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]

    campaign: Mapped[Campaign] = relationship()

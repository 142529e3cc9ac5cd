"""What units declare, what they write, and the frozen figures that a report prints."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Account, Unit
from core.database import Base, Id
from events.models import Campaign


class Declaration(Base):
    """A figure that a unit stands for; rows are added, the last one of an indicator holds."""

    __tablename__ = "declaration"
    __table_args__ = (
        sa.CheckConstraint("value >= 0", name="value_not_negative"),
        sa.Index(
            "ix_declaration_campaign_id_unit_id_indicator", "campaign_id", "unit_id", "indicator"
        ),
    )

    id: Mapped[Id]
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    indicator: Mapped[str]
    """The stable code of the catalogue, such as ``B1``."""
    value: Mapped[int] = mapped_column(sa.BigInteger)
    source: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    declared_at: Mapped[datetime]

    unit: Mapped[Unit] = relationship()


class Narrative(Base):
    """A passage of the report that only the office can write."""

    __tablename__ = "narrative"
    __table_args__ = (sa.UniqueConstraint("campaign_id", "unit_id", "section"),)

    id: Mapped[Id]
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    section: Mapped[str]
    text: Mapped[str]
    changed_at: Mapped[datetime]


class Snapshot(Base):
    """The figures of a unit and its subtree at one moment: frozen, hashed, numbered."""

    __tablename__ = "snapshot"
    __table_args__ = (sa.UniqueConstraint("campaign_id", "unit_id", "version"),)

    id: Mapped[Id]
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    version: Mapped[int]
    code: Mapped[str] = mapped_column(unique=True)
    """The public code under which anyone can ask whether it is the current version."""
    hash: Mapped[str]
    """SHA-256 of ``payload``, hexadecimal."""
    payload: Mapped[str]
    """Canonical JSON: everything that the documents print."""
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    made_at: Mapped[datetime]

    campaign: Mapped[Campaign] = relationship()
    unit: Mapped[Unit] = relationship()
    account: Mapped[Account | None] = relationship()


@sa.event.listens_for(Declaration, "before_update")
@sa.event.listens_for(Snapshot, "before_update")
@sa.event.listens_for(Snapshot, "before_delete")
def _refuse(_mapper: object, _connection: object, row: Declaration | Snapshot) -> None:
    raise RuntimeError(f"{row.__tablename__} {row.id} would be altered: rows are only added")

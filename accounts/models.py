"""Units as a tree with a separate reporting line, accounts and their grants."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.addresses import MailAddress
from core.database import Base, Id


class UnitKind(StrEnum):
    """What sort of body a unit is."""

    MINISTRY = "ministry"
    PROVINCE = "province"
    DEPARTMENT = "department"
    COMMUNE = "commune"
    DIVISION = "division"
    SCHOOL = "school"
    LIBRARY = "library"
    CENTRE = "centre"
    ASSOCIATION = "association"
    PRESS = "press"
    OTHER = "other"


class Role(StrEnum):
    """What a person may do for a unit and everything below it."""

    ADMIN = "admin"
    ORGANISER = "organiser"
    REPORTER = "reporter"
    OBSERVER = "observer"
    STEWARD = "steward"


class Unit(Base):
    """A body that plans and reports: its parent commands it, ``reports_to`` reads its report.

    ``path`` is ``/<id>/<id>/`` from the root down to the unit itself, so that a
    subtree is a prefix.
    """

    __tablename__ = "unit"
    __table_args__ = (
        sa.CheckConstraint("headcount IS NULL OR headcount >= 0", name="headcount_not_negative"),
        sa.CheckConstraint("parent_id <> id", name="not_below_itself"),
        sa.CheckConstraint("reports_to_id <> id", name="reports_to_another"),
        sa.CheckConstraint("valid_until >= valid_from", name="ends_after_it_begins"),
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    short_name: Mapped[str]
    kind: Mapped[UnitKind]
    place: Mapped[str] = mapped_column(default="")
    """The place name that stands before the date of the unit's documents."""
    symbol: Mapped[str] = mapped_column(default="")
    """The unit's part of a document symbol, such as ``SKHCN``."""
    head_title: Mapped[str] = mapped_column(default="")
    """The title under which its documents are signed, such as ``GIÁM ĐỐC``."""
    headcount: Mapped[int | None]
    email: Mapped[str | None] = mapped_column(MailAddress())
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    reports_to_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    path: Mapped[str] = mapped_column(index=True, default="")
    position: Mapped[int] = mapped_column(default=0)
    valid_from: Mapped[date | None]
    """The day on which it began; unknown for what was always there."""
    valid_until: Mapped[date | None]
    """The last day on which it was there."""

    parent: Mapped["Unit | None"] = relationship(
        foreign_keys=[parent_id], remote_side="Unit.id", back_populates="children"
    )
    children: Mapped[list["Unit"]] = relationship(
        foreign_keys=[parent_id], back_populates="parent", order_by="Unit.position, Unit.id"
    )
    reports_to: Mapped["Unit | None"] = relationship(
        foreign_keys=[reports_to_id], remote_side="Unit.id"
    )

    def is_there(self, day: date) -> bool:
        """Whether the unit exists on the day; its history stays readable on all others."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_until is None or day <= self.valid_until)

    @classmethod
    def was_there(cls, first: date, last: date | None = None) -> sa.ColumnElement[bool]:
        """True for rows that exist on a day, or on some day from the first to the last."""
        return sa.and_(
            sa.or_(cls.valid_from.is_(None), cls.valid_from <= (last or first)),
            sa.or_(cls.valid_until.is_(None), cls.valid_until >= first),
        )


class FormerPlace(Base):
    """Where a unit stood in the tree before the day on which it, or one above it, was moved."""

    __tablename__ = "former_place"
    __table_args__ = (sa.UniqueConstraint("unit_id", "until_on"),)

    id: Mapped[Id]
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"))
    path: Mapped[str]
    until_on: Mapped[date] = mapped_column(index=True)
    """The first day on which it no longer stood there."""

    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    parent: Mapped[Unit | None] = relationship(foreign_keys=[parent_id])


class SuccessionKind(StrEnum):
    """How a unit came out of an earlier one."""

    MERGED = "merged"
    SPLIT = "split"


class Succession(Base):
    """An earlier unit and the one that went on from it: merged into it, or split from it."""

    __tablename__ = "succession"
    __table_args__ = (
        sa.UniqueConstraint("earlier_id", "later_id"),
        sa.CheckConstraint("earlier_id <> later_id", name="another_unit"),
    )

    id: Mapped[Id]
    earlier_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    later_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    kind: Mapped[SuccessionKind]
    happened_on: Mapped[date]
    """The first day of the new order."""

    earlier: Mapped[Unit] = relationship(foreign_keys=[earlier_id])
    later: Mapped[Unit] = relationship(foreign_keys=[later_id])


class Account(Base):
    """A person of the staff who signs in."""

    __tablename__ = "account"

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(MailAddress(), unique=True)
    full_name: Mapped[str]
    password_hash: Mapped[str]
    password_is_given: Mapped[bool] = mapped_column(default=False)
    """Whether somebody else chose the password and handed it over."""
    locale: Mapped[str] = mapped_column(default="vi")
    session_stamp: Mapped[str]
    """Changes with the password; a session that carries another one has ended."""
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    calendar_serial: Mapped[int] = mapped_column(default=0, server_default="0")
    """Rises when the person gives their calendar another secret address."""

    grants: Mapped[list["Grant"]] = relationship(
        back_populates="account", cascade="all, delete-orphan", order_by="Grant.id"
    )


class Grant(Base):
    """A role given to an account on a unit, inherited down the tree."""

    __tablename__ = "grant"
    __table_args__ = (sa.UniqueConstraint("account_id", "unit_id", "role"),)

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    role: Mapped[Role]

    account: Mapped[Account] = relationship(back_populates="grants")
    unit: Mapped[Unit] = relationship()


class AuditEntry(Base):
    """Who changed what and when; rows are added, never altered."""

    __tablename__ = "audit_entry"
    __table_args__ = ({"info": {"only_added": True}},)

    id: Mapped[Id]
    at: Mapped[datetime] = mapped_column(index=True)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    action: Mapped[str]
    subject: Mapped[str]
    facts: Mapped[dict[str, Any]]


@sa.event.listens_for(AuditEntry, "before_update")
@sa.event.listens_for(AuditEntry, "before_delete")
def _refuse(_mapper: object, _connection: object, entry: AuditEntry) -> None:
    raise RuntimeError(f"audit entry {entry.id} would be altered: entries are only added")

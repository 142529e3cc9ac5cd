"""What an organiser wants people to be reminded of, and when that falls due."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Unit
from core.database import Base, Id


class RuleState(StrEnum):
    """Whether a reminder is still being written, goes out at its time, or was stopped."""

    DRAFT = "draft"
    ON = "on"
    OFF = "off"


class ReminderRule(Base):
    """One reminder: about what, when, to whom, in which words.

    It hangs on a time of its subject (``anchor``, with days, minutes and
    perhaps an hour of the day) or has a moment of its own. Without a
    ``subject_id`` it holds for all that the unit has, and serves as a template.
    """

    __tablename__ = "reminder_rule"
    __table_args__ = (
        sa.CheckConstraint("(anchor = '') <> (moment IS NULL)", name="anchor_or_moment"),
        sa.CheckConstraint("(state = 'on') <= (on_since IS NOT NULL)", name="on_since_a_moment"),
        sa.Index("ix_reminder_rule_sort_subject_id", "sort", "subject_id"),
    )

    id: Mapped[Id]
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    sort: Mapped[str]
    """What sort of thing it is about, in the words of the feature that declared it."""
    subject_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    state: Mapped[RuleState] = mapped_column(default=RuleState.DRAFT, index=True)
    anchor: Mapped[str] = mapped_column(default="")
    days: Mapped[int] = mapped_column(default=0)
    """Before the anchor when negative."""
    minutes: Mapped[int] = mapped_column(default=0)
    """Before the anchor when negative."""
    at_minute: Mapped[int | None]
    """The hour of that day in Vietnam, in minutes since midnight."""
    moment: Mapped[datetime | None]
    audience: Mapped[str]
    title_vi: Mapped[str]
    text_vi: Mapped[str]
    title_en: Mapped[str] = mapped_column(default="")
    text_en: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    """Rises with every change, so that its moments are worked out anew."""
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    on_since: Mapped[datetime | None]

    unit: Mapped[Unit] = relationship()


class ReminderMoment(Base):
    """When one reminder about one subject falls due, worked out by the clock."""

    __tablename__ = "reminder_moment"
    __table_args__ = (sa.UniqueConstraint("rule_id", "subject_id"),)

    id: Mapped[Id]
    rule_id: Mapped[int] = mapped_column(sa.ForeignKey("reminder_rule.id", ondelete="CASCADE"))
    subject_id: Mapped[int] = mapped_column(sa.BigInteger)
    version: Mapped[int]
    """Of the reminder, when this was worked out."""
    mark: Mapped[str]
    """The times of the subject, when this was worked out."""
    due_at: Mapped[datetime] = mapped_column(index=True)
    useful_until: Mapped[datetime]
    counts_from: Mapped[datetime]
    """What falls due before this was settled too late, and is not sent."""
    revision: Mapped[int] = mapped_column(sa.BigInteger)
    """The due moment in seconds: another moment is another reason to write."""

    rule: Mapped[ReminderRule] = relationship()


class QuietHours(Base):
    """When a unit and those below it send no reminder, in minutes since midnight in Vietnam."""

    __tablename__ = "quiet_hours"

    unit_id: Mapped[int] = mapped_column(
        sa.ForeignKey("unit.id", ondelete="CASCADE"), primary_key=True
    )
    from_minute: Mapped[int]
    until_minute: Mapped[int]

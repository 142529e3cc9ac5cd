"""The outbox and the lease that lets one of many clocks tick."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Unit
from core.database import Base, Id
from notifications.occasions import Doubt


class MessageState(StrEnum):
    """Where a message stands on its way: ``queued → claimed → sending → sent`` or aside."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    RETRY = "retry"
    DEAD = "dead"
    AMBIGUOUS = "ambiguous"
    MISSED = "missed"
    SKIPPED = "skipped"


class Message(Base):
    """One reason to write to one recipient; the key keeps it from being said twice."""

    __tablename__ = "message"
    __table_args__ = (
        sa.UniqueConstraint("occasion", "subject", "recipient", "revision"),
        sa.Index("ix_message_state_next_attempt_at", "state", "next_attempt_at"),
        sa.Index("ix_message_unit_id_due_at", "unit_id", "due_at"),
        sa.Index("ix_message_sending_at", "sending_at"),
    )

    id: Mapped[Id]
    occasion: Mapped[str]
    subject: Mapped[str]
    """What it is about, in the words of the feature that asked; opaque here."""
    recipient: Mapped[str]
    revision: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"))
    locale: Mapped[str] = mapped_column(default="vi")
    state: Mapped[MessageState] = mapped_column(default=MessageState.QUEUED)
    reason: Mapped[str] = mapped_column(default="")
    due_at: Mapped[datetime] = mapped_column(index=True)
    useful_until: Mapped[datetime]
    created_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    claimed_by: Mapped[str | None]
    claimed_until: Mapped[datetime | None]
    sending_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    doubtful_at: Mapped[datetime | None]
    """When nobody could tell whether it had arrived; the one resend follows from here."""
    message_id: Mapped[str] = mapped_column(default="")
    last_answer: Mapped[str] = mapped_column(default="")
    """The mail server's last words about it."""
    in_doubt: Mapped[Doubt] = mapped_column(default=Doubt.RESEND, server_default=Doubt.RESEND.value)

    unit: Mapped[Unit | None] = relationship()


class Lease(Base):
    """The right to tick: one owner until a moment; ``epoch`` rises with each new owner."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str]
    epoch: Mapped[int]
    expires_at: Mapped[datetime]


class JobRun(Base):
    """When one of the clock's jobs last ran and how it went."""

    __tablename__ = "job_run"

    job: Mapped[str] = mapped_column(primary_key=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(default="")
    looked_until: Mapped[datetime | None]
    """Up to which moment the job has looked, where it looks at a span of time."""


class ServerState(Base):
    """How the mail server stands with us: one row, whatever number of letters wait for it."""

    __tablename__ = "mail_server_state"

    name: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    """How often in a row it could not be reached or did not want us."""
    broken_since: Mapped[datetime | None]
    next_try_at: Mapped[datetime | None]
    """Before this moment nobody knocks."""
    answer: Mapped[str] = mapped_column(default="")

"""Who registered, every attempt at a door, and what counts."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Account, Unit
from core.addresses import MailAddress
from core.database import Base, Id
from events.models import Activity, Venue


class Group(StrEnum):
    """Đối tượng: as what a person takes part."""

    STAFF = "staff"
    TEACHER = "teacher"
    LEARNER = "learner"
    RESIDENT = "resident"
    DELEGATE = "delegate"


class Standing(StrEnum):
    """Where a registration stands."""

    CONFIRMED = "confirmed"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"


class Grade(StrEnum):
    """How well an attendance or a head count is evidenced, best first."""

    STAFF_SCAN = "staff_scan"
    ROTATING_SELF_SCAN = "rotating_self_scan"
    ONLINE_LINK = "online_link"
    STATIC_SELF_SCAN = "static_self_scan"
    PAPER = "paper"
    HEADCOUNT = "headcount"
    ESTIMATE = "estimate"
    DECLARED = "declared"


class ScanStatus(StrEnum):
    """What the door answered to an attempt."""

    OK = "ok"
    INVALID = "invalid"
    REVOKED = "revoked"
    CANCELED = "canceled"
    UNAPPROVED = "unapproved"
    WRONG_ACTIVITY = "wrong_activity"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    ALREADY_REDEEMED = "already_redeemed"
    RULES = "rules"
    """The door itself turned this one away while it had no connection."""
    ANNULLED = "annulled"
    """An earlier scan of the same device is taken back."""


class Direction(StrEnum):
    """Whether a scan is for going in or out."""

    ENTRY = "entry"
    EXIT = "exit"


class Decision(StrEnum):
    """What a door did by itself while it had no connection."""

    ADMITTED = "admitted"
    PROVISIONAL = "provisional"
    """Let in although the door did not know the ticket."""
    REFUSED = "refused"


class Participant(Base):
    """A person who takes part; may be anonymous, may have no e-mail."""

    __tablename__ = "participant"

    id: Mapped[Id]
    name: Mapped[str | None]
    name_folded: Mapped[str] = mapped_column(index=True, default="")
    email: Mapped[str | None] = mapped_column(MailAddress(), index=True)
    phone: Mapped[str | None]
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    unit_text: Mapped[str] = mapped_column(default="")
    """The unit or the ward as the person wrote it, when it is not one of ours."""
    group: Mapped[Group | None]
    locale: Mapped[str] = mapped_column(default="vi")
    created_at: Mapped[datetime]
    calendar_serial: Mapped[int] = mapped_column(default=0, server_default="0")
    """Rises when the person gives their calendar another secret address."""
    passport_serial: Mapped[int] = mapped_column(default=0, server_default="0")
    """Rises when the person gives their page another code."""
    erased_as: Mapped[str | None]
    """Who the person stays to the counts, once the name is erased; nobody can be found by it."""

    unit: Mapped[Unit | None] = relationship()
    consents: Mapped[list["Consent"]] = relationship(
        back_populates="participant", cascade="all, delete-orphan"
    )


class Consent(Base):
    """What a person agreed to, when, and under which wording."""

    __tablename__ = "consent"

    id: Mapped[Id]
    participant_id: Mapped[int] = mapped_column(
        sa.ForeignKey("participant.id", ondelete="CASCADE"), index=True
    )
    purpose: Mapped[str]
    notice_version: Mapped[str]
    notice_hash: Mapped[str]
    channel: Mapped[str]
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    participant: Mapped[Participant] = relationship(back_populates="consents")


class Registration(Base):
    """One person's claim to a seat at one activity."""

    __tablename__ = "registration"
    __table_args__ = (
        sa.UniqueConstraint("activity_id", "participant_id"),
        sa.Index("ix_registration_activity_id_standing", "activity_id", "standing"),
    )

    id: Mapped[Id]
    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"))
    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("participant.id"), index=True)
    code: Mapped[str] = mapped_column(unique=True)
    """The unguessable part of the ticket's address."""
    short_code: Mapped[str] = mapped_column(unique=True)
    """What a person writes down and types at the door."""
    serial: Mapped[int] = mapped_column(default=0)
    """Rises when the ticket is reissued; tickets of a lower one are revoked."""
    standing: Mapped[Standing]
    registered_at: Mapped[datetime] = mapped_column(index=True)
    promoted_at: Mapped[datetime | None] = mapped_column(index=True)
    seat_lost_at: Mapped[datetime | None] = mapped_column(index=True)
    """When fewer seats put the person back into the line."""
    withdrawn_at: Mapped[datetime | None] = mapped_column(index=True)
    letters: Mapped[int] = mapped_column(default=0)
    """How often the person asked for the ticket's letter once more."""
    letter_asked_at: Mapped[datetime | None] = mapped_column(index=True)

    activity: Mapped[Activity] = relationship()
    participant: Mapped[Participant] = relationship()


class Device(Base):
    """A scanner: admitted by a one-time pairing token or by a signed-in steward."""

    __tablename__ = "device"

    id: Mapped[Id]
    name: Mapped[str]
    token_hash: Mapped[str | None] = mapped_column(unique=True)
    pairing_hash: Mapped[str | None] = mapped_column(unique=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    """Its scope is this unit and below, or the one activity or venue when that is set."""
    activity_id: Mapped[int | None] = mapped_column(sa.ForeignKey("activity.id"))
    venue_id: Mapped[int | None] = mapped_column(sa.ForeignKey("venue.id"))
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    unit: Mapped[Unit] = relationship()
    activity: Mapped[Activity | None] = relationship()
    venue: Mapped[Venue | None] = relationship()
    account: Mapped[Account | None] = relationship()


class Scan(Base):
    """Every attempt at every door, admitted or not; its id is the server's order."""

    __tablename__ = "scan"
    __table_args__ = (sa.UniqueConstraint("device_id", "nonce"),)

    id: Mapped[Id]
    device_id: Mapped[int | None] = mapped_column(sa.ForeignKey("device.id"))
    nonce: Mapped[str]
    request_hash: Mapped[str]
    """What was asked (secret, type, lists), so that a nonce cannot mean two things."""
    direction: Mapped[Direction] = mapped_column(default=Direction.ENTRY)
    status: Mapped[ScanStatus]
    grade: Mapped[Grade]
    activity_id: Mapped[int | None] = mapped_column(sa.ForeignKey("activity.id"), index=True)
    session_id: Mapped[int | None] = mapped_column(sa.ForeignKey("session.id"), index=True)
    registration_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("registration.id"), index=True
    )
    at: Mapped[datetime]
    """When it was made, as far as it is known: the device's time, its clock set right."""
    received_at: Mapped[datetime] = mapped_column(index=True)
    made_at: Mapped[datetime | None]
    """What the device's own clock showed, when the scan came later."""
    skew: Mapped[int | None]
    """By how many milliseconds that clock was ahead when the scan was handed in."""
    decision: Mapped[Decision | None]
    annuls_id: Mapped[int | None] = mapped_column(sa.ForeignKey("scan.id"), unique=True)
    forced: Mapped[bool] = mapped_column(default=False)
    answer: Mapped[dict[str, Any]]
    """The facts that were answered, so that a replay answers the same."""


class Attendance(Base):
    """The truth: one participant was at one session, once."""

    __tablename__ = "attendance"
    __table_args__ = (
        sa.UniqueConstraint("session_id", "participant_id"),
        sa.UniqueConstraint("session_id", "pass_id"),
        sa.CheckConstraint(
            "participant_id IS NOT NULL OR pass_id IS NOT NULL", name="someone_or_a_pass"
        ),
        sa.Index("ix_attendance_activity_id_at", "activity_id", "at"),
    )

    id: Mapped[Id]
    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"))
    session_id: Mapped[int] = mapped_column(sa.ForeignKey("session.id"))
    participant_id: Mapped[int | None] = mapped_column(sa.ForeignKey("participant.id"), index=True)
    pass_id: Mapped[str | None]
    """The scan pass of an anonymous self-scan, with ``+n`` for each companion."""
    scan_id: Mapped[int | None] = mapped_column(sa.ForeignKey("scan.id"))
    grade: Mapped[Grade]
    at: Mapped[datetime]


class Settlement(Base):
    """An attendance that came to rest on another scan: which one it left, and why."""

    __tablename__ = "settlement"

    id: Mapped[Id]
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registration.id"), index=True)
    displaced_id: Mapped[int] = mapped_column(sa.ForeignKey("scan.id"))
    scan_id: Mapped[int | None] = mapped_column(sa.ForeignKey("scan.id"))
    """Nothing when no scan is left to rest on, and nobody is counted any more."""
    at: Mapped[datetime]


class Tally(Base):
    """A head count that someone stands for; rows are added, the last one of a series holds.

    A series is one group at one sitting and one point; what holds in all of them adds up.
    """

    __tablename__ = "tally"
    __table_args__ = (
        sa.CheckConstraint("count >= 0", name="count_not_negative"),
        sa.Index("ix_tally_activity_id_session_id", "activity_id", "session_id"),
        sa.Index("ix_tally_nonce", "nonce", unique=True),
        sa.Index("ix_tally_undoes_id", "undoes_id", unique=True),
    )

    id: Mapped[Id]
    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"))
    session_id: Mapped[int] = mapped_column(sa.ForeignKey("session.id"))
    point_id: Mapped[int | None] = mapped_column(sa.ForeignKey("counting_point.id"), index=True)
    """The điểm cầu where they were; nothing for the place of the activity itself."""
    group: Mapped[Group | None]
    count: Mapped[int]
    change: Mapped[int | None]
    """By how many it was asked to change what held."""
    grade: Mapped[Grade] = mapped_column(default=Grade.HEADCOUNT)
    note: Mapped[str] = mapped_column(default="")
    """The reason of a correction."""
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    screen_id: Mapped[int | None] = mapped_column(sa.ForeignKey("hall_screen.id"))
    """What was let in by a code and counted, when no account did."""
    at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    """What the counter's own clock showed."""
    nonce: Mapped[str | None]
    """Made by the counter, so that what is sent twice counts once."""
    undoes_id: Mapped[int | None] = mapped_column(sa.ForeignKey("tally.id"))
    """The entry that is taken back."""

"""The programme: campaigns, the plans of units, activities, sessions, duties."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Unit
from core.database import Base, Id


class CampaignKind(StrEnum):
    """A week of one year, or a movement of several."""

    WEEK = "week"
    MOVEMENT = "movement"


class PlanState(StrEnum):
    """Whether a unit still writes its plan, has issued it, or has called it off."""

    DRAFT = "draft"
    RELEASED = "released"
    CANCELLED = "cancelled"


class ActivityKind(StrEnum):
    """What sort of activity it is; the same word in database, API and import."""

    OPENING = "opening"
    BANNER = "banner"
    NEWS = "news"
    BOOKS = "books"
    READING = "reading"
    TALK = "talk"
    COURSE = "course"
    CONTEST = "contest"
    RESOURCE = "resource"
    DONATION = "donation"
    REVIEW = "review"
    OTHER = "other"


UNATTENDED = frozenset({ActivityKind.BANNER, ActivityKind.NEWS})
"""Kinds that nobody attends: they stay out of the public programme of a day."""


class Theme(StrEnum):
    """What an activity serves beyond its kind."""

    READING_CULTURE = "reading_culture"
    DIGITAL_CITIZEN = "digital_citizen"
    LEARNING_SOCIETY = "learning_society"
    OPEN_RESOURCES = "open_resources"


class Format(StrEnum):
    """Where people take part."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    HYBRID = "hybrid"


class Audience(StrEnum):
    """Who may come."""

    EVERYONE = "everyone"
    UNITS = "units"
    INVITED = "invited"


class Counting(StrEnum):
    """The one way in which an activity is counted."""

    TICKETS = "tickets"
    SELF_SCAN = "self_scan"
    TALLY = "tally"
    EVIDENCE = "evidence"


class ActivityState(StrEnum):
    """Whether people can see it and whether it takes place."""

    DRAFT = "draft"
    RELEASED = "released"
    CANCELLED = "cancelled"


class DutyRole(StrEnum):
    """How a unit carries a duty: leads it, helps with it, or simply does it."""

    LEAD = "lead"
    COORDINATE = "coordinate"
    DO = "do"


class DeadlineKind(StrEnum):
    """What is owed at a deadline of the campaign."""

    PLAN = "plan"
    UNIT_REPORT = "unit_report"
    DEPARTMENT_REPORT = "department_report"


class Campaign(Base):
    """A week (one a year) or a movement, with what its letter fixed."""

    __tablename__ = "campaign"
    __table_args__ = (
        sa.CheckConstraint("ends_on >= starts_on", name="ends_after_it_starts"),
        sa.UniqueConstraint("kind", "year"),
    )

    id: Mapped[Id]
    kind: Mapped[CampaignKind]
    year: Mapped[int] = mapped_column(index=True)
    title: Mapped[str]
    theme: Mapped[str] = mapped_column(default="")
    message: Mapped[str] = mapped_column(default="")
    """The thông điệp that banners and pages carry."""
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    opening_on: Mapped[date | None]
    letter: Mapped[str] = mapped_column(default="")
    """The letter that calls for the week."""

    deadlines: Mapped[list["Deadline"]] = relationship(
        back_populates="campaign", cascade="all, delete-orphan", order_by="Deadline.due_at"
    )


class Deadline(Base):
    """A moment at which units owe something, and the letter that says so."""

    __tablename__ = "deadline"
    __table_args__ = (sa.UniqueConstraint("campaign_id", "kind"),)

    id: Mapped[Id]
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id", ondelete="CASCADE"))
    kind: Mapped[DeadlineKind]
    due_at: Mapped[datetime]
    letter: Mapped[str] = mapped_column(default="")

    campaign: Mapped[Campaign] = relationship(back_populates="deadlines")


class Plan(Base):
    """What one unit does in a campaign, and the document that says so."""

    __tablename__ = "plan"
    __table_args__ = (sa.UniqueConstraint("campaign_id", "unit_id"),)

    id: Mapped[Id]
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    title: Mapped[str]
    state: Mapped[PlanState] = mapped_column(default=PlanState.DRAFT)
    document_symbol: Mapped[str] = mapped_column(default="")
    """Number and symbol of the signed plan, once the records office gave them."""
    issued_on: Mapped[date | None]
    bases: Mapped[list[str]] = mapped_column(default=list)
    purpose: Mapped[str] = mapped_column(default="", server_default="")
    requirements: Mapped[str] = mapped_column(default="", server_default="")
    recipients: Mapped[str] = mapped_column(default="", server_default="")
    signing: Mapped[str] = mapped_column(default="", server_default="")
    """The capacity in which it is signed, line by line: KT. GIÁM ĐỐC, PHÓ GIÁM ĐỐC."""
    signer: Mapped[str] = mapped_column(default="", server_default="")
    released_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=0, server_default="0")
    """The number of the version that stands; 0 before the first release."""
    cancelled_at: Mapped[datetime | None] = mapped_column(index=True)
    cancelled_reason: Mapped[str] = mapped_column(default="", server_default="")

    campaign: Mapped[Campaign] = relationship()
    unit: Mapped[Unit] = relationship()
    activities: Mapped[list["Activity"]] = relationship(
        back_populates="plan", order_by="Activity.starts_at, Activity.id"
    )
    assignments: Mapped[list["Assignment"]] = relationship(
        back_populates="plan", cascade="all, delete-orphan", order_by="Assignment.position"
    )


class Venue(Base):
    """A place where activities are held."""

    __tablename__ = "venue"

    id: Mapped[Id]
    name: Mapped[str]
    address: Mapped[str] = mapped_column(default="")
    capacity: Mapped[int | None]
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)

    unit: Mapped[Unit] = relationship()


class Activity(Base):
    """One thing that a unit holds in the week, counted in exactly one way."""

    __tablename__ = "activity"
    __table_args__ = (
        sa.CheckConstraint("ends_at > starts_at", name="ends_after_it_starts"),
        sa.CheckConstraint("seats IS NULL OR seats > 0", name="some_seats"),
        sa.Index("ix_activity_plan_id_starts_at", "plan_id", "starts_at"),
        sa.Index("ix_activity_cloned_once", "plan_id", "cloned_from_id", unique=True),
    )

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(unique=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plan.id"))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    """The host unit: the unit of the plan, or one below it."""
    kind: Mapped[ActivityKind]
    title: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    format: Mapped[Format] = mapped_column(default=Format.IN_PERSON)
    join_link: Mapped[str] = mapped_column(default="")
    venue_id: Mapped[int | None] = mapped_column(sa.ForeignKey("venue.id"), index=True)
    place: Mapped[str] = mapped_column(default="")
    """Where, in words, when there is no single venue (banners at many places)."""
    contact: Mapped[str] = mapped_column(default="")
    """The person in charge; staff pages only."""
    audience: Mapped[Audience] = mapped_column(default=Audience.EVERYONE)
    seats: Mapped[int | None]
    counting: Mapped[Counting]
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    opens_before: Mapped[int] = mapped_column(default=30)
    """Minutes before a session starts from which people are admitted."""
    closes_after: Mapped[int] = mapped_column(default=30)
    """Minutes after a session ends until which people are admitted."""
    state: Mapped[ActivityState] = mapped_column(default=ActivityState.DRAFT)
    cancelled_reason: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=0)
    """Rises with every change that a calendar must learn of: iCalendar's SEQUENCE."""
    moved_at: Mapped[datetime | None] = mapped_column(index=True)
    """When its time or place last changed after its release."""
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None] = mapped_column(index=True)
    cloned_from_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("activity.id", ondelete="SET NULL"), index=True
    )
    """The activity of an earlier week that it was taken over from."""

    plan: Mapped[Plan] = relationship(back_populates="activities")
    unit: Mapped[Unit] = relationship()
    venue: Mapped[Venue | None] = relationship()
    sessions: Mapped[list["Session"]] = relationship(
        back_populates="activity", cascade="all, delete-orphan", order_by="Session.starts_at"
    )
    themes: Mapped[list["ActivityTheme"]] = relationship(cascade="all, delete-orphan")
    invited_units: Mapped[list["InvitedUnit"]] = relationship(cascade="all, delete-orphan")
    evidence: Mapped[list["Evidence"]] = relationship(
        back_populates="activity", cascade="all, delete-orphan", order_by="Evidence.id"
    )

    @property
    def path(self) -> str:
        """Where visitors find it."""
        return f"/activities/{self.slug}"

    @property
    def where(self) -> str:
        """The place in words: the venue, what is said about it, or both."""
        names = [self.venue.name if self.venue else "", self.place]
        return ", ".join(name for name in names if name)


class Session(Base):
    """A buổi: one sitting of an activity, by default one for each local day that it runs."""

    __tablename__ = "session"
    __table_args__ = (
        sa.UniqueConstraint("activity_id", "starts_at"),
        sa.CheckConstraint("ends_at > starts_at", name="ends_after_it_starts"),
    )

    id: Mapped[Id]
    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]

    activity: Mapped[Activity] = relationship(back_populates="sessions")


class ActivityTheme(Base):
    """A theme that an activity serves."""

    __tablename__ = "activity_theme"

    activity_id: Mapped[int] = mapped_column(
        sa.ForeignKey("activity.id", ondelete="CASCADE"), primary_key=True
    )
    theme: Mapped[Theme] = mapped_column(primary_key=True)


class InvitedUnit(Base):
    """A unit whose staff an activity is for."""

    __tablename__ = "invited_unit"

    activity_id: Mapped[int] = mapped_column(
        sa.ForeignKey("activity.id", ondelete="CASCADE"), primary_key=True
    )
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), primary_key=True)

    unit: Mapped[Unit] = relationship()


class Evidence(Base):
    """Minh chứng of an activity or a duty: a photo, a link or a count that someone stands for."""

    __tablename__ = "evidence"
    __table_args__ = (
        sa.CheckConstraint(
            "(activity_id IS NULL) <> (assignment_id IS NULL)", name="of_one_activity_or_duty"
        ),
    )

    id: Mapped[Id]
    activity_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("activity.id", ondelete="CASCADE"), index=True
    )
    assignment_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("assignment.id", ondelete="CASCADE"), index=True
    )
    note: Mapped[str]
    link: Mapped[str] = mapped_column(default="")
    count: Mapped[int | None]
    measure: Mapped[str] = mapped_column(default="", server_default="")
    """What is counted: băng rôn, cuốn, tin bài…"""
    added_at: Mapped[datetime]

    activity: Mapped[Activity | None] = relationship(back_populates="evidence")


class Assignment(Base):
    """A duty that a plan lays on a unit, from phân công to done."""

    __tablename__ = "assignment"
    __table_args__ = (
        sa.Index("ix_assignment_cloned_once", "plan_id", "cloned_from_id", unique=True),
    )

    id: Mapped[Id]
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    role: Mapped[DutyRole]
    duty: Mapped[str]
    due_on: Mapped[date | None]
    received_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    position: Mapped[int] = mapped_column(default=0)
    task: Mapped[int | None]
    """Rows of one plan with the same number are one duty: who leads it and who coordinates."""
    group_name: Mapped[str] = mapped_column(default="", server_default="")
    """The words for a group of units out of which this one was named."""
    remark: Mapped[str] = mapped_column(default="", server_default="")
    """What the office adds for the unit that carries it."""
    told_at: Mapped[datetime | None] = mapped_column(index=True)
    """When it was handed out: the unit is written to from then on."""
    excused: Mapped[str] = mapped_column(default="", server_default="")
    """Why the unit need not do it after all; empty when it must."""
    cloned_from_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("assignment.id", ondelete="SET NULL"), index=True
    )
    """The duty of an earlier week that it was taken over from."""

    plan: Mapped[Plan] = relationship(back_populates="assignments")
    unit: Mapped[Unit] = relationship()

"""When reports writes to people: a unit hears that its report is due.

Two days before the deadline, and once more in the morning of the day itself;
not when the unit has frozen its figures since the week ended, nor when an
office chases the unit on days of its own. A deadline that moves is a new
reason to write.
"""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from accounts.models import Unit
from core import clock
from core.database import UtcDateTime, session
from events.models import Deadline
from notifications.occasions import Kind, Letter, Occasion
from reports import deadlines
from reports.chasing import owing
from reports.chasing.models import Obligation

DAYS_BEFORE = (2, 0)
STILL_USEFUL = timedelta(days=3)
"""How long after the deadline a late reminder is still worth sending."""

Audience = sa.Select[*tuple[Any, ...]]


def report_due(since: datetime, now: datetime) -> Audience | None:
    """The units with an address that owe a report and have none, at each reminder."""
    parts = [
        _reminded(deadline, days)
        for deadline in deadlines.approaching()
        for days in DAYS_BEFORE
        if since <= _reminder(deadline, days) <= now
    ]
    if not parts:
        return None
    whole = sa.union_all(*parts).subquery()
    return sa.select(*whole.c)


def still_due(subject: str, revision: int, now: datetime) -> bool:
    """Whether the deadline stands where it stood and the report is still owed."""
    deadline, unit = _about(subject)
    if deadline is None or unit is None or revision != _revision(deadline):
        return False
    owed = sa.select(Unit.id).where(Unit.id == unit.id, deadlines.owes(deadline))
    return session().scalar(owed) is not None


def compose(subject: str, locale: str) -> Letter:
    """What the unit owes, to whom, by when, and where it is written."""
    deadline, unit = _about(subject)
    if deadline is None or unit is None:
        raise LookupError(subject)
    addressee = unit.reports_to or unit.parent
    return Letter(
        facts={
            "unit_name": unit.name,
            "addressee": addressee.name if addressee else "",
            "campaign_title": deadline.campaign.title,
            "due_at": deadline.due_at,
            "letter": deadline.letter,
            "path": link(subject),
        }
    )


def link(subject: str) -> str:
    """The report of the unit in the office."""
    deadline, unit = _about(subject)
    if deadline is None or unit is None:
        return "/office/"
    return f"/office/{unit.code}/{deadline.campaign.year}/"


def _reminded(deadline: Deadline, days: int) -> Audience:
    return (
        deadlines.owing(deadline.kind)
        .with_only_columns(
            (sa.literal(f"{deadline.id}:{days}:") + sa.cast(Unit.id, sa.Text)).label("subject"),
            Unit.email.label("recipient"),
            Unit.id.label("unit_id"),
            sa.literal(_revision(deadline)).label("revision"),
            sa.literal(_reminder(deadline, days), UtcDateTime()).label("due_at"),
            sa.literal(deadline.due_at + STILL_USEFUL, UtcDateTime()).label("useful_until"),
            sa.literal("vi").label("locale"),
        )
        .where(sa.func.coalesce(Unit.email, "") != "", deadlines.owes(deadline))
        .where(~owing.is_chased(Obligation.REPORT, deadline.campaign_id))
    )


def _reminder(deadline: Deadline, days: int) -> datetime:
    """Half past seven in the morning, so many days before."""
    return clock.at(clock.local_day(deadline.due_at) - timedelta(days=days), 7, 30)


def _revision(deadline: Deadline) -> int:
    """Another one for another day."""
    return clock.local_day(deadline.due_at).toordinal()


def _about(subject: str) -> tuple[Deadline | None, Unit | None]:
    deadline_id, _days, unit_id = subject.split(":")
    return session().get(Deadline, int(deadline_id)), session().get(Unit, int(unit_id))


OCCASIONS = [Occasion("report_due", report_due, still_due, compose, link, Kind.DUTY)]
"""When reports writes to people."""

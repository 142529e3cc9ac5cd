"""What was done to reach units: letters of every room, phone calls, excuses."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from accounts.models import Unit
from accounts.scope import Scope
from core import clock
from core.database import session
from events.models import Campaign
from notifications.models import Message, MessageState
from reports.chasing import owing
from reports.chasing.models import Digest, Excuse, Ladder, PhoneCall, Step, Told

LETTERS = ("report_due", "duties_due_soon", "duties_late", "duties_chased")
"""Occasions of other rooms by which a unit is chased too."""
DIGEST = "chasing_digest"


@dataclass(frozen=True)
class Event:
    """Something that was done to reach a unit."""

    at: datetime
    unit: Unit
    what: str
    """``letter``, ``call`` or ``excuse``."""
    about: str
    """The obligation, or the occasion of a letter of another room."""
    to: str
    step: Step | None = None
    message: Message | None = None
    by: str = ""
    note: str = ""


def history(scope: Scope, campaign: Campaign, unit: Unit | None = None) -> list[Event]:
    """What was done to reach the units inside, or one of them, the latest first."""
    among = scope.owns if unit is None else (lambda column: column == unit.id)
    told = session().execute(
        sa.select(Told, Message)
        .join(Told.ladder).join(Told.digest)
        .outerjoin(Message, sa.and_(
            Message.occasion == DIGEST, Message.subject == sa.cast(Digest.id, sa.Text)
        ))
        .where(Ladder.campaign_id == campaign.id, among(Told.unit_id))
        .options(joinedload(Told.digest), joinedload(Told.ladder), joinedload(Told.unit))
    )  # fmt: skip
    found = [
        Event(row.digest.due_at, row.unit, "letter", row.ladder.obligation.value,
              row.digest.recipient, row.step, message)
        for row, message in told
    ]  # fmt: skip
    found += _other_letters(campaign, among) + _calls(campaign, among) + _excuses(campaign, among)
    return sorted(found, key=lambda event: event.at, reverse=True)


def letters(campaign: Campaign, among: set[int] | None = None) -> dict[int, list[datetime]]:
    """When letters of other rooms that reach somebody chased each unit around the campaign."""
    found: dict[int, list[datetime]] = {}
    wanted = sa.select(Message.unit_id, Message.due_at).where(*_around(campaign), _reaches())
    if among is not None:
        wanted = wanted.where(Message.unit_id.in_(among))
    for unit_id, moment in session().execute(wanted):
        found.setdefault(unit_id or 0, []).append(moment)
    return found


def _around(campaign: Campaign) -> tuple[sa.ColumnElement[bool], ...]:
    first = clock.at(campaign.starts_on.replace(month=1, day=1))
    last = clock.at(campaign.starts_on.replace(month=12, day=31))
    says_more = sa.exists().where(sa.cast(Told.digest_id, sa.Text) == Message.subject)
    wanted = sa.or_(Message.occasion.in_(LETTERS), sa.and_(Message.occasion == DIGEST, ~says_more))
    return wanted, Message.due_at >= first, Message.due_at <= last


def _reaches() -> sa.ColumnElement[bool]:
    """True for letters that came or will come to somebody."""
    lost = (MessageState.SKIPPED, MessageState.MISSED, MessageState.DEAD)
    return Message.state.not_in(lost)


def _other_letters(campaign: Campaign, among: owing.Among) -> list[Event]:
    rows = session().scalars(
        sa.select(Message)
        .where(*_around(campaign), among(Message.unit_id), Message.unit_id.is_not(None))
        .options(joinedload(Message.unit))
    )
    return [
        Event(row.due_at, row.unit, "letter", row.occasion, row.recipient, None, row)
        for row in rows
        if row.unit is not None
    ]


def _calls(campaign: Campaign, among: owing.Among) -> list[Event]:
    rows = session().scalars(
        sa.select(PhoneCall)
        .where(PhoneCall.campaign_id == campaign.id, among(PhoneCall.unit_id))
        .options(joinedload(PhoneCall.unit), joinedload(PhoneCall.account))
    )
    return [
        Event(row.called_at, row.unit, "call", "", row.spoke_with, by=row.account.full_name,
              note=row.note)
        for row in rows
    ]  # fmt: skip


def _excuses(campaign: Campaign, among: owing.Among) -> list[Event]:
    rows = session().scalars(
        sa.select(Excuse)
        .where(Excuse.campaign_id == campaign.id, among(Excuse.unit_id))
        .options(joinedload(Excuse.unit), joinedload(Excuse.account))
    )
    return [
        Event(row.excused_at, row.unit, "excuse", row.obligation.value, "",
              by=row.account.full_name, note=row.reason)
        for row in rows
    ]  # fmt: skip

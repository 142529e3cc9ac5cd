"""Which units are silent, and who was told of it on which day."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from accounts.models import Unit
from accounts.scope import Scope
from core import clock
from core.database import session
from events.duties import occasions as duties
from events.duties.links import path as duties_path
from events.duties.models import Handout
from events.models import Assignment, Campaign, Plan, PlanState
from notifications.models import Message, MessageState
from reports.chasing import owing
from reports.chasing.models import Digest, Excuse, Ladder, Obligation, PhoneCall, Step, Told
from reports.indicators import DECLARABLE
from reports.models import Declaration

LETTERS = ("report_due", "duties_due_soon", "duties_late", "duties_chased")
"""Occasions of other rooms by which a unit is chased too."""
DIGEST = "chasing_digest"


@dataclass(frozen=True)
class Debt:
    """One thing that a unit owes, and where it is put right."""

    unit: Unit
    campaign: Campaign
    obligation: Obligation
    path: str
    detail: str = ""


@dataclass
class Row:
    """One unit of the clerk's list."""

    unit: Unit
    owed: list[Obligation]
    letters: int = 0
    calls: int = 0
    last_at: datetime | None = None
    last_step: Step | None = None


@dataclass
class Board:
    """How many units are silent, and how many of them nobody has told."""

    total: int
    silent: int
    untold: int
    excused: int
    by_obligation: Mapping[Obligation, int]
    rows: list[Row] = field(default_factory=list)
    following: str = ""


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


def ladders(office: Unit, campaign: Campaign) -> dict[Obligation, Ladder]:
    """How an office chases each obligation."""
    rows = session().scalars(
        sa.select(Ladder)
        .where(Ladder.unit_id == office.id, Ladder.campaign_id == campaign.id)
        .options(joinedload(Ladder.unit), joinedload(Ladder.campaign))
    )
    return {row.obligation: row for row in rows}


def silent_ids(scope: Scope, campaign: Campaign, obligation: Obligation, today: date) -> set[int]:
    """The units inside that owe it."""
    owed = owing.owes(obligation, campaign, today)
    return set(session().scalars(sa.select(Unit.id).where(scope.condition(), owed)))


def silent_below(office: Unit, campaign: Campaign, obligation: Obligation, today: date) -> set[int]:
    """The units below an office that owe it."""
    owed = owing.owes(obligation, campaign, today)
    return set(session().scalars(sa.select(Unit.id).where(owing.below(office), owed)))


def below(office: Unit) -> Sequence[Unit]:
    """The units below an office, in the order of the tree."""
    return session().scalars(sa.select(Unit).where(owing.below(office)).order_by(Unit.path)).all()


def units(numbers: Iterable[int]) -> Sequence[Unit]:
    """Some units, in the order of the tree."""
    return (
        session()
        .scalars(sa.select(Unit).where(Unit.id.in_(set(numbers))).order_by(Unit.path))
        .all()
    )


def board(
    scope: Scope, campaign: Campaign, today: date, *, only: Obligation | None, after: str, page: int
) -> Board:
    """Who is silent, in the order of the tree; a page of it with who was told."""
    wanted = [only] if only else list(Obligation)
    owed = {one: silent_ids(scope, campaign, one, today) for one in Obligation}
    silent = set[int]().union(*(owed[one] for one in wanted))
    told = told_units(silent, campaign)
    there = sa.select(sa.func.count()).select_from(Unit)
    there = there.where(scope.condition(), Unit.was_there(campaign.starts_on, campaign.ends_on))
    excused = sa.select(sa.func.count(Excuse.unit_id.distinct()))
    found = Board(
        total=session().scalar(there) or 0,
        silent=len(silent),
        untold=len(silent - told),
        excused=session().scalar(
            excused.where(Excuse.campaign_id == campaign.id, scope.owns(Excuse.unit_id))
        ) or 0,
        by_obligation={one: len(ids) for one, ids in owed.items()},
    )  # fmt: skip
    units = session().scalars(
        sa.select(Unit).where(Unit.id.in_(silent), Unit.path > after)
        .order_by(Unit.path).limit(page + 1)
    ).all()  # fmt: skip
    found.following = units[page - 1].path if len(units) > page else ""
    found.rows = _rows(units[:page], owed, campaign)
    return found


def told_units(units: set[int], campaign: Campaign) -> set[int]:
    """Those of some units to which a letter went out or somebody spoke."""
    by_letter = sa.select(Told.unit_id).join(Told.ladder).where(Ladder.campaign_id == campaign.id)
    by_phone = sa.select(PhoneCall.unit_id).where(PhoneCall.campaign_id == campaign.id)
    known = {*session().scalars(by_letter), *session().scalars(by_phone)}
    return (known | set(_letters(campaign))) & units


def still_owed(rows: Iterable[Told], today: date) -> list[Debt]:
    """What of a letter is owed still, unit by unit."""
    by_ladder: dict[int, list[Told]] = {}
    for row in rows:
        by_ladder.setdefault(row.ladder_id, []).append(row)
    found: list[Debt] = []
    for told in by_ladder.values():
        ladder = told[0].ladder
        if ladder.on_since is None:
            continue
        units = {row.unit_id: row.unit for row in told}
        owed = owing.owes(ladder.obligation, ladder.campaign, today)
        ids = session().scalars(sa.select(Unit.id).where(Unit.id.in_(units), owed))
        open_units = [units[number] for number in ids]
        found += debts(open_units, ladder.campaign, ladder.obligation)
    return sorted(found, key=lambda debt: (debt.unit.path, list(Obligation).index(debt.obligation)))


def has_letter(address: Any, day: date) -> sa.ColumnElement[bool]:
    """True for addresses that have a letter of the day."""
    return sa.exists().where(Digest.recipient == address, Digest.on_date == day)


def duties_of(digest: Digest) -> list[tuple[Handout, list[Assignment]]]:
    """What of duties due soon or late its reader would hear of that morning and is still open.

    What had a letter of its own before is left out.
    """
    found = []
    for occasion, asked in duties.of_morning(digest.on_date):
        rows = asked.where(asked.selected_columns["recipient"] == digest.recipient)
        for row in session().execute(rows):
            handout, still_open = duties.open_of_day(row.subject)
            if handout is not None and still_open and not _was_told(occasion, row):
                found.append((handout, still_open))
    return found


def debts(units: Sequence[Unit], campaign: Campaign, obligation: Obligation) -> list[Debt]:
    """What these units owe, with the address where each puts it right."""
    if obligation is Obligation.DUTY:
        links = _duty_links(units, campaign)
        return [Debt(unit, campaign, obligation, links.get(unit.id, "/duties")) for unit in units]
    if obligation is Obligation.PLAN:
        return [Debt(unit, campaign, obligation, "/desk/plans") for unit in units]
    is_counted = obligation is Obligation.FIGURES
    confirmed = _confirmed(units, campaign) if is_counted else {}
    return [
        Debt(
            unit, campaign, obligation, f"/office/{unit.code}/{campaign.year}/",
            f"{confirmed.get(unit.id, 0)}/{len(DECLARABLE)}" if is_counted else "",
        )
        for unit in units
    ]  # fmt: skip


def owed_by(unit: Unit, campaign: Campaign, today: date) -> list[Debt]:
    """All that one unit owes."""
    found: list[Debt] = []
    for obligation in Obligation:
        owed = owing.owes(obligation, campaign, today)
        if session().scalar(sa.select(Unit.id).where(Unit.id == unit.id, owed)) is not None:
            found += debts([unit], campaign, obligation)
    return found


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


def excuses(unit: Unit, campaign: Campaign) -> list[Excuse]:
    """From what a unit is excused."""
    rows = sa.select(Excuse).where(Excuse.campaign_id == campaign.id, Excuse.unit_id == unit.id)
    return list(session().scalars(rows.options(joinedload(Excuse.account)).order_by(Excuse.id)))


def _rows(
    units: Sequence[Unit], owed: Mapping[Obligation, set[int]], campaign: Campaign
) -> list[Row]:
    rows = {
        unit.id: Row(unit, [one for one in Obligation if unit.id in owed[one]]) for unit in units
    }
    told = session().execute(
        sa.select(Told.unit_id, Told.step, Digest.due_at)
        .join(Told.digest).join(Told.ladder)
        .where(Ladder.campaign_id == campaign.id, Told.unit_id.in_(rows))
        .order_by(Digest.due_at)
    )  # fmt: skip
    for unit_id, step, moment in told:
        row = rows[unit_id]
        row.letters, row.last_at, row.last_step = row.letters + 1, moment, step
    for unit_id, moments in _letters(campaign, set(rows)).items():
        row = rows[unit_id]
        row.letters += len(moments)
        if row.last_at is None or max(moments) > row.last_at:
            row.last_at, row.last_step = max(moments), None
    calls = sa.select(PhoneCall.unit_id).where(PhoneCall.campaign_id == campaign.id)
    for unit_id, number in Counter(session().scalars(calls)).items():
        if unit_id in rows:
            rows[unit_id].calls = number
    return list(rows.values())


def _letters(campaign: Campaign, among: set[int] | None = None) -> dict[int, list[datetime]]:
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


def _was_told(occasion: str, row: Any) -> bool:
    known = sa.select(Message.id).where(
        Message.occasion == occasion,
        Message.subject == row.subject,
        Message.recipient == row.recipient,
    )
    return session().scalar(known.limit(1)) is not None


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


def _duty_links(units: Sequence[Unit], campaign: Campaign) -> dict[int, str]:
    rows = session().scalars(
        sa.select(Handout)
        .join(Handout.plan)
        .where(Plan.campaign_id == campaign.id, Plan.state == PlanState.RELEASED)
        .where(Handout.unit_id.in_([unit.id for unit in units]))
        .order_by(Handout.id)
    )
    return {row.unit_id: duties_path(row) for row in rows}


def _confirmed(units: Sequence[Unit], campaign: Campaign) -> dict[int, int]:
    rows = session().execute(
        sa.select(Declaration.unit_id, sa.func.count(Declaration.indicator.distinct()))
        .where(Declaration.campaign_id == campaign.id)
        .where(Declaration.unit_id.in_([unit.id for unit in units]))
        .group_by(Declaration.unit_id)
    )
    return {unit_id: number for unit_id, number in rows}  # noqa: C416

"""Which units are silent, and who was told of it on which day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from accounts.models import Unit
from accounts.scope import Scope
from core.database import session
from events.models import Campaign
from reports.chasing import history, owing
from reports.chasing.models import Digest, Excuse, Ladder, Obligation, PhoneCall, Step, Told


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
    return (known | set(history.letters(campaign))) & units


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
    for unit_id, moments in history.letters(campaign, set(rows)).items():
        row = rows[unit_id]
        row.letters += len(moments)
        if row.last_at is None or max(moments) > row.last_at:
            row.last_at, row.last_step = max(moments), None
    calls = session().execute(
        sa.select(PhoneCall.unit_id, sa.func.count())
        .where(PhoneCall.campaign_id == campaign.id, PhoneCall.unit_id.in_(rows))
        .group_by(PhoneCall.unit_id)
    )
    for unit_id, number in calls:
        rows[unit_id].calls = number
    return list(rows.values())

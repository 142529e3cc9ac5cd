"""What an office does to chase: sets dates, switches on, excuses, notes a call; and the climb."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from accounts.models import Account, Unit
from core import clock
from core.database import session
from events.duties import occasions as duties
from events.models import Campaign
from reports.chasing import errors, owing
from reports.chasing.models import (
    Digest,
    Excuse,
    Ladder,
    Obligation,
    PhoneCall,
    Rung,
    Step,
    Told,
)

MORNING = (7, 30)
"""From which hour on letters of a day are written."""
STILL_USEFUL = timedelta(days=2)
"""How long after its day a letter is worth sending, as when the machine was down."""


@dataclass(frozen=True)
class Telling:
    """Somebody is told that a unit owes something."""

    unit_id: int
    recipient: str
    reader_id: int
    locale: str


def ladder(office: Unit, campaign: Campaign, obligation: Obligation) -> Ladder | None:
    """How an office chases an obligation, if it does."""
    return session().scalar(
        sa.select(Ladder).where(
            Ladder.unit_id == office.id,
            Ladder.campaign_id == campaign.id,
            Ladder.obligation == obligation,
        )
    )


def set_dates(
    office: Unit,
    campaign: Campaign,
    obligation: Obligation,
    dates: Mapping[Step, date | None],
    *,
    now: datetime,
) -> Ladder:
    """On which day each step hears of it; nobody does before it is switched on.

    Raises ``StepsOutOfOrder`` or ``NoDateAhead``.
    """
    wanted = [(step, day) for step in Step if (day := dates.get(step))]
    if [day for _, day in wanted] != sorted({day for _, day in wanted}):
        raise errors.StepsOutOfOrder
    found = ladder(office, campaign, obligation)
    if found is None:
        found = Ladder(unit_id=office.id, campaign_id=campaign.id, obligation=obligation)
        session().add(found)
    known = {rung.step: rung for rung in found.rungs}
    today = clock.local_day(now)
    for step, day in wanted:
        rung = known.get(step)
        if rung is not None and rung.on_date == day:
            continue
        if day < today:
            raise errors.NoDateAhead
        if rung is None:
            found.rungs.append(Rung(step=step, on_date=day))
        else:
            rung.on_date, rung.climbed_at = day, None
    for step in set(known) - {step for step, _ in wanted}:
        found.rungs.remove(known[step])
    session().flush()
    return found


def switch(found: Ladder, *, on: bool, now: datetime) -> None:
    """Let its letters go out on its dates, or stop them. Raises ``NoDateAhead``."""
    if on and not any(rung.climbed_at is None for rung in found.rungs):
        raise errors.NoDateAhead
    found.on_since = (found.on_since or now) if on else None


def excuse(
    unit: Unit, campaign: Campaign, obligation: Obligation, reason: str, actor: Account,
    *, now: datetime,
) -> Excuse:  # fmt: skip
    """The unit need not deliver it, for a reason; it is chased no more."""
    found = session().scalar(_excuse(unit, campaign, obligation))
    if found is None:
        found = Excuse(campaign_id=campaign.id, unit_id=unit.id, obligation=obligation)
        session().add(found)
    found.reason, found.account_id, found.excused_at = reason, actor.id, now
    return found


def require(unit: Unit, campaign: Campaign, obligation: Obligation) -> None:
    """The unit has to deliver it after all."""
    found = session().scalar(_excuse(unit, campaign, obligation))
    if found is not None:
        session().delete(found)


def note_call(
    unit: Unit, campaign: Campaign, actor: Account, *, spoke_with: str, note: str, now: datetime
) -> PhoneCall:
    """Write down that somebody called the unit."""
    call = PhoneCall(
        campaign_id=campaign.id, unit_id=unit.id, account_id=actor.id, called_at=now,
        spoke_with=spoke_with, note=note,
    )  # fmt: skip
    session().add(call)
    return call


def due_rungs(now: datetime) -> Sequence[Rung]:
    """Steps whose day has come, of ladders that are on."""
    if now < clock.at(clock.local_day(now), *MORNING):
        return []
    return (
        session()
        .scalars(
            sa.select(Rung)
            .join(Rung.ladder)
            .where(Ladder.on_since.is_not(None), Rung.climbed_at.is_(None))
            .where(Rung.on_date <= clock.local_day(now))
            .order_by(Rung.on_date, Rung.id)
        )
        .all()
    )


def climb(rungs: Iterable[Rung], *, now: datetime) -> int:
    """Write down who is told today, one letter a person; returns how many things are told.

    A day that is past its usefulness, or that lay behind when the ladder was switched on, is
    passed over.
    """
    today = clock.local_day(now)
    letters = _Letters(today, now)
    told = 0
    for rung in rungs:
        rung.climbed_at = now
        found = rung.ladder
        since = clock.local_day(found.on_since) if found.on_since else today
        if rung.on_date < max(since, today - STILL_USEFUL):
            continue
        for one in tellings(found, rung.step, today):
            digest = letters.to(one)
            session().add(
                Told(digest=digest, ladder_id=found.id, unit_id=one.unit_id, step=rung.step)
            )
            told += 1
    session().flush()
    return told


def gather(day: date, *, now: datetime) -> int:
    """One letter for whoever would get several about duties on a morning; returns how many."""
    rows = [row for _name, asked in duties.of_morning(day) for row in session().execute(asked)]
    several = Counter(row.recipient for row in rows)
    letters = _Letters(day, now)
    wanted = {row.recipient: row for row in rows if several[row.recipient] > 1}
    for recipient, row in wanted.items():
        if recipient not in letters.written:
            letters.to(Telling(row.unit_id, recipient, row.unit_id, row.locale))
    return len(wanted)


def tellings(found: Ladder, step: Step, today: date) -> list[Telling]:
    """Who would hear today, at a step, of which unit."""
    to = owing.readers(found.obligation, step)
    rows = session().execute(
        sa.select(to.c.unit_id, to.c.recipient, to.c.reader_id, to.c.locale)
        .join(Unit, Unit.id == to.c.unit_id)
        .where(owing.below(found.unit), owing.owes(found.obligation, found.campaign, today))
        .order_by(Unit.path, to.c.recipient)
    )
    unique: dict[tuple[int, str], Telling] = {}
    for row in rows:
        unique.setdefault((row.unit_id, row.recipient), Telling(*row))
    return list(unique.values())


class _Letters:
    """The letters of a day: one a person, and the next day's for whoever has had it already."""

    def __init__(self, today: date, now: datetime) -> None:
        self._today, self._next, self._now = today, today + timedelta(days=1), now
        rows = session().scalars(sa.select(Digest).where(Digest.on_date.in_([today, self._next])))
        self._known = {(row.on_date, row.recipient): row for row in rows}
        self.written = {recipient for day, recipient in self._known if day == today}

    def to(self, one: Telling) -> Digest:
        """The letter in which somebody will read what is said now."""
        is_second = one.recipient in self.written
        day = self._next if is_second else self._today
        known = self._known.get((day, one.recipient))
        if known is not None:
            return known
        made = Digest(
            on_date=day, recipient=one.recipient, unit_id=one.reader_id, locale=one.locale,
            due_at=clock.at(day, *MORNING) if is_second else self._now,
            useful_until=clock.at(day) + STILL_USEFUL,
        )  # fmt: skip
        self._known[day, one.recipient] = made
        session().add(made)
        return made


def _excuse(unit: Unit, campaign: Campaign, obligation: Obligation) -> sa.Select[Excuse]:
    return sa.select(Excuse).where(
        Excuse.campaign_id == campaign.id,
        Excuse.unit_id == unit.id,
        Excuse.obligation == obligation,
    )

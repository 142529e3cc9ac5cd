"""The public programme of one week: what is on each day, and what one can filter by."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from accounts.models import Unit
from core import clock
from core.database import session
from core.search import is_found
from core.text import sort_key
from events import cursor, narrowing
from events.cursor import Cursor
from events.finding.sources import ACTIVITY
from events.models import (
    UNATTENDED,
    Activity,
    ActivityKind,
    ActivityState,
    ActivityTheme,
    Audience,
    Campaign,
    Counting,
    Format,
    Plan,
    Session,
    Theme,
    Venue,
)
from events.queries import PUBLIC
from events.slots import slots

WHOLE = 200
"""Up to so many activities the whole week is on one page; the rows of a longer day, too."""


@dataclass(frozen=True)
class Filters(narrowing.Filters):
    """What a visitor asked to see."""

    theme: Theme | None = None
    words: str = ""


@dataclass(frozen=True)
class Row:
    """One sitting of an activity, as the programme prints it."""

    starts_at: datetime
    ends_at: datetime
    id: int
    slug: str
    title: str
    kind: ActivityKind
    state: ActivityState
    format: Format
    counting: Counting
    audience: Audience
    seats: int | None
    place: str
    venue: str | None
    host: str
    first_at: datetime
    last_at: datetime
    seats_left: int | None = None
    shown_above: bool = False
    """Whether the page has the same activity already on an earlier day."""

    @property
    def where(self) -> str:
        """The place in words."""
        return ", ".join(name for name in (self.venue, self.place) if name)

    @property
    def is_all_day(self) -> bool:
        """Whether it has a day but no hour."""
        return clock.is_whole_days(self.starts_at, self.ends_at)

    @property
    def runs_for_days(self) -> bool:
        """Whether it has sittings on more than one day."""
        return self.last_at - self.first_at > timedelta(days=1)


@dataclass(frozen=True)
class Day:
    """One day of the programme: what begins, and what goes on."""

    day: date
    rows: list[Row]

    @property
    def begins(self) -> list[Row]:
        """What is shown in full."""
        return [row for row in self.rows if not row.shown_above]

    @property
    def goes_on(self) -> list[Row]:
        """What the page shows in full on another day."""
        return [row for row in self.rows if row.shown_above]


@dataclass(frozen=True)
class Facet:
    """One value that visitors can filter by, and how many activities it has."""

    value: str
    label: str
    total: int


def counts_by_day(campaign: Campaign, filters: Filters) -> Counter[date]:
    """How many sittings each local day has."""
    sat = _narrowed(sa.select(Session.starts_at, sa.func.count()), campaign, filters)
    found = sat.join(Session, Session.activity_id == Activity.id)
    counts: Counter[date] = Counter()
    for starts_at, number in session().execute(found.group_by(Session.starts_at)):
        counts[clock.local_day(starts_at)] += number
    return counts


def total(campaign: Campaign, filters: Filters) -> int:
    """How many activities the programme has."""
    number = sa.select(sa.func.count())
    return session().scalar(_narrowed(number, campaign, filters)) or 0


def rows(
    campaign: Campaign, filters: Filters, day: date | None = None, after: Cursor | None = None
) -> tuple[list[Row], Cursor | None]:
    """The sittings of a day, or of the whole week, by time; with the place where they go on."""
    found = (
        _narrowed(sa.select(*_COLUMNS), campaign, filters)
        .join(Session, Session.activity_id == Activity.id)
        .join(Unit, Unit.id == Activity.unit_id)
        .outerjoin(Venue, Venue.id == Activity.venue_id)
        .order_by(Session.starts_at, Session.id)
    )
    if day is not None:
        found = found.where(
            Session.starts_at >= clock.at(day), Session.starts_at < clock.at(day) + _DAY
        ).limit(WHOLE + 1)
    if after is not None:
        found = found.where(cursor.after(after, Session.starts_at, Session.id))
    fetched = session().execute(found).all()
    more = day is not None and len(fetched) > WHOLE
    if more:
        fetched = fetched[:WHOLE]
    last = Cursor(fetched[-1].starts_at, fetched[-1][-1]) if more else None
    return _with_seats([Row(*row[:-1]) for row in fetched]), last


def days(found: Sequence[Row], shown: Sequence[date]) -> list[Day]:
    """The rows under their days, in the order given; each activity in full only once."""
    by_day: dict[date, list[Row]] = {day: [] for day in shown}
    for row in found:
        by_day.setdefault(clock.local_day(row.starts_at), []).append(row)
    seen: set[int] = set()
    result = []
    for day, listed in by_day.items():
        result.append(
            Day(day, [replace(row, shown_above=True) if row.id in seen else row for row in listed])
        )
        seen.update(row.id for row in listed if row.runs_for_days)
    return result


def in_reading_order(all_days: Iterable[date], today: date) -> tuple[list[date], list[date]]:
    """Today and what is ahead, then what is over; a week that is wholly over stays in order."""
    ordered = sorted(all_days)
    ahead = [day for day in ordered if day >= today]
    if not ahead:
        return ordered, []
    return ahead, [day for day in ordered if day < today]


def kinds(campaign: Campaign) -> list[tuple[ActivityKind, int]]:
    """The kinds on the programme with their numbers."""
    return _grouped(campaign, Activity.kind)


def themes(campaign: Campaign) -> list[tuple[Theme, int]]:
    """The themes on the programme with their numbers."""
    found = _public(sa.select(ActivityTheme.theme, sa.func.count()), campaign).join(
        ActivityTheme, ActivityTheme.activity_id == Activity.id
    )
    counted = session().execute(found.group_by(ActivityTheme.theme))
    return [(theme, number) for theme, number in counted]


def units(campaign: Campaign) -> list[Facet]:
    """The units that hold something, in the Vietnamese order of their names."""
    numbers = dict(_grouped(campaign, Activity.unit_id))
    named = session().execute(
        sa.select(Unit.id, Unit.code, Unit.name).where(Unit.id.in_(list(numbers)))
    )
    facets = [Facet(code, name, numbers[number]) for number, code, name in named]
    return sorted(facets, key=lambda facet: (sort_key(facet.label), facet.value))


def places(campaign: Campaign) -> list[Facet]:
    """The venues where something is held, by name."""
    numbers = dict(_grouped(campaign, Activity.venue_id))
    named = session().execute(
        sa.select(Venue.id, Venue.name).where(
            Venue.id.in_([number for number in numbers if number is not None])
        )
    )
    facets = [Facet(str(number), name, numbers[number]) for number, name in named]
    return sorted(facets, key=lambda facet: (sort_key(facet.label), facet.value))


def unattended(campaign: Campaign) -> list[Row]:
    """Banners and news of the week: done for everyone, attended by nobody."""
    found = (
        whole_rows()
        .where(Plan.campaign_id == campaign.id, Activity.state == ActivityState.RELEASED)
        .where(Activity.kind.in_(UNATTENDED))
        .limit(WHOLE)
    )
    return [Row(*row) for row in session().execute(found)]


def whole_rows() -> sa.Select[Any]:
    """A row for each activity as a whole, by time."""
    return (
        sa.select(Activity.starts_at, Activity.ends_at, *_COLUMNS[2:-1])
        .join(Activity.plan)
        .join(Unit, Unit.id == Activity.unit_id)
        .outerjoin(Venue, Venue.id == Activity.venue_id)
        .order_by(Activity.starts_at, Activity.id)
    )


_DAY = timedelta(days=1)
_COLUMNS: tuple[Any, ...] = (
    Session.starts_at,
    Session.ends_at,
    Activity.id,
    Activity.slug,
    Activity.title,
    Activity.kind,
    Activity.state,
    Activity.format,
    Activity.counting,
    Activity.audience,
    Activity.seats,
    Activity.place,
    Venue.name,
    Unit.short_name,
    Activity.starts_at.label("first_at"),
    Activity.ends_at.label("last_at"),
    Session.id.label("session_id"),
)


def _with_seats(found: list[Row]) -> list[Row]:
    limited = [
        row.id for row in found if row.seats is not None and row.state is ActivityState.RELEASED
    ]
    left = slots.seats_left(limited) if limited else {}
    return [replace(row, seats_left=left[row.id]) if row.id in left else row for row in found]


def _grouped(campaign: Campaign, column: Any) -> list[tuple[Any, int]]:
    found = _public(sa.select(column, sa.func.count()), campaign).group_by(column)
    return [(value, number) for value, number in session().execute(found)]


def _public(select: Any, campaign: Campaign) -> sa.Select[Any]:
    found: sa.Select[Any] = (
        select.select_from(Activity)
        .join(Activity.plan)
        .where(Plan.campaign_id == campaign.id)
        .where(Activity.state.in_(PUBLIC), Activity.kind.not_in(UNATTENDED))
    )
    return found


def _narrowed(select: Any, campaign: Campaign, filters: Filters) -> sa.Select[Any]:
    found = filters.narrow(_public(select, campaign))
    if filters.theme:
        found = found.where(
            Activity.id.in_(
                sa.select(ActivityTheme.activity_id).where(ActivityTheme.theme == filters.theme)
            )
        )
    if filters.words:
        found = found.where(matching(filters.words))
    return found


def matching(words: str) -> sa.ColumnElement[bool]:
    """True for activities whose title, place, venue or host has all words, diacritics or not."""
    return is_found(ACTIVITY, Activity.id, words)

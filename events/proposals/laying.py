"""One part that was kept, laid into the plan: an activity, a duty on its units, or its removal."""

from dataclasses import replace
from datetime import date, datetime, time

from accounts.models import Account, Unit
from core import clock
from core.database import session
from core.text import folded
from events import planning, services
from events.describing import Description
from events.models import (
    Activity,
    ActivityKind,
    ActivityState,
    Assignment,
    Audience,
    Counting,
    DutyRole,
    Format,
    Plan,
    Venue,
)
from events.proposals.comparing import report_duty
from events.proposals.parts import Part, PartKind, Standing, Values
from events.proposals.reviewing import Review
from events.releases import services as releases

NO_LONGER_PLANNED = "Không còn trong kế hoạch đã ký"
"""Why an activity that everybody can see was called off."""


def take(review: Review, plan: Plan, part: Part, by: Account, now: datetime) -> list[int]:
    """Put one part that was kept into the plan; the rows that came of it."""
    match part.kind, part.standing:
        case PartKind.ACTIVITY, Standing.GONE:
            _remove_activity(plan, part.rows[0], by, now)
            return []
        case PartKind.DUTY, Standing.GONE:
            _remove_duties(plan, set(part.rows))
            return []
        case PartKind.ACTIVITY, _:
            return [_lay_activity(review, plan, part, by, now).id]
        case ((PartKind.DUTY | PartKind.REPORTING), _):
            return [row.id for row in _lay_duty(review, plan, part)]
    return part.rows


def _lay_activity(review: Review, plan: Plan, part: Part, by: Account, now: datetime) -> Activity:
    """A draft of a new activity; what is released changes only with the next version."""
    values = part.values
    first, last = _day(values["first_on"]), _day(values["last_on"] or values["first_on"])
    starts_at, ends_at = _moment(first, values["starts"]), _moment(last, values["ends"])
    known = next((row for row in plan.activities if row.id in part.rows), None)
    if known is None:
        described = _described(values, review, None)
        return services.create(plan, described, starts_at=starts_at, ends_at=ends_at, now=now)
    if "first_on" in part.filled:
        starts_at, ends_at = known.starts_at, known.ends_at
    elif "starts" in part.filled:
        starts_at = _moment(first, f"{clock.local(known.starts_at):%H:%M}")
        ends_at = _moment(last, f"{clock.local(known.ends_at):%H:%M}")
    described = _described(values, review, known, part.filled)
    if known.state is ActivityState.RELEASED:
        releases.keep(known, described, starts_at=starts_at, ends_at=ends_at, by=by, now=now)
    else:
        services.edit(known, described, starts_at=starts_at, ends_at=ends_at, now=now)
    return known


def _described(
    values: Values,
    review: Review,
    known: Activity | None,
    untold: frozenset[str] = frozenset(),
) -> Description:
    """What a part says of an activity; what it does not say stays as it is."""
    units = {unit.code: unit for unit in review.setting.hosts}
    keeps_place = known is not None and "place" in untold
    told = Description(
        kind=ActivityKind(values["kind"]),
        title=values["title"],
        unit=units.get(values["unit"], known.unit if known else review.setting.unit),
        counting=Counting(values["counting"]),
        summary=values["summary"],
        format=Format(values["format"]),
        join_link=values["join_link"],
        venue=known.venue if known and keeps_place else _venue(values["venue"], review),
        place=known.place if known and keeps_place else _place(values),
        audience=_audience(values["audience"], known),
    )
    if known is None:
        return told
    return replace(
        told,
        contact=known.contact,
        seats=known.seats,
        opens_before=known.opens_before,
        closes_after=known.closes_after,
        themes=frozenset(row.theme for row in known.themes),
        invited_units=[row.unit for row in known.invited_units],
    )


def _place(values: Values) -> str:
    return "" if values["venue"] else str(values["place"])


def _audience(value: str, known: Activity | None) -> Audience:
    """Named units are invited one by one, at the activity itself; until then by invitation."""
    said = Audience.INVITED if value == Audience.UNITS.value else Audience(value)
    is_named = known is not None and known.audience is Audience.UNITS
    return Audience.UNITS if is_named and said is Audience.INVITED else said


def _venue(number: int | None, review: Review) -> Venue | None:
    return next((venue for venue in review.setting.venues if venue.id == number), None)


def _lay_duty(review: Review, plan: Plan, part: Part) -> list[Assignment]:
    values = part.values
    is_report = part.kind is PartKind.REPORTING
    duty = report_duty(values) if is_report else values["duty"]
    role = DutyRole.DO if is_report else DutyRole(values["role"])
    due_on = _day(values["due_on"]) if values["due_on"] else None
    units: dict[str, Unit] = {unit.code: unit for unit in review.setting.directory.reachable}
    wanted = [units[code] for code in values["units"] if code in units]
    known = {row.unit_id: row for row in plan.assignments if row.id in part.rows}
    for unit_id, row in known.items():
        if wanted and unit_id not in {unit.id for unit in wanted}:
            planning.withdraw_duty(row)
    rows = []
    for unit in wanted:
        row = known.get(unit.id) or planning.assign(plan, unit, role=role, duty=duty, due_on=due_on)
        row.role, row.duty, row.due_on = role, duty, due_on
        row.group_name = values["phrase"] if values["is_group"] else ""
        rows.append(row)
    session().flush()
    return rows


def join_tasks(plan: Plan, review: Review, made: dict[str, list[int]]) -> None:
    """Who leads and who helps in one sentence carry one task; so does each unit of a group."""
    rows = {row.id: row for row in plan.assignments}
    together: dict[tuple[int | None, str], list[Assignment]] = {}
    for part in review.parts:
        if part.kind is PartKind.DUTY and part.key in made:
            sentence = (part.line, folded(part.values["duty"]))
            known = together.setdefault(sentence, [])
            known += [rows[number] for number in made[part.key] if number in rows]
    for task in together.values():
        numbers = {row.task for row in task}
        if len(numbers) > 1 or None in numbers:
            number = min((row.task for row in task if row.task), default=planning.next_task(plan))
            for row in task:
                row.task = number


def _remove_activity(plan: Plan, number: int, by: Account, now: datetime) -> None:
    activity = next((row for row in plan.activities if row.id == number), None)
    if activity is None:
        return
    if activity.state is ActivityState.RELEASED:
        releases.keep_cancellation(activity, reason=NO_LONGER_PLANNED, by=by, now=now)
    elif activity.state is ActivityState.DRAFT:
        session().delete(activity)
        session().flush()
        session().expire(plan, ["activities"])


def _remove_duties(plan: Plan, numbers: set[int]) -> None:
    for row in [row for row in plan.assignments if row.id in numbers]:
        planning.withdraw_duty(row)


def _moment(day: date, hour: str) -> datetime:
    return clock.from_wall(datetime.combine(day, time.fromisoformat(hour)))


def _day(text: str) -> date:
    return date.fromisoformat(text)

"""What was kept of a document becomes a draft plan, with activities, duties and deadlines."""

from datetime import date, datetime, time

import sqlalchemy as sa

from accounts.models import Account, Unit
from core import clock
from core.database import session
from core.text import folded
from events import planning, services
from events.models import (
    Activity,
    ActivityKind,
    ActivityState,
    Assignment,
    Audience,
    Campaign,
    CampaignKind,
    Counting,
    Deadline,
    DeadlineKind,
    DutyRole,
    Format,
    Plan,
    Venue,
)
from events.planning import WeekFacts
from events.proposals.comparing import report_duty
from events.proposals.models import Phase, ProposalState
from events.proposals.parts import Part, PartKind, Standing, Values
from events.proposals.refusals import CampaignTaken, NothingKept, StillOpen, WeekMissing
from events.proposals.reviewing import CARRIED, Review
from events.releases import services as releases
from events.services import Description

OFFICE_CLOSES = time(17)
"""A report that is due on a day is due when the offices close."""
NO_LONGER_PLANNED = "Không còn trong kế hoạch đã ký"
"""Why an activity that everybody can see was called off."""


def adopt(review: Review, *, by: Account, now: datetime) -> Plan:
    """Do what was decided: all of it, once.

    Raises ``StillOpen``, ``NothingKept``, ``WeekMissing``, ``CampaignTaken``, and what
    the rules of plans and activities raise.
    """
    if review.open:
        raise StillOpen(count=len(review.open))
    if not any(part.is_kept for part in review.parts):
        raise NothingKept
    campaign, is_new = _campaign(review)
    plan = review.plan or planning.start_plan(campaign, review.setting.unit, title="")
    made: dict[str, list[int]] = {}
    document = review.part("document")
    if document is not None and (document.is_kept or not plan.title):
        _describe(plan, document.values)
    for part in review.parts:
        is_taken = part.is_kept and not _is_said_twice(review, part)
        rows = _take(review, plan, part, by, now) if is_taken else part.rows
        if part.kind in {PartKind.ACTIVITY, *CARRIED} and part.standing is not Standing.GONE:
            made[part.key] = list(rows)
    _join_tasks(plan, review, made)
    _write_passages(plan, review)
    if is_new or review.setting.may_set_up:
        _set_deadlines(campaign, review, plan)
    proposal = review.proposal
    proposal.made, proposal.plan = made, plan
    proposal.state, proposal.changed_at = ProposalState.TAKEN, now
    session().flush()
    return plan


def _campaign(review: Review) -> tuple[Campaign, bool]:
    """The week or movement that was chosen, or a new one."""
    part = review.part("campaign")
    values = part.values if part else {}
    number = values.get("campaign")
    chosen = next((c for c in review.setting.campaigns if c.id == number), None)
    if chosen is not None:
        return chosen, False
    if not review.setting.may_set_up or not (values.get("starts_on") and values.get("ends_on")):
        raise WeekMissing
    facts = WeekFacts(
        year=int(values["year"]),
        title=values["title"],
        starts_on=_day(values["starts_on"]),
        ends_on=_day(values["ends_on"]),
        opening_on=_day(values["opening_on"]) if values.get("opening_on") else None,
        theme=values["theme"],
    )
    if values["kind"] == CampaignKind.WEEK.value:
        return planning.create_week(facts, {}), True
    return _movement(facts, review), True


def _movement(facts: WeekFacts, review: Review) -> Campaign:
    twin = session().scalar(
        sa.select(Campaign).where(
            Campaign.kind == CampaignKind.MOVEMENT, Campaign.year == facts.year
        )
    )
    if twin is not None:
        raise CampaignTaken(title=twin.title)
    movement = Campaign(
        kind=CampaignKind.MOVEMENT,
        year=facts.year,
        title=facts.title,
        theme=facts.theme,
        starts_on=facts.starts_on,
        ends_on=facts.ends_on,
    )
    session().add(movement)
    session().flush()
    session().add_all(
        Phase(
            campaign=movement,
            position=position,
            title=phase.title,
            starts_on=phase.starts_on,
            ends_on=phase.ends_on,
        )
        for position, phase in enumerate(review.understood.phases)
    )
    return movement


def _describe(plan: Plan, values: Values) -> None:
    planning.edit_plan(
        plan,
        title=values["title"],
        document_symbol=values["document_symbol"],
        issued_on=_day(values["issued_on"]) if values["issued_on"] else None,
        bases=values["bases"],
    )


def _write_passages(plan: Plan, review: Review) -> None:
    """Whom the document goes to, and who signs it, where nobody has said it yet."""
    part, signer = review.part("recipients"), review.understood.signer
    told = {
        "recipients": "\n".join(part.values["recipients"]) if part and part.is_kept else "",
        "signing": "\n".join(line for line in (signer.authority, signer.title) if line),
    }
    is_taken = {"recipients": part is not None and part.is_kept, "signing": not plan.signing}
    fresh = {name: text for name, text in told.items() if text and is_taken[name]}
    planning.write_passages(plan, fresh)


def _is_said_twice(review: Review, part: Part) -> bool:
    """Whether a duty to report was kept as a duty already, out of the same sentence."""
    return part.kind is PartKind.REPORTING and any(
        other.kind is PartKind.DUTY
        and other.is_kept
        and other.line == part.line
        and set(other.values["units"]) >= set(part.values["units"])
        for other in review.parts
    )


def _take(review: Review, plan: Plan, part: Part, by: Account, now: datetime) -> list[int]:
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
    if known is None:
        return Description(
            kind=ActivityKind(values["kind"]),
            title=values["title"],
            unit=units.get(values["unit"], review.setting.unit),
            counting=Counting(values["counting"]),
            summary=values["summary"],
            format=Format(values["format"]),
            join_link=values["join_link"],
            venue=_venue(values["venue"], review),
            place="" if values["venue"] else values["place"],
            audience=_audience(values["audience"]),
        )
    keeps_place = "place" in untold
    return Description(
        kind=ActivityKind(values["kind"]),
        title=values["title"],
        unit=known.unit,
        counting=known.counting,
        summary=known.summary or values["summary"],
        format=known.format,
        join_link=known.join_link,
        venue=known.venue if keeps_place else _venue(values["venue"], review),
        place=known.place if keeps_place or values["venue"] else values["place"],
        contact=known.contact,
        audience=known.audience,
        seats=known.seats,
        opens_before=known.opens_before,
        closes_after=known.closes_after,
        themes=frozenset(row.theme for row in known.themes),
        invited_units=[row.unit for row in known.invited_units],
    )


def _audience(value: str) -> Audience:
    """Named units are invited one by one, at the activity itself; until then by invitation."""
    return Audience.INVITED if value == Audience.UNITS.value else Audience(value)


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


def _join_tasks(plan: Plan, review: Review, made: dict[str, list[int]]) -> None:
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


def _set_deadlines(campaign: Campaign, review: Review, plan: Plan) -> None:
    """When reports are due, as far as nobody has said it before."""
    known = {row.kind for row in campaign.deadlines}
    letter = plan.document_symbol or plan.title
    for part in review.parts:
        if part.kind is not PartKind.REPORTING or not part.is_kept or not part.values["due_on"]:
            continue
        kind = _deadline_kind(part.values["to"], review)
        if kind not in known:
            due_at = clock.from_wall(datetime.combine(_day(part.values["due_on"]), OFFICE_CLOSES))
            campaign.deadlines.append(Deadline(kind=kind, due_at=due_at, letter=letter))
            known.add(kind)


def _deadline_kind(receivers: list[str], review: Review) -> DeadlineKind:
    """A report that stays inside is one of the units; one that leaves is the office's own."""
    inside = any(review.setting.directory.match(name).units for name in receivers)
    return DeadlineKind.UNIT_REPORT if inside else DeadlineKind.DEPARTMENT_REPORT


def _moment(day: date, hour: str) -> datetime:
    return clock.from_wall(datetime.combine(day, time.fromisoformat(hour)))


def _day(text: str) -> date:
    return date.fromisoformat(text)

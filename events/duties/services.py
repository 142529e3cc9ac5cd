"""What happens to duties: given, handed out, answered, shown, chased, inspected."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from accounts.models import Account, Unit
from core import clock
from core.database import session
from events import planning
from events.duties import errors, queries
from events.duties.models import Chase, Handout, Inspection, Photo
from events.duties.photos import Picture, look_alike
from events.duties.state import DutyState, state_of
from events.models import Activity, Assignment, Campaign, DutyRole, Evidence, Plan, PlanState

MOST_EVIDENCE = 20


@dataclass(frozen=True)
class Task:
    """One duty as the plan words it, before it is somebody's."""

    duty: str
    due_on: date | None = None
    remark: str = ""
    group_name: str = ""


def give(
    plan: Plan, task: Task, *, carriers: Sequence[Unit], coordinators: Iterable[Unit] = ()
) -> list[Assignment]:
    """Lay one duty on the units that carry it and on those that help, as one task.

    A single carrier with helpers leads; several carriers each do it. Raises
    ``NobodyNamed`` or ``DutyOutsideThePlan``.
    """
    if not carriers:
        raise errors.NobodyNamed
    helpers = [u for u in coordinators if u.id not in {carrier.id for carrier in carriers}]
    role = DutyRole.LEAD if helpers and len(carriers) == 1 else DutyRole.DO
    number = max((row.task or 0 for row in plan.assignments), default=0) + 1
    wanted = [*((unit, role) for unit in carriers)]
    wanted += [(unit, DutyRole.COORDINATE) for unit in helpers]
    given = []
    for unit, part in wanted:
        row = planning.assign(plan, unit, role=part, duty=task.duty, due_on=task.due_on)
        row.task, row.remark = number, task.remark
        row.group_name = task.group_name if part is not DutyRole.COORDINATE else ""
        given.append(row)
    return given


def hand_out(plan: Plan, *, now: datetime) -> list[Handout]:
    """Tell each unit of what it has not been told; they are written to from now on.

    Raises ``PlanNotIssued`` or ``NothingToHandOut``.
    """
    if plan.state is not PlanState.RELEASED:
        raise errors.PlanNotIssued
    untold = [duty for duty in plan.assignments if duty.told_at is None]
    if not untold:
        raise errors.NothingToHandOut
    for duty in untold:
        duty.told_at = now
    units = list(dict.fromkeys(duty.unit_id for duty in untold))
    known = {
        row.unit_id: row
        for row in session().scalars(
            sa.select(Handout).where(Handout.plan_id == plan.id, Handout.unit_id.in_(units))
        )
    }
    for unit_id in units:
        if unit_id in known:
            known[unit_id].told_at = now
        else:
            known[unit_id] = Handout(plan_id=plan.id, unit_id=unit_id, serial=0, told_at=now)
            session().add(known[unit_id])
    session().flush()
    return [known[unit_id] for unit_id in units]


def renew_link(handout: Handout) -> None:
    """Make the unit's earlier link worthless."""
    handout.serial += 1


def edit(duty: Assignment, *, due_on: date | None, remark: str) -> None:
    """Another day or another remark; for all who carry the duty together."""
    together = queries.partners([duty]).get(duty.id) or [duty]
    for row in together:
        row.due_on, row.remark = due_on, remark


def excuse(duty: Assignment, reason: str) -> None:
    """The unit need not do it, for a reason; an empty one takes that back."""
    duty.excused = reason


def add_evidence(
    duty: Assignment, *, note: str, link: str, count: int | None, measure: str, now: datetime
) -> Evidence:
    """Show that a duty is done by a link or a count. Raises ``TooMuchEvidence``."""
    known = sa.select(sa.func.count()).where(Evidence.assignment_id == duty.id)
    if (session().scalar(known) or 0) >= MOST_EVIDENCE:
        raise errors.TooMuchEvidence(most=MOST_EVIDENCE)
    piece = Evidence(
        assignment_id=duty.id, note=note, link=link, count=count, measure=measure, added_at=now
    )
    session().add(piece)
    session().flush()
    return piece


def add_photo(
    duty: Assignment, picture: Picture, *, code: str, note: str, public: bool, now: datetime
) -> Photo:
    """Show that a duty is done by a photo; the same file once more is the photo we have."""
    twin = session().scalar(
        sa.select(Photo)
        .join(Photo.evidence)
        .where(Evidence.assignment_id == duty.id, Photo.digest == picture.digest)
    )
    if twin is not None:
        return twin
    piece = add_evidence(duty, note=note, link="", count=None, measure="", now=now)
    known = session().execute(queries.fingerprints(duty))
    alike = (n for n, mark in known if look_alike(mark, picture.fingerprint))
    found = Photo(
        evidence_id=piece.id,
        code=code,
        width=picture.width,
        height=picture.height,
        digest=picture.digest,
        fingerprint=picture.fingerprint,
        resembles_id=next(alike, None),
        public_since=now if public else None,
    )
    session().add(found)
    session().flush()
    return found


def remove_evidence(duty: Assignment, number: int) -> list[str]:
    """Take a piece out again; returns the codes of photos whose files are to go."""
    piece = session().get(Evidence, number)
    if piece is None or piece.assignment_id != duty.id:
        return []
    codes = photo_codes([duty], number)
    session().execute(sa.delete(Photo).where(Photo.evidence_id == number))
    session().delete(piece)
    return codes


def photo_codes(duties: Iterable[Assignment], number: int | None = None) -> list[str]:
    """The codes of the photos of some duties, or of one piece of evidence."""
    found = (
        sa.select(Photo.code)
        .join(Photo.evidence)
        .where(Evidence.assignment_id.in_([duty.id for duty in duties]))
    )
    return list(session().scalars(found.where(Evidence.id == number) if number else found))


def agree(photo: Photo, *, public: bool, now: datetime) -> None:
    """Somebody stands for the consent of the people in the photo, or takes that back."""
    photo.public_since = (photo.public_since or now) if public else None


def chase(handouts: Sequence[Handout], unit: Unit, *, actor: Account, now: datetime) -> list[Chase]:
    """Urge a unit about what is late or unanswered, once a day.

    Raises ``NothingToChase`` or ``ChasedToday``.
    """
    today = clock.local_day(now)
    open_ones = [row for row in handouts if open_duties(row, today)]
    if not open_ones:
        raise errors.NothingToChase(unit=unit.name)
    made = []
    for row in open_ones:
        urged = Chase(handout_id=row.id, account_id=actor.id, chased_on=today, chased_at=now)
        try:
            with session().begin_nested():
                session().add(urged)
        except IntegrityError:
            continue
        made.append(urged)
    if not made:
        raise errors.ChasedToday(unit=unit.name)
    return made


def open_duties(handout: Handout, today: date) -> list[Assignment]:
    """What is late or unanswered in a handout."""
    bad = {DutyState.LATE, DutyState.SILENT}
    return [d for d in session().scalars(queries.handed_out(handout)) if state_of(d, today) in bad]


def inspect(
    campaign: Campaign,
    unit: Unit,
    *,
    inspected_on: date,
    inspectors: str,
    finding: str,
    now: datetime,
    duty: Assignment | None = None,
    activity: Activity | None = None,
) -> Inspection:
    """Write down what an inspection found, perhaps of one duty or activity of the unit.

    Raises ``InspectedInFuture``.
    """
    if inspected_on > clock.local_day(now):
        raise errors.InspectedInFuture
    row = Inspection(
        campaign_id=campaign.id,
        unit=unit,
        inspected_on=inspected_on,
        inspectors=inspectors,
        finding=finding,
        assignment=duty,
        activity=activity,
        written_at=now,
    )
    session().add(row)
    session().flush()
    return row

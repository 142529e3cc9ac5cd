"""A made-up week, the same for the same seed, with its own count of what it holds.

What is expected is counted here while it is drawn, never by the report's queries,
so that the one can be held against the other.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import cycle, islice
from random import Random

from sqlalchemy.orm import Session as DatabaseSession

from accounts.models import Unit
from checkin.models import Attendance, Grade, Group, Registration, Standing, Tally
from core import clock
from core.text import slug
from events.models import (
    Activity,
    ActivityKind,
    ActivityState,
    ActivityTheme,
    Campaign,
    CampaignKind,
    Counting,
    Format,
    Plan,
    PlanState,
    Session,
    Theme,
)
from rehearsal import places
from rehearsal.people import Crowd
from rehearsal.schedule import Doors, hours

_COUNTING = (
    Counting.TICKETS,
    Counting.SELF_SCAN,
    Counting.TICKETS,
    Counting.TALLY,
    Counting.TICKETS,
    Counting.TICKETS,
    Counting.EVIDENCE,
    Counting.TICKETS,
)
_KINDS = {
    Counting.TICKETS: (ActivityKind.TALK, ActivityKind.COURSE, ActivityKind.OPENING),
    Counting.SELF_SCAN: (ActivityKind.BOOKS, ActivityKind.READING),
    Counting.TALLY: (ActivityKind.READING, ActivityKind.CONTEST),
    Counting.EVIDENCE: (ActivityKind.BANNER, ActivityKind.NEWS),
}
_TITLES = {
    ActivityKind.TALK: "Nói chuyện chuyên đề",
    ActivityKind.COURSE: "Lớp kỹ năng số",
    ActivityKind.OPENING: "Lễ hưởng ứng",
    ActivityKind.BOOKS: "Trưng bày sách",
    ActivityKind.READING: "Ngày đọc sách",
    ActivityKind.CONTEST: "Sân chơi công dân số",
    ActivityKind.BANNER: "Băng rôn chủ đề",
    ActivityKind.NEWS: "Tin, bài tuyên truyền",
}


@dataclass(frozen=True)
class Size:
    """How large the week is."""

    units: int
    activities: int
    people: int


@dataclass
class Expected:
    """What a report of the root unit must say about the week."""

    luot: int = 0
    nguoi: int = 0
    by_activity: dict[str, int] = field(default_factory=dict)
    messages_due: int = 0

    def count(self, activity: Activity, number: int) -> None:
        """Add so many attendances to an activity."""
        self.luot += number
        self.by_activity[activity.slug] = self.by_activity.get(activity.slug, 0) + number


@dataclass
class Week:
    """Everything drawn, in the order in which it is stored."""

    campaign: Campaign
    units: list[Unit] = field(default_factory=list)
    activities: list[tuple[Activity, Doors]] = field(default_factory=list)
    registrations: list[Registration] = field(default_factory=list)
    expected: Expected = field(default_factory=Expected)


def draw(
    database: DatabaseSession, *, size: Size, seed: int, now: datetime, open_now: bool
) -> Week:
    """Fill the session with a made-up week."""
    rng = Random(seed)  # noqa: S311  made-up, not secret
    week = Week(_campaign(now, open_now))
    database.add(week.campaign)
    week.units = places.units(database, size.units)
    halls = places.halls(week.units)
    database.add_all(hall for pair in halls for hall in pair)
    plans = [_plan(week.campaign, unit, now) for unit in week.units]
    database.add_all(plans)
    for number in range(size.activities):
        plan = plans[number % len(plans)]
        activity, doors = _activity(plan, number, now=now, open_now=open_now, rng=rng)
        turn, mine = divmod(number, len(plans))
        if number % 3 < 2:
            activity.venue, activity.place = halls[mine][turn % 2], ""
        week.activities.append((activity, doors))
    database.add_all(activity for activity, _doors in week.activities)
    database.flush()
    crowd = Crowd(rng, now=now, open_now=open_now)
    week.registrations = crowd.take_seats(week.activities, size.people)
    database.add_all(week.registrations)
    database.flush()
    database.add_all(_attendances(week, rng))
    database.flush()
    week.expected.messages_due = crowd.messages_due
    return week


def _campaign(now: datetime, open_now: bool) -> Campaign:
    today = clock.local_day(now)
    year = today.year if open_now or today.month < 10 else today.year + 1
    first = today - timedelta(days=3) if open_now else today.replace(year=year, month=10, day=1)
    return Campaign(
        kind=CampaignKind.WEEK,
        year=year,
        title=f"Tuần lễ hưởng ứng học tập suốt đời năm {year} (diễn tập)",
        theme="Học để làm chủ tri thức và công nghệ",
        starts_on=first,
        ends_on=first + timedelta(days=6),
        opening_on=first,
    )


def _plan(campaign: Campaign, unit: Unit, now: datetime) -> Plan:
    return Plan(
        campaign=campaign,
        unit=unit,
        title=f"Kế hoạch tổ chức Tuần lễ của {unit.short_name}",
        state=PlanState.RELEASED,
        released_at=now - timedelta(days=20),
    )


def _activity(
    plan: Plan, number: int, *, now: datetime, open_now: bool, rng: Random
) -> tuple[Activity, Doors]:
    """The n-th activity: its kind, state and hours follow from its number."""
    counting = _COUNTING[number % len(_COUNTING)]
    kind = _KINDS[counting][number % len(_KINDS[counting])]
    when = hours(number, plan.campaign.starts_on, now=now, open_now=open_now)
    state = ActivityState.RELEASED
    if number % 12 == 11:
        state = ActivityState.CANCELLED
    elif number % 15 == 13:
        state = ActivityState.DRAFT
    title = f"{_TITLES[kind]} số {number + 1}"
    activity = Activity(
        slug=f"{slug(title)}-{rng.getrandbits(24):06x}",
        plan=plan,
        unit=plan.unit,
        kind=kind,
        title=title,
        summary="Hoạt động diễn tập, không có thật.",
        format=Format.IN_PERSON,
        place=f"Hội trường {1 + number % 9}",
        counting=counting,
        starts_at=when.starts_at,
        ends_at=when.ends_at,
        opens_before=60,
        closes_after=30,
        state=state,
        created_at=now - timedelta(days=20),
        changed_at=now - timedelta(days=10),
        released_at=None if state is ActivityState.DRAFT else now - timedelta(days=10),
        cancelled_at=now - timedelta(days=5) if state is ActivityState.CANCELLED else None,
        cancelled_reason="Diễn tập hủy" if state is ActivityState.CANCELLED else "",
        revision=1 if state is ActivityState.CANCELLED else 0,
    )
    activity.sessions = [Session(starts_at=when.starts_at, ends_at=when.ends_at)]
    activity.themes = [_theme(number)]
    return activity, when.doors


def _theme(number: int) -> ActivityTheme:
    return ActivityTheme(theme=next(islice(cycle(Theme), number % len(Theme), None)))


def _attendances(week: Week, rng: Random) -> list[Attendance | Tally]:
    """Who came to what is over; what is open now is left for those who rehearse."""
    rows: list[Attendance | Tally] = []
    seated: dict[int, list[Registration]] = {}
    for registration in week.registrations:
        if registration.standing is Standing.CONFIRMED:
            seated.setdefault(registration.activity.id, []).append(registration)
    for activity, doors in week.activities:
        if activity.state is not ActivityState.RELEASED or doors != "late":
            continue
        if activity.counting is Counting.TICKETS:
            rows += _came_with_tickets(week, activity, seated.get(activity.id, []), rng)
        elif activity.counting is Counting.SELF_SCAN:
            rows += _came_by_themselves(week, activity, rng)
        elif activity.counting is Counting.TALLY:
            rows += _were_counted(week, activity, rng)
    return rows


def _came_with_tickets(
    week: Week, activity: Activity, seated: list[Registration], rng: Random
) -> list[Attendance]:
    came = [registration for registration in seated if rng.random() < 0.8]
    week.expected.count(activity, len(came))
    week.expected.nguoi += len(came)
    return [
        Attendance(
            activity_id=activity.id,
            session_id=activity.sessions[0].id,
            participant_id=registration.participant.id,
            grade=Grade.STAFF_SCAN,
            at=activity.starts_at + timedelta(seconds=rng.randrange(1800)),
        )
        for registration in came
    ]


def _came_by_themselves(week: Week, activity: Activity, rng: Random) -> list[Attendance]:
    number = rng.randrange(5, 40)
    week.expected.count(activity, number)
    return [
        Attendance(
            activity_id=activity.id,
            session_id=activity.sessions[0].id,
            pass_id=f"{rng.getrandbits(96):024x}",
            grade=Grade.STATIC_SELF_SCAN,
            at=activity.starts_at + timedelta(seconds=rng.randrange(3600)),
        )
        for _ in range(number)
    ]


def _were_counted(week: Week, activity: Activity, rng: Random) -> list[Tally]:
    """Two counts of the same session: the later one holds."""
    first, last = sorted((rng.randrange(10, 200), rng.randrange(10, 200)))
    week.expected.count(activity, last)
    return [
        Tally(
            activity_id=activity.id,
            session_id=activity.sessions[0].id,
            group=Group.LEARNER,
            count=count,
            grade=Grade.HEADCOUNT,
            at=activity.starts_at + timedelta(minutes=minutes),
        )
        for count, minutes in ((first, 20), (last, 60))
    ]

"""Who registered for the example weeks, who came, and what units declared."""

import secrets
from datetime import datetime, timedelta
from random import Random
from typing import Any

from accounts.models import Unit
from checkin import notice
from checkin.models import (
    Attendance,
    Direction,
    Grade,
    Group,
    Participant,
    Registration,
    Scan,
    ScanStatus,
    Standing,
    Tally,
)
from core import clock
from core.codes import new_code
from core.database import session
from core.text import folded
from events.models import Activity, ActivityState, Campaign, Counting
from events.models import Session as Sitting
from rehearsal.names import a_name
from reports.models import Declaration


def fill(
    laid: list[tuple[Activity, dict[str, Any]]], *, is_over: bool, now: datetime, rng: Random
) -> None:
    """Seats are taken; in the week that is over people also came."""
    for activity, facts in laid:
        if activity.state is ActivityState.CANCELLED:
            continue
        if activity.counting is Counting.TICKETS:
            _seats(activity, facts, is_over=is_over, now=now, rng=rng)
        elif is_over and activity.counting is Counting.SELF_SCAN:
            _self_scans(activity, facts, rng)
        elif is_over and activity.counting is Counting.TALLY:
            _tallies(activity, facts)


def declare(campaign: Campaign, units: dict[str, Unit], rows: list[dict[str, Any]]) -> None:
    """The figures that units stand for."""
    for row in rows:
        for indicator, value in row["figures"].items():
            session().add(
                Declaration(
                    campaign_id=campaign.id,
                    unit_id=units[row["unit"]].id,
                    indicator=indicator,
                    value=value,
                    source="Sổ theo dõi của đơn vị",
                    declared_at=clock.at(campaign.ends_on, 16),
                )
            )


def _seats(
    activity: Activity, facts: dict[str, Any], *, is_over: bool, now: datetime, rng: Random
) -> None:
    came = facts.get("came", 0)
    likely = min(came // 4, (activity.seats or came) - 5)
    registered = int(came * 1.2) + 2 if is_over else likely
    for number in range(registered):
        registered_at = (
            activity.starts_at - timedelta(days=1, minutes=rng.randrange(4000))
            if is_over
            else now - timedelta(minutes=rng.randrange(5, 600))
        )
        registration = _registration(activity, Group(facts["group"]), registered_at, rng)
        if not is_over and number % 3 == 0:
            _leave_address(registration, number)
        session().add(registration)
        session().flush()
        if is_over and number < came:
            for sitting in activity.sessions:
                _admit(registration, sitting, rng)


def _registration(
    activity: Activity, group: Group, registered_at: datetime, rng: Random
) -> Registration:
    name = a_name(rng)
    return Registration(
        activity=activity,
        participant=Participant(
            name=name,
            name_folded=folded(name),
            unit_text=rng.choice(["Tổ dân phố 3", "Tổ dân phố 7", "Xóm Cầu", "Cơ quan", ""]),
            group=group,
            created_at=registered_at,
        ),
        code=secrets.token_urlsafe(16),
        short_code=new_code(),
        standing=Standing.CONFIRMED,
        registered_at=registered_at,
    )


def _leave_address(registration: Registration, number: int) -> None:
    """The person wants the ticket by mail, and every second one a reminder."""
    person = registration.participant
    person.email = f"nguoi-{registration.short_code.lower()}@example.com"
    if number % 2 == 0:
        person.consents.append(notice.consent(notice.REMINDERS, locale="vi", now=person.created_at))


def _admit(registration: Registration, sitting: Sitting, rng: Random) -> None:
    """A steward's scan and the attendance that it proved."""
    at = sitting.starts_at + timedelta(seconds=rng.randrange(-1200, 1200))
    scan = Scan(
        nonce=secrets.token_hex(16),
        request_hash="",
        direction=Direction.ENTRY,
        status=ScanStatus.OK,
        grade=Grade.STAFF_SCAN,
        activity_id=registration.activity_id,
        session_id=sitting.id,
        registration_id=registration.id,
        at=at,
        received_at=at,
        answer={},
    )
    session().add(scan)
    session().flush()
    session().add(
        Attendance(
            activity_id=registration.activity_id,
            session_id=sitting.id,
            participant_id=registration.participant_id,
            scan_id=scan.id,
            grade=Grade.STAFF_SCAN,
            at=at,
        )
    )


def _self_scans(activity: Activity, facts: dict[str, Any], rng: Random) -> None:
    """Most press the button; every third gives a name."""
    sittings = activity.sessions
    for number in range(facts["came"]):
        sitting = sittings[number % len(sittings)]
        at = sitting.starts_at + timedelta(seconds=rng.randrange(5400))
        person = None
        if number % 3 == 0:
            name = a_name(rng)
            person = Participant(
                name=name,
                name_folded=folded(name),
                unit_text="Phường Tích Lương",
                group=Group(facts["group"]),
                created_at=at,
            )
            session().add(person)
            session().flush()
        session().add(
            Attendance(
                activity_id=activity.id,
                session_id=sitting.id,
                participant_id=person.id if person else None,
                pass_id=secrets.token_hex(12),
                grade=Grade.STATIC_SELF_SCAN,
                at=at,
            )
        )


def _tallies(activity: Activity, facts: dict[str, Any]) -> None:
    sittings = activity.sessions
    for number, sitting in enumerate(sittings):
        share = facts["came"] // len(sittings)
        rest = facts["came"] % len(sittings) if number == 0 else 0
        session().add(
            Tally(
                activity_id=activity.id,
                session_id=sitting.id,
                group=Group(facts["group"]),
                count=share + rest,
                grade=Grade.HEADCOUNT,
                note="Người trực đếm tại chỗ",
                at=sitting.ends_at,
            )
        )

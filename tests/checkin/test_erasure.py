"""Names go after the week, counts stay."""

from datetime import timedelta

import pytest

from checkin.erasure import KEPT, erase
from checkin.models import Attendance, Grade, Participant
from core import clock
from core.database import reading, transaction
from notifications import jobs
from notifications.presence import Presence
from reports.figures import figures
from tests.factories import (
    OPENING_DAY,
    a_campaign,
    a_participant,
    a_plan,
    a_registration,
    an_activity,
)

WEEK_ENDS = OPENING_DAY + timedelta(days=6)
LONG_AFTER = clock.at(WEEK_ENDS, 12) + KEPT + timedelta(days=1)


@pytest.fixture
def plan(given):
    """A week in which one person came to two activities and another to one."""
    plan = a_plan(campaign=a_campaign(2027))
    talk, fair = an_activity(plan=plan), an_activity(plan=plan)
    same = {"name": "Trần Thị Thử", "email": "thu@example.com"}
    people = [
        a_participant(phone="0900000000", unit_text="Tổ 3", **same),
        a_participant(**same),
        a_participant("Lê Văn Mẫu"),
        a_participant(None),
    ]
    given(talk, fair, *people, a_registration(activity=talk, participant=people[0]))
    given(
        *(
            Attendance(
                activity_id=activity.id,
                session_id=activity.sessions[0].id,
                participant_id=person.id,
                grade=Grade.STAFF_SCAN,
                at=activity.starts_at,
            )
            for activity, person in zip((talk, fair, talk, fair), people, strict=True)
        )
    )
    return plan


def test_erase_leaves_nothing_of_a_person_and_every_count(plan, stored) -> None:
    with reading():
        before = figures(plan.unit, plan.campaign)
    with transaction():
        erased = erase(LONG_AFTER)

    assert erased == 3
    for person in stored(Participant):
        assert (person.name, person.email, person.phone) == (None, None, None)
        assert person.name_folded == person.unit_text == ""
        assert "thu" not in str(person.erased_as)
    with reading():
        assert figures(plan.unit, plan.campaign) == before
    assert (before.luot, before.nguoi) == (4, 2)


def test_erase_waits_until_the_last_week_ended_long_enough_ago(plan, stored) -> None:
    with transaction():
        assert erase(LONG_AFTER - timedelta(days=2)) == 0

    assert stored(Participant)[0].name == "Trần Thị Thử"


def test_erase_does_nothing_the_second_time(plan) -> None:
    with transaction():
        erase(LONG_AFTER)
    with transaction():
        assert erase(LONG_AFTER) == 0


def test_the_clock_erases_names_once_a_day(plan, app, at, stored, tmp_path) -> None:
    at(LONG_AFTER)
    presence = Presence(tmp_path / "alive")
    jobs.tick([], presence, jobs=app.extensions["jobs"])
    presence.leave()

    assert [person.name for person in stored(Participant)] == [None] * 4

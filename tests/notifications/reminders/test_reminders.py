"""Reminders from the desk to the outbox: set up, looked at, switched on, sent, skipped."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from accounts.models import Role, Unit
from checkin import notice
from checkin.models import Participant
from core import clock
from core.database import reading
from events.models import Activity
from notifications import jobs
from notifications.models import Message, MessageState
from notifications.presence import Presence
from notifications.reminders.models import ReminderRule
from notifications.rendering import compose
from tests.factories import (
    OPENING_DAY,
    a_participant,
    a_plan,
    a_registration,
    a_unit,
    an_account,
    an_activity,
    signed_in,
)

WEEK_BEFORE = clock.at(OPENING_DAY - timedelta(days=7), 9)
THREE_DAYS_BEFORE = clock.at(OPENING_DAY - timedelta(days=3), 8)
ANSWERS = {
    "audience": "seat_holders",
    "how": "before",
    "days": "3",
    "at": "08:00",
    "anchor": "start",
    "title_vi": "Sắp tới: {activity}",
    "text_vi": "Kính mời ông/bà {name}.\n\n{activity}, {when}\n{place}\n\nVé: {link}",
    "title_en": "Soon: {activity}",
    "text_en": "Dear {name}, {when}: {link}",
}


def agreeing(**facts: Any) -> Participant:
    """Somebody with an address who agreed to be reminded."""
    person = a_participant(**{"email": "lan@example.com", **facts})
    person.consents = [notice.consent(notice.REMINDERS, locale="vi", now=WEEK_BEFORE)]
    return person


@pytest.fixture
def unit(given: Callable[..., Any], at: Callable[[datetime], None]) -> Unit:
    at(WEEK_BEFORE)
    found: Unit = given(a_unit(code="so", name="Sở Giáo dục"))
    return found


@pytest.fixture
def activity(given: Callable[..., Any], unit: Unit) -> Activity:
    found: Activity = given(
        an_activity(
            plan=a_plan(unit=unit), title="Hội thảo đọc sách", slug="hoi-thao", place="Hội trường A"
        )
    )
    given(a_registration(activity=found, participant=agreeing(), code="VE1"))
    return found


@pytest.fixture
def desk(client: Any, given: Callable[..., Any], unit: Unit) -> Any:
    return signed_in(client, given(an_account((Role.ORGANISER, unit))))


@pytest.fixture
def tick(app: Flask, tmp_path: Any) -> Callable[[], None]:
    def once() -> None:
        occasions = list(app.extensions["occasions"].values())
        here = Presence(tmp_path / "alive")
        try:
            assert jobs.tick(occasions, here, jobs=app.extensions["jobs"])
        finally:
            here.leave()

    return once


def kept(desk: Any, slug: str = "hoi-thao", **answers: str) -> str:
    """The address of a reminder that was just kept."""
    answer = desk.post(f"/desk/activities/{slug}/reminders/new", data=ANSWERS | answers)
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def reminders(rows: list[Message]) -> list[Message]:
    return [row for row in rows if row.occasion == "reminder"]


def test_a_reminder_goes_from_the_desk_to_the_letter(desk, activity, tick, at, stored, app) -> None:
    page = desk.get(kept(desk)).text
    assert "Nguyễn Thị Mẫu" in page
    assert "08 giờ 00 ngày 28/09/2027" in page
    assert "Sắp tới: Hội thảo đọc sách" in page
    assert "Soon: Hội thảo đọc sách" in page

    number = stored(ReminderRule)[0].id
    desk.post(f"/desk/reminders/{number}/on")
    tick()
    assert reminders(stored(Message)) == []
    at(THREE_DAYS_BEFORE + timedelta(seconds=3))
    tick()
    tick()

    (message,) = reminders(stored(Message))
    assert (message.recipient, message.state) == ("lan@example.com", MessageState.QUEUED)
    assert (message.due_at, message.useful_until) == (THREE_DAYS_BEFORE, activity.starts_at)
    occasion = app.extensions["occasions"]["reminder"]
    with reading():
        assert occasion.still_due(message.subject, message.revision, clock.now())
        mail = compose(app, occasion, message)
    assert mail.subject == "Sắp tới: Hội thảo đọc sách"
    assert "Kính mời ông/bà Nguyễn Thị Mẫu." in mail.text
    assert "08 giờ 00 ngày 01/10/2027" in mail.text
    assert "/tickets/VE1" in mail.text

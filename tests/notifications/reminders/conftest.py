"""A unit with an activity in a week, somebody who agreed to be reminded, and the clock."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from accounts.models import Role, Unit
from checkin import notice
from checkin.models import Participant
from core import clock
from events.models import Activity
from notifications import jobs
from notifications.models import Message
from notifications.presence import Presence
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
Reminders = Callable[[], list[Message]]


def agreeing(**facts: Any) -> Participant:
    """Somebody with an address who agreed to be reminded."""
    person = a_participant(**{"email": "lan@example.com", **facts})
    person.consents = [notice.consent(notice.REMINDERS, locale="vi", now=WEEK_BEFORE)]
    return person


@pytest.fixture
def unit(given: Callable[..., Any], at: Callable[[datetime], None]) -> Unit:
    at(WEEK_BEFORE)
    found: Unit = given(a_unit(code="so", name="Sở Giáo dục", email="so@example.com"))
    return found


@pytest.fixture
def activity(given: Callable[..., Any], unit: Unit) -> Activity:
    """From 08:00 to 10:00 on the opening day, with one seat taken."""
    facts = {"title": "Hội thảo đọc sách", "slug": "hoi-thao"}
    found: Activity = given(an_activity(plan=a_plan(unit=unit), **facts))
    given(a_registration(activity=found, participant=agreeing(), code="VE1"))
    return found


@pytest.fixture
def desk(client: Any, given: Callable[..., Any], unit: Unit) -> Any:
    """An organiser of the unit."""
    return signed_in(client, given(an_account((Role.ORGANISER, unit))))


@pytest.fixture
def tick(app: Flask, tmp_path: Path, at: Callable[[datetime], None]) -> Callable[..., None]:
    """One round of the clock at a moment."""

    def once(moment: datetime | None = None) -> None:
        if moment is not None:
            at(moment)
        here = Presence(tmp_path / "alive")
        occasions = [app.extensions["occasions"]["reminder"]]
        try:
            assert jobs.tick(occasions, here, jobs=app.extensions["jobs"][:5])
        finally:
            here.leave()

    return once


@pytest.fixture
def reminders(stored: Callable[[type[Message]], list[Message]]) -> Reminders:
    """What reminders put into the outbox."""
    return lambda: [row for row in stored(Message) if row.occasion == "reminder"]

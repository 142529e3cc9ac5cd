"""An office with two schools below, its clerk, one round of the clock, and what would be said."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from accounts.models import Role, Unit
from core import clock
from core.database import reading
from notifications import jobs
from notifications.models import Message, MessageState
from notifications.presence import Presence
from notifications.rendering import compose
from tests.factories import a_campaign, a_unit, an_account, signed_in

EIGHTH = date(2027, 10, 8)
TOLD = ("chasing_digest", "duties_due_soon", "duties_late")
"""What is looked for here."""


@pytest.fixture
def office(app: Flask, given: Callable[..., Any], at: Callable[[datetime], None]) -> Unit:
    """An office with two schools below: one with people, one with an address alone."""
    at(clock.at(EIGHTH - timedelta(days=1), 9))
    found: Unit = given(a_unit(code="so", name="Sở Giáo dục", email="so@example.com"))
    given(a_campaign())
    school = given(a_unit(parent=found, code="truong", name="Trường A", email="a@example.com"))
    given(a_unit(parent=found, code="thu-vien", name="Thư viện", email="b@example.com"))
    given(an_account((Role.REPORTER, school), (Role.ORGANISER, school), email="lan@example.com"))
    return found


@pytest.fixture
def clerk(client: Any, given: Callable[..., Any], office: Unit) -> Any:
    return signed_in(client, given(an_account((Role.REPORTER, office), full_name="Văn thư")))


@pytest.fixture
def tick(app: Flask, tmp_path: Path, at: Callable[[datetime], None]) -> Callable[..., None]:
    """One round of the clock at a moment: ladders first, then who is to be written to."""

    def once(moment: datetime) -> None:
        at(moment)
        here = Presence(tmp_path / "alive")
        occasions = [app.extensions["occasions"][name] for name in TOLD]
        try:
            assert jobs.tick(occasions, here, jobs=app.extensions["jobs"][:5])
        finally:
            here.leave()

    return once


@pytest.fixture
def letters(stored: Callable[..., Any], app: Flask) -> Callable[[], dict[str, str]]:
    """What would be said to whom now, by recipient; what is not due any more is left out."""

    def look() -> dict[str, str]:
        found = {}
        for row in [row for row in stored(Message) if row.state is MessageState.QUEUED]:
            occasion = app.extensions["occasions"][row.occasion]
            with reading():
                if occasion.still_due(row.subject, row.revision, clock.now()):
                    found[row.recipient] = compose(app, occasion, row).text
        return found

    return look

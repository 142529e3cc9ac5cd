"""To whom checkin writes, when, and not twice."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, render_template
from flask_babel import force_locale

from checkin import notice, services
from checkin.models import Consent, Registration, Standing
from checkin.occasions import OCCASIONS
from checkin.services import Applicant
from core import clock
from core.database import transaction
from events.models import Activity, ActivityState
from tests.factories import LONG_AGO, OPENING_DAY, a_participant, a_registration, an_activity

BY_NAME = {occasion.name: occasion for occasion in OCCASIONS}
EARLY = datetime(2000, 1, 1, tzinfo=clock.VIETNAM)
EVE = clock.at(OPENING_DAY - timedelta(days=1), 18)
MORNING = clock.at(OPENING_DAY - timedelta(days=1), 9)


def heard(session: Any, name: str, now: datetime, since: datetime = EARLY) -> list[sa.Row[Any]]:
    """The rows of an audience."""
    session.flush()
    asked = BY_NAME[name].audience(since, now)
    return [] if asked is None else sorted(session.execute(asked), key=lambda row: int(row.subject))


def someone(activity: Activity, *, agrees: bool = True, **facts: Any) -> Registration:
    """A registration with an address."""
    facts.setdefault("participant", a_participant(email="lan@example.com"))
    registration = a_registration(activity=activity, **facts)
    if agrees:
        given = notice.consent(notice.REMINDERS, locale="vi", now=LONG_AGO)
        registration.participant.consents.append(given)
    return registration


def still_due(name: str, row: sa.Row[Any], now: datetime) -> bool:
    return BY_NAME[name].still_due(row.subject, row.revision, now)


def test_a_seat_is_confirmed_at_once(session: Any) -> None:
    activity = an_activity()
    registration = someone(activity)
    session.add_all([registration, a_registration(activity=activity)])

    (row,) = heard(session, "seat_confirmed", MORNING)

    assert tuple(row) == (
        str(registration.id),
        "lan@example.com",
        activity.unit_id,
        0,
        LONG_AGO,
        activity.ends_at,
        "vi",
    )
    assert still_due("seat_confirmed", row, MORNING)


def test_a_letter_that_is_asked_for_again_is_another_one(session: Any) -> None:
    activity = an_activity()
    session.add(someone(activity))
    session.flush()

    services.ask_for_letter(activity, "lan@example.com", now=MORNING)

    (row,) = heard(session, "seat_confirmed", MORNING)
    assert (row.revision, row.due_at) == (1, MORNING)


def test_who_waits_hears_only_when_moving_up(session: Any) -> None:
    activity = an_activity(seats=1)
    first = services.register(
        activity, Applicant("An", email="an@example.com"), form_token="1", now=LONG_AGO
    )
    session.add(activity)
    services.register(
        activity, Applicant("Lan", email="lan@example.com"), form_token="2", now=LONG_AGO
    )
    assert [r.recipient for r in heard(session, "seat_confirmed", MORNING)] == ["an@example.com"]

    services.withdraw(first, now=MORNING)

    (row,) = heard(session, "promoted", MORNING)
    assert (row.recipient, row.due_at) == ("lan@example.com", MORNING)
    assert still_due("promoted", row, MORNING)
    assert heard(session, "seat_confirmed", MORNING) == []


def test_the_reminder_falls_due_at_six_in_the_evening_before(session: Any) -> None:
    activity = an_activity()
    session.add(someone(activity))

    assert heard(session, "see_you_tomorrow", EVE - timedelta(seconds=1)) == []
    (row,) = heard(session, "see_you_tomorrow", EVE)
    assert (row.due_at, row.useful_until, row.revision) == (EVE, activity.starts_at, 20271001)
    assert still_due("see_you_tomorrow", row, EVE)
    assert not still_due("see_you_tomorrow", row, activity.starts_at)
    assert len(heard(session, "see_you_tomorrow", EVE + timedelta(hours=3))) == 1
    assert heard(session, "see_you_tomorrow", EVE + timedelta(hours=3), since=EVE) == []


@pytest.mark.parametrize(
    "facts",
    [
        {"agrees": False},
        {"registered_at": EVE + timedelta(minutes=1)},
        {"standing": Standing.WAITING},
        {"standing": Standing.WITHDRAWN},
    ],
)
def test_who_is_not_reminded(session: Any, facts: dict[str, Any]) -> None:
    session.add(someone(an_activity(), **facts))

    assert heard(session, "see_you_tomorrow", EVE + timedelta(hours=1)) == []


def test_a_reminder_ends_with_the_consent(session: Any) -> None:
    session.add(someone(an_activity()))
    (row,) = heard(session, "see_you_tomorrow", EVE)

    session.scalars(sa.select(Consent)).one().withdrawn_at = EVE
    session.flush()

    assert not still_due("see_you_tomorrow", row, EVE)


def test_a_move_reaches_those_who_knew_another_time(session: Any) -> None:
    activity = an_activity(moved_at=MORNING, revision=2)
    session.add_all(
        [
            someone(activity),
            someone(activity, registered_at=MORNING + timedelta(minutes=1)),
            someone(activity, standing=Standing.WITHDRAWN),
            a_registration(activity=activity),
        ]
    )

    (row,) = heard(session, "moved", EVE)
    assert row.due_at == MORNING
    assert still_due("moved", row, EVE)
    activity.revision = 3
    assert [r.revision for r in heard(session, "moved", EVE)] == [row.revision]
    activity.moved_at = MORNING + timedelta(hours=1)
    session.flush()
    assert not still_due("moved", row, EVE)
    assert heard(session, "moved", EVE)[0].revision != row.revision


def test_a_cancellation_reaches_those_with_a_seat_and_in_line(session: Any) -> None:
    activity = an_activity(state=ActivityState.CANCELLED, cancelled_at=MORNING)
    waiting = someone(
        activity,
        standing=Standing.WAITING,
        participant=a_participant(email="hue@example.com"),
    )
    session.add_all([someone(activity), waiting, a_registration(activity=activity)])

    rows = heard(session, "cancelled", EVE)

    assert [row.recipient for row in rows] == ["lan@example.com", "hue@example.com"]
    assert all(still_due("cancelled", row, EVE) for row in rows)
    for name in ("seat_confirmed", "promoted", "see_you_tomorrow", "moved"):
        assert heard(session, name, EVE) == []


@pytest.mark.parametrize("locale", ["vi", "en"])
@pytest.mark.parametrize("name", list(BY_NAME))
def test_every_letter_is_worded_with_its_files(
    app: Flask, given: Any, name: str, locale: str
) -> None:
    activity = an_activity(title="Tọa đàm <b>{{ 7 * 7 }}", cancelled_reason="Do bão.")
    registration = given(someone(activity, code="ma-ve", short_code="ABCD2345"))

    with transaction():
        letter = BY_NAME[name].compose(str(registration.id), locale)
    with app.test_request_context(), force_locale(locale):
        facts = {**letter.facts, "public_url": "https://tuan.example.vn"}
        subject, text, html = (
            render_template(f"emails/{name}/{part}", **facts)
            for part in ("subject.txt", "text.txt", "html.html")
        )

    assert "Tọa đàm <b>{{ 7 * 7 }}" in subject
    assert "Tọa đàm &lt;b&gt;{{ 7 * 7 }}" in html
    assert "Tọa đàm <b>{{ 7 * 7 }}" in text
    if name == "cancelled":
        assert "Do bão." in text
    elif name != "withdrawn":
        assert "https://tuan.example.vn/tickets/ma-ve" in text
        assert "ABCD-2345" in text

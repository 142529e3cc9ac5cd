"""One sitting a day with the same hours each day."""

from datetime import date, timedelta

import pytest

from core import clock
from events.errors import EndsBeforeItStarts, RunsTooLong
from events.sittings import MOST_DAYS, lay_out, sittings
from tests.factories import an_activity

FIRST, LAST = date(2027, 10, 1), date(2027, 10, 7)


def test_seven_days_are_seven_sittings_at_the_same_hours() -> None:
    found = sittings(clock.at(FIRST, 8), clock.at(LAST, 17))

    assert [(s.starts_at, s.ends_at) for s in found] == [
        (clock.at(day, 8), clock.at(day, 17)) for day in clock.days(FIRST, LAST)
    ]


def test_one_day_is_one_sitting() -> None:
    found = sittings(clock.at(FIRST, 8), clock.at(FIRST, 10, 30))

    assert [(s.starts_at, s.ends_at) for s in found] == [
        (clock.at(FIRST, 8), clock.at(FIRST, 10, 30))
    ]


def test_a_night_belongs_to_the_day_it_begins_on() -> None:
    found = sittings(clock.at(FIRST, 20), clock.at(date(2027, 10, 2), 1))

    assert [(s.starts_at, s.ends_at) for s in found] == [
        (clock.at(FIRST, 20), clock.at(date(2027, 10, 2), 1))
    ]


def test_the_day_is_the_day_on_the_wall_in_vietnam() -> None:
    found = sittings(clock.at(FIRST, 0, 30), clock.at(FIRST, 6))

    assert len(found) == 1


def test_an_end_before_the_start_is_refused() -> None:
    with pytest.raises(EndsBeforeItStarts):
        sittings(clock.at(FIRST, 10), clock.at(FIRST, 10))


def test_more_days_than_anyone_could_keep_are_refused() -> None:
    with pytest.raises(RunsTooLong):
        sittings(clock.at(FIRST, 8), clock.at(FIRST, 9) + timedelta(days=MOST_DAYS))


def test_a_session_whose_day_stays_keeps_its_row() -> None:
    activity = an_activity()
    kept = activity.sessions[0]
    activity.ends_at = clock.at(date(2027, 10, 3), 11)

    lay_out(activity)

    assert activity.sessions[0] is kept
    assert [clock.local(s.ends_at).hour for s in activity.sessions] == [11, 11, 11]

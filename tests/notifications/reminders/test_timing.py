"""When a reminder falls due, as plain arithmetic; and fields that nothing can get out of."""

from datetime import date, timedelta

import pytest

from core import clock
from notifications.reminders import wording
from notifications.reminders.errors import StrayBrace, UnknownField
from notifications.reminders.timing import AFTERWARDS, Offset, Quiet, as_moment, span

DAY = date(2027, 10, 1)
START, END = clock.at(DAY, 8), clock.at(DAY, 10)


@pytest.mark.parametrize(
    ("offset", "expected"),
    [
        (Offset(days=-1), clock.at(date(2027, 9, 30), 8)),
        (Offset(minutes=-120), clock.at(DAY, 6)),
        (Offset(at_minute=8 * 60), clock.at(DAY, 8)),
        (Offset(days=-2, at_minute=17 * 60 + 30), clock.at(date(2027, 9, 29), 17, 30)),
        (Offset(days=1, minutes=60), clock.at(date(2027, 10, 2), 9)),
    ],
)
def test_an_offset_counts_by_the_clock_on_a_wall_in_vietnam(offset, expected) -> None:
    assert offset.from_(START) == expected


def test_a_day_without_an_hour_lasts_until_its_end() -> None:
    assert as_moment(DAY) == clock.at(DAY, 23, 59)
    assert Offset(at_minute=450).from_(as_moment(DAY)) == clock.at(DAY, 7, 30)


@pytest.mark.parametrize(
    ("hour", "minute", "expected"),
    [
        (20, 59, clock.at(DAY, 20, 59)),
        (21, 0, clock.at(DAY + timedelta(days=1), 6)),
        (5, 59, clock.at(DAY, 6)),
        (6, 0, clock.at(DAY, 6)),
    ],
)
def test_quiet_hours_over_midnight_end_in_the_morning(hour, minute, expected) -> None:
    assert Quiet().allowed(clock.at(DAY, hour, minute)) == expected


def test_quiet_hours_at_noon_end_on_the_same_day() -> None:
    assert Quiet(11 * 60, 13 * 60).allowed(clock.at(DAY, 12)) == clock.at(DAY, 13)


def test_a_reminder_is_of_use_until_what_comes_next() -> None:
    assert span(clock.at(DAY, 7), [START, END], Quiet()).useful_until == START
    assert span(clock.at(DAY, 9), [START, END], Quiet()).useful_until == END
    after = clock.at(DAY, 11)
    assert span(after, [START, END], Quiet()).useful_until == after + AFTERWARDS


def test_a_reminder_is_lost_when_quiet_hours_last_until_it_begins() -> None:
    early = [clock.at(DAY, 5, 30)]

    assert span(clock.at(DAY, 5), early, Quiet()).is_lost
    assert not span(clock.at(DAY - timedelta(days=1), 20), early, Quiet()).is_lost


def test_fields_are_filled_in_one_pass() -> None:
    facts = {"activity": "Đọc {when} 100%", "when": "mai"}

    assert wording.filled("{activity}, {when}", facts) == "Đọc {when} 100%, mai"


@pytest.mark.parametrize(
    "text",
    ["{x}", "{activity.title}", "{activity[0]}", "{activity!r}", "{activity:>9}", "{}", "{0}",
     "{ activity }", "{{activity}}", "{Activity}", "{activity", "activity}", "{{7*7}}", "{%x%}"],
)  # fmt: skip
def test_a_brace_is_a_known_field_or_a_refusal(text) -> None:
    with pytest.raises((UnknownField, StrayBrace)):
        wording.check(text, ["activity"])


def test_paragraphs_are_parted_by_blank_lines() -> None:
    assert wording.paragraphs("a\nb\r\n\r\nc\n\n\n d ") == ["a\nb", "c", "d"]

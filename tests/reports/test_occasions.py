"""Units hear that their report is due, and only while it is."""

from datetime import date, timedelta

import pytest
from flask import render_template
from flask_babel import force_locale

from core import clock
from core.database import reading, transaction
from events.models import Deadline
from notifications.planning import queue, unheard
from reports.occasions import OCCASIONS, compose, link, report_due, still_due
from tests.reports.weeks import Week


@pytest.fixture
def week(given):
    return Week(given)


def heard(day: int, hour: int = 8, *, since: int = 1) -> list[tuple[str, int]]:
    with reading() as opened:
        now = clock.at(date(2027, 10, day), hour)
        asked = report_due(now - timedelta(days=since), now)
        rows = [] if asked is None else opened.execute(asked).all()
        return sorted((row[1], clock.local_day(row[4]).day) for row in rows)


def test_units_hear_two_days_before_and_on_the_day(week) -> None:
    assert heard(7) == []
    assert heard(8, hour=7) == []
    assert heard(8) == [("khcn@example.com", 8)]
    assert heard(9) == []
    assert heard(10) == [("khcn@example.com", 10)]


def test_who_reports_to_the_province_has_the_later_deadline(week) -> None:
    assert heard(13) == [("gddt@example.com", 13)]
    assert heard(15) == [("gddt@example.com", 15)]
    assert len(heard(20, since=30)) == 4


def test_who_froze_figures_after_the_week_is_left_in_peace(week) -> None:
    week.snapshot(now=clock.at(date(2027, 10, 8), 0, 30))
    assert heard(10) == []


def test_figures_frozen_during_the_week_are_not_the_report(week) -> None:
    week.snapshot(now=clock.at(date(2027, 10, 7), 23, 30))
    assert heard(10) == [("khcn@example.com", 10)]


def test_a_reminder_is_dropped_when_the_report_is_there_or_the_deadline_moved(week) -> None:
    now = clock.at(date(2027, 10, 10), 8)
    with reading() as opened:
        audience = report_due(now - timedelta(days=1), now)
        assert audience is not None
        row = opened.execute(audience).one()
        assert still_due(row.subject, row.revision, now)
        assert not still_due(row.subject, row.revision + 1, now)
    with transaction() as opened:
        deadline = opened.get_one(Deadline, int(row.subject.split(":")[0]))
        deadline.due_at += timedelta(days=5)
    with reading():
        assert not still_due(row.subject, row.revision, now)
    with transaction() as opened:
        deadline = opened.get_one(Deadline, int(row.subject.split(":")[0]))
        deadline.due_at -= timedelta(days=5)
    week.snapshot()
    with reading():
        assert not still_due(row.subject, row.revision, now)


@pytest.mark.parametrize("locale", ["vi", "en"])
def test_the_letter_says_what_is_due_and_where(week, app, locale) -> None:
    now = clock.at(date(2027, 10, 10), 8)
    with reading() as opened:
        audience = report_due(now - timedelta(days=1), now)
        assert audience is not None
        row = opened.execute(audience).one()
        letter = compose(row.subject, locale)
        assert link(row.subject) == "/office/so-khcn/2027/"
    with app.test_request_context(), force_locale(locale):
        facts = {**letter.facts, "public_url": "https://tuanle.example.vn"}
        parts = [
            render_template(f"emails/report_due/{part}", **facts)
            for part in ("subject.txt", "text.txt", "html.html")
        ]
    assert "10/10/2027" in parts[0]
    for part in parts[1:]:
        assert "https://tuanle.example.vn/office/so-khcn/2027/" in part
        assert "Sở Giáo dục và Đào tạo" in part


def test_the_clock_finds_the_reminder_once(week) -> None:
    now = clock.at(date(2027, 10, 10), 8)
    with transaction():
        found = unheard(OCCASIONS[0], now - timedelta(hours=1), now)
        queue(found)
        assert [(m["recipient"], m["unit_id"]) for m in found] == [
            ("khcn@example.com", week.unit.id)
        ]
    with transaction():
        assert unheard(OCCASIONS[0], now - timedelta(hours=1), now) == []
        assert unheard(OCCASIONS[0], now - timedelta(days=200), now - timedelta(days=100)) == []

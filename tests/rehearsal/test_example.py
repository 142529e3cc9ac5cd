"""The example weeks: one complete, one open, nobody real."""

from datetime import UTC, datetime

import pytest

from accounts.models import Unit
from checkin.models import Attendance, Registration, Tally
from core import clock
from events.models import Activity, ActivityKind, ActivityState, Campaign
from reports.models import Declaration

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


@pytest.fixture
def loaded(app, at):
    at(NOW)
    result = app.test_cli_runner().invoke(args=["rehearsal", "example-weeks"])
    assert result.exit_code == 0, result.output


def test_example_weeks_are_last_october_and_the_next(loaded, stored) -> None:
    assert [campaign.year for campaign in stored(Campaign)] == [2026, 2027]


def test_example_has_about_fifteen_units_and_thirty_activities_a_week(loaded, stored) -> None:
    activities = stored(Activity)

    assert len(stored(Unit)) == 17
    assert len(activities) == 62
    assert {a.kind for a in activities} == set(ActivityKind) - {ActivityKind.OTHER}


def test_example_week_that_is_over_has_figures_of_every_sort(loaded, stored) -> None:
    attendances = stored(Attendance)

    assert all(clock.local_day(a.at).year == 2026 for a in attendances)
    assert len(attendances) > 300
    assert stored(Tally)
    assert stored(Declaration)


def test_example_week_to_come_is_open_for_registration(loaded, stored) -> None:
    coming = {a.id for a in stored(Activity) if clock.local_day(a.starts_at).year == 2027}

    assert any(r.activity_id in coming for r in stored(Registration))
    assert all(a.state is ActivityState.RELEASED for a in stored(Activity) if a.id in coming)


def test_example_is_not_loaded_twice(loaded, app, stored) -> None:
    result = app.test_cli_runner().invoke(args=["rehearsal", "example-weeks", "--if-empty"])

    assert result.exit_code == 0
    assert len(stored(Campaign)) == 2

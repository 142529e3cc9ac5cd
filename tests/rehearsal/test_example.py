"""The example weeks: one complete, one open, nobody real."""

from datetime import UTC, datetime

import pytest

from accounts.models import Unit
from checkin.models import Attendance, Registration, Tally
from core import clock
from events.duties import keeping
from events.duties.models import Chase, Handout, Inspection, Photo
from events.duties.state import DutyState, state_of
from events.models import (
    Activity,
    ActivityKind,
    ActivityState,
    Assignment,
    Campaign,
    Evidence,
    Plan,
)
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


def test_example_week_to_come_has_duties_in_every_state(loaded, stored) -> None:
    coming = {plan.id for plan in stored(Plan) if plan.campaign_id == stored(Campaign)[-1].id}
    duties = [duty for duty in stored(Assignment) if duty.plan_id in coming]

    assert {state_of(duty, clock.local_day(NOW)) for duty in duties} == set(DutyState)
    assert {row.unit_id for row in stored(Handout)} >= {d.unit_id for d in duties if d.told_at}
    assert len(stored(Chase)) == 1
    assert len(stored(Inspection)) == 2


def test_example_shows_what_is_done_by_photos_links_and_counts(loaded, stored) -> None:
    shown = [piece for piece in stored(Evidence) if piece.assignment_id]

    assert any(piece.link and piece.note for piece in shown)
    assert any(piece.count and piece.measure for piece in shown)
    photos = stored(Photo)
    assert len(photos) == 5
    assert all(keeping.get(photo, small=True) for photo in photos)
    assert {(photo.public_since, photo.resembles_id) for photo in photos} == {(None, None)}


def test_example_lists_the_sign_in_of_who_looks_on(loaded, app) -> None:
    said = app.test_cli_runner().invoke(args=["rehearsal", "sign-ins"]).output

    assert "khuyenhoc@example.com" in said
    assert "observer (ubnd-tinh)" in said


def test_example_is_not_loaded_twice(loaded, app, stored) -> None:
    result = app.test_cli_runner().invoke(args=["rehearsal", "example-weeks", "--if-empty"])

    assert result.exit_code == 0
    assert len(stored(Campaign)) == 2

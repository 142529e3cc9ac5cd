"""A move on the timetable taken back: offered once, shown first to whom it matters."""

import re
from datetime import date
from typing import Any

import pytest

from core import clock
from events.models import Activity, ActivityState, Venue
from tests.events.pages import page
from tests.factories import a_plan, a_unit, an_activity

DAY = date(2027, 10, 2)
WAS = {"moved": "mot", "was": "2027-10-02 09:00 2027-10-02 11:00 - Sân trường"}


@pytest.fixture
def moved(plan, given) -> Any:
    """An activity that stood at nine o'clock and stands at two now."""

    def made(**facts: Any) -> Activity:
        hours = {"starts_at": clock.at(DAY, 14), "ends_at": clock.at(DAY, 16)}
        return given(an_activity(plan=plan, slug="mot", place="Sân trường", **(hours | facts)))

    return made


def test_a_draft_is_moved_back_at_one_press(desk, moved, stored) -> None:
    moved(state=ActivityState.DRAFT)
    shown = desk.get("/desk/timetable/", query_string=WAS)

    assert "09 giờ 00" in page(shown)
    answer = desk.post("/desk/activities/mot/move", data=_form_of(page(shown)))

    assert answer.status_code == 302
    assert answer.location == "/desk/timetable/"
    assert stored(Activity)[0].starts_at == clock.at(DAY, 9)


def test_what_people_know_of_is_shown_before_it_is_moved_back(desk, moved, stored) -> None:
    moved()
    form = _form_of(page(desk.get("/desk/activities/mot", query_string=WAS)))

    looked = page(desk.post("/desk/activities/mot/move", data=form))

    assert "whatif-after" in looked
    assert "09 giờ 00" in looked
    assert stored(Activity)[0].starts_at == clock.at(DAY, 14)


@pytest.mark.parametrize(
    "was",
    [
        "2027-10-02 14:00 2027-10-02 16:00 - Sân trường",
        "2027-10-02 09:00",
        "2027-13-02 09:00 2027-10-02 11:00 - x",
        "2027-10-02 aa:00 2027-10-02 11:00 - x",
        "9999-12-31 23:00 9999-12-31 23:30 - x",
        "2027-10-02 09:00 2027-10-02 11:00 -99999999999999999999 x",
        "2027-10-02 09:00 2027-10-02 11:00 9999999 x",
        "\ud800",
    ],
    ids=lambda was: ascii(was)[:50],
)
def test_nothing_is_offered_that_would_change_nothing_or_is_no_time(desk, moved, was: str) -> None:
    moved()
    asked = {"moved": "mot", "was": was.encode("utf-8", "replace").decode()}

    assert "Hoàn tác" not in page(desk.get("/desk/timetable/", query_string=asked))


def test_what_is_called_off_or_foreign_is_not_offered(desk, plan, given) -> None:
    hours = {"starts_at": clock.at(DAY, 14), "ends_at": clock.at(DAY, 16)}
    given(
        an_activity(plan=plan, slug="mot", state=ActivityState.CANCELLED, **hours),
        an_activity(
            plan=a_plan(campaign=plan.campaign, unit=a_unit(code="khac")), slug="hai", **hours
        ),
    )

    for slug in ("mot", "hai", "ba"):
        shown = page(desk.get("/desk/timetable/", query_string={**WAS, "moved": slug}))
        assert "Hoàn tác" not in shown


def test_the_form_comes_back_with_how_it_was(desk, plan, moved, given) -> None:
    hall = given(Venue(name="Hội trường A", unit=plan.unit))
    moved(venue=hall)

    shown = page(desk.get("/desk/activities/mot/move"))

    assert f"was=2027-10-02+14:00+2027-10-02+16:00+{hall.id}+S" in shown


def _form_of(shown: str) -> dict[str, str]:
    """The hidden fields of the form that undoes."""
    form = shown.rsplit("Hoàn tác", 1)[0].rsplit("<form", 1)[1]
    return dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))

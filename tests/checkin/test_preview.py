"""What if I move this: the preview says what the change does, the confirmation does it, once."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from accounts.models import AuditEntry, Role
from app import OCCASIONS
from checkin.models import Attendance, Grade, Registration, Standing
from core import clock, database
from core.database import reading
from events.models import Activity, ActivityKind, ActivityState, Counting, PlanState, Venue
from tests.events.pages import TYPED, page
from tests.factories import (
    LONG_AGO,
    a_campaign,
    a_participant,
    a_plan,
    a_registration,
    a_unit,
    an_account,
    an_activity,
    signed_in,
)

ADDRESS = "/desk/activities/mot"
MOVED = {"first_on": "04/10/2027", "starts": "14:00", "ends": "15:00", "place": "Sân trường"}
ASKING = {"preview": "1"}


@pytest.fixture
def plan(given, at):
    at(LONG_AGO + timedelta(days=9))
    return given(a_plan(campaign=a_campaign(), unit=a_unit(code="tinh"), state=PlanState.RELEASED))


@pytest.fixture
def desk(client, plan, given):
    return signed_in(client, given(an_account((Role.ORGANISER, plan.unit))))


@pytest.fixture
def activity(plan, given):
    """Ten seats; three people with an address and one without hold or await one."""
    found = given(an_activity(plan=plan, slug="mot", title="Một", place="Hội trường", seats=10))
    for number, email in enumerate(["a@example.com", "b@example.com", None, "d@example.com"]):
        given(
            a_registration(
                activity=found,
                participant=a_participant(f"Người {number}", email=email),
                registered_at=LONG_AGO + timedelta(hours=number),
                standing=Standing.WAITING if number == 3 else Standing.CONFIRMED,
            )
        )
    return found


def seen_in(shown: str) -> dict[str, str]:
    """What the page of the preview sends when it is confirmed."""
    form = shown[shown.index('class="whatif-go"') :]
    return dict(re.findall(r'name="([a-z_]+)" value="([^"]*)"', form))


def test_asking_what_a_move_does_changes_nothing(desk, activity, stored) -> None:
    shown = page(desk.post(f"{ADDRESS}/move", data={**MOVED, **ASKING}))

    assert "3 người nhận thư điện tử" in shown
    assert "1 người không để lại địa chỉ thư điện tử" in shown
    assert "Lịch riêng của 4 người" in shown
    for path in ("weeks/2027", "units/tinh", "kinds/talk", "activities/mot"):
        assert f'href="/calendar/{path}.ics"' in shown
    [kept] = stored(Activity)
    assert (kept.starts_at, kept.revision, kept.moved_at) == (activity.starts_at, 0, None)
    assert stored(AuditEntry) == []


def test_the_calendars_that_a_preview_names_are_there(desk, activity) -> None:
    shown = page(desk.post(f"{ADDRESS}/move", data={**MOVED, **ASKING}))

    paths = re.findall(r'href="(/calendar/[^"]*)"', shown)
    assert [desk.get(path).status_code for path in paths] == [200] * 4


def test_one_confirmation_moves_and_tells_those_whom_it_named(desk, activity, stored) -> None:
    shown = page(desk.post(f"{ADDRESS}/move", data={**MOVED, **ASKING, "next": "/desk/timetable/"}))
    response = desk.post(f"{ADDRESS}/move", data=seen_in(shown))

    assert response.location == "/desk/timetable/"
    [kept] = stored(Activity)
    assert (kept.starts_at, kept.place) == (clock.at(date(2027, 10, 4), 14), "Sân trường")
    assert kept.revision == 1
    assert [entry.action for entry in stored(AuditEntry)] == ["activity.moved"]
    assert due("moved") == {"a@example.com", "b@example.com", "d@example.com"}


def test_what_changed_meanwhile_is_shown_once_more(desk, activity, given, stored) -> None:
    shown = page(desk.post(f"{ADDRESS}/move", data={**MOVED, **ASKING}))
    given(a_registration(activity=activity, participant=a_participant(email="e@example.com")))

    again = page(desk.post(f"{ADDRESS}/move", data=seen_in(shown)))

    assert "Trong lúc đó dữ liệu đã thay đổi" in again
    assert "4 người nhận thư điện tử" in again
    assert stored(Activity)[0].revision == 0
    desk.post(f"{ADDRESS}/move", data=seen_in(again))
    assert stored(Activity)[0].revision == 1


def test_a_stranger_address_to_go_on_to_is_not_followed(desk, activity) -> None:
    foreign = {**MOVED, **ASKING, "next": "https://evil.example/"}
    shown = page(desk.post(f"{ADDRESS}/move", data=foreign))

    assert "evil.example" not in shown[: shown.index('class="whatif-go"')]
    assert desk.post(f"{ADDRESS}/move", data=seen_in(shown)).location == "/"


def test_fewer_seats_name_who_loses_one_and_put_them_into_the_line(
    desk, plan, activity, stored
) -> None:
    fewer = {**TYPED, "title": "Một", "first_on": "01/10/2027", "ends": "10:00", "seats": "1",
             "place": "Hội trường", **ASKING}  # fmt: skip

    shown = page(desk.post(f"{ADDRESS}/edit", data=fewer))

    assert "2 người mất chỗ" in shown
    assert shown.index("Người 2") < shown.index("Người 1")
    assert "Người 0" not in shown
    assert stored(Activity)[0].seats == 10
    kept = {**fewer, "seen": seen_in(shown)["seen"]}
    del kept["preview"]
    assert desk.post(f"{ADDRESS}/edit", data=kept).status_code == 302
    assert stored(Activity)[0].seats == 1
    assert [r.standing.value for r in stored(Registration)] == [
        "confirmed", "waiting", "waiting", "waiting",
    ]  # fmt: skip
    assert due("seat_lost") == {"b@example.com"}


def test_who_lost_a_seat_is_first_to_get_one_again(desk, activity, stored) -> None:
    typed = {**TYPED, "title": "Một", "first_on": "01/10/2027", "ends": "10:00",
             "place": "Hội trường"}  # fmt: skip
    for seats in ("1", "2"):
        shown = page(desk.post(f"{ADDRESS}/edit", data={**typed, "seats": seats, **ASKING}))
        desk.post(f"{ADDRESS}/edit", data={**typed, "seats": seats, "seen": seen_in(shown)["seen"]})

    assert [r.standing.value for r in stored(Registration)] == [
        "confirmed", "confirmed", "waiting", "waiting",
    ]  # fmt: skip
    assert due("promoted") == {"b@example.com"}


def test_fewer_seats_without_a_look_are_refused(desk, activity, stored) -> None:
    response = desk.post(f"{ADDRESS}/edit", data={**TYPED, "seats": "1"})

    assert response.status_code == 409
    assert "Đã có 3 người giữ chỗ" in page(response)
    assert {r.standing for r in stored(Registration)[:3]} == {Standing.CONFIRMED}


def test_an_edit_that_concerns_nobody_is_kept_at_once(desk, activity, stored) -> None:
    same = {**TYPED, "first_on": "01/10/2027", "ends": "10:00", "seats": "10",
            "place": "Hội trường"}  # fmt: skip

    response = desk.post(f"{ADDRESS}/edit", data={**same, "summary": "Khác", **ASKING})

    assert response.status_code == 302
    assert stored(Activity)[0].summary == "Khác"


def test_calling_off_is_shown_first(desk, activity, stored) -> None:
    assert desk.post(f"{ADDRESS}/cancel", data={"reason": " ", **ASKING}).status_code == 400
    shown = page(desk.post(f"{ADDRESS}/cancel", data={"reason": "Mưa bão", **ASKING}))

    assert "Mưa bão" in shown
    assert "3 người nhận thư điện tử" in shown
    assert stored(Activity)[0].state is ActivityState.RELEASED
    desk.post(f"{ADDRESS}/cancel", data=seen_in(shown))
    assert stored(Activity)[0].state is ActivityState.CANCELLED
    assert stored(Activity)[0].cancelled_reason == "Mưa bão"


def test_conflicts_that_appear_and_go_are_told(desk, plan, given) -> None:
    hall, yard = Venue(name="Hội trường A", unit=plan.unit), Venue(name="Sân B", unit=plan.unit)
    given(hall, yard)
    given(
        an_activity(plan=plan, slug="mot", title="Một", venue=hall),
        an_activity(plan=plan, title="Ở hội trường", venue=hall),
        an_activity(
            plan=plan, title="Ở sân", venue=yard, starts_at=clock.at(date(2027, 10, 4), 14)
        ),
    )

    shown = page(desk.post(f"{ADDRESS}/move", data={**MOVED, **ASKING, "venue": str(yard.id)}))

    appear, go = shown.index("Phát sinh:"), shown.index("Được giải quyết:")
    assert appear < shown.index("cùng giờ với “Ở sân”") < go < shown.index("Ở hội trường", go)


def test_open_doors_and_recorded_people_are_told(desk, activity, given, at) -> None:
    at(activity.starts_at + timedelta(minutes=5))
    sitting = activity.sessions[0].id
    given(
        Attendance(
            activity_id=activity.id, session_id=sitting, pass_id="x",
            grade=Grade.STATIC_SELF_SCAN, at=activity.starts_at,
        )
    )  # fmt: skip
    later = {**MOVED, "first_on": "01/10/2027", "starts": "09:00", "ends": "11:00"}

    shown = page(desk.post(f"{ADDRESS}/move", data={**later, **ASKING}))
    refused = desk.post(f"{ADDRESS}/move", data={**MOVED, **ASKING})

    assert "Cửa đang mở" in shown
    assert "Đã ghi nhận 1 lượt tham dự" in shown
    assert refused.status_code == 409
    assert "Đã có người được ghi nhận" in page(refused)


def test_a_draft_moves_and_concerns_nobody(desk, plan, given, stored) -> None:
    given(an_activity(plan=plan, slug="mot", state=ActivityState.DRAFT))

    shown = page(desk.post(f"{ADDRESS}/move", data={**MOVED, **ASKING}))
    desk.post(f"{ADDRESS}/move", data=seen_in(shown))

    assert "Không ai" in shown
    [kept] = stored(Activity)
    assert (kept.starts_at, kept.revision) == (clock.at(date(2027, 10, 4), 14), 0)


def test_a_banner_stands_in_no_calendar_but_its_own(desk, plan, given) -> None:
    given(
        an_activity(
            plan=plan, slug="mot", kind=ActivityKind.BANNER, counting=Counting.EVIDENCE, place="Sở"
        )
    )

    shown = page(desk.post(f"{ADDRESS}/move", data={**MOVED, **ASKING}))

    assert re.findall(r'href="/calendar/([^"]*)"', shown) == ["activities/mot.ics"]


@pytest.mark.parametrize("step", ["move", "edit"])
def test_a_wrong_field_comes_back_with_its_reason(desk, activity, step: str) -> None:
    response = desk.post(f"{ADDRESS}/{step}", data={**TYPED, "ends": "07:00", **ASKING})

    assert response.status_code == 400
    assert "Thời điểm kết thúc phải sau thời điểm bắt đầu." in page(response)


def test_what_is_over_is_refused_beside_the_form(desk, activity, at) -> None:
    at(activity.ends_at + timedelta(minutes=1))

    response = desk.post(f"{ADDRESS}/move", data={**MOVED, **ASKING})

    assert response.status_code == 409
    assert "đã kết thúc" in page(response)


def test_the_questions_of_a_preview_do_not_grow(desk, plan, given, activity) -> None:
    def asked() -> int:
        seen: list[str] = []
        hear: Any = lambda *facts: seen.append(facts[2])  # noqa: E731
        here = database.database()
        for engine in {here.writer, here.reader}:
            sa.event.listen(engine, "before_cursor_execute", hear)
        try:
            assert desk.post(f"{ADDRESS}/move", data={**MOVED, **ASKING}).status_code == 200
        finally:
            for engine in {here.writer, here.reader}:
                sa.event.remove(engine, "before_cursor_execute", hear)
        return len(seen)

    asked()
    few = asked()
    given(*(an_activity(plan=plan, place=f"Nơi {n}") for n in range(60)))
    given(*(a_registration(activity=activity) for _ in range(60)))

    assert asked() == few


def due(occasion: str) -> set[str]:
    """The addresses to which the clock would write for an occasion by now."""
    [found] = [one for one in OCCASIONS if one.name == occasion]
    with reading() as opened:
        audience = found.audience(LONG_AGO, clock.now() + timedelta(seconds=1))
        assert audience is not None
        return {row.recipient for row in opened.execute(audience)}

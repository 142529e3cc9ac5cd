"""What a version does before it goes out: shown, confirmed once, told once."""

import re
import threading
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Role, UnitKind
from app import OCCASIONS
from checkin.models import Registration, Standing
from core import clock
from core.database import reading
from events.models import Activity, ActivityState, Assignment, DutyRole, Plan, PlanState, Venue
from events.releases.models import PendingChange, Release
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

SAME = {**TYPED, "title": "Một", "first_on": "01/10/2027", "ends": "10:00", "place": "Hội trường"}
MOVED = {**SAME, "place": "Sân trường"}


@pytest.fixture
def plan(given, at) -> Plan:
    at(LONG_AGO + timedelta(days=9))
    top = a_unit(code="tinh")
    plan = given(a_plan(campaign=a_campaign(), unit=top, released_at=LONG_AGO))
    schools = given(
        a_unit(parent=top, code="truong", short_name="TH Mai", kind=UnitKind.SCHOOL,
               email="mai@example.com"),
        a_unit(parent=top, code="nghe", short_name="TH Lan", kind=UnitKind.SCHOOL),
    )  # fmt: skip
    for unit in schools:
        given(Assignment(plan_id=plan.id, unit_id=unit.id, role=DutyRole.DO, duty="Treo băng rôn"))
    return plan


@pytest.fixture
def staff(plan, given):
    return given(an_account((Role.ORGANISER, plan.unit)))


@pytest.fixture
def desk(client, staff):
    return signed_in(client, staff)


@pytest.fixture
def activity(plan, given) -> Activity:
    """Ten seats; two people with an address and one without."""
    found = given(an_activity(plan=plan, slug="mot", title="Một", place="Hội trường", seats=10))
    for number, email in enumerate(["a@example.com", "b@example.com", None]):
        given(
            a_registration(
                activity=found,
                participant=a_participant(f"Người {number}", email=email),
                registered_at=LONG_AGO + timedelta(hours=number),
            )
        )
    return found


@pytest.fixture
def address(plan, activity, desk, at) -> str:
    """Where the version goes out; the first one did, and a move to another place waits."""
    address = f"/desk/plans/{plan.id}/release"
    desk.post(address)
    at(LONG_AGO + timedelta(days=10))
    desk.post("/desk/activities/mot/draft", data=MOVED | {"seats": "10"})
    return address


def listed(activity: Activity, **more: str) -> dict[str, str]:
    return {"listed": "1", "activity": str(activity.id), "preview": "1", **more}


def seen_in(shown: str) -> dict[str, str]:
    """What the page of the preview sends when it is confirmed."""
    form = shown[shown.index('class="whatif-go"') :]
    return dict(re.findall(r'name="([a-z_]+)" value="([^"]*)"', form))


def due(occasion: str) -> set[str]:
    """The addresses to which the clock would write for an occasion by now."""
    [found] = [one for one in OCCASIONS if one.name == occasion]
    with reading() as opened:
        audience = found.audience(LONG_AGO, clock.now() + timedelta(seconds=1))
        assert audience is not None
        return {row.recipient for row in opened.execute(audience)}


def test_the_preview_says_who_is_written_to_and_changes_nothing(
    desk, plan, activity, address, stored
) -> None:
    shown = page(desk.post(address, data=listed(activity, note="Đổi nơi")))

    assert "2 thư tới người đã đăng ký: đổi thời gian hoặc địa điểm" in shown
    assert "1 người không để lại địa chỉ" in shown
    assert "1 đơn vị có nhiệm vụ" in shown
    assert "1 đơn vị chưa có địa chỉ thư điện tử, cần báo bằng cách khác: TH Lan" in shown
    assert "Lịch riêng của 3 người" in shown
    for path in ("weeks/2027", "units/tinh", "kinds/talk"):
        assert f'href="/calendar/{path}.ics"' in shown
    assert "Sân trường" in shown
    assert "Đổi nơi" in shown
    assert stored(Activity)[0].place == "Hội trường"
    assert [release.number for release in stored(Release)] == [1]
    assert due("moved") == due("new_version") == set()


def test_one_confirmation_releases_and_tells_whom_it_named(desk, activity, address, stored) -> None:
    shown = page(desk.post(address, data=listed(activity, note="Đổi nơi")))
    assert desk.post(address, data=seen_in(shown)).status_code == 302

    assert stored(Activity)[0].place == "Sân trường"
    assert [(one.number, one.note) for one in stored(Release)] == [(1, ""), (2, "Đổi nơi")]
    assert due("moved") == {"a@example.com", "b@example.com"}
    assert due("new_version") == {"mai@example.com"}


def test_the_second_of_two_tabs_makes_no_second_version(desk, activity, address, stored) -> None:
    first = page(desk.post(address, data=listed(activity)))
    second = page(desk.post(address, data=listed(activity)))
    desk.post(address, data=seen_in(first))

    answer = desk.post(address, data=seen_in(second))

    assert answer.status_code == 409
    assert "không có gì thay đổi" in page(answer)
    assert [one.number for one in stored(Release)] == [1, 2]
    assert stored(Activity)[0].revision == 1


def test_what_another_edits_meanwhile_is_shown_once_more(desk, activity, address, stored) -> None:
    shown = page(desk.post(address, data=listed(activity)))
    desk.post("/desk/activities/mot/draft", data=MOVED | {"seats": "10", "place": "Nhà đa năng"})

    again = page(desk.post(address, data=seen_in(shown)))

    assert "Trong lúc đó dữ liệu đã thay đổi" in again
    assert "Nhà đa năng" in again
    assert stored(Activity)[0].place == "Hội trường"
    desk.post(address, data=seen_in(again))
    assert stored(Activity)[0].place == "Nhà đa năng"


def test_who_loses_a_seat_by_the_version_is_named(desk, activity, address, stored) -> None:
    desk.post("/desk/activities/mot/draft", data=SAME | {"seats": "1"})
    assert desk.post(address).status_code == 409

    shown = page(desk.post(address, data=listed(activity)))
    assert "2 người mất chỗ" in shown
    assert shown.index("Người 2") < shown.index("Người 1")
    assert {one.standing for one in stored(Registration)} == {Standing.CONFIRMED}
    desk.post(address, data=seen_in(shown))

    assert [one.standing.value for one in stored(Registration)] == [
        "confirmed", "waiting", "waiting",
    ]  # fmt: skip
    assert due("seat_lost") == {"b@example.com"}


def test_conflicts_of_the_version_are_told(desk, plan, activity, address, given) -> None:
    hall = given(Venue(name="Hội trường A", unit=plan.unit))
    given(an_activity(plan=plan, title="Ở hội trường", venue=hall))
    desk.post("/desk/activities/mot/draft", data=MOVED | {"seats": "10", "venue": str(hall.id)})

    shown = page(desk.post(address, data=listed(activity)))

    assert shown.index("Phát sinh:") < shown.index("cùng giờ với")


def test_a_first_version_that_concerns_nobody_goes_out_at_once(desk, plan, given, stored) -> None:
    plan = given(a_plan(campaign=plan.campaign, unit=a_unit(parent=plan.unit), state="draft"))
    made = given(an_activity(plan=plan, state=ActivityState.DRAFT, place="Nơi"))

    answer = desk.post(f"/desk/plans/{plan.id}/release", data=listed(made))

    assert answer.status_code == 302
    assert stored(Plan)[-1].state is PlanState.RELEASED


def test_calling_a_plan_off_is_shown_first(desk, plan, activity, stored) -> None:
    address = f"/desk/plans/{plan.id}/cancel"
    wish = {"why": "Bão số 5", "with_activities": "y", "preview": "1"}

    shown = page(desk.post(address, data=wish))
    assert "2 thư tới người đã đăng ký: hoạt động bị hủy" in shown
    assert "3 chỗ và lượt chờ hết hiệu lực" in shown
    assert "1 đơn vị có nhiệm vụ hoặc hoạt động trong kế hoạch" in shown
    assert stored(Plan)[0].state is PlanState.RELEASED
    desk.post(address, data=seen_in(shown))

    assert stored(Plan)[0].cancelled_reason == "Bão số 5"
    assert stored(Activity)[0].state is ActivityState.CANCELLED
    assert due("cancelled") == {"a@example.com", "b@example.com"}
    assert due("plan_called_off") == {"mai@example.com"}
    assert "STATUS:CANCELLED" in desk.get("/calendar/weeks/2027.ics").get_data(as_text=True)


def test_two_who_release_at_once_make_one_version(
    app, staff, desk, activity, address, stored
) -> None:
    answers = _at_once(
        app, staff, [lambda client: client.post(address, data={"note": "Một lần"})] * 2
    )

    assert sorted(answers) == [302, 409]
    assert [one.number for one in stored(Release)] == [1, 2]
    assert stored(Activity)[0].revision == 1


def test_an_edit_beside_a_release_is_neither_lost_nor_let_out_unseen(
    app, staff, desk, activity, address, stored
) -> None:
    draft = MOVED | {"seats": "10", "place": "Nhà đa năng"}
    answers = _at_once(
        app,
        staff,
        [
            lambda client: client.post(address),
            lambda client: client.post("/desk/activities/mot/draft", data=draft),
        ],
    )

    assert answers == [302, 302]
    waiting = [one.changes["place"]["to"] for one in stored(PendingChange)]
    assert [stored(Activity)[0].place, *waiting] in (
        ["Sân trường", "Nhà đa năng"], ["Nhà đa năng"],
    )  # fmt: skip


def _at_once(app: Any, staff: Any, calls: list[Any]) -> list[int]:
    """The answers to calls that begin in the same moment."""
    answers = [0] * len(calls)
    gate = threading.Barrier(len(calls))

    def run(number: int) -> None:
        client = signed_in(app.test_client(), staff)
        gate.wait()
        answers[number] = calls[number](client).status_code

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers

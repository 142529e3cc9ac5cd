"""A plan as of a version: what stood then, what became of it, who may read it."""

from datetime import date, timedelta

import pytest

from core import clock
from events.models import ActivityState, Plan
from events.releases.models import Release
from tests.events.pages import page
from tests.factories import LONG_AGO, an_activity

HERE = "/weeks/2027/changes/tinh"


@pytest.fixture
def released(plan, given, desk, at) -> Plan:
    """Two versions: the second moved one activity and called another off."""
    given(an_activity(plan=plan, slug="hoi-sach", title="Ngày hội sách", place="Nhà văn hóa"))
    given(an_activity(plan=plan, slug="toa-dam", title="Tọa đàm", place="Hội trường"))
    desk.post(f"/desk/plans/{plan.id}/release", data={"note": "Bản đầu"})
    at(LONG_AGO + timedelta(hours=1))
    typed = {"first_on": "02/10/2027", "starts": "14:00", "ends": "15:00", "place": "Sân trường"}
    desk.post("/desk/activities/hoi-sach/move", data=typed)
    desk.post("/desk/activities/toa-dam/cancel", data={"reason": "Bão"})
    desk.post(f"/desk/plans/{plan.id}/release", data={"note": "Bản sau"})
    return plan


def test_an_earlier_version_shows_what_stood_then_and_leads_to_the_current(desk, released) -> None:
    answer = desk.get(f"{HERE}/1")
    shown = page(answer)

    assert "Đây là phiên bản 1 trên 2, ban hành ngày" in shown
    assert 'name="robots" content="noindex"' in shown
    assert "Nhà văn hóa" in shown
    assert "Sân trường" not in shown
    assert "Từ đó đến nay: dời lịch" in shown
    assert "Từ đó đến nay: đã hủy" in shown
    assert f'href="{HERE}/2"' in shown
    assert "Bản đầu" in shown


def test_the_current_version_says_so_and_shows_what_is_called_off(desk, released) -> None:
    shown = page(desk.get(f"{HERE}/2"))

    assert "đang có hiệu lực" in shown
    assert "Từ đó đến nay" not in shown
    assert "Sân trường" in shown
    assert "Lý do: Bão" in shown


def test_a_change_made_at_once_is_marked_on_the_current_version(desk, released, at) -> None:
    at(LONG_AGO + timedelta(hours=2))
    desk.post("/desk/activities/hoi-sach/cancel", data={"reason": "Lũ"})

    assert "Từ đó đến nay: đã hủy" in page(desk.get(f"{HERE}/2"))


def test_what_changed_and_the_feed_lead_to_the_versions(desk, released) -> None:
    assert f'href="{HERE}/1"' in page(desk.get(HERE))
    assert f"{HERE}/2" in desk.get("/weeks/2027/changes.atom").get_data(as_text=True)


def test_a_version_that_is_not_there_is_not_found(desk, plan, given) -> None:
    for number in ("0", "1", "3", "99999999999999999999"):
        assert desk.get(f"{HERE}/{number}").status_code == 404
    assert desk.get("/weeks/2027/changes/x/1").status_code == 404


def test_a_draft_of_a_plan_has_no_public_version(desk, plan, given) -> None:
    given(an_activity(plan=plan, state=ActivityState.DRAFT))

    assert desk.get(f"{HERE}/1").status_code == 404


def test_what_was_taken_out_since_is_read_but_leads_nowhere(desk, released, at) -> None:
    at(LONG_AGO + timedelta(hours=2))
    desk.post("/desk/activities/hoi-sach/take-back")

    shown = page(desk.get(f"{HERE}/1"))

    assert "Từ đó đến nay: rút khỏi chương trình" in shown
    assert 'href="/activities/hoi-sach"' not in shown


def test_a_plan_called_off_says_so_on_every_version(desk, released) -> None:
    desk.post(f"/desk/plans/{released.id}/cancel", data={"why": "Dịch bệnh"})

    assert "Dịch bệnh" in page(desk.get(f"{HERE}/1"))
    for address in (HERE, "/weeks/2027/changes"):
        assert "Dịch bệnh" in page(desk.get(address))
    feed = desk.get("/weeks/2027/changes.atom").get_data(as_text=True)
    assert feed.index("Kế hoạch này đã hủy") < feed.index("Dịch bệnh") < feed.index("phiên bản 2")
    desk.post(f"/desk/plans/{released.id}/resume")
    assert "Dịch bệnh" not in page(desk.get(HERE))


def test_a_very_long_list_of_changes_is_cut_short(desk, plan, given) -> None:
    for number in range(102):
        given(an_activity(plan=plan, title=f"Hoạt động số {number}.", state="draft", place="Nơi"))
    desk.post(f"/desk/plans/{plan.id}/release")

    shown = page(desk.get(HERE))

    assert "Hoạt động số 99." in shown
    assert "Hoạt động số 100." not in shown
    assert "và 2 mục khác" in shown


def test_a_large_version_is_read_day_by_day(desk, plan, given) -> None:
    facts = {
        str(number): {
            "slug": f"so-{number}", "state": "released", "reason": "", "place": "Nơi",
            "title": f"Hoạt động số {number}.", "unit": "Tỉnh", "summary": "",
            "when": [clock.at(date(2027, 10, 1 + number % 3), hour).isoformat() for hour in (8, 9)],
        }
        for number in range(300)
    }  # fmt: skip
    moment = {"released_at": LONG_AGO, "useful_until": LONG_AGO}
    given(Release(plan_id=plan.id, number=1, facts=facts, changes=[], **moment))
    plan.version, plan.state = 1, "released"
    given(plan)

    first, second = page(desk.get(f"{HERE}/1")), page(desk.get(f"{HERE}/1?day=2027-10-02"))

    assert "300 hoạt động trong phiên bản này" in first
    assert "Hoạt động số 3." in first
    assert "Hoạt động số 1." not in first
    assert "Hoạt động số 1." in second
    assert desk.get(f"{HERE}/1?day=x").status_code == 200

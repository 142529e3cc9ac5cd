"""One activity at the desk: forms that keep what was typed, steps that say what they do."""

from datetime import date

import pytest

from accounts.models import AuditEntry
from core import clock
from events.models import Activity, ActivityState, Evidence
from events.slots import slots
from tests.events.pages import TYPED, page
from tests.factories import a_campaign, a_plan, an_activity


def test_an_activity_is_typed_once_and_kept_as_a_draft(desk, stored) -> None:
    response = desk.post("/desk/activities/new", data=TYPED)

    assert response.location == "/desk/activities/toa-dam-ve-sach"
    [activity] = stored(Activity)
    assert (activity.state, activity.seats) == (ActivityState.DRAFT, 50)
    assert activity.starts_at == clock.at(date(2027, 10, 3), 8)
    assert activity.ends_at == clock.at(date(2027, 10, 3), 10, 30)
    assert [entry.action for entry in stored(AuditEntry)] == ["activity.created"]
    assert "Đã lưu" in page(desk.get(response.location))


def test_several_days_become_as_many_sittings(desk, stored) -> None:
    desk.post("/desk/activities/new", data={**TYPED, "last_on": "2027-10-07"})

    [activity] = stored(Activity)
    assert len(activity.sessions) == 5


def test_without_hours_it_takes_whole_days(desk, client, stored) -> None:
    whole = {"starts": "", "ends": "", "last_on": "04/10/2027", "place": "Các phố"}
    desk.post("/desk/activities/new", data={**TYPED, **whole})

    [activity] = stored(Activity)
    assert activity.starts_at == clock.at(date(2027, 10, 3))
    assert activity.ends_at == clock.at(date(2027, 10, 5))
    assert len(activity.sessions) == 2
    asked = page(desk.get(f"/desk/activities/{activity.slug}/edit"))
    assert 'value="04/10/2027"' in asked
    assert 'value="00:00"' not in asked

    desk.post(f"/desk/activities/{activity.slug}/release")

    assert "mỗi ngày cả ngày" not in page(client.get(f"/activities/{activity.slug}"))
    assert "cả ngày" in page(client.get(f"/activities/{activity.slug}"))
    assert "cả ngày" in page(client.get("/weeks/2027/"))


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"starts": ""}, "Giờ bắt đầu còn trống."),
        ({"ends": ""}, "Giờ kết thúc còn trống."),
        ({"title": ""}, "Tên còn trống."),
        ({"title": "a\x00b"}, "ký tự"),
        ({"title": "a" * 301}, "Xin nhập không quá 300 ký tự."),
        ({"kind": "party"}, "Xin chọn một trong các mục đã cho."),
        ({"kind": ""}, "Loại hoạt động chưa được chọn."),
        ({"unit": "khac"}, "Xin chọn một trong các mục đã cho."),
        ({"first_on": "31/02/2027"}, "Xin nhập ngày, ví dụ 03/10/2027."),
        ({"first_on": "01/01/0001"}, "Xin nhập ngày, ví dụ 03/10/2027."),
        ({"first_on": "01/01/99999999"}, "Xin nhập ngày, ví dụ 03/10/2027."),
        ({"first_on": ""}, "Ngày bắt đầu còn trống."),
        ({"starts": "25:00"}, "Xin nhập giờ, ví dụ 07:30."),
        ({"ends": "07:00"}, "Thời điểm kết thúc phải sau thời điểm bắt đầu."),
        ({"last_on": "02/10/2027"}, "Thời điểm kết thúc phải sau thời điểm bắt đầu."),
        ({"last_on": "03/10/2028"}, "kéo dài nhiều nhất 92 ngày"),
        ({"seats": "0"}, "Xin nhập một số từ 1 đến 100000."),
        ({"seats": "-5"}, "Xin nhập một số từ 1 đến 100000."),
        ({"seats": "9" * 40}, "Xin nhập một số từ 1 đến 100000."),
        ({"opens_before": "x"}, "Xin nhập một số từ 0 đến 1440."),
        ({"venue": "99"}, "Xin chọn một trong các mục đã cho."),
        ({"themes": ["party"]}, "Xin chọn trong các mục đã cho."),
        ({"format": "party"}, "Xin chọn một trong các mục đã cho."),
        ({"format": "online", "join_link": "javascript:alert(1)"}, "bắt đầu bằng https://"),
        ({"join_link": "https://[x"}, "bắt đầu bằng https://"),
        ({"audience": "units"}, "Xin chọn các đơn vị được mời."),
        ({"counting": ""}, "Xin chọn một trong các mục đã cho."),
    ],
)
def test_a_wrong_field_gets_its_reason_and_what_was_typed_is_kept(
    desk, stored, wrong, reason
) -> None:
    response = desk.post("/desk/activities/new", data={**TYPED, "summary": "Giữ lại", **wrong})

    assert response.status_code in {400, 409}
    text = page(response)
    assert reason in text
    assert "Giữ lại" in text
    assert "Nội dung đã nhập vẫn được giữ." in text
    assert stored(Activity) == []


def test_an_edit_that_a_rule_refuses_is_shown_beside_its_field(
    desk, plan, given, monkeypatch
) -> None:
    given(an_activity(plan=plan, slug="mot", seats=50, place="Hội trường"))
    monkeypatch.setattr(slots, "seats_left", lambda ids: dict.fromkeys(ids, 0))

    response = desk.post("/desk/activities/mot/edit", data={**TYPED, "seats": "10"})

    assert response.status_code == 409
    assert "Đã có 50 người giữ chỗ" in page(response)
    assert 'href="#seats"' in page(response)


def test_an_edit_shows_what_is_known_and_keeps_what_is_changed(desk, plan, given, stored) -> None:
    given(an_activity(plan=plan, slug="mot", place="Hội trường", contact="Bà Mẫu"))

    asked = page(desk.get("/desk/activities/mot/edit"))
    desk.post("/desk/activities/mot/edit", data=TYPED)

    assert 'value="01/10/2027"' in asked
    assert 'value="08:00"' in asked
    assert "Bà Mẫu" in asked
    [activity] = stored(Activity)
    assert (activity.title, activity.revision, activity.slug) == ("Tọa đàm về sách", 1, "mot")


def test_release_and_its_undo(desk, plan, given, stored) -> None:
    given(an_activity(plan=plan, slug="mot", state=ActivityState.DRAFT, place="Hội trường"))

    desk.post("/desk/activities/mot/release")
    assert stored(Activity)[0].state is ActivityState.RELEASED
    desk.post("/desk/activities/mot/take-back")

    assert stored(Activity)[0].state is ActivityState.DRAFT
    assert [e.action for e in stored(AuditEntry)] == ["activity.released", "activity.taken_back"]


def test_the_steps_say_what_they_will_do_to_whom(desk, plan, given, monkeypatch) -> None:
    given(an_activity(plan=plan, slug="mot", place="Hội trường"))
    monkeypatch.setattr(slots, "registered", lambda ids: dict.fromkeys(ids, 38))

    shown = page(desk.get("/desk/activities/mot"))

    assert "38 người đã đăng ký" in shown
    assert "Đưa về bản thảo" not in shown
    assert "38 người đã đăng ký" in page(desk.get("/desk/activities/mot/move"))
    assert desk.post("/desk/activities/mot/take-back").status_code == 409


def test_calling_off_needs_a_reason(desk, plan, given, stored) -> None:
    given(an_activity(plan=plan, slug="mot"))

    assert desk.post("/desk/activities/mot/cancel", data={"reason": " "}).status_code == 400
    assert stored(Activity)[0].state is ActivityState.RELEASED
    desk.post("/desk/activities/mot/cancel", data={"reason": "Mưa bão"})

    assert stored(Activity)[0].state is ActivityState.CANCELLED


def test_moving_tells_when_it_was(desk, plan, given, stored) -> None:
    given(an_activity(plan=plan, slug="mot", place="Hội trường"))
    typed = {"first_on": "04/10/2027", "starts": "14:00", "ends": "15:00", "place": "Sân trường"}

    assert desk.post("/desk/activities/mot/move", data={**typed, "ends": "1"}).status_code == 400
    desk.post("/desk/activities/mot/move", data=typed)

    [activity] = stored(Activity)
    assert (activity.starts_at, activity.place) == (clock.at(date(2027, 10, 4), 14), "Sân trường")
    assert [e.action for e in stored(AuditEntry)] == ["activity.moved"]


def test_a_copy_is_a_draft(desk, plan, given, stored) -> None:
    given(an_activity(plan=plan, slug="mot", title="Một"))

    response = desk.post("/desk/activities/mot/copy")

    assert response.location == "/desk/activities/mot-2027/edit"
    assert [a.state for a in stored(Activity)] == [ActivityState.RELEASED, ActivityState.DRAFT]


def test_evidence_comes_and_goes(desk, plan, given, stored) -> None:
    given(an_activity(plan=plan, slug="mot"))
    address = "/desk/activities/mot/evidence"

    assert desk.post(address, data={"note": "", "link": "x"}).status_code == 400
    desk.post(address, data={"note": "Bài viết", "link": "https://a.vn/1", "number": "3"})
    [shown] = stored(Evidence)
    assert (shown.note, shown.link, shown.count) == ("Bài viết", "https://a.vn/1", 3)
    assert "https://a.vn/1" in page(desk.get("/desk/activities/mot"))
    desk.post(f"{address}/{shown.id}/remove")

    assert stored(Evidence) == []
    assert desk.post(f"{address}/{shown.id}/remove").status_code == 404


def test_other_units_activities_are_not_there(desk, given) -> None:
    foreign = given(an_activity(plan=a_plan(campaign=a_campaign(2028)), slug="la"))

    assert desk.get("/desk/activities/la").status_code == 404
    assert desk.post("/desk/activities/la/release").status_code == 404
    assert foreign.title not in page(desk.get("/desk/activities?year=2028"))

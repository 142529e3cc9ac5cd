"""The organisers' desk: forms that keep what was typed, steps that say what they do."""

import csv
import io
import re
from datetime import date
from html import unescape

import pytest

from accounts.models import AuditEntry, Role
from core import clock
from events.models import (
    Activity,
    ActivityState,
    Assignment,
    Campaign,
    CampaignKind,
    DutyRole,
    Evidence,
    Plan,
    PlanState,
    Venue,
)
from events.slots import slots
from tests.factories import (
    LONG_AGO,
    OPENING_DAY,
    a_campaign,
    a_plan,
    a_unit,
    an_account,
    an_activity,
    signed_in,
)

TYPED = {
    "title": "Tọa đàm về sách",
    "kind": "talk",
    "unit": "tinh",
    "first_on": "03/10/2027",
    "starts": "08:00",
    "ends": "10:30",
    "place": "Hội trường A",
    "format": "in_person",
    "audience": "everyone",
    "counting": "tickets",
    "seats": "50",
    "themes": ["reading_culture"],
}


@pytest.fixture
def plan(given, at):
    at(LONG_AGO)
    return given(a_plan(campaign=a_campaign(), unit=a_unit(code="tinh"), state=PlanState.DRAFT))


@pytest.fixture
def desk(client, plan, given):
    """An organiser of the unit of the plan, signed in."""
    return signed_in(client, given(an_account((Role.ORGANISER, plan.unit))))


@pytest.fixture
def top(client, plan, given):
    """An administrator of the whole tree, signed in."""
    return signed_in(client, given(an_account((Role.ADMIN, plan.unit))))


def page(response) -> str:
    assert response.status_code < 500
    return unescape(response.get_data(as_text=True))


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


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
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
        ({"starts": ""}, "Giờ bắt đầu còn trống."),
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


def test_the_list_is_searched_filtered_and_paged(desk, plan, given) -> None:
    facts = [
        {"title": f"Đọc sách {n:02}", "starts_at": clock.at(OPENING_DAY, 8, n)} for n in range(60)
    ]
    given(*[an_activity(plan=plan, **one) for one in facts])
    given(an_activity(plan=plan, title="Bản thảo", state=ActivityState.DRAFT))

    def listed(query: str) -> list[str]:
        return re.findall(r'desk/activities/[^"]+">([^<]+)</a><br>', page(desk.get(query)))

    first = page(desk.get("/desk/activities"))
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following
    assert len(listed("/desk/activities")) == 50
    assert len(listed(following[1])) == 11
    back = re.search(r'rel="prev" href="([^"]+)"', page(desk.get(following[1])))
    assert back
    assert listed(back[1]) == listed("/desk/activities")
    assert listed("/desk/activities?state=draft") == ["Bản thảo"]
    assert listed("/desk/activities?q=DOC+SACH+07") == ["Đọc sách 07"]
    assert listed("/desk/activities?kind=books") == []


@pytest.mark.parametrize(
    "query", ["state=x", "kind=x", "year=x", "year=99999", "after=x", "before=1-", "q=%00"]
)
def test_a_list_that_cannot_be_is_refused(desk, query) -> None:
    assert desk.get(f"/desk/activities?{query}").status_code in {400, 404}


def test_the_file_has_the_same_rows_and_no_formulas(desk, plan, given) -> None:
    given(an_activity(plan=plan, title="=1+1", contact="@cmd"))

    response = desk.get("/desk/activities.csv")

    rows = list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"))))
    assert rows[0][:3] == ["Tên hoạt động", "Loại hoạt động", "Trạng thái"]
    assert (rows[1][0], rows[1][3], rows[1][7]) == ("'=1+1", "01/10/2027 08:00", "'@cmd")


def test_other_units_activities_are_not_there(desk, given) -> None:
    foreign = given(an_activity(plan=a_plan(campaign=a_campaign(2028)), slug="la"))

    assert desk.get("/desk/activities/la").status_code == 404
    assert desk.post("/desk/activities/la/release").status_code == 404
    assert foreign.title not in page(desk.get("/desk/activities?year=2028"))


def test_home_says_what_to_do_next(desk, plan, given) -> None:
    late = {"role": DutyRole.DO, "duty": "Treo băng rôn", "due_on": date(2027, 8, 1)}
    given(Assignment(plan_id=plan.id, unit_id=plan.unit_id, **late))
    given(an_activity(plan=plan, title="Chờ phát hành", state=ActivityState.DRAFT))

    shown = page(desk.get("/desk/"))

    assert "Chờ phát hành" in shown
    assert "Treo băng rôn" in shown
    assert "hạn ngày 01/08/2027" in shown


def test_the_desk_before_any_week_says_who_sets_it_up(client, given) -> None:
    unit = a_unit()
    admin, organiser = given(an_account((Role.ADMIN, unit)), an_account((Role.ORGANISER, unit)))

    assert "/desk/weeks/new" in page(signed_in(client, admin).get("/desk/"))
    assert "/desk/weeks/new" not in page(signed_in(client, organiser).get("/desk/"))
    assert signed_in(client, organiser).get("/desk/activities").status_code == 200
    assert signed_in(client, organiser).get("/desk/duties").status_code == 200


def test_issuing_the_plan_releases_its_drafts(desk, plan, given, stored) -> None:
    given(an_activity(plan=plan, state=ActivityState.DRAFT, place="Hội trường"))

    assert "1 bản thảo sẽ vào chương trình" in page(desk.get(f"/desk/plans/{plan.id}"))
    desk.post(f"/desk/plans/{plan.id}/release")

    assert stored(Activity)[0].state is ActivityState.RELEASED
    assert stored(Plan)[0].state is PlanState.RELEASED


def test_a_plan_is_begun_once_and_its_document_described(desk, plan, given, stored) -> None:
    school = given(a_unit(parent=plan.unit, code="truong"))
    typed = {"unit": "truong", "title": "Kế hoạch của trường"}

    desk.post("/desk/plans", data=typed)
    assert desk.post("/desk/plans", data=typed).status_code == 409
    begun = stored(Plan)[1]
    assert begun.unit_id == school.id
    desk.post(
        f"/desk/plans/{begun.id}",
        data={"title": "Mới", "document_symbol": "12/KH-THPT", "issued_on": "20/09/2027",
              "bases": "Căn cứ một\n\nCăn cứ hai"},
    )  # fmt: skip

    changed = stored(Plan)[1]
    assert (changed.title, changed.issued_on) == ("Mới", date(2027, 9, 20))
    assert changed.bases == ["Căn cứ một", "Căn cứ hai"]
    assert desk.post(f"/desk/plans/{begun.id}", data={"issued_on": "x"}).status_code == 400


def test_last_year_s_plan_is_taken_over(desk, plan, given, stored) -> None:
    old = given(a_plan(campaign=a_campaign(2026), unit=plan.unit))
    given(an_activity(plan=old, starts_at=clock.at(date(2026, 10, 2), 8), title="Ngày hội"))

    assert "Lấy theo kế hoạch năm 2026" in page(desk.get(f"/desk/plans/{plan.id}"))
    desk.post(f"/desk/plans/{plan.id}/take-over/{old.id}")

    twin = stored(Activity)[1]
    assert (twin.title, twin.plan_id) == ("Ngày hội", plan.id)
    assert twin.starts_at == clock.at(date(2027, 10, 2), 8)


def test_duties_are_assigned_and_done_on_the_board(desk, plan, stored) -> None:
    address = f"/desk/plans/{plan.id}/duties"
    assert desk.post(address, data={"unit": "tinh"}).status_code == 400
    desk.post(
        address,
        data={"unit": "tinh", "role": "do", "duty": "Treo băng rôn", "due_on": "01/08/2027"},
    )
    [duty] = stored(Assignment)

    assert "Quá hạn" in page(desk.get("/desk/duties"))
    for step, shown in [("receive", "Quá hạn"), ("done", "Xong ngày"), ("reopen", "Quá hạn")]:
        desk.post(f"/desk/duties/{duty.id}/{step}")
        assert shown in page(desk.get("/desk/duties"))
    desk.post(f"/desk/duties/{duty.id}/withdraw")
    assert stored(Assignment) == []
    assert desk.post(f"/desk/duties/{duty.id}/party").status_code == 404


WEEK = {
    "year": "2028",
    "title": "Tuần lễ 2028",
    "starts_on": "01/10/2028",
    "ends_on": "07/10/2028",
    "theme": "Văn hóa đọc",
    "unit_report_due": "12/10/2028",
    "unit_report_letter": "Công văn 1",
}


def test_the_week_of_a_year_is_set_up_from_its_letter(top, stored) -> None:
    assert top.post("/desk/weeks/new", data=WEEK).location == "/desk/weeks"
    week = stored(Campaign)[1]

    assert (week.kind, week.theme, week.ends_on) == (
        CampaignKind.WEEK,
        "Văn hóa đọc",
        date(2028, 10, 7),
    )
    assert [d.due_at for d in week.deadlines] == [clock.at(date(2028, 10, 12), 17)]
    assert 'value="12/10/2028"' in page(top.get("/desk/weeks/2028"))
    top.post("/desk/weeks/2028", data={**WEEK, "theme": "Công dân số"})
    assert stored(Campaign)[1].theme == "Công dân số"


@pytest.mark.parametrize(
    "wrong",
    [
        {"year": "2027", "starts_on": "01/10/2027", "ends_on": "07/10/2027"},
        {"ends_on": "30/09/2028"},
        {"ends_on": "30/12/2028"},
        {"year": "x"},
        {"year": "9" * 30},
        {"starts_on": "01/10/2029"},
        {"title": ""},
    ],
)
def test_a_week_that_cannot_be_is_refused(top, stored, wrong) -> None:
    assert top.post("/desk/weeks/new", data={**WEEK, **wrong}).status_code in {400, 409}
    assert len(stored(Campaign)) == 1


def test_venues_are_entered_once_and_chosen(desk, stored) -> None:
    typed = {"name": "Thư viện tỉnh", "address": "29 Hoàng Văn Thụ", "capacity": "150"}
    assert desk.post("/desk/venues/new", data={}).status_code == 400
    desk.post("/desk/venues/new", data={**typed, "unit": "tinh"})
    [venue] = stored(Venue)
    desk.post(f"/desk/venues/{venue.id}", data={**typed, "unit": "tinh", "name": "Thư viện"})

    assert stored(Venue)[0].name == "Thư viện"
    assert "Thư viện" in page(desk.get("/desk/activities/new"))
    desk.post("/desk/activities/new", data={**TYPED, "venue": str(venue.id), "place": ""})
    assert stored(Activity)[0].venue_id == venue.id


def test_english_is_complete_at_the_desk(desk, plan, given) -> None:
    given(an_activity(plan=plan, slug="mot"))
    desk.set_cookie("locale", "en")

    assert "What to do next" in page(desk.get("/desk/"))
    assert "Call off" in page(desk.get("/desk/activities/mot"))

"""The office's pages, for those who report and nobody else."""

import json
from io import BytesIO

import pytest
from docx import Document

from accounts.models import Role
from checkin.models import Attendance
from reports.models import Declaration, Narrative, Snapshot
from tests.factories import an_account, signed_in
from tests.reports.weeks import CUT_OFF, Week

HTMX = {"HX-Request": "true"}


@pytest.fixture
def week(given, at):
    at(CUT_OFF)
    return Week(given).filled()


@pytest.fixture
def reporter(client, week):
    return signed_in(client, week.reporter)


def page(response) -> str:
    assert response.status_code == 200, response.status
    return str(response.get_data(as_text=True))


def test_the_list_shows_units_in_scope_with_their_state(reporter, week) -> None:
    week.snapshot()
    text = page(reporter.get("/office/"))
    assert "Sở Khoa học và Công nghệ" in text
    assert "Trung tâm Thông tin" in text
    assert "Sở Giáo dục và Đào tạo" not in text
    assert "Đã chốt, phiên bản 1" in text
    assert "10/10/2027" in text
    assert "2/30" in text


def test_the_list_finds_without_diacritics(reporter) -> None:
    text = page(reporter.get("/office/?q=trung tam"))
    assert "Trung tâm Thông tin" in text
    assert "Sở Khoa học và Công nghệ" not in text


def test_the_list_without_a_week_says_how_one_comes_about(client, given) -> None:
    from tests.factories import a_unit

    unit = a_unit()
    given(unit)
    account = an_account((Role.REPORTER, unit))
    given(account)
    assert "Chưa có Tuần lễ nào" in page(signed_in(client, account).get("/office/"))


def test_the_report_shows_counted_and_declared_apart(reporter) -> None:
    text = page(reporter.get("/office/so-khcn/2027/"))
    assert "1.127" in text
    assert "trong 2 lượt có họ tên" in text
    assert "Số liệu kê khai, không đếm trên hệ thống" in text
    assert text.count("<svg role") >= 5


def test_a_look_at_the_report_changes_nothing(reporter, stored) -> None:
    reporter.get("/office/so-khcn/2027/")
    assert stored(Snapshot) == []


def test_freezing_leads_to_the_snapshot_and_its_downloads(reporter, stored) -> None:
    response = reporter.post("/office/so-khcn/2027/snapshots")
    (snapshot,) = stored(Snapshot)
    assert response.location == f"/office/snapshots/{snapshot.id}"
    text = page(reporter.get(response.location))
    for kind in ("docx", "xlsx", "csv", "json"):
        assert f"/office/snapshots/{snapshot.id}.{kind}" in text
    assert snapshot.code in text
    assert snapshot.hash in text
    assert "BÁO CÁO" in text
    assert snapshot.account_id is not None


def test_freezing_twice_keeps_one_version(reporter, stored) -> None:
    first = reporter.post("/office/so-khcn/2027/snapshots")
    second = reporter.post("/office/so-khcn/2027/snapshots")
    assert first.location == second.location
    assert len(stored(Snapshot)) == 1


def test_downloads_come_from_the_snapshot_whatever_happened_since(reporter, week, stored) -> None:
    number = week.snapshot().snapshot.id
    week.attended(week.activity("sau-khi-chot"), "Vũ Hoa")

    response = reporter.get(f"/office/snapshots/{number}.json")
    assert json.loads(response.data)["totals"] == {"luot": 1127, "nguoi": 2}
    assert response.headers["Content-Disposition"] == (
        "attachment; filename=bao-cao-so-khcn-2027-v1.json"
    )
    assert "thêm 1 lượt" in page(reporter.get("/office/so-khcn/2027/"))


def test_the_document_says_one_when_one_came(client, given, at) -> None:
    at(CUT_OFF)
    week = Week(given)
    week.attended(week.activity("toa-dam"), "Trần Lan")
    number = week.snapshot().snapshot.id
    response = signed_in(client, week.reporter).get(f"/office/snapshots/{number}.docx")
    whole = "\n".join(p.text for p in Document(BytesIO(response.data)).paragraphs)
    assert "ghi nhận 01 lượt tham dự; trong đó 01 lượt có họ tên, của 01 người" in whole


def test_a_replaced_snapshot_says_so(reporter, week) -> None:
    old = week.snapshot().snapshot
    week.attended(week.activity("them"), "Vũ Hoa")
    new = week.snapshot().snapshot
    text = page(reporter.get(f"/office/snapshots/{old.id}"))
    assert "Phiên bản 2 đã thay thế phiên bản này" in text
    assert f"/office/snapshots/{new.id}" in text


def test_implausible_figures_are_named(reporter, week) -> None:
    week.declare("G9", 500)
    number = week.snapshot().snapshot.id
    text = page(reporter.get(f"/office/snapshots/{number}"))
    assert "vượt 1,5 lần số người của đơn vị (100)" in text
    assert "1/1 đơn vị trực thuộc chưa chốt số liệu: Trung tâm Thông tin" in text


@pytest.mark.parametrize(
    "path",
    [
        "/office/so-gddt/2027/",
        "/office/khong-co/2027/",
        "/office/so-khcn/2031/",
        "/office/so-khcn/99999999999999999999/",
        "/office/figures?unit=so-gddt",
        "/office/snapshots/999",
        "/office/snapshots/99999999999999999999",
        "/office/snapshots/1.exe",
    ],
)
def test_foreign_and_missing_get_the_same_answer(reporter, path) -> None:
    assert reporter.get(path).status_code == 404


def test_a_foreign_snapshot_is_not_there(reporter, week) -> None:
    with_other = week.snapshot("so-gddt").snapshot
    assert reporter.get(f"/office/snapshots/{with_other.id}").status_code == 404
    assert reporter.get(f"/office/snapshots/{with_other.id}.docx").status_code == 404
    assert reporter.post("/office/so-gddt/2027/snapshots").status_code == 404


def test_a_steward_and_a_stranger_stay_outside(client, given, week) -> None:
    assert client.get("/office/").location.startswith("/sign-in")
    steward = an_account((Role.STEWARD, week.unit))
    given(steward)
    assert signed_in(client, steward).get("/office/").status_code == 404


def test_a_figure_is_kept_and_the_fragment_shows_it(reporter, stored) -> None:
    response = reporter.post(
        "/office/figures/so-khcn/2027/B2", data={"value": "1.200"}, headers=HTMX
    )
    text = page(response)
    assert 'id="figure-B2"' in text
    assert "Đã xác nhận lúc 08 giờ 00" in text
    assert "hx-swap-oob" in text
    assert "3/30" in text
    assert stored(Declaration)[-1].value == 1200


def test_a_figure_without_scripts_leads_back_to_its_line(reporter) -> None:
    response = reporter.post("/office/figures/so-khcn/2027/B2", data={"value": "7"})
    assert response.location == "/office/figures?unit=so-khcn&year=2027#figure-B2"


def test_a_change_without_a_reason_keeps_what_was_typed(reporter, stored) -> None:
    before = len(stored(Declaration))
    response = reporter.post("/office/figures/so-khcn/2027/B1", data={"value": "99"})
    text = response.get_data(as_text=True)
    assert response.status_code == 422
    assert 'value="99"' in text
    assert "Đề nghị ghi lý do điều chỉnh" in text
    assert len(stored(Declaration)) == before

    kept = reporter.post(
        "/office/figures/so-khcn/2027/B1", data={"value": "99", "reason": "Đếm lại"}
    )
    assert kept.status_code == 302
    assert stored(Declaration)[-1].reason == "Đếm lại"


@pytest.mark.parametrize("value", ["", "abc", "-1", "1,5", "1" * 19, "9" * 13, "12\x00"])
def test_what_is_no_figure_is_refused_at_its_line(reporter, value) -> None:
    response = reporter.post("/office/figures/so-khcn/2027/B2", data={"value": value})
    assert response.status_code == 422
    assert 'id="figure-B2-error"' in response.get_data(as_text=True)


@pytest.mark.parametrize("code", ["G1", "Z9"])
def test_nobody_declares_what_is_counted(reporter, code) -> None:
    path = f"/office/figures/so-khcn/2027/{code}"
    assert reporter.post(path, data={"value": "5"}).status_code in {404, 409}
    assert reporter.post(path, data={"value": "x"}).status_code == 404


def test_the_page_tells_from_where_a_figure_is_known(client, given, at) -> None:
    at(CUT_OFF)
    week = Week(given)
    from events.models import ActivityKind, Counting, Evidence

    banner = week.activity("bang-ron", kind=ActivityKind.BANNER, counting=Counting.EVIDENCE)
    given(Evidence(activity_id=banner.id, note="Ảnh", count=12, added_at=CUT_OFF))
    text = page(signed_in(client, week.reporter).get("/office/figures?unit=so-khcn&year=2027"))
    assert "12 theo 1 minh chứng" in text
    assert 'value="12"' in text


def test_a_reporter_of_several_units_is_asked_whose(reporter) -> None:
    text = page(reporter.get("/office/figures"))
    assert '<option value="so-khcn" selected>' in text
    assert '<option value="tttt"' in text


def test_a_passage_is_kept(reporter, stored) -> None:
    path = "/office/passages/so-khcn/2027/strengths"
    assert reporter.post(path, data={"text": "Một\r\nHai"}).status_code == 302
    reporter.post(path, data={"text": "Ba"})
    assert [(n.section, n.text) for n in stored(Narrative)] == [("strengths", "Ba")]
    assert reporter.post("/office/passages/so-khcn/2027/x", data={"text": ""}).status_code == 404
    assert reporter.post(path, data={"text": "a" * 8001}).status_code == 422


def test_anyone_may_ask_whether_a_report_is_current(client, week) -> None:
    old = week.snapshot().snapshot
    text = page(client.get(f"/verify/{old.code.lower()}"))
    assert "Đây là phiên bản hiện hành" in text
    assert "1.127" in text
    week.attended(week.activity("them"), "Vũ Hoa")
    week.snapshot()
    text = page(client.get(f"/verify/{old.code}"))
    assert "Phiên bản này đã được thay thế" in text
    assert "Vũ Hoa" not in text
    assert client.get("/verify/XXXX-XXXX-XXXX").status_code == 404


def test_the_pages_are_complete_in_english(reporter, week) -> None:
    number = week.snapshot().snapshot.id
    reporter.set_cookie("locale", "en")
    for path in (
        "/office/",
        "/office/so-khcn/2027/",
        "/office/figures?unit=so-khcn&year=2027",
        f"/office/snapshots/{number}",
    ):
        assert '<html lang="en">' in page(reporter.get(path))
    assert "Banners and slogans" in page(reporter.get("/office/figures?unit=so-khcn&year=2027"))


def test_the_list_takes_the_same_statements_however_many_units(reporter, week, given) -> None:
    import sqlalchemy as sa

    from core.database import database
    from tests.factories import a_unit

    said: list[str] = []
    reader = database().reader
    listener = lambda *a: said.append(a[2])  # noqa: E731
    sa.event.listen(reader, "before_cursor_execute", listener)
    try:
        reporter.get("/office/")
        few = len(said)
        for _number in range(10):
            given(a_unit(parent=week.unit, reports_to=week.unit))
        said.clear()
        reporter.get("/office/")
        assert len(said) == few
    finally:
        sa.event.remove(reader, "before_cursor_execute", listener)


def test_an_attendance_is_never_touched_by_reporting(reporter, stored) -> None:
    before = len(stored(Attendance))
    reporter.post("/office/so-khcn/2027/snapshots")
    assert len(stored(Attendance)) == before

"""The screen of a hall, its posters, and the pages of phones that come back."""

import re
import subprocess
from datetime import timedelta

import pytest
import zxingcpp
from PIL import Image

from accounts.models import Role
from checkin import rotating
from checkin.hall.models import Screen
from checkin.hall.services import INVITATION, recogniser
from checkin.hall.state import pages
from checkin.models import Attendance, Grade, Scan, Tally
from checkin.posters import online_code, poster_code
from core.codes import shown
from core.database import reading
from events.models import ActivityState, Counting, Format
from reports.figures import figures
from tests.factories import DURING, a_registration, an_account, an_activity, signed_in


@pytest.fixture(autouse=True)
def _nothing_is_remembered():
    recogniser.forget()
    pages.forget()


@pytest.fixture
def hall(given, at):
    at(DURING)
    return given(an_activity(title="Lễ khai mạc", counting=Counting.SELF_SCAN))


@pytest.fixture
def steward(app, hall, given):
    return signed_in(app.test_client(), given(an_account((Role.STEWARD, hall.unit))))


def a_code(steward, hall):
    page = steward.post(f"/desk/activities/{hall.id}/screens").text
    return re.findall(r'class="hall-pairing">([A-Z2-9-]+)<', page)[0]


@pytest.fixture
def laptop(app, steward, hall):
    client = app.test_client()
    assert client.post("/hall/", data={"code": a_code(steward, hall).lower()}).status_code == 303
    return client


def press(client, code, **data):
    page = client.get(f"/s/{code}").text
    token = re.findall(r'name="pass" value="([^"]+)"', page)[0]
    return client.post(f"/s/{code}", data={"pass": token, **data})


def test_a_laptop_without_an_account_shows_the_code_of_its_hall(laptop, hall):
    page = laptop.get("/hall/").text
    assert "Lễ khai mạc" in page
    assert shown(rotating.typed_code(hall.id, DURING)) in page
    assert "<svg" in page


def test_a_pairing_code_works_once_and_only_for_a_day(app, steward, hall, at, stored):
    code = a_code(steward, hall)
    assert code.replace("-", "") not in str([vars(row) for row in stored(Screen)])
    late, first, second = (app.test_client() for _ in range(3))
    at(DURING + INVITATION)
    assert late.post("/hall/", data={"code": code}).status_code == 422
    at(DURING)
    assert first.post("/hall/", data={"code": code}).status_code == 303
    assert second.post("/hall/", data={"code": code}).status_code == 422
    assert "Lễ khai mạc" not in second.get("/hall/").text


def test_a_screen_goes_dark_when_it_is_shut_out_ended_or_too_old(laptop, steward, hall, at, stored):
    (screen,) = stored(Screen)
    at(screen.expires_at)
    assert "Lễ khai mạc" not in laptop.get("/hall/").text
    assert laptop.get("/hall/state").status_code == 302
    at(DURING)
    steward.post(f"/desk/activities/{hall.id}/screens/{screen.id}/revocation")
    assert laptop.get("/hall/state").status_code == 302


def test_ending_a_screen_holds_for_whoever_copied_its_cookie(laptop, app):
    token = laptop.get_cookie("hall", path="/hall").value
    laptop.post("/hall/end")
    other = app.test_client()
    other.set_cookie("hall", token, path="/hall")
    assert other.get("/hall/state").status_code == 302


def test_the_screen_counts_along_and_says_when_nothing_is_new(laptop, app, hall, at):
    first = laptop.get("/hall/state")
    assert re.search(r"<strong>0</strong>", first.text)
    same = laptop.get("/hall/state", headers={"If-None-Match": first.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")
    press(app.test_client(), poster_code(hall.id))
    at(DURING + timedelta(seconds=1))
    assert re.search(r"<strong>1</strong>", laptop.get("/hall/state").text)


def test_viewers_of_one_second_do_not_ask_the_database(laptop, asked):
    laptop.get("/hall/state")
    assert asked(lambda: [laptop.get("/hall/state") for _ in range(20)][-1]) == 0


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"starts_at": DURING + timedelta(hours=2)}, "Bắt đầu ghi nhận từ"),
        ({"starts_at": DURING - timedelta(hours=6)}, "Đã hết giờ ghi nhận"),
        ({"state": ActivityState.CANCELLED}, "Hoạt động đã hủy"),
        ({"counting": Counting.TALLY}, "Ban tổ chức đếm"),
        ({"counting": Counting.TICKETS}, "xuất trình vé"),
    ],
)
def test_a_screen_says_why_nothing_is_to_be_scanned(app, given, at, facts, words):
    at(DURING)
    activity = given(an_activity(**{"counting": Counting.SELF_SCAN, **facts}))
    steward = signed_in(app.test_client(), given(an_account((Role.STEWARD, activity.unit))))
    laptop = app.test_client()
    laptop.post("/hall/", data={"code": a_code(steward, activity)})
    page = laptop.get("/hall/state").text
    assert words in page
    assert "<svg" not in page


@pytest.mark.parametrize("size", ["a4", "a3", "a5"])
def test_a_poster_is_read_back_from_the_paper(steward, hall, size, tmp_path):
    answer = steward.get(f"/desk/activities/{hall.id}/poster.pdf?size={size}")
    assert answer.content_type == "application/pdf"
    assert answer.data == steward.get(f"/desk/activities/{hall.id}/poster.pdf?size={size}").data
    (tmp_path / "poster.pdf").write_bytes(answer.data)
    dots = ["pdftoppm", "-r", "100", "-png", "-singlefile", "poster.pdf", "poster"]
    subprocess.run(dots, cwd=tmp_path, check=True)
    (read,) = zxingcpp.read_barcodes(Image.open(tmp_path / "poster.png"))
    corners = read.position
    assert read.text.endswith(f"/s/{poster_code(hall.id)}")
    assert (corners.top_right.x - corners.top_left.x) / 100 * 2.54 >= 5
    words = ["pdftotext", "-layout", "poster.pdf", "-"]
    text = subprocess.run(words, cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    assert shown(poster_code(hall.id)) in text
    assert "Quét mã để ghi nhận tham dự" in text
    assert "Lễ khai mạc" in text


def test_a_poster_is_vietnamese_in_every_weight_and_its_code_stands_free(
    steward, hall, given, tmp_path
):
    marks = "Ặ Ẫ Ễ Ỗ Ữ Ợ ỷ ỹ ẳ ứ đ"
    hall.title, hall.place, hall.unit.name = f"Sách {marks}", f"Nhà {marks}", f"Sở {marks}"
    given(hall, hall.unit)
    for size in ("a4", "a5"):
        file = tmp_path / f"{size}.pdf"
        file.write_bytes(steward.get(f"/desk/activities/{hall.id}/poster.pdf?size={size}").data)
        text = " ".join(told("pdftotext", "-raw", file, "-").split())
        assert [word for word in ("Sách", "Nhà", "Sở") if f"{word} {marks}" not in text] == []
        fonts = [line.split() for line in told("pdffonts", file).splitlines()[2:]]
        assert {name.partition("+")[2] for name, *_rest in fonts} == {
            "Tinos", "Tinos-Bold", "Tinos-Italic",
        }  # fmt: skip
        assert {line[-5] for line in fonts} == {"yes"}
        dots = told("pdftoppm", "-r", "150", "-gray", "-singlefile", file, tmp_path / size)
        picture = Image.open(tmp_path / f"{size}.pgm")
        (read,) = zxingcpp.read_barcodes(picture)
        corners, module = read.position, (read.position.top_right.x - read.position.top_left.x) / 33
        quiet = round(4 * module) - 2
        left, top = corners.top_left.x, corners.top_left.y
        right, bottom = corners.bottom_right.x, corners.bottom_right.y
        for strip in (
            (left - quiet, top - quiet, left - 2, bottom + quiet),
            (right + 3, top - quiet, right + quiet, bottom + quiet),
            (left - quiet, top - quiet, right + quiet, top - 2),
            (left - quiet, bottom + 3, right + quiet, bottom + quiet),
        ):
            assert picture.crop(strip).getextrema() == (255, 255), (size, strip, dots)


def told(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_a_poster_of_a_long_title_stays_on_one_sheet(steward, hall, given):
    hall.title = "Tuần lễ hưởng ứng học tập suốt đời và ngày hội đọc sách " * 4
    given(hall)
    for size in ("a4", "a3", "a5"):
        file = steward.get(f"/desk/activities/{hall.id}/poster.pdf?size={size}").data
        told = subprocess.run(["pdfinfo", "-"], input=file, check=True, capture_output=True).stdout
        assert b"Pages:           1\n" in told


def test_those_who_take_part_online_are_graded_apart(app, given, at, stored):
    at(DURING)
    hybrid = given(an_activity(counting=Counting.SELF_SCAN, format=Format.HYBRID))
    page = app.test_client().get(f"/s/{online_code(hybrid.id)}").text
    assert "Tôi tham dự trực tuyến" in page
    press(app.test_client(), online_code(hybrid.id))
    press(app.test_client(), poster_code(hybrid.id))
    grades = [attendance.grade for attendance in stored(Attendance)]
    assert grades == [Grade.ONLINE_LINK, Grade.STATIC_SELF_SCAN]


def test_the_link_for_afar_is_taken_from_the_desk_waits_and_stands_apart_in_the_report(
    app, given, at, stored
):
    hybrid = given(an_activity(counting=Counting.TICKETS, format=Format.HYBRID))
    steward = signed_in(app.test_client(), given(an_account((Role.STEWARD, hybrid.unit))))
    desk = steward.get(f"/desk/activities/{hybrid.id}/self-scan").text
    (link,) = re.findall(r'value="[^"]+(/s/[^"/]+)"', desk)
    viewer, opens = app.test_client(), DURING - timedelta(minutes=45)
    at(opens - timedelta(minutes=5))
    assert viewer.get(link).headers["Refresh"] == f"301; url={link}"
    at(DURING)
    assert "Tôi tham dự trực tuyến" in viewer.get(link).text
    assert "không ghi nhận bằng mã này" in viewer.get(f"/s/{poster_code(hybrid.id)}").text

    press(viewer, link.removeprefix("/s/"))

    assert "/receipt/" in viewer.get(link).location
    with reading():
        counted = figures(hybrid.unit, hybrid.plan.campaign)
    assert (counted.luot, counted.by_grade) == (1, {"online_link": 1})


def test_who_opened_the_link_and_then_came_counts_as_there(app, given, at, stored):
    at(DURING)
    hybrid = given(an_activity(counting=Counting.SELF_SCAN, format=Format.HYBRID))
    phone = app.test_client()
    phone.get(f"/s/{online_code(hybrid.id)}")
    press(phone, poster_code(hybrid.id))
    assert [a.grade for a in stored(Attendance)] == [Grade.STATIC_SELF_SCAN]


def test_the_link_for_afar_counts_nobody_where_all_are_in_one_room(app, hall, stored):
    assert "không ghi nhận bằng mã này" in app.test_client().get(f"/s/{online_code(hall.id)}").text


def test_a_phone_that_came_yesterday_needs_one_tap(app, hall, given, at, stored):
    phone = app.test_client()
    press(phone, poster_code(hall.id), name="Nguyễn Thị Mẫu", unit="Tổ 3", consent="y")
    at(DURING + timedelta(days=1))
    second = given(
        an_activity(
            plan=hall.plan, counting=Counting.SELF_SCAN, starts_at=DURING + timedelta(days=1)
        )
    )
    page = phone.get(f"/s/{poster_code(second.id)}").text
    assert "Nguyễn Thị Mẫu" in page
    press(phone, poster_code(second.id), who="owner")
    first, again = stored(Attendance)
    assert first.participant_id == again.participant_id is not None
    phone.post(f"/s/{poster_code(second.id)}/forget")
    phone.delete_cookie(f"scan-{second.id}", path="/s/")
    assert "Nguyễn Thị Mẫu" not in phone.get(f"/s/{poster_code(second.id)}").text


def test_one_person_counts_once_at_a_sitting_whichever_phone_they_use(app, hall, given, stored):
    ticket = given(a_registration(activity=an_activity(plan=hall.plan), short_code="ABCD2345"))
    for _ in range(2):
        answer = press(app.test_client(), poster_code(hall.id), ticket="abcd-2345")
        assert answer.status_code == 303
    (attendance,) = stored(Attendance)
    assert attendance.participant_id == ticket.participant_id
    assert len(stored(Scan)) == 2
    wrong = press(app.test_client(), poster_code(hall.id), ticket="ZZZZ-9999")
    assert wrong.status_code == 400
    assert "Không có mã vé này" in wrong.text


def test_who_comes_too_early_waits_on_the_page_and_keeps_the_better_grade(app, hall, at, stored):
    opens = DURING - timedelta(minutes=45)
    at(opens - timedelta(minutes=5))
    phone = app.test_client()
    step = rotating.SCANNED.code(hall.id, opens - timedelta(minutes=5))
    early = phone.get(f"/s/{poster_code(hall.id)}/{step}")
    assert "Bắt đầu ghi nhận từ 07 giờ 30" in early.text
    assert early.headers["Refresh"] == f"301; url=/s/{poster_code(hall.id)}"
    at(opens + timedelta(seconds=1))
    press(phone, poster_code(hall.id))
    assert [a.grade for a in stored(Attendance)] == [Grade.ROTATING_SELF_SCAN]


def test_the_code_of_something_else_leads_to_what_is_on_here(app, hall, given):
    later = given(
        an_activity(
            plan=hall.plan, counting=Counting.SELF_SCAN, starts_at=DURING + timedelta(hours=4)
        )
    )
    page = app.test_client().get(f"/s/{poster_code(later.id)}").text
    assert f'href="/s/{poster_code(hall.id)}"' in page


def test_the_page_of_a_phone_weighs_less_than_100_kilobytes_and_needs_no_script(app, hall):
    client = app.test_client()

    def sent(part, **headers):
        with client.get(part, headers=headers) as answer:
            return answer.data

    address = f"/s/{poster_code(hall.id)}"
    plain = client.get(address).text
    sheets = re.findall(r'(?:href|src)="(/static/[^"]+)"', plain)
    whole = b"".join(sent(sheet) for sheet in sheets)
    fonts = {f"/static/{f.decode()}" for f in re.findall(rb'url\("\.\./(vendor/[^"]+)"\)', whole)}
    parts = [address, *sheets, *fonts]
    assert fonts
    weight = sum(len(sent(part, **{"Accept-Encoding": "gzip"})) for part in parts)
    assert weight <= 100_000
    assert "<script" not in plain


def test_heads_are_counted_on_the_laptop_of_the_hall(app, given, at, stored):
    at(DURING)
    hall = given(an_activity(counting=Counting.TALLY))
    steward = signed_in(app.test_client(), given(an_account((Role.STEWARD, hall.unit))))
    laptop = app.test_client()
    laptop.post("/hall/", data={"code": a_code(steward, hall)})
    assert 'href="/hall/tally"' in laptop.get("/hall/").text
    nonce = re.findall(r'name="nonce" value="([^"]+)"', laptop.get("/hall/tally").text)[0]
    for _ in range(2):
        laptop.post("/hall/tally", data={"press": "learner", "by": "40", "nonce": nonce})
    laptop.post("/hall/tally", data={"press": "", "by": "5"})
    laptop.post("/hall/tally", data={"undo": "1"})
    held = {tally.group: tally.count for tally in stored(Tally)}
    assert held == {"learner": 40, None: 0}
    at(DURING + timedelta(seconds=1))
    assert "<strong>40</strong>" in laptop.get("/hall/state").text


def test_nobody_counts_heads_without_a_hall_or_where_none_are_counted(app, laptop, stored):
    data = {"press": "learner", "by": "40"}
    assert app.test_client().post("/hall/tally", data=data).location == "/hall/"
    assert laptop.post("/hall/tally", data=data).status_code == 404
    assert stored(Tally) == []

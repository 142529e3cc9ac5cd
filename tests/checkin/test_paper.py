"""Sheets that people sign: printed, read back by machine and by hand, counted once."""

import io
import re
import subprocess
import uuid
from datetime import timedelta
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from accounts.models import Role
from checkin.models import Attendance, Consent, Grade, Participant, Scan, ScanStatus, Standing
from checkin.paper.codes import More, Row, Unreadable, read, row_code, sheet_code
from checkin.paper.models import PaperRow, PaperSheet
from checkin.passport.codes import code_of
from core import keys
from core.database import reading
from core.jobs import Job, JobState
from core.jobs_worker import Worker
from events.models import ActivityState, Counting
from reports.figures import figures
from tests.conftest import SECRET
from tests.factories import (
    DURING,
    LONG_AGO,
    a_participant,
    a_registration,
    a_unit,
    an_account,
    an_activity,
    signed_in,
)

ENTER = "/door/paper"
PRINT = "/desk/sign-in-sheets"


@pytest.fixture
def steward(client: Any, given: Any, at: Any) -> Any:
    """Makes an activity, and signs its steward in during it."""

    def prepare(**facts: Any) -> Any:
        at(DURING)
        activity = given(an_activity(**facts))
        signed_in(client, given(an_account((Role.STEWARD, activity.unit))))
        return activity

    return prepare


@pytest.fixture
def a_sheet(given: Any) -> Any:
    """A printed sheet of an activity with rows for these registrations, then blank ones."""

    def prepare(activity: Any, *registrations: Any, rows: int = 10) -> PaperSheet:
        facts = {"session_id": activity.sessions[0].id, "printed_at": LONG_AGO}
        sheet = given(PaperSheet(rows=rows, **facts))
        for number, registration in enumerate(registrations, 1):
            given(PaperRow(sheet_id=sheet.id, number=number, registration_id=registration.id))
        return sheet  # type: ignore[no-any-return]

    return prepare


def entered(client: Any, codes: str, nonce: int = 1) -> str:
    answer = client.post(ENTER, data={"codes": codes, "nonce": str(uuid.UUID(int=nonce))})
    assert answer.status_code == 200, answer.status_code
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def test_codes_are_read_as_people_type_them() -> None:
    keys.configure(SECRET)
    one, other = sheet_code(7), row_code(40_000, 12)

    entries = read(
        f"{one} 1-3, 5\n{row_code(7, 10).lower().replace('0', 'o')}\n{other} 13 14 – 15\n"
        f"9 Nguyễn Văn A; Tổ 5\n+ Trần Thị B; Trường C\n+12\nxyz\n0\n{one[:-1]}!"
    )

    rows = [(e.sheet_id, e.number) for e in entries if isinstance(e, Row)]
    assert rows == [
        (7, 1), (7, 2), (7, 3), (7, 5), (7, 10), (40_000, 12), (40_000, 13), (40_000, 14),
        (40_000, 15), (40_000, 9),
    ]  # fmt: skip
    named = next(e for e in entries if isinstance(e, Row) and e.name)
    assert (named.number, named.name, named.unit) == (9, "Nguyễn Văn A", "Tổ 5")
    assert [(e.count, e.name, e.unit) for e in entries if isinstance(e, More)] == [
        (1, "Trần Thị B", "Trường C"),
        (12, "", ""),
    ]
    assert [e.typed for e in entries if isinstance(e, Unreadable)] == ["xyz", "0", f"{one[:-1]}!"]


def test_a_slip_of_the_finger_is_noticed() -> None:
    keys.configure(SECRET)
    right = row_code(123_456, 17).replace("-", "")
    letters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
    wrong = [
        right[:place] + letter + right[place + 1 :]
        for place in range(len(right))
        for letter in letters
        if letter != right[place]
    ]

    taken = [code for code in wrong if isinstance(read(code)[0], Row)]

    assert len(taken) <= len(wrong) / 100, taken


def test_numbers_without_a_sheet_say_so() -> None:
    assert read("1-3") == [Unreadable("1-3", needs_sheet=True)]


def test_no_flood_of_numbers_is_read_to_its_end() -> None:
    keys.configure(SECRET)

    assert len(read(f"{sheet_code(1)} " + "1-999 " * 5000)) < 6000


def test_what_was_signed_counts_once_as_paper(
    client: Any, steward: Any, given: Any, a_sheet: Any, stored: Any
) -> None:
    activity = steward()
    seats = [given(a_registration(activity=activity)) for _n in range(3)]
    sheet = a_sheet(activity, *seats)

    first = entered(client, f"{sheet_code(sheet.id)} 1, 3")
    again = entered(client, f"{row_code(sheet.id, 3)} {row_code(sheet.id, 2)}", nonce=2)

    assert "2 người đã ghi nhận, 0 dòng đã có từ trước, 0 bị từ chối." in first
    assert "1 người đã ghi nhận, 1 dòng đã có từ trước, 0 bị từ chối." in again
    assert "Đã nhập trước đó, lúc 08:15 01/10/2027. Chỉ tính một lần." in again
    assert {a.participant_id for a in stored(Attendance)} == {s.participant_id for s in seats}
    assert {a.grade for a in stored(Attendance)} == {Grade.PAPER}
    assert all(a.at == activity.starts_at and a.scan_id for a in stored(Attendance))
    with reading():
        counted = figures(activity.unit, activity.plan.campaign)
    assert (counted.luot, counted.by_grade) == (3, {"paper": 3})


def test_who_was_scanned_at_the_door_stays_with_the_better_grade(
    client: Any, steward: Any, given: Any, a_sheet: Any, stored: Any
) -> None:
    activity = steward()
    seat = given(a_registration(activity=activity))
    given(
        Attendance(
            activity_id=activity.id,
            session_id=activity.sessions[0].id,
            participant_id=seat.participant_id,
            grade=Grade.STAFF_SCAN,
            at=DURING,
        )
    )
    sheet = a_sheet(activity, seat)

    page = entered(client, f"{sheet_code(sheet.id)} 1")

    assert "Đã được ghi nhận lúc 08:15 01/10/2027 bằng quét vé. Chỉ tính một lần." in page
    assert [a.grade for a in stored(Attendance)] == [Grade.STAFF_SCAN]
    assert [(s.grade, s.status) for s in stored(Scan)] == [
        (Grade.PAPER, ScanStatus.ALREADY_REDEEMED)
    ]


def test_somebody_on_two_sheets_counts_once(
    client: Any, steward: Any, given: Any, a_sheet: Any, stored: Any
) -> None:
    activity = steward()
    seat = given(a_registration(activity=activity))
    one, two = a_sheet(activity, seat), a_sheet(activity, seat)

    page = entered(client, f"{row_code(one.id, 1)} {row_code(two.id, 1)}")

    assert "1 người đã ghi nhận, 1 dòng đã có từ trước" in page
    assert len(stored(Attendance)) == 1
    assert len(stored(Scan)) == 2


def test_blank_rows_take_a_name_or_nobody_and_a_name_later(
    client: Any, steward: Any, a_sheet: Any, stored: Any
) -> None:
    activity = steward(counting=Counting.SELF_SCAN)
    sheet = a_sheet(activity)
    head = sheet_code(sheet.id)

    entered(client, f"{head} 1 2\n3 Nguyễn Văn A; Tổ dân phố 5")
    later = entered(client, f"{head}\n2 Trần Thị B\n3 Người Khác")

    assert "Đã bổ sung tên" in later
    assert [p.name for p in stored(Participant)] == ["Nguyễn Văn A", "Trần Thị B"]
    assert [p.unit_text for p in stored(Participant)] == ["Tổ dân phố 5", ""]
    assert {c.channel for c in stored(Consent)} == {"paper"}
    assert sorted(bool(a.participant_id) for a in stored(Attendance)) == [False, True, True]


def test_people_without_a_row_are_counted_and_sending_twice_counts_once(
    client: Any, steward: Any, a_sheet: Any, stored: Any
) -> None:
    activity = steward()
    head = sheet_code(a_sheet(activity).id)
    text = f"{head}\n+ Lê Văn C; Trường D\n+5"

    first, again = entered(client, text), entered(client, text)
    entered(client, text, nonce=2)

    assert "6 người đã ghi nhận" in first
    assert "0 người đã ghi nhận, 2 dòng đã có từ trước" in again
    assert len(stored(Attendance)) == 12


def test_each_code_that_is_refused_says_why_and_the_others_count(
    client: Any, steward: Any, given: Any, a_sheet: Any, stored: Any
) -> None:
    activity = steward()
    seat = a_registration(activity=activity)
    left = a_registration(activity=activity, standing=Standing.WITHDRAWN)
    waits = a_registration(activity=activity, standing=Standing.WAITING)
    given(seat, left, waits)
    sheet = a_sheet(activity, seat, left, waits)
    plan = activity.plan
    off = given(an_activity(plan=plan, state=ActivityState.CANCELLED))
    later = given(an_activity(plan=plan, starts_at=DURING + timedelta(hours=3)))
    foreign = given(an_activity(plan=plan, unit=a_unit()))
    others = [row_code(a_sheet(one).id, 1) for one in (off, later, foreign)]

    page = entered(
        client, f"{sheet_code(sheet.id)} 1-3 11\n{' '.join(others)}\nABCDEFGH {row_code(999, 1)}"
    )

    assert "1 người đã ghi nhận, 0 dòng đã có từ trước, 8 bị từ chối." in page
    for reason in (
        "Đăng ký này đã rút.", "Người này không có chỗ.", "Danh sách này có 10 dòng.",
        "Hoạt động này đã hủy.", "Buổi này đến 11:15 01/10/2027 mới bắt đầu.",
        "không thuộc đơn vị", "không phải mã của danh sách",
    ):  # fmt: skip
        assert reason in page, reason
    assert len(stored(Attendance)) == 1


def test_more_rows_ask_no_more_questions(
    client: Any, steward: Any, given: Any, a_sheet: Any, asked: Any
) -> None:
    activity = steward()
    seats = [given(a_registration(activity=activity)) for _n in range(9)]
    sheet = a_sheet(activity, *seats)
    page = f"{PRINT}?activity={activity.id}"
    few = asked(lambda: client.get(page))

    for _time in range(4):
        a_sheet(activity, *seats)

    assert asked(lambda: client.get(page)) == few
    entered(client, f"{sheet_code(sheet.id)} 1-9")


def test_a_printed_sheet_has_names_blank_rows_and_a_head_on_every_page(
    client: Any, steward: Any, given: Any, stored: Any, tmp_path: Any
) -> None:
    activity = steward(title="Lễ khai mạc Tuần lễ", place="Hội trường A")
    for name in ("Trần Bình", "Nguyễn Ẩn Ặc", "Lê Thị Ánh"):
        given(a_registration(activity=activity, participant=a_participant(name)))
    given(a_registration(activity=activity, standing=Standing.WAITING))

    answer = client.post(PRINT, data={"span": "day", "day": "01/10/2027", "blank": "30"})

    assert answer.mimetype == "application/pdf"
    (sheet,) = stored(PaperSheet)
    assert sheet.rows == 33
    pages = _text(answer.data, tmp_path).split("\f")[:-1]
    assert len(pages) >= 2
    for page in pages:
        assert "Lễ khai mạc Tuần lễ" in page
        assert sheet_code(sheet.id) in page
        assert "Họ và tên" in page
    whole = " ".join("".join(pages).split())
    order = [whole.index(name) for name in ("Lê Thị Ánh", "Nguyễn Ẩn Ặc", "Trần Bình")]
    assert order == sorted(order)
    assert all(row_code(sheet.id, row) in whole for row in (1, 17, 33))


def test_a_camera_reads_every_row_of_a_printed_sheet(
    client: Any, steward: Any, stored: Any, tmp_path: Any
) -> None:
    steward()
    answer = client.post(PRINT, data={"span": "week", "day": "28/09/2027", "blank": "15"})
    (sheet,) = stored(PaperSheet)
    (tmp_path / "a.pdf").write_bytes(answer.data)
    made = subprocess.run(
        ["pdftoppm", "-png", "-r", "200", "-f", "1", "-l", "1", tmp_path / "a.pdf"],
        check=True,
        capture_output=True,
    ).stdout

    found = {code.text for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(made)))}

    assert found == {f"P:{row_code(sheet.id, n)}".replace("-", "") for n in range(1, 16)}


def test_too_much_for_one_file_is_refused_and_keeps_nothing(
    client: Any, steward: Any, given: Any, stored: Any
) -> None:
    activity = steward()
    given(*(an_activity(plan=activity.plan) for _n in range(15)))

    answer = client.post(PRINT, data={"span": "week", "day": "01/10/2027", "blank": "200"})

    assert answer.status_code == 409
    assert "3200 dòng" in answer.text.replace(".", "")
    assert stored(PaperSheet) == []


def test_a_long_list_is_made_beside_the_web_and_fetched_when_it_is_ready(
    client: Any, steward: Any, given: Any, app: Any, tmp_path: Any
) -> None:
    activity = steward()
    given(*(an_activity(plan=activity.plan) for _n in range(3)))
    asked = {"span": "day", "day": "01/10/2027", "blank": "100"}

    answer = client.post(PRINT, data=asked)

    page, progress = answer.location, f"{answer.location}/progress"
    assert (answer.status_code, client.get(progress).get_json()["under_way"]) == (303, True)
    assert 'data-progress="' in client.get(page).text
    assert client.get(f"{page}.pdf").status_code == 404
    Worker(app.extensions["works"]).run_all()
    assert client.get(progress).get_json()["under_way"] is False
    assert "Tệp có 400 dòng đã sẵn sàng." in client.get(page).text
    assert page in client.get(PRINT).text
    text = _text(client.get(f"{page}.pdf").data, tmp_path)
    assert all(row_code(sheet, row) in text for sheet in (1, 4) for row in (1, 100))


def test_a_long_list_is_erased_with_the_name_of_somebody_on_it(
    client: Any, steward: Any, given: Any, app: Any, stored: Any
) -> None:
    activity = steward()
    seat = given(a_registration(activity=activity))
    for blank in ("199", "200"):
        given(an_activity(plan=activity.plan, starts_at=DURING + timedelta(days=int(blank) - 198)))
        asked = {"span": "week", "day": "01/10/2027", "blank": blank}
        assert client.post(PRINT, data=asked).status_code == 303
    files = [f"{PRINT}/files/{job.id}" for job in stored(Job)]
    Worker(app.extensions["works"]).run_all()
    client.post(PRINT, data={**asked, "day": "02/10/2027"})

    client.post(f"/passport/{code_of(seat.participant)}/erasure")

    for file in files:
        assert client.get(f"{file}.pdf").status_code == 404
        assert "đề nghị xóa họ tên" in client.get(file).text
    assert [job.state for job in stored(Job)] == [JobState.FAILED] * 2 + [JobState.WAITING]


def test_there_is_nothing_to_sign_where_heads_are_counted(
    client: Any, steward: Any, stored: Any
) -> None:
    steward(counting=Counting.TALLY)

    answer = client.post(PRINT, data={"span": "day", "day": "01/10/2027", "blank": "5"})

    assert answer.status_code == 409
    assert stored(PaperSheet) == []


def _text(pdf: bytes, tmp_path: Any) -> str:
    (tmp_path / "sheets.pdf").write_bytes(pdf)
    told = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "sheets.pdf", "-"], check=True, capture_output=True
    )
    return told.stdout.decode()

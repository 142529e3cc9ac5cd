"""One opening of the poster's code counts once; looking at it records nothing."""

import re
import threading
from datetime import timedelta
from typing import Any

import pytest

from checkin.models import Attendance, Consent, Grade, Participant, Scan, ScanStatus
from checkin.passes import new_pass, read_pass
from checkin.posters import online_code, poster_code, read_code
from core.codes import ALPHABET
from events.models import Activity, ActivityState, Counting, Session
from tests.factories import DURING, an_activity
from tests.questions import heard


@pytest.fixture
def exhibition(app: Any, given: Any, at: Any) -> Activity:
    """An activity whose poster counts now."""
    at(DURING)
    return given(an_activity(title="Triển lãm sách", counting=Counting.SELF_SCAN))  # type: ignore[no-any-return]


def the_pass(page: Any) -> str:
    """What the form of the page carries."""
    found = re.search(r'name="pass" value="([^"]+)"', page.text)
    assert found is not None
    return found[1]


def address(activity: Activity) -> str:
    return f"/s/{poster_code(activity.id)}"


def test_opening_the_code_changes_nothing(app: Any, exhibition: Activity, stored: Any) -> None:
    page = app.test_client().get(address(exhibition))

    assert page.status_code == 200
    assert "Tôi có mặt" in page.text
    assert (stored(Attendance), stored(Scan)) == ([], [])


def test_one_press_counts_one_person(app: Any, exhibition: Activity, stored: Any) -> None:
    client = app.test_client()
    token = the_pass(client.get(address(exhibition)))

    answer = client.post(address(exhibition), data={"pass": token})

    (attendance,) = stored(Attendance)
    (scan,) = stored(Scan)
    assert answer.status_code == 303
    assert (attendance.participant_id, attendance.grade) == (None, Grade.STATIC_SELF_SCAN)
    assert (scan.device_id, scan.status, scan.grade) == (
        None,
        ScanStatus.OK,
        Grade.STATIC_SELF_SCAN,
    )
    assert attendance.scan_id == scan.id
    receipt = client.get(answer.location).text
    assert "Đã ghi nhận tham dự lúc 08 giờ 15" in receipt
    assert "Lượt thứ 1 hôm nay" in receipt


def test_one_opening_counts_once_however_often_sent_or_loaded(
    app: Any, exhibition: Activity, stored: Any
) -> None:
    client = app.test_client()
    token = the_pass(client.get(address(exhibition)))
    assert the_pass(client.get(address(exhibition))) == token

    answers = [client.post(address(exhibition), data={"pass": token}) for _ in range(3)]
    reloaded = client.get(address(exhibition))

    assert len({answer.location for answer in answers}) == 1
    assert reloaded.location == answers[0].location
    assert len(stored(Attendance)) == 1
    assert [s.status for s in stored(Scan)] == [
        ScanStatus.OK,
        ScanStatus.ALREADY_REDEEMED,
        ScanStatus.ALREADY_REDEEMED,
    ]


def test_a_pass_pressed_at_the_same_instant_counts_once(
    app: Any, exhibition: Activity, stored: Any
) -> None:
    token = the_pass(app.test_client().get(address(exhibition)))
    answers: list[int] = []

    def press() -> None:
        answer = app.test_client().post(address(exhibition), data={"pass": token})
        answers.append(answer.status_code)

    threads = [threading.Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [303] * 8
    assert len(stored(Attendance)) == 1
    assert len(stored(Scan)) == 8


def test_a_name_is_kept_only_with_consent(app: Any, exhibition: Activity, stored: Any) -> None:
    for ticked in ({}, {"consent": "y"}):
        client = app.test_client()
        token = the_pass(client.get(address(exhibition)))
        form = {"pass": token, "name": "Nguyễn Văn Mẫu", "unit": "Tổ 3", **ticked}
        client.post(address(exhibition), data=form)

    (person,) = stored(Participant)
    assert (person.name, person.unit_text) == ("Nguyễn Văn Mẫu", "Tổ 3")
    assert [c.purpose for c in stored(Consent)] == ["attendance"]
    assert [a.participant_id for a in stored(Attendance)] == [None, person.id]


def test_companions_are_added_once_for_each_press(
    app: Any, exhibition: Activity, stored: Any
) -> None:
    client = app.test_client()
    token = the_pass(client.get(address(exhibition)))
    receipt = client.post(address(exhibition), data={"pass": token}).location

    for _ in range(2):
        client.post(receipt, data={"already": "0", "more": "2"})
    client.post(receipt, data={"already": "2", "more": "1"})

    base = stored(Attendance)[0].pass_id
    passes = [attendance.pass_id for attendance in stored(Attendance)]
    assert passes == [base, f"{base}+1", f"{base}+2", f"{base}+3"]
    assert "và 3 người đi cùng" in client.get(receipt).text


def test_companions_are_no_more_than_one_phone_may_bring(
    app: Any, exhibition: Activity, stored: Any
) -> None:
    client = app.test_client()
    token = the_pass(client.get(address(exhibition)))
    receipt = client.post(address(exhibition), data={"pass": token}).location

    client.post(receipt, data={"already": "0", "more": "99999"})

    assert len(stored(Attendance)) == 21


def test_an_old_pass_is_offered_a_new_one(
    app: Any, exhibition: Activity, stored: Any, at: Any
) -> None:
    client = app.test_client()
    token = the_pass(client.get(address(exhibition)))
    at(DURING + timedelta(minutes=11))

    answer = client.post(address(exhibition), data={"pass": token, "name": "Lan"})

    assert answer.status_code == 400
    assert "quá 10 phút" in answer.text
    assert 'value="Lan"' in answer.text
    assert the_pass(answer) != token
    assert stored(Attendance) == []


def test_a_pass_of_one_sitting_opens_no_other(app: Any, given: Any, stored: Any, at: Any) -> None:
    fair = an_activity(counting=Counting.SELF_SCAN, ends_at=DURING + timedelta(days=2))
    fair.sessions = [
        Session(starts_at=DURING + timedelta(days=n), ends_at=DURING + timedelta(days=n, hours=2))
        for n in range(2)
    ]
    given(fair)
    at(DURING)
    client = app.test_client()
    token = the_pass(client.get(address(fair)))
    client.post(address(fair), data={"pass": token})

    at(DURING + timedelta(days=1))
    answer = app.test_client().post(address(fair), data={"pass": token})

    assert answer.status_code == 400
    assert "quá 10 phút" in answer.text
    assert len(stored(Attendance)) == 1


def test_an_old_pass_asks_as_often_for_many_sittings_as_for_one(
    app: Any, exhibition: Activity, given: Any, at: Any
) -> None:
    long = an_activity(plan=exhibition.plan, counting=Counting.SELF_SCAN)
    begin = long.starts_at
    long.sessions = [
        Session(starts_at=begin + timedelta(minutes=n), ends_at=long.ends_at) for n in range(5)
    ]
    given(long)
    at(DURING + timedelta(minutes=11))

    questions = []
    for activity in (exhibition, long):
        with heard() as said:
            token = new_pass(activity.id, DURING).token
            app.test_client().post(address(activity), data={"pass": token})
        questions.append(len(said))

    assert questions[1] == questions[0]


def test_a_foreign_pass_counts_nothing_and_is_written_down(
    app: Any, exhibition: Activity, given: Any, stored: Any
) -> None:
    other = given(an_activity(plan=exhibition.plan, counting=Counting.SELF_SCAN))
    foreign = new_pass(other.id, DURING).token

    for token in (foreign, "", "P1.1.x", f"{foreign}x"):
        answer = app.test_client().post(address(exhibition), data={"pass": token})
        assert answer.status_code == 400

    assert stored(Attendance) == []
    assert [s.status for s in stored(Scan)] == [ScanStatus.INVALID] * 4


@pytest.mark.parametrize(
    ("facts", "status", "vietnamese", "english"),
    [
        (
            {"starts_at": DURING + timedelta(hours=3)},
            ScanStatus.TOO_EARLY,
            "Bắt đầu ghi nhận từ 10 giờ 45 ngày 01/10/2027",
            "Recording begins at 10:45 on 01/10/2027",
        ),
        (
            {"starts_at": DURING - timedelta(hours=5)},
            ScanStatus.TOO_LATE,
            "Đã hết giờ ghi nhận",
            "Recording has ended",
        ),
        (
            {"state": ActivityState.CANCELLED},
            ScanStatus.CANCELED,
            "Hoạt động đã hủy",
            "This activity was cancelled",
        ),
        (
            {"counting": Counting.TICKETS},
            ScanStatus.WRONG_ACTIVITY,
            "không ghi nhận bằng mã này",
            "not counted with this code",
        ),
    ],
)
def test_what_cannot_be_counted_says_why_in_both_languages(
    app: Any,
    given: Any,
    stored: Any,
    at: Any,
    facts: dict[str, Any],
    status: ScanStatus,
    vietnamese: str,
    english: str,
) -> None:
    at(DURING)
    activity = given(an_activity(**{"counting": Counting.SELF_SCAN, **facts}))
    client = app.test_client()

    assert vietnamese in client.get(address(activity)).text
    token = new_pass(activity.id, DURING).token
    assert client.post(address(activity), data={"pass": token}).status_code == 409
    client.set_cookie("locale", "en")
    assert english in client.get(address(activity)).text
    assert stored(Attendance) == []
    assert [scan.status for scan in stored(Scan)] == [status]


def test_nobody_waits_before_the_page_for_doors_that_open_another_day(
    app: Any, given: Any, at: Any
) -> None:
    activity = given(an_activity(counting=Counting.SELF_SCAN))
    at(DURING - timedelta(days=3))

    page = app.test_client().get(address(activity))

    assert "Chưa đến giờ ghi nhận" in page.text
    assert "Trang này tự tiếp tục" not in page.text
    assert "Refresh" not in page.headers


def test_unknown_forged_and_draft_codes_are_the_same_404(
    app: Any, exhibition: Activity, given: Any
) -> None:
    draft = given(
        an_activity(plan=exhibition.plan, counting=Counting.SELF_SCAN, state=ActivityState.DRAFT)
    )
    code = poster_code(exhibition.id)
    forged = code[:-1] + next(letter for letter in ALPHABET if letter != code[-1])

    answers = [app.test_client().get(f"/s/{c}") for c in ("ABC", forged, poster_code(draft.id))]

    assert [answer.status_code for answer in answers] == [404] * 3
    said = {answer.text.partition("<main")[2].partition("</main>")[0] for answer in answers}
    assert len(said) == 1


def test_a_typed_code_leads_to_the_button(app: Any, exhibition: Activity) -> None:
    code = poster_code(exhibition.id)
    typed = f" {code[:4]}-{code[4:8]} {code[8:]} ".lower()

    answer = app.test_client().post("/s/", data={"code": typed})

    assert (answer.status_code, answer.location) == (303, f"/s/{code}")
    wrong = app.test_client().post("/s/", data={"code": "sai-mã"})
    assert wrong.status_code == 404
    assert "Không có mã này" in wrong.text


def test_a_receipt_of_nobody_is_not_found(app: Any, exhibition: Activity) -> None:
    assert app.test_client().get(f"{address(exhibition)}/receipt/khong-co").status_code == 404


def test_a_foreign_site_cannot_press_the_button(
    app: Any, exhibition: Activity, stored: Any
) -> None:
    client = app.test_client()
    token = the_pass(client.get(address(exhibition)))

    answer = client.post(
        address(exhibition), data={"pass": token}, headers={"Origin": "https://evil.example"}
    )

    assert answer.status_code == 403
    assert stored(Attendance) == []


def test_poster_codes_are_read_back_letter_for_letter(database_url: str, app: Any) -> None:
    codes = [poster_code(number) for number in (1, 31, 961, 40_000, 10**12)]

    numbers = [1, 31, 961, 40_000, 10**12]
    assert [read_code(code) for code in codes] == [(n, Grade.STATIC_SELF_SCAN) for n in numbers]
    assert read_code(online_code(31)) == (31, Grade.ONLINE_LINK)
    assert all(len(code) >= 12 and set(code) <= set(ALPHABET) for code in codes)
    assert [read_code(f"2{code}") for code in codes] == [None] * 5


def test_a_pass_is_read_only_for_its_activity(app: Any) -> None:
    scan_pass = new_pass(7, DURING)

    assert read_pass(scan_pass.token, 7) == scan_pass
    assert read_pass(scan_pass.token, 8) is None
    assert read_pass(scan_pass.token[:-1], 7) is None
    assert scan_pass.is_fresh(DURING + timedelta(minutes=9))
    assert not scan_pass.is_fresh(DURING + timedelta(minutes=10))

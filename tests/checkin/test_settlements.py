"""The settlement page: every scan once, in the server's order, and how each was settled."""

import csv
import io
import re
import uuid
from datetime import timedelta

import pytest

from accounts.models import Role
from checkin.models import Attendance
from tests.checkin.door_world import TOKEN, Door, a_scanner
from tests.factories import DURING, a_participant, an_account, signed_in


@pytest.fixture
def door(client, given, at):
    made = Door(client, given, at)
    given(a_scanner(made.unit, token="back", name="Cửa sau"))
    return made


@pytest.fixture
def page(door, app):
    organiser = signed_in(app.test_client(), door.given(an_account((Role.ORGANISER, door.unit))))

    def show(kind="", **query):
        path = f"/desk/activities/{door.activity.id}/settlement{kind}"
        answer = organiser.get(path, query_string=query)
        assert answer.status_code == 200
        return answer.get_data(as_text=True)

    return show


def hand_in(door, *scans, token="back", ahead=timedelta(), now=DURING + timedelta(hours=3)):
    body = {"scans": list(scans), "sent_at": (now + ahead).isoformat()}
    headers = {"Authorization": f"Device {token}"}
    return door.client.post("/api/v1/checkin/batch", json=body, headers=headers).get_json()


def queued(secret, at, **facts):
    facts.setdefault("nonce", str(uuid.uuid4()))
    return {"secret": secret, "datetime": at.isoformat(), **facts}


def plain(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def exported(page):
    return list(csv.DictReader(io.StringIO(page(".csv").removeprefix("\ufeff"))))


def test_an_activity_without_scans_says_so(door, page):
    assert "Chưa có lượt quét" in page()
    door.scan(door.ticket())
    assert "Không có gì cần giải thích" in page()


def test_a_ticket_let_in_at_two_doors_is_explained_and_counts_by_the_earlier(door, at, page):
    secret = door.ticket(participant=a_participant("Trần Văn Thử"))
    door.scan(secret)
    at(DURING + timedelta(hours=3))
    ahead = timedelta(hours=5)
    early = queued(secret, DURING - timedelta(minutes=5) + ahead, decision="admitted")
    answers = hand_in(door, early, ahead=ahead)["answers"]
    assert answers[0]["http"] == 201
    text = plain(page())
    assert "Trần Văn Thử" in text
    assert "Tính theo số 2 là lượt sớm nhất." in text
    assert "nhanh 5 giờ 0 phút" in text
    assert "08 giờ 10 ngày 01/10/2027" in text


def test_every_scan_of_every_scanner_stands_in_the_log_once(door, at, page):
    known, other = door.ticket(), door.ticket()
    door.scan(known)
    door.scan(known)
    door.scan("ABCDEF")
    door.scan(known, type="exit")
    at(DURING + timedelta(hours=3))
    made = [
        queued(other, DURING, decision="provisional"),
        queued(other, DURING + timedelta(minutes=2), decision="admitted"),
        queued("ZZZZZZ", DURING, decision="provisional"),
        queued(other, DURING - timedelta(hours=2), decision="refused"),
        queued(door.ticket(), DURING - timedelta(hours=2), decision="admitted"),
    ]
    hand_in(door, *made)
    hand_in(door, *made)
    rows = exported(page)
    assert [row["Kết quả đối soát"] for row in rows] == [
        "Được tính",
        "Đã từ chối",
        "Không tính",
        "Ra ngoài",
        "Được tính",
        "Lượt lặp",
        "Không tính",
        "Không tính",
        "Được tính",
    ]
    assert [row["Số"] for row in rows] == sorted((row["Số"] for row in rows), key=int)
    assert "đã tạm cho vào" in rows[4]["Giải thích"]
    assert "đã được cho vào tại cửa" in rows[6]["Giải thích"]
    assert rows[8]["Giải thích"] == "Ngoài giờ ghi nhận."
    assert {row["Máy quét vé"] for row in rows} == {"Cửa chính", "Cửa sau"}


def test_what_was_taken_back_is_explained_with_its_reason(door, page, stored):
    secret, nonce = door.ticket(), str(uuid.uuid4())
    door.scan(secret, nonce=nonce)
    headers = {"Authorization": f"Device {TOKEN}"}
    body = {"nonce": nonce, "reason": "nhầm người"}
    door.client.post("/api/v1/checkin/annul", json=body, headers=headers)
    assert stored(Attendance) == []
    text = plain(page())
    assert "Đã hủy Bởi số 2: nhầm người" in text
    assert "Hủy lượt Số 1: nhầm người" in text


def test_a_long_log_is_shown_in_parts_and_by_scanner(door, page, monkeypatch):
    monkeypatch.setattr("checkin.settlements.desk.PAGE", 2)
    for _ in range(3):
        door.scan(door.ticket())
    shown = page(all=1)
    assert shown.count('data-label="Kết quả đối soát"') == 2
    assert "after=2" in shown
    assert page(all=1, after=2).count('data-label="Kết quả đối soát"') == 1
    assert page(device=door.scanner.id).count('data-label="Kết quả đối soát"') == 2
    assert 'data-label="Kết quả đối soát"' not in page(device=999)


def test_a_clock_that_was_set_before_the_handing_in_is_explained(door, at, page):
    at(DURING + timedelta(hours=2))
    clock = {"elapsed": 2 * 3_600_000, "ahead": 0}
    sure, unsure = (queued(door.ticket(), DURING, decision="admitted") for _ in range(2))
    back = {"now": DURING + timedelta(hours=2), "ahead": -timedelta(minutes=20)}
    hand_in(door, {**sure, **clock}, {**unsure, "ahead": -3_600_000}, **back)
    text = plain(page())
    assert "chỉ 08 giờ 15 ngày 01/10/2027 và đã được chỉnh lùi 20 phút 0 giây" in text
    assert "chưa chắc lượt quét vào lúc nào" in text
    explained = [row["Giải thích"] for row in exported(page)]
    assert explained[0].endswith("Đồng hồ của máy đã được chỉnh lùi 20 phút 0 giây trước khi gửi.")
    assert exported(page)[0]["Thời điểm quét"] == "01/10/2027 08:15:00"


def test_in_english_one_scan_is_one_scan(door, page, app):
    door.scan(door.ticket())
    organiser = signed_in(app.test_client(), door.given(an_account((Role.ORGANISER, door.unit))))
    organiser.set_cookie("locale", "en")
    text = plain(
        organiser.get(f"/desk/activities/{door.activity.id}/settlement").get_data(as_text=True)
    )
    assert "1 scan " in text
    assert "1 person counted" in text
    assert "0 attendances moved" in text

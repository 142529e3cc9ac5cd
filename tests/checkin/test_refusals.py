"""Every refusal says why, with the moment that would have to be another, in both languages."""

import re

import pytest

from checkin.door_words import words
from checkin.models import ScanStatus
from checkin.redeem_words import message
from core.i18n import LOCALES

OPENING = "“Lễ khai mạc”"
FACTS = {
    "time": "2027-10-01T01:15:00+00:00",
    "title": "Lễ khai mạc",
    "opens_at": "2027-10-02T00:30:00+00:00",
    "closed_at": "2027-10-01T01:00:00+00:00",
    "starts_at": "2027-10-02T07:00:00+00:00",
    "first": {"time": "2027-09-30T01:02:03+00:00", "place": "Sảnh tầng 1"},
}
TOLD = {
    ScanStatus.INVALID: (
        "Mã này không phải vé của Tuần lễ.",
        "This code is not a ticket of this week.",
    ),
    ScanStatus.REVOKED: (
        "Vé này đã được cấp lại: đề nghị dùng vé mới nhất.",
        "This ticket was replaced: the newest one is needed.",
    ),
    ScanStatus.CANCELED: (
        f"Vé không còn hiệu lực: chỗ đã hủy hoặc {OPENING} đã hủy.",
        f"This ticket no longer holds: the seat or {OPENING} was cancelled.",
    ),
    ScanStatus.UNAPPROVED: (
        f"Đang trong danh sách chờ của {OPENING}: chưa có chỗ.",
        f"On the waiting list for {OPENING}: no seat is confirmed yet.",
    ),
    ScanStatus.WRONG_ACTIVITY: (
        f"Vé này của hoạt động khác: {OPENING}, lúc 14 giờ 00 ngày 02/10/2027.",
        f"This ticket is for another activity: {OPENING}, at 14:00 on 02/10/2027.",
    ),
    ScanStatus.TOO_EARLY: (
        "Chưa đến giờ: bắt đầu ghi nhận từ 07 giờ 30 ngày 02/10/2027.",
        "Too early: attendance is recorded from 07:30 on 02/10/2027.",
    ),
    ScanStatus.TOO_LATE: (
        "Đã hết giờ: việc ghi nhận kết thúc lúc 08 giờ 00.",
        "Too late: attendance was recorded until 08:00.",
    ),
    ScanStatus.ALREADY_REDEEMED: (
        "Đã được dùng lúc 08 giờ 02 ngày 30/09/2027, tại Sảnh tầng 1.",
        "Already used at 08:02 on 30/09/2027, Sảnh tầng 1.",
    ),
    ScanStatus.RULES: (
        "Cửa đã từ chối trong lúc mất kết nối.",
        "Turned away at the door while it had no connection.",
    ),
}
WITHOUT_TICKET = {
    ScanStatus.INVALID: ("Không có hoạt động này tại đây.", "There is no such activity here."),
    ScanStatus.CANCELED: (f"{OPENING} đã hủy.", f"{OPENING} was cancelled."),
    ScanStatus.WRONG_ACTIVITY: (
        f"Máy quét này không phục vụ {OPENING}.",
        f"This scanner does not serve {OPENING}.",
    ),
    ScanStatus.ALREADY_REDEEMED: (
        "Đã được ghi nhận trước đó, lúc 08 giờ 02 ngày 30/09/2027.",
        "Recorded before, at 08:02 on 30/09/2027.",
    ),
    ScanStatus.TOO_EARLY: TOLD[ScanStatus.TOO_EARLY],
}


def test_every_refusal_is_among_these():
    assert set(TOLD) == set(ScanStatus) - {ScanStatus.OK, ScanStatus.ANNULLED}


@pytest.mark.parametrize("status", TOLD)
def test_a_ticket_is_refused_with_its_reason_and_time(status):
    vi, en = TOLD[status]
    assert message({**FACTS, "status": status}) == {"vi": vi, "en": en}


@pytest.mark.parametrize("status", WITHOUT_TICKET)
def test_who_comes_without_a_ticket_hears_of_none(status):
    vi, en = WITHOUT_TICKET[status]
    assert message({**FACTS, "status": status, "no_ticket": True}) == {"vi": vi, "en": en}


def test_what_was_answered_before_such_times_were_kept_is_worded_too():
    facts = {"time": FACTS["time"], "title": "Lễ khai mạc", "status": "wrong_activity"}
    assert message(facts)["en"] == f"This ticket is for another activity: {OPENING}."
    late = {**facts, "status": "too_late", "closed_at": None}
    assert message(late)["en"] == "Too late: nothing is held any more."


@pytest.mark.parametrize("locale", LOCALES)
def test_without_a_connection_the_same_reasons_are_told(locale):
    told = words(locale)
    offline = {"revoked", "canceled", "unapproved", "wrong_activity", "too_early", "too_late"}
    for reason in offline:
        assert told["titles"][reason]
        places = set(re.findall(r"{(\w+)}", told["words"][f"offline_{reason}"]))
        server = message({**FACTS, "status": reason})[locale]
        assert places <= {"title", "starts_at", "opens_at", "closed_at"}
        assert bool(re.search(r"\d\d", server)) == bool(places - {"title"})


def test_of_one_thing_the_scanner_speaks_of_one():
    said = words("en")["words"]
    assert said["sent"] == ["{count} record was sent.", "{count} records were sent."]
    alone = [text[0] for text in said.values() if isinstance(text, list)]
    assert not [text for text in alone if re.search(r"} (\w+s|of them were)\b(?<!was)", text)]

"""Đôn đốc: who is told on which day, in one letter; who answered or is excused is told no more."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from accounts.models import Unit
from core import clock
from core.database import reading, transaction
from events.models import Assignment, Campaign, Deadline, DeadlineKind, DutyRole, Plan
from notifications.models import Message
from reports.chasing.models import Digest, Excuse, PhoneCall, Rung, Told
from reports.models import Declaration, Snapshot
from reports.occasions import report_due
from tests.factories import LONG_AGO, a_campaign, a_plan, a_unit

EIGHTH = date(2027, 10, 8)
DAYS = {"person": "08/10/2027", "head": "09/10/2027", "parent": "11/10/2027"}


def chased(clerk: Any, *kinds: str, **days: str) -> None:
    """Ladders with these days, switched on."""
    for kind in kinds:
        typed = {f"{kind}-{step}": day for step, day in (days or DAYS).items()}
        assert clerk.post(f"/office/ladders/so/{kind}", data=typed).status_code == 302
        assert clerk.post(f"/office/ladders/so/{kind}/on").status_code == 302


def test_first_the_person_then_the_head_then_the_unit_above(clerk, tick, stored) -> None:
    chased(clerk, "report")
    told = []
    for days in range(4):
        tick(clock.at(EIGHTH + timedelta(days=days), 7, 31))
        told.append(sorted(row.recipient for row in stored(Message)))

    first = ["b@example.com", "lan@example.com"]
    second = sorted([*first, "a@example.com", "b@example.com"])
    assert told == [first, second, second, sorted([*second, "so@example.com"])]


def test_nobody_is_told_before_half_past_seven_or_while_it_is_off(clerk, tick, stored) -> None:
    chased(clerk, "report")
    tick(clock.at(EIGHTH, 7, 29))
    assert stored(Digest) == []

    clerk.post("/office/ladders/so/report/off")
    tick(clock.at(EIGHTH, 8))
    assert stored(Digest) == []


def test_who_owes_several_things_gets_one_letter(clerk, tick, letters) -> None:
    chased(clerk, "plan", "figures", "report")
    tick(clock.at(EIGHTH, 7, 31))

    found = letters()
    assert sorted(found) == ["b@example.com", "lan@example.com"]
    for words in (
        "Chưa ban hành kế hoạch",
        "Chưa báo cáo số liệu (đã xác nhận 0/",
        "Chưa lập báo cáo",
    ):
        assert words in found["lan@example.com"]
    assert "/office/truong/2027/" in found["lan@example.com"]


def test_the_unit_above_gets_one_letter_about_all_that_are_silent(clerk, tick, letters) -> None:
    chased(clerk, "report", parent="08/10/2027")
    tick(clock.at(EIGHTH, 7, 31))

    found = letters()
    assert list(found) == ["so@example.com"]
    assert "Trường A" in found["so@example.com"]
    assert "Thư viện" in found["so@example.com"]


def test_a_unit_that_answers_or_is_excused_leaves_at_once(
    clerk, tick, letters, given, office, stored
) -> None:
    chased(clerk, "figures", "report")
    tick(clock.at(EIGHTH, 7, 31))
    school = next(unit for unit in stored(Unit) if unit.code == "truong")
    campaign = stored(Campaign)[0].id
    facts = {"campaign_id": campaign, "unit_id": school.id}
    given(Declaration(indicator="B1", value=3, declared_at=clock.now(), **facts))
    assert "số liệu" not in letters()["lan@example.com"]

    given(Snapshot(version=1, code="X", hash="", payload="{}", made_at=clock.now(), **facts))
    assert list(letters()) == ["b@example.com"]
    for kind in ("figures", "report"):
        clerk.post(f"/office/chasing/thu-vien/{kind}/excuse", data={"reason": "Đang sửa nhà"})
    assert letters() == {}

    tick(clock.at(EIGHTH + timedelta(days=1), 7, 31))
    assert len(stored(Message)) == 2, "nobody is told at the next step"
    clerk.post("/office/chasing/thu-vien/report/require")
    assert [row.obligation.value for row in stored(Excuse)] == ["figures"]


def test_a_duty_past_its_day_is_chased_by_its_link(clerk, tick, letters, given, stored) -> None:
    school = next(unit for unit in stored(Unit) if unit.code == "truong")
    plan: Plan = given(a_plan(unit=a_unit(), campaign=a_campaign(2030)))
    with transaction() as opened:
        opened.get_one(Plan, plan.id).campaign_id = stored(Campaign)[0].id
    due = {"due_on": date(2027, 10, 5), "told_at": LONG_AGO, "role": DutyRole.DO}
    given(Assignment(plan_id=plan.id, unit_id=school.id, duty="Treo băng rôn", **due))
    chased(clerk, "duty")
    tick(clock.at(EIGHTH, 7, 31))

    assert list(letters()) == ["lan@example.com"]
    with transaction() as opened:
        opened.query(Assignment).one().done_at = clock.now()
    assert letters() == {}


def test_the_ladder_stands_in_for_the_reminder_that_everybody_gets(clerk, given, stored) -> None:
    due = {"due_at": clock.at(EIGHTH, 17), "kind": DeadlineKind.UNIT_REPORT}
    given(Deadline(campaign_id=stored(Campaign)[0].id, **due))

    def told() -> int:
        with reading() as opened:
            asked = report_due(LONG_AGO, clock.at(EIGHTH, 9))
            return 0 if asked is None else len(opened.execute(asked).all())

    assert told() == 4, "two units, two days before and on the day"
    chased(clerk, "report")
    assert told() == 0


def test_a_day_that_the_machine_slept_through_is_made_up_or_passed_over(
    clerk, tick, stored
) -> None:
    chased(clerk, "report")
    tick(clock.at(EIGHTH + timedelta(days=3), 9))

    steps = {row.step.value for row in stored(Told)}
    assert steps == {"head", "parent"}, "the first step is four days old"
    assert all(rung.climbed_at for rung in stored(Rung))
    per_day = [(row.on_date, row.recipient) for row in stored(Digest)]
    assert len(per_day) == len(set(per_day))


def test_a_second_ladder_of_the_same_day_waits_for_the_next_letter(clerk, tick, stored) -> None:
    chased(clerk, "report")
    tick(clock.at(EIGHTH, 7, 31))
    chased(clerk, "figures")
    tick(clock.at(EIGHTH, 9))

    days = {row.on_date for row in stored(Digest)}
    assert days == {EIGHTH, EIGHTH + timedelta(days=1)}


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ({"person": "08/10/2027", "head": "08/10/2027"}, "ngày sau bước trước"),
        ({"person": "09/10/2027", "head": "08/10/2027"}, "ngày sau bước trước"),
        ({"person": "01/10/2027"}, "còn ở phía trước"),
        ({"person": "31/02/2027"}, "03/10/2027"),
    ],
)
def test_days_go_upwards_and_lie_ahead(clerk, stored, days, said) -> None:
    typed = {f"report-{step}": day for step, day in days.items()}
    answer = clerk.post("/office/ladders/so/report", data=typed)

    assert answer.status_code in {400, 422}
    assert said in answer.text
    assert stored(Rung) == []


def test_before_it_is_switched_on_one_sees_who_would_be_told(clerk) -> None:
    typed = {f"report-{step}": day for step, day in DAYS.items()}
    clerk.post("/office/ladders/so/report", data=typed)
    page = clerk.get("/office/ladders/so").text

    assert "Hôm nay còn 2 đơn vị thiếu." in page
    assert "lan@example.com" in page
    assert "so@example.com" in page


def test_the_clerk_sees_on_the_8th_who_is_silent_and_who_was_told(clerk, tick, stored) -> None:
    before = clerk.get("/office/chasing/").text
    assert "3 đơn vị chưa được nhắc lần nào" in before
    chased(clerk, "report")
    tick(clock.at(EIGHTH, 7, 31))
    note = {"spoke_with": "Cô Hoa", "note": "Chiều nay gửi"}
    clerk.post("/office/chasing/truong/calls", data=note)

    page = clerk.get("/office/chasing/?owes=report").text
    assert "2 trên 3 đơn vị chưa thực hiện; trong đó 0 đơn vị" in page
    assert "08/10/2027, người thực hiện" in page
    unit = clerk.get("/office/chasing/truong").text
    assert "Cô Hoa" in unit
    assert "lan@example.com" in unit
    assert "/office/truong/2027/" in unit
    assert [row.spoke_with for row in stored(PhoneCall)] == ["Cô Hoa"]


def test_the_sheet_has_a_line_for_each_letter_call_and_excuse(clerk, tick) -> None:
    chased(clerk, "report")
    tick(clock.at(EIGHTH, 7, 31))
    clerk.post("/office/chasing/truong/calls", data={"spoke_with": "=Cô Hoa"})
    clerk.post("/office/chasing/thu-vien/report/excuse", data={"reason": "Đang sửa nhà"})
    answer = clerk.get("/office/chasing/sheet.xlsx")

    rows = list(openpyxl.load_workbook(BytesIO(answer.data)).worksheets[0].values)
    lines = {(row[1], row[5], row[6], row[8]) for row in rows[1:] if row[1]}
    assert ("truong", "Thư", "Chưa lập báo cáo", "lan@example.com") in lines
    assert ("truong", "Điện thoại", None, "=Cô Hoa") in lines
    assert ("thu-vien", "Được miễn", "Chưa lập báo cáo", None) in lines
    day = next(row[3] for row in rows if row[8] == "lan@example.com")
    assert day == "08/10/2027"


@pytest.mark.parametrize("path", ["truong/calls", "truong/report/excuse"])
def test_a_call_needs_a_name_and_an_excuse_a_reason(clerk, path) -> None:
    assert clerk.post(f"/office/chasing/{path}", data={}).status_code == 400

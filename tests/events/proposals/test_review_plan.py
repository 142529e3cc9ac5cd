"""From a document to the draft of a plan, and the signed version once more."""

from datetime import date

import sqlalchemy as sa

from core import clock
from core.database import transaction
from events.models import (
    Activity,
    ActivityKind,
    ActivityState,
    Assignment,
    Campaign,
    CampaignKind,
    Counting,
    Deadline,
    DeadlineKind,
    DutyRole,
    Plan,
    PlanState,
)
from events.proposals.models import Phase, Proposal, ProposalState
from events.releases.models import PendingChange
from tests.events.pages import page
from tests.events.proposals.conftest import PLAN, as_file
from tests.factories import a_campaign, a_unit

BOOKS = "- Quyên góp sách tặng học sinh vùng sâu.\n"
ADDED = "Trung tâm Ứng dụng tiến bộ khoa học"


MOVEMENT = PLAN.replace(
    "Tổ chức Tuần lễ hưởng ứng học tập suốt đời năm 2027",
    "Phong trào thi đua “Cả nước học tập suốt đời giai đoạn 2027 - 2030”",
).replace(
    "2. Thời gian: từ ngày 01/10/2027 đến ngày 07/10/2027.",
    "2. Giai đoạn 1: từ năm 2027 đến năm 2028.\nGiai đoạn 2: từ năm 2029 đến năm 2030.",
)


def _decided(visitor, address: str) -> None:
    """Keep what is clear, add the unit that is missing, keep what is clear then."""
    visitor.post(f"{address}/keep-clear")
    visitor.post(f"{address}/units", data={"name": ADDED})
    visitor.post(f"{address}/keep-clear")


def _change(activity, **values) -> None:
    with transaction() as opened:
        opened.execute(sa.update(Activity).where(Activity.id == activity.id).values(**values))


def test_a_document_becomes_a_draft_plan_with_its_week(boss, taken_in, stored) -> None:
    address = taken_in(boss)
    _decided(boss, address)
    answer = boss.post(f"{address}/confirm")

    [plan] = stored(Plan)
    assert answer.location == f"/desk/plans/{plan.id}"
    assert (plan.state, plan.document_symbol) == (PlanState.DRAFT, "12/KH-SKHCN")
    assert plan.recipients == "Sở GD&ĐT\nLưu: VT"
    [week] = stored(Campaign)
    assert (week.year, week.starts_on, week.ends_on) == (2027, date(2027, 10, 1), date(2027, 10, 7))
    assert week.theme == "Đọc sách mỗi ngày"
    [deadline] = stored(Deadline)
    assert deadline.kind is DeadlineKind.DEPARTMENT_REPORT
    assert clock.local_day(deadline.due_at) == date(2027, 10, 10)
    banner, talk, books, news = stored(Activity)
    assert {a.state for a in (banner, talk, books, news)} == {ActivityState.DRAFT}
    assert (banner.kind, banner.counting) == (ActivityKind.BANNER, Counting.EVIDENCE)
    assert (talk.place, talk.starts_at) == ("Hội trường Sở", clock.at(date(2027, 10, 3), 8))
    assert clock.local_day(banner.ends_at) == date(2027, 10, 7)
    [proposal] = stored(Proposal)
    assert (proposal.state, proposal.plan_id) == (ProposalState.TAKEN, plan.id)


def test_groups_become_a_duty_for_each_unit_and_a_report_is_not_owed_twice(
    boss, taken_in, stored
) -> None:
    address = taken_in(boss)
    _decided(boss, address)
    boss.post(f"{address}/confirm")

    rows = [(r.unit.code, r.role, r.group_name, r.due_on) for r in stored(Assignment)]
    group = "Các đơn vị trực thuộc"
    assert rows[0] == ("vp", DutyRole.LEAD, "", None)
    assert {(code, name) for code, _, name, _ in rows[1:3]} == {
        ("tt", group),
        ("trung-tam-ung-dung-tien-bo-khoa-hoc", group),
    }
    assert rows[1][3] == date(2027, 9, 28)
    assert [code for code, *_ in rows[3:]] == ["trung-tam-ung-dung-tien-bo-khoa-hoc", "vp"]


def test_who_leads_and_who_helps_in_one_sentence_carry_one_task(boss, taken_in, stored) -> None:
    joint = "chủ trì, phối hợp với Trung tâm Thông tin tổ chức tọa đàm về văn hóa đọc."
    text = PLAN.replace("chủ trì tổ chức tọa đàm về văn hóa đọc.", joint)
    address = taken_in(boss, text)
    _decided(boss, address)
    boss.post(f"{address}/confirm")

    [leads, helps] = [r for r in stored(Assignment) if r.role is not DutyRole.DO]
    assert (leads.unit.code, leads.role, helps.unit.code) == ("vp", DutyRole.LEAD, "tt")
    assert leads.task == helps.task is not None
    group = [r.task for r in stored(Assignment) if r.group_name]
    assert len(set(group)) == 1
    assert leads.task not in group


def test_nothing_is_made_before_everything_is_decided(boss, taken_in, stored) -> None:
    address = taken_in(boss)

    assert "chưa quyết định" in page(boss.post(f"{address}/confirm"))
    boss.post(f"{address}/keep-clear")
    assert boss.post(f"{address}/confirm").status_code == 409
    boss.post(f"{address}/drop-rest")
    assert boss.post(f"{address}/confirm").status_code == 302
    assert boss.post(f"{address}/confirm").status_code == 302

    assert len(stored(Plan)) == 1
    assert len(stored(Assignment)) == 3


def test_the_signed_version_shows_what_differs_and_makes_nothing_twice(
    boss, taken_in, stored
) -> None:
    first = taken_in(boss)
    _decided(boss, first)
    boss.post(f"{first}/confirm")
    before = (len(stored(Activity)), len(stored(Assignment)))

    again = taken_in(boss)
    assert "không khác kế hoạch đang có" in page(boss.get(again))
    assert boss.post(f"{again}/confirm").status_code == 409

    signed = PLAN.replace("ngày 03/10/2027", "ngày 04/10/2027").replace("12/KH", "13/KH")
    signed = signed.replace(BOOKS, "")
    signed = signed.replace("II. TỔ CHỨC", "- Trưng bày sách tại Thư viện Sở.\nII. TỔ CHỨC")
    address = taken_in(boss, signed)
    text = page(boss.get(address))
    assert "Không còn trong văn bản" in text
    assert "13/KH-SKHCN" in text
    assert "04/10/2027" in text
    boss.post(f"{address}/keep-clear")
    gone = next(a for a in stored(Activity) if a.kind is ActivityKind.DONATION)
    boss.post(f"{address}/parts/gone-activity-{gone.id}", data={"choice": "drop"})
    assert boss.post(f"{address}/confirm").status_code == 302

    [plan] = stored(Plan)
    assert plan.document_symbol == "13/KH-SKHCN"
    assert (len(stored(Activity)), len(stored(Assignment))) == (before[0] + 1, before[1])
    talk = next(a for a in stored(Activity) if a.kind is ActivityKind.TALK)
    assert talk.starts_at == clock.at(date(2027, 10, 4), 8)


def test_what_is_gone_leaves_the_plan_only_when_a_person_says_so(boss, taken_in, stored) -> None:
    first = taken_in(boss)
    _decided(boss, first)
    boss.post(f"{first}/confirm")
    books = next(a for a in stored(Activity) if a.kind is ActivityKind.DONATION)

    address = taken_in(
        boss,
        PLAN.replace(BOOKS, ""),
    )
    boss.post(f"{address}/keep-clear")
    assert boss.post(f"{address}/confirm").status_code == 409
    boss.post(f"{address}/parts/gone-activity-{books.id}", data={"choice": "keep"})
    boss.post(f"{address}/confirm")

    assert all(a.kind is not ActivityKind.DONATION for a in stored(Activity))


def test_what_is_released_changes_with_the_next_version_only(boss, taken_in, stored) -> None:
    first = taken_in(boss)
    _decided(boss, first)
    boss.post(f"{first}/confirm")
    talk = next(a for a in stored(Activity) if a.kind is ActivityKind.TALK)
    _change(talk, state=ActivityState.RELEASED)

    address = taken_in(boss, PLAN.replace("ngày 03/10/2027", "ngày 05/10/2027"))
    boss.post(f"{address}/keep-clear")
    assert boss.post(f"{address}/confirm").status_code == 302

    after = next(a for a in stored(Activity) if a.kind is ActivityKind.TALK)
    assert clock.local_day(after.starts_at) == date(2027, 10, 3)
    [pending] = stored(PendingChange)
    assert pending.activity_id == talk.id


def test_what_was_changed_by_hand_is_asked_about_not_undone(boss, taken_in, stored) -> None:
    first = taken_in(boss)
    _decided(boss, first)
    boss.post(f"{first}/confirm")
    talk = next(a for a in stored(Activity) if a.kind is ActivityKind.TALK)
    _change(talk, title="Tọa đàm: mỗi ngày một trang sách")

    address = taken_in(boss)
    assert "được sửa tay" in page(boss.get(address))
    boss.post(f"{address}/keep-clear")
    boss.post(f"{address}/drop-rest")
    boss.post(f"{address}/confirm")

    assert "Tọa đàm: mỗi ngày một trang sách" in {a.title for a in stored(Activity)}


def test_what_was_left_out_can_be_looked_at_again_at_once(boss, taken_in, stored) -> None:
    address = taken_in(boss)
    assert "phần đã bỏ" not in page(boss.get(address))
    boss.post(f"{address}/drop-rest")
    [before] = stored(Proposal)
    left_out = [key for key, one in before.decisions.items() if one["choice"] == "drop"]
    assert f"Xem lại phần đã bỏ ({len(left_out)})" in page(boss.get(address))

    boss.post(f"{address}/take-up")

    [after] = stored(Proposal)
    assert len(left_out) > 3
    assert all(after.decisions[key]["choice"] is None for key in left_out)
    assert "phần đã bỏ" not in page(boss.get(address))


def test_a_movement_keeps_its_phases(boss, taken_in, stored) -> None:
    address = taken_in(boss, MOVEMENT)
    boss.post(f"{address}/keep-clear")
    for key in ("campaign", "gaps"):
        boss.post(f"{address}/parts/{key}", data={"choice": "keep"})
    boss.post(f"{address}/drop-rest")
    boss.post(f"{address}/confirm")

    [movement] = stored(Campaign)
    assert movement.kind is CampaignKind.MOVEMENT
    assert (movement.starts_on, movement.ends_on) == (date(2027, 1, 1), date(2030, 12, 31))
    assert len(stored(Phase)) == 2
    assert len(stored(Plan)) == 1


def test_who_may_not_set_up_weeks_chooses_one_and_the_days_move(
    organiser, office, taken_in, stored, given
) -> None:
    week = given(a_campaign(2028))
    address = taken_in(organiser)
    assert "không có quyền lập" in page(organiser.get(address))
    refused = organiser.post(f"{address}/parts/campaign", data={"choice": "keep"})
    assert refused.status_code == 422

    chosen = {"choice": "edit", "campaign": str(week.id), "kind": "week"}
    organiser.post(f"{address}/parts/campaign", data=chosen)
    organiser.post(f"{address}/keep-clear")
    organiser.post(f"{address}/own-unit")
    organiser.post(f"{address}/drop-rest")
    assert organiser.post(f"{address}/confirm").status_code == 302

    talk = next(a for a in stored(Activity) if a.kind is ActivityKind.TALK)
    assert clock.local_day(talk.starts_at) == date(2028, 10, 3)
    looked_after = [r for r in stored(Assignment) if r.group_name == ADDED]
    assert [r.unit_id for r in looked_after] == [office.id]
    assert len(stored(Campaign)) == 1


def test_the_week_at_hand_is_chosen_in_one_step(organiser, taken_in, stored, given) -> None:
    given(a_campaign(2026), a_campaign(2029))
    week = given(a_campaign(2028))
    address = taken_in(organiser)
    assert "Dùng cho tuần lễ 01/10/2028 – 07/10/2028" in page(organiser.get(address))

    assert organiser.post(f"{address}/week", data={"campaign": "0"}).status_code == 404
    organiser.post(f"{address}/week", data={"campaign": str(week.id)})
    kept = stored(Proposal)[0].decisions["campaign"]
    assert (kept["choice"], kept["values"]["campaign"]) == ("keep", week.id)


def test_an_organiser_begins_a_movement_but_no_week(organiser, taken_in, stored) -> None:
    address = taken_in(organiser, MOVEMENT)
    for key in ("campaign", "gaps"):
        organiser.post(f"{address}/parts/{key}", data={"choice": "keep"})
    organiser.post(f"{address}/keep-clear")
    organiser.post(f"{address}/drop-rest")
    assert organiser.post(f"{address}/confirm").status_code == 302

    new_week = {
        "choice": "edit",
        "kind": "week",
        "title": "Tuần",
        "starts_on": "2031-10-01",
        "ends_on": "2031-10-07",
    }
    refused = organiser.post(f"{taken_in(organiser, PLAN)}/parts/campaign", data=new_week)
    assert "không có quyền lập" in page(refused)
    [movement] = stored(Campaign)
    assert movement.kind is CampaignKind.MOVEMENT


def test_who_holds_an_activity_is_changed_and_stays_so(boss, taken_in, stored) -> None:
    first = taken_in(boss)
    talk = {
        "choice": "edit", "title": "Tọa đàm về văn hóa đọc", "kind": "talk", "unit": "tt",
        "format": "in_person", "place": "Hội trường Sở", "first_on": "2027-10-03",
        "starts": "08:00", "ends": "17:00", "audience": "everyone", "counting": "tally",
    }  # fmt: skip
    boss.post(f"{first}/parts/activity-1", data=talk)
    _decided(boss, first)
    boss.post(f"{first}/confirm")
    assert _talk(stored).unit.code == "tt"

    again = taken_in(boss, PLAN.replace("Hội trường Sở", "Thư viện tỉnh"))
    boss.post(f"{again}/keep-clear")
    boss.post(f"{again}/confirm")
    held = _talk(stored)
    assert (held.place, held.unit.code, held.counting) == ("Thư viện tỉnh", "tt", Counting.TALLY)


def _talk(stored) -> Activity:
    return next(row for row in stored(Activity) if row.kind is ActivityKind.TALK)


def test_a_file_is_read_and_its_name_remembered(boss, stored) -> None:
    answer = boss.post("/desk/proposals/new", data=as_file(PLAN.encode()))

    assert answer.status_code == 302
    assert stored(Proposal)[0].source_name == "ke-hoach.txt"
    assert stored(Proposal)[0].lines[0] == "Số: 12/KH-SKHCN"


def test_a_plan_is_taken_in_for_the_unit_that_it_names(boss, office, stored, given) -> None:
    school = given(a_unit(parent=office, code="thcs", name="Trường THCS Hồ Sen"))
    text = PLAN.replace("Sở Khoa học và Công nghệ xây dựng", "Trường THCS Hồ Sen xây dựng")
    boss.post("/desk/proposals/new", data={"text": f"TRƯỜNG THCS HỒ SEN\n{text}"})
    boss.post("/desk/proposals/new", data={"text": PLAN, "unit": "thcs"})

    named, chosen = stored(Proposal)
    assert (named.unit_id, chosen.unit_id) == (school.id, school.id)
    assert "nhưng đang nhập cho Trường THCS Hồ Sen" in page(
        boss.get(f"/desk/proposals/{chosen.id}")
    )

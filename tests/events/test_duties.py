"""Who does what by when, from the plan to the board, on pages."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from accounts.models import AuditEntry, Unit, UnitKind
from core import clock, database
from events.duties.links import read_link_code
from events.duties.models import Chase, Handout, Inspection
from events.duties.state import DutyState, state_column, state_of
from events.models import Assignment, Evidence, Plan, PlanState
from tests.events.duties_world import AFTER, BEFORE, DUE, TOLD, a_world, give, link
from tests.events.pages import page
from tests.factories import a_unit, signed_in


@pytest.fixture
def world(given, at):
    at(BEFORE)
    return a_world(given)


@pytest.fixture
def office(app, world):
    return signed_in(app.test_client(), world.organiser)


def test_a_group_is_shown_as_units_before_the_duty_is_laid_on_them(office, world, stored) -> None:
    address = f"/desk/plans/{world.plan.id}/give"
    typed = {
        "duty": "Treo băng rôn", "carriers": "UBND cấp xã", "coordinators": "Hội Khuyến học tỉnh",
        "due_on": "20/09/2027", "remark": "Theo mẫu",
    }  # fmt: skip

    shown = page(office.post(address, data=typed))
    assert "“UBND cấp xã” gồm 2 đơn vị sau" in shown
    assert stored(Assignment) == []
    kept = {**typed, "confirmed": "y", "unit": ["phuong", "xa"], "helper": ["hoi"]}
    office.post(address, data=kept)

    rows = stored(Assignment)
    assert [(r.unit_id, r.role, r.group_name) for r in rows] == [
        (world.ward.id, "do", "UBND cấp xã"),
        (world.village.id, "do", "UBND cấp xã"),
        (world.association.id, "coordinate", ""),
    ]
    assert {(r.task, r.due_on, r.remark) for r in rows} == {(1, DUE, "Theo mẫu")}


def test_one_unit_with_helpers_leads(office, world, stored) -> None:
    office.post(
        f"/desk/plans/{world.plan.id}/give",
        data={"duty": "Khai mạc", "carriers": "UBND xã Đại Phúc", "coordinators": "UBND cấp xã",
              "confirmed": "y", "unit": ["xa"], "helper": ["phuong", "xa"]},
    )  # fmt: skip

    assert [(r.unit_id, r.role) for r in stored(Assignment)] == [
        (world.village.id, "lead"),
        (world.ward.id, "coordinate"),
    ]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"carriers": "các đơn vị liên quan"}, "các đơn vị liên quan"),
        ({"carriers": ""}, "Xin nêu ít nhất một đơn vị."),
        ({"carriers": "UBND cấp xã", "confirmed": "y"}, "Xin nêu ít nhất một đơn vị."),
        ({"carriers": "UBND cấp xã", "due_on": "31/02/2027"}, "ngày"),
        ({"carriers": "UBND cấp xã", "confirmed": "y", "unit": "tinh"}, "Xin nêu ít nhất"),
    ],
)
def test_words_that_name_nobody_lay_nothing_on_anybody(office, world, stored, typed, said) -> None:
    answer = office.post(f"/desk/plans/{world.plan.id}/give", data={"duty": "Việc", **typed})

    assert answer.status_code in {400, 422}
    assert said in page(answer)
    assert stored(Assignment) == []


def test_duties_are_handed_out_once_and_from_an_issued_plan(office, world, given, stored) -> None:
    address = f"/desk/plans/{world.plan.id}/hand-out"
    give(world, told=False)
    plan = stored(Plan)[0]
    with database.transaction() as opened:
        opened.get(Plan, plan.id).state = PlanState.DRAFT
    assert "chưa phát hành" in page(office.post(address, follow_redirects=True))
    with database.transaction() as opened:
        opened.get(Plan, plan.id).state = PlanState.RELEASED

    asked = page(office.get(address))
    assert "phuong@example.com" in asked
    assert "Chưa có địa chỉ: xin gửi qua Zalo" in asked
    assert stored(Handout) == []
    office.post(address)

    assert [row.told_at for row in stored(Assignment)] == [BEFORE] * 3
    assert len(stored(Handout)) == 3
    assert "đã được giao trước đó" in page(office.post(address, follow_redirects=True))


def test_a_unit_answers_by_its_link_and_looking_changes_nothing(client, world, stored) -> None:
    give(world)
    address = link(stored, world.ward)

    before = page(client.get(address))
    assert stored(Assignment)[0].received_at is None
    assert "Đã nhận" in before
    assert "Phối hợp: Hội Khuyến học tỉnh" in before
    client.post(f"{address}/received")
    client.post(f"{address}/received")

    ward, village, helper = stored(Assignment)
    assert (ward.received_at, village.received_at, helper.received_at) == (BEFORE, None, None)
    [entry] = [e for e in stored(AuditEntry) if e.action == "duty.received"]
    assert (entry.account_id, entry.facts["by"]) == (None, "link")
    assert client.get(address).headers["Cache-Control"] == "no-store"


def test_a_link_opens_nothing_when_forged_renewed_or_of_a_plan_in_draft(
    client, office, world, stored
) -> None:
    give(world)
    address = link(stored, world.ward)
    for forged in (address[:-1] + ("2" if address[-1] != "2" else "3"), "/duties/x", "/duties/Á"):
        assert client.get(forged).status_code == 404
    assert read_link_code("2" * 41) is None

    office.post(f"/desk/duties/units/phuong/{stored(Handout)[0].id}/renew")

    assert client.get(address).status_code == 404
    fresh = link(stored, world.ward)
    assert client.get(fresh).status_code == 200
    with database.transaction() as opened:
        opened.get(Plan, world.plan.id).state = PlanState.DRAFT
    assert client.get(fresh).status_code == 404


def test_a_link_reaches_no_duty_of_another_unit(client, world, stored) -> None:
    _, village, _ = give(world)
    address = link(stored, world.ward)

    assert client.post(f"{address}/{village.id}/done").status_code == 404
    assert client.post(f"{address}/{village.id}/evidence").status_code == 404
    assert stored(Assignment)[1].done_at is None


def test_done_can_be_taken_back(client, world, stored) -> None:
    duty, *_ = give(world)
    address = f"{link(stored, world.ward)}/{duty.id}"

    client.post(f"{address}/done")
    assert (stored(Assignment)[0].done_at, stored(Assignment)[0].received_at) == (BEFORE, BEFORE)
    client.post(f"{address}/reopen")

    assert stored(Assignment)[0].done_at is None
    assert {"duty.done", "duty.reopened"} <= {e.action for e in stored(AuditEntry)}


def test_the_board_says_in_one_sentence_who_is_late(office, at, world, stored, client) -> None:
    ward, *_ = give(world)
    assert "3 nhiệm vụ chưa phản hồi" in page(office.get("/desk/duties"))
    client.post(f"{link(stored, world.ward)}/{ward.id}/done")
    at(AFTER)

    board = page(office.get("/desk/duties"))

    assert "2 nhiệm vụ quá hạn, 0 nhiệm vụ chưa phản hồi, trong tổng số 3." in board
    assert "UBND xã Đại Phúc" in board
    late = page(office.get("/desk/duties/list?state=late"))
    assert "UBND xã Đại Phúc ·" in late
    assert "UBND phường Tích Lương ·" not in late
    below = page(office.get("/desk/duties?under=tinh"))
    assert "trong tổng số 3" in below
    assert office.get("/desk/duties?under=x").status_code == 404
    assert office.get("/desk/duties/list?state=x").status_code == 404


def test_the_board_goes_into_a_spreadsheet(office, at, world) -> None:
    give(world)
    at(AFTER)

    lines = office.get("/desk/duties/export.csv").data.decode("utf-8-sig").splitlines()

    assert lines[1] == (
        "UBND phường Tích Lương,Treo băng rôn,Thực hiện,UBND tỉnh,20/09/2027,Quá hạn,,,Theo mẫu,"
    )


def test_rows_and_counting_judge_alike(world) -> None:
    duty, *_ = give(world)
    with database.transaction() as session:
        _judge_alike(session, session.get(Assignment, duty.id))


def _judge_alike(session, row) -> None:
    today = clock.local_day(AFTER)
    yesterday, tomorrow = AFTER - timedelta(days=1), today + timedelta(days=1)
    only = Assignment.id == row.id
    for done in (None, yesterday):
        for due in (None, DUE, today, tomorrow):
            for received in (None, yesterday):
                for told in (None, yesterday, AFTER):
                    for excused in ("", "Mưa lũ"):
                        row.done_at, row.due_on, row.excused = done, due, excused
                        row.received_at, row.told_at = received, told
                        session.flush()
                        counted = session.scalar(sa.select(state_column(today)).where(only))
                        assert DutyState(counted) is state_of(row, today)


def test_an_observer_sees_and_chases_once_a_day_without_editing(
    app, at, world, stored, given
) -> None:
    duty, *_ = give(world)
    observer = signed_in(app.test_client(), world.observer)
    at(AFTER)

    assert "Đôn đốc" in page(observer.get("/desk/duties"))
    answer = page(observer.post("/desk/duties/units/xa/chase", follow_redirects=True))
    assert "Đã gửi đôn đốc tới UBND xã Đại Phúc" in answer
    again = page(observer.post("/desk/duties/units/xa/chase", follow_redirects=True))
    assert "đã được đôn đốc trong hôm nay" in again
    assert len(stored(Chase)) == 1
    at(AFTER + timedelta(days=1))
    observer.post("/desk/duties/units/xa/chase")
    assert len(stored(Chase)) == 2

    for address in (f"/desk/duties/{duty.id}/done", f"/desk/duties/{duty.id}/edit"):
        assert observer.post(address).status_code == 404
    assert observer.get("/desk/duties/units/xa").status_code == 404
    assert "Đánh dấu đã xong" not in page(observer.get(f"/desk/duties/{duty.id}"))


def test_who_has_answered_in_time_is_not_chased(office, world, client, stored) -> None:
    give(world)
    client.post(f"{link(stored, world.ward)}/received")

    answer = page(office.post("/desk/duties/units/phuong/chase", follow_redirects=True))

    assert "không có nhiệm vụ nào quá hạn hoặc chưa phản hồi" in answer
    assert stored(Chase) == []


def test_only_the_office_of_the_plan_changes_day_and_remark_for_all_who_carry_it(
    app, office, world, stored
) -> None:
    duty, *_ = give(world)
    ward = signed_in(app.test_client(), world.warden)
    typed = {"due_on": "25/09/2027", "remark": "Gia hạn"}

    assert ward.post(f"/desk/duties/{duty.id}/edit", data=typed).status_code == 404
    assert ward.post(f"/desk/duties/{duty.id}/withdraw").status_code == 404
    office.post(f"/desk/duties/{duty.id}/edit", data=typed)
    assert office.post(f"/desk/duties/{duty.id}/edit", data={"due_on": "x"}).status_code == 400

    assert {(d.due_on, d.remark) for d in stored(Assignment)} == {(date(2027, 9, 25), "Gia hạn")}


def test_who_is_excused_for_a_reason_leaves_the_late_ones_and_may_be_called_back(
    app, office, at, world, client, stored
) -> None:
    duty, *_ = give(world)
    at(AFTER)
    address = f"/desk/duties/{duty.id}"
    assert office.post(f"{address}/excuse", data={"reason": " "}).status_code == 400
    ward = signed_in(app.test_client(), world.warden)
    assert ward.post(f"{address}/excuse", data={"reason": "Bận"}).status_code == 404

    office.post(f"{address}/excuse", data={"reason": "Mưa lũ"})

    assert "2 nhiệm vụ quá hạn, 0 nhiệm vụ chưa phản hồi, trong tổng số 2." in page(
        office.get("/desk/duties")
    )
    assert "UBND phường Tích Lương ·" not in page(office.get("/desk/duties/list?state=late"))
    assert "UBND phường Tích Lương ·" in page(office.get("/desk/duties/list?state=excused"))
    assert "Lý do: Mưa lũ" in page(client.get(link(stored, world.ward)))
    office.post(f"{address}/require")
    assert "3 nhiệm vụ quá hạn" in page(office.get("/desk/duties"))


def test_the_desk_and_the_board_say_the_same_about_who_is_late(office, at, world) -> None:
    duty, *_ = give(world)
    at(AFTER)
    office.post(f"/desk/duties/{duty.id}/excuse", data={"reason": "Mưa lũ"})

    home = page(office.get("/desk/"))

    assert home.count("20/09/2027") == 2
    assert ">2<" in home


def test_the_message_is_plain_text_with_the_link_and_a_picture_of_it(office, world, stored) -> None:
    give(world)

    shown = page(office.get("/desk/duties/units/phuong"))
    picture = office.get(f"/desk/duties/units/phuong/{stored(Handout)[0].id}.png")

    assert "1. Treo băng rôn (Thực hiện, hạn 20/09/2027)\n   Cùng thực hiện: Hội" in shown
    assert link(stored, world.ward) in shown
    assert "<svg" in shown
    assert picture.data[:8] == b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize(
    "address",
    ["/desk/", "/desk/duties", "/desk/duties/list", "/desk/inspections?unit=phuong",
     "/desk/duties/export.csv", "{link}", "/desk/duties/{id}",
     "/desk/duties/units/phuong", "/desk/plans/{plan}/hand-out"],
)  # fmt: skip
def test_more_duties_ask_no_more_questions(office, world, given, stored, address) -> None:
    duty, *_ = give(world)
    address = address.format(link=link(stored, world.ward), id=duty.id, plan=world.plan.id)
    office.get(address)
    few = _asked(office, address)
    for _ in range(4):
        give(world)
    given(*(Evidence(assignment_id=duty.id, note="Ảnh", added_at=TOLD) for _ in range(5)))
    given(*(_looked_at(world, unit, duty) for unit in _more_units(world, given)))

    assert _asked(office, address) <= few


def _more_units(world, given) -> list[Unit]:
    """Further communes, each with a duty that is late."""
    units = [
        a_unit(parent=world.province, parent_id=world.province.id, kind=UnitKind.COMMUNE)
        for _ in range(5)
    ]
    given(*units)
    given(
        *(
            Assignment(
                plan_id=world.plan.id, unit_id=unit.id, role="do", duty="Việc", due_on=TOLD.date()
            )
            for unit in units
        )
    )
    return units


def _looked_at(world, unit: Unit, duty: Assignment) -> Inspection:
    return Inspection(
        campaign_id=world.plan.campaign_id, unit_id=unit.id, assignment_id=duty.id,
        inspected_on=TOLD.date(), inspectors="Đoàn", finding="Tốt", written_at=TOLD,
    )  # fmt: skip


def _asked(visitor, address: str) -> int:
    seen: list[str] = []

    def hear(_connection, _cursor, statement, *_rest) -> None:
        seen.append(statement)

    engine = database.database().reader
    sa.event.listen(engine, "before_cursor_execute", hear)
    try:
        assert visitor.get(address).status_code == 200
    finally:
        sa.event.remove(engine, "before_cursor_execute", hear)
    return len(seen)

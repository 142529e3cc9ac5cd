"""The pages on which administrators change the tree."""

import re
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from accounts.models import AuditEntry, Grant, Role, Succession, Unit
from core import clock
from core.database import transaction
from events.duties import links
from events.duties.models import Handout
from events.models import Activity, Assignment, DutyRole, Plan, PlanState, Venue
from events.proposals.models import Proposal
from tests.factories import a_campaign, a_plan, a_unit, an_account, an_activity, signed_in

NOW = clock.at(date(2027, 9, 1), 9)


@pytest.fixture
def tree(given, at):
    at(NOW)
    province = given(a_unit(code="tinh", name="Tỉnh"))
    office, press = given(
        a_unit(code="so", name="Sở", parent=province),
        a_unit(code="bao", name="Báo", parent=province),
    )
    school = given(a_unit(code="truong", name="Trường", parent=office))
    return {"tinh": province, "so": office, "bao": press, "truong": school}


@pytest.fixture
def admin(client, given, tree):
    """A visitor who administers the whole tree."""
    return signed_in(client, given(an_account((Role.ADMIN, tree["tinh"]))))


def unit(stored, code: str) -> Unit:
    return next(unit for unit in stored(Unit) if unit.code == code)


def facts_of(stored) -> list[tuple[str, dict[str, Any]]]:
    return [(entry.action, entry.facts) for entry in stored(AuditEntry)]


def hidden(page: str) -> dict[str, str]:
    """What the confirmation carries."""
    return dict(re.findall(r'<input type="hidden" name="(unit|on|seen)" value="([^"]*)"', page))


def test_move_is_previewed_with_everything_that_comes_along(admin, given, tree) -> None:
    plan = given(a_plan(unit=tree["truong"]))
    given(an_activity(plan=plan))
    given(an_account((Role.ORGANISER, tree["so"]), full_name="Trần Thị Cũ"))
    given(an_account((Role.ORGANISER, tree["bao"]), full_name="Lê Văn Mới"))

    page = admin.get("/desk/units/truong/move?unit=bao&on=01/09/2027").text

    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert "Từ ngày 01/09/2027, Trường trực thuộc Báo" in text
    assert "Kế hoạch của các đợt chưa kết thúc 1" in text
    assert "Hoạt động trong các kế hoạch đó 1" in text
    assert text.index("Lê Văn Mới") < text.index("Trần Thị Cũ")
    assert hidden(page) == {"unit": "bao", "on": "01/09/2027", "seen": tree["truong"].path}


def test_looking_at_a_preview_moves_nothing(admin, stored, tree) -> None:
    admin.get("/desk/units/truong/move?unit=bao&on=01/09/2027")

    assert unit(stored, "truong").path == tree["truong"].path


def test_move_places_the_unit_and_writes_it_down(admin, stored, tree) -> None:
    page = admin.get("/desk/units/truong/move?unit=bao&on=01/09/2027").text

    answer = admin.post("/desk/units/truong/move", data=hidden(page))

    assert answer.location == "/desk/units/truong"
    moved = unit(stored, "truong")
    assert moved.path == f"{tree['bao'].path}{moved.id}/"
    assert facts_of(stored) == [("unit.moved", {"from": "so", "to": "bao", "on": "01/09/2027"})]
    assert "Đến trước ngày 01/09/2027 trực thuộc" in admin.get("/desk/units/truong").text


def test_a_preview_that_is_out_of_date_is_not_carried_out(admin, stored, tree) -> None:
    data = {"unit": "bao", "on": "01/09/2027", "seen": "/999/"}

    answer = admin.post("/desk/units/truong/move", data=data)

    assert answer.status_code == 409
    assert "xin xem lại phần xem trước" in answer.text
    assert unit(stored, "truong").path == tree["truong"].path


@pytest.mark.parametrize("other", ["truong", "so", "", "no-such"])
def test_move_offers_no_place_below_or_the_same(admin, stored, tree, other: str) -> None:
    answer = admin.post("/desk/units/truong/move", data={"unit": other, "on": "01/09/2027"})

    assert answer.status_code == 400
    assert unit(stored, "truong").path == tree["truong"].path


def test_a_unit_outside_the_administrator_s_part_is_no_place(client, given, stored, tree) -> None:
    visitor = signed_in(client, given(an_account((Role.ADMIN, tree["so"]))))

    answer = visitor.post("/desk/units/truong/move", data={"unit": "bao", "on": "01/09/2027"})

    assert answer.status_code == 400
    assert unit(stored, "truong").path == tree["truong"].path


@pytest.mark.parametrize("on", ["", "31/02/2027", "32/9/2027", "hôm nay"])
def test_a_day_that_is_none_is_refused(admin, stored, tree, on: str) -> None:
    answer = admin.post("/desk/units/truong/move", data={"unit": "bao", "on": on})

    assert answer.status_code == 400
    assert unit(stored, "truong").path == tree["truong"].path


@pytest.fixture
def two_schools(given, tree):
    """Two schools with something open and something past, the first of which is to end."""
    old, new = given(
        a_unit(code="cu", name="Trường Cũ", parent=tree["so"]),
        a_unit(code="moi", name="Trường Mới", parent=tree["so"]),
    )
    past, week = given(a_campaign(2026), a_campaign(2027))
    gone = given(a_plan(campaign=past, unit=old))
    given(an_activity(plan=gone))
    plan, above = given(a_plan(campaign=week, unit=old), a_plan(campaign=week, unit=tree["so"]))
    open_duty = Assignment(plan_id=above.id, unit_id=old.id, role=DutyRole.DO, duty="Treo băng rôn")
    done = Assignment(
        plan_id=above.id, unit_id=old.id, role=DutyRole.DO, duty="Đã xong", done_at=NOW
    )
    given(open_duty, done, Venue(name="Sân trường", unit_id=old.id), an_activity(plan=plan))
    given(an_account((Role.ORGANISER, old), full_name="Cô Hiền"))
    return old, new, week


def merge(admin):
    page = admin.get("/desk/units/cu/merge?unit=moi&on=01/09/2027").text
    return page, admin.post("/desk/units/cu/merge", data=hidden(page))


def test_merge_hands_over_what_is_open_and_leaves_what_is_past(admin, stored, two_schools) -> None:
    old, new, week = two_schools

    page, answer = merge(admin)

    assert "Cô Hiền" in page
    assert answer.location == "/desk/units/cu"
    assert unit(stored, "cu").valid_until == date(2027, 8, 31)
    plans = {plan.campaign_id == week.id: plan.unit_id for plan in stored(Plan) if plan.unit_id in {old.id, new.id}}  # fmt: skip  # noqa: E501
    assert plans == {True: new.id, False: old.id}
    assert sorted(activity.unit_id for activity in stored(Activity)) == [old.id, new.id]
    assert {duty.duty: duty.unit_id for duty in stored(Assignment)} == {
        "Treo băng rôn": new.id,
        "Đã xong": old.id,
    }
    assert [venue.unit_id for venue in stored(Venue)] == [new.id]
    assert {g.unit_id for g in stored(Grant) if g.role is Role.ORGANISER} == {old.id, new.id}
    assert [action for action, _ in facts_of(stored)] == ["unit.merged", "grant.given"]


def test_the_link_of_a_merged_unit_still_answers_for_its_duties(
    admin, app, given, stored, two_schools
) -> None:
    old, new, _week = two_schools
    plan_id = next(duty.plan_id for duty in stored(Assignment))
    with transaction() as opened:
        opened.get_one(Plan, plan_id).state = PlanState.RELEASED
        opened.execute(sa.update(Assignment).values(told_at=NOW))
    handout = given(Handout(plan_id=plan_id, unit_id=old.id, told_at=NOW))
    facts = {"source_name": "", "text": "", "understood": {}, "created_at": NOW, "changed_at": NOW}
    proposal = given(Proposal(unit_id=old.id, **facts))

    merge(admin)

    page = app.test_client().get(links.path(handout)).text
    assert "Treo băng rôn" in page
    assert "Trường Mới" in page
    assert [row.unit_id for row in stored(Proposal) if row.id == proposal.id] == [new.id]


def test_where_both_have_a_plan_the_activities_go_into_the_later_one(
    admin, given, stored, two_schools
) -> None:
    _, new, week = two_schools
    target = given(a_plan(campaign=week, unit=new))

    merge(admin)

    assert [a.unit_id for a in stored(Activity) if a.plan_id == target.id] == [new.id]


def test_a_merged_unit_is_hidden_from_the_tree_and_shown_on_wish(admin, two_schools) -> None:
    merge(admin)

    assert "/desk/units/cu" not in admin.get("/desk/units").text
    assert "/desk/units/cu" in admin.get("/desk/units?past=1").text
    assert "/desk/units/cu" in admin.get("/desk/units/moi").text
    assert "sáp nhập vào" in admin.get("/desk/units/cu").text


def test_close_notes_the_last_day_and_can_be_taken_back(admin, given, stored, tree) -> None:
    given(a_campaign(2027))
    assert '<option value="truong">' in admin.get("/desk/plans").text
    assert admin.get("/desk/units/truong/close").status_code == 200
    admin.post("/desk/units/truong/close", data={"last_day": "31/08/2027"})
    assert unit(stored, "truong").valid_until == date(2027, 8, 31)
    assert '<option value="truong">' not in admin.get("/desk/plans").text
    answer = admin.post("/desk/plans", data={"unit": "truong", "title": "Kế hoạch"})
    assert (answer.status_code, stored(Plan)) == (400, [])

    admin.post("/desk/units/truong/reopen")

    assert unit(stored, "truong").valid_until is None
    assert [action for action, _ in facts_of(stored)] == ["unit.closed", "unit.reopened"]


@pytest.mark.parametrize(
    ("began", "made"), [("", False), ("01/09/2027", False), ("01/01/2020", True)]
)
def test_nothing_new_begins_below_a_unit_that_has_ended(admin, stored, tree, began, made) -> None:
    admin.post("/desk/units/truong/close", data={"last_day": "31/08/2027"})
    facts = {"name": "Điểm trường", "kind": "school", "code": "diem", "valid_from": began}

    answer = admin.post("/desk/units/truong/new", data={**facts, "reports_to": ""})

    assert answer.status_code == (302 if made else 409)
    assert ("diem" in [unit.code for unit in stored(Unit)]) is made


@pytest.mark.parametrize("typed", ["", "31/02/2027"])
def test_close_asks_again_for_a_day(admin, stored, tree, typed: str) -> None:
    assert admin.post("/desk/units/truong/close", data={"last_day": typed}).status_code == 400
    assert unit(stored, "truong").valid_until is None


def test_close_is_refused_while_units_stand_below(admin, stored, tree) -> None:
    answer = admin.post("/desk/units/so/close", data={"last_day": "31/08/2027"})

    assert answer.status_code == 409
    assert "Còn 1 đơn vị trực thuộc vào ngày đó" in answer.text


def test_the_origin_of_a_unit_is_noted_and_taken_out_again(admin, stored, tree) -> None:
    data = {"unit": "bao", "kind": "split", "on": "01/07/2025"}

    assert admin.get("/desk/units/truong/came-from").status_code == 200
    assert admin.post("/desk/units/truong/came-from", data=data).status_code == 302
    assert admin.post("/desk/units/truong/came-from", data=data).status_code == 400
    assert "Ngày 01/07/2025 tách ra từ" in admin.get("/desk/units/truong").text
    (link,) = stored(Succession)
    admin.post(f"/desk/units/truong/came-from/{link.id}/remove")

    assert stored(Succession) == []


def test_a_role_on_a_moved_unit_keeps_its_meaning(admin, app, given, tree) -> None:
    teacher = given(an_account((Role.ORGANISER, tree["truong"])))
    page = admin.get("/desk/units/truong/move?unit=bao&on=01/09/2027").text
    admin.post("/desk/units/truong/move", data=hidden(page))

    visitor = signed_in(app.test_client(), teacher)

    assert visitor.get("/desk/units/truong").status_code == 200


def test_the_tree_page_asks_the_database_as_often_for_many_units_as_for_few(
    admin, given, tree, statements
) -> None:
    few = statements(lambda: admin.get("/desk/units"))
    given(*(a_unit(parent=tree["so"]) for _ in range(50)))

    assert statements(lambda: admin.get("/desk/units")) == few


@pytest.fixture
def statements():
    """How many statements a call sends."""

    def count(call) -> int:
        seen: list[str] = []

        def note(_conn, _cursor, statement, *_rest) -> None:
            seen.append(statement)

        sa.event.listen(sa.Engine, "before_cursor_execute", note)
        call()
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
        return len(seen)

    return count


@pytest.mark.parametrize("typed", ["\x00", "\ufffd", "%00", "٣", "a" * 3000, "01/01/0001", "-1"])
def test_nothing_typed_breaks_a_page_of_the_tree(admin, stored, tree, typed: str) -> None:
    paths = [f"/desk/units/truong/{page}" for page in ("move", "merge", "close", "came-from")]
    data = {"unit": typed, "on": typed, "seen": typed, "kind": typed, "last_day": typed}

    statuses = {admin.post(path, data=data).status_code for path in paths}
    statuses |= {admin.get(path, query_string=data).status_code for path in paths[:2]}
    statuses.add(admin.post(f"{paths[3]}/{10**30}/remove").status_code)

    assert statuses <= {200, 400, 404}
    assert unit(stored, "truong").path == tree["truong"].path


def test_the_first_day_of_a_unit_is_not_after_its_last(admin, stored, tree) -> None:
    admin.post("/desk/units/truong/close", data={"last_day": "31/08/2027"})
    facts = {"name": "Trường", "kind": "school", "reports_to": ""}

    early = admin.post("/desk/units/truong/edit", data={**facts, "valid_from": "01/07/2025"})
    late = admin.post("/desk/units/truong/edit", data={**facts, "valid_from": "01/09/2027"})

    assert (early.status_code, late.status_code) == (302, 400)
    assert unit(stored, "truong").valid_from == date(2025, 7, 1)


def test_the_tree_is_searched_with_or_without_marks_and_keeps_those_above(
    admin, given, tree
) -> None:
    given(*(a_unit(name=f"Trường Tiểu học số {n}", parent=tree["so"]) for n in (2, 10, 20)))
    given(*(a_unit(name=f"Phòng {n}", parent=tree["tinh"]) for n in range(12)))

    found = admin.get("/desk/units?q=tieu+hoc+so+2").text

    assert "Có 2 đơn vị mang tên này" in found
    shown = re.findall(r'<div class="unit-line"><a [^>]*>([^<]+)<', found)
    assert shown == ["Tỉnh", "Sở", "Trường Tiểu học số 2", "Trường Tiểu học số 20"]
    assert "Không có đơn vị nào mang tên này" in admin.get("/desk/units?q=khong+co").text


def test_the_page_of_a_unit_shows_the_way_down_to_it(app, given, tree) -> None:
    visitor = signed_in(app.test_client(), given(an_account((Role.OBSERVER, tree["so"]))))

    page = visitor.get("/desk/units/truong").text

    trail = re.search(r'<nav class="unit-trail".*?</nav>', page, re.DOTALL)
    assert trail is not None
    assert re.findall(r'href="([^"]+)"', trail.group()) == ["/desk/units/so"]

"""Changes of the tree that are noted for a day ahead and carried out by the clock."""

import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from accounts.errors import ChangePlanned, UnitBelowItself, UnitHasEnded
from accounts.models import AuditEntry, FormerPlace, Grant, Role, Succession, Unit
from accounts.tree import changes, history, services
from accounts.tree.models import ChangeKind, PlannedChange, PlanState
from core import clock
from core.database import reading, transaction
from notifications import jobs
from notifications.models import JobRun
from notifications.presence import Presence
from tests.factories import a_campaign, a_plan, a_unit, an_account, an_activity, signed_in

TODAY, NEW_YEAR = date(2026, 9, 1), date(2027, 1, 1)
NOW = clock.at(TODAY, 9)
EVE, MIDNIGHT = clock.at(NEW_YEAR, 0) - timedelta(minutes=1), clock.at(NEW_YEAR, 0)
"""The last minute of the old year in Hà Nội, and the first; in Greenwich both are in the old."""


@pytest.fixture
def tree(given, at):
    at(NOW)
    province = given(a_unit(code="tinh", name="Tỉnh"))
    old, new = given(
        a_unit(code="cu", name="Xã Cũ", parent=province),
        a_unit(code="moi", name="Xã Mới", parent=province),
    )
    school = given(a_unit(code="truong", name="Trường", parent=old))
    return {"tinh": province, "cu": old, "moi": new, "truong": school}


@pytest.fixture
def admin(client, given, tree):
    """A visitor who administers the whole tree."""
    return signed_in(client, given(an_account((Role.ADMIN, tree["tinh"]), full_name="Lê Thị Sáu")))


@pytest.fixture
def beat(at, tmp_path, stored):
    """One beat of the clock at a moment; what its first job, that of the tree, said."""
    here = Presence(tmp_path / "alive")

    def run(moment) -> str:
        at(moment)
        assert jobs.tick([], here, jobs=jobs.JOBS[:1])
        (run,) = [run for run in stored(JobRun) if run.job == "change_tree"]
        return run.outcome

    yield run
    here.leave()


def planned(admin, change: str, unit: str, other: str, on: str = "01/01/2027"):
    page = admin.get(f"/desk/units/{unit}/{change}?unit={other}&on={on}").text
    data = dict(re.findall(r'<input type="hidden" name="(unit|on|seen)" value="([^"]*)"', page))
    return page, admin.post(f"/desk/units/{unit}/{change}", data=data)


def unit(stored, code: str) -> Unit:
    return next(unit for unit in stored(Unit) if unit.code == code)


def states(stored) -> list[PlanState]:
    return [change.state for change in sorted(stored(PlannedChange), key=lambda c: c.id)]


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_a_change_for_a_day_ahead_waits_and_then_takes_place_at_midnight_in_hanoi(
    admin, beat, stored, tree
) -> None:
    page, answer = planned(admin, "move", "truong", "moi")

    assert "Trước ngày 01/01/2027 mọi việc giữ nguyên" in words(page)
    assert answer.location == "/desk/units/truong"
    assert (unit(stored, "truong").path, stored(FormerPlace)) == (tree["truong"].path, [])
    assert beat(EVE) == ""
    assert unit(stored, "truong").path == tree["truong"].path
    assert beat(MIDNIGHT) == "1 done"
    assert unit(stored, "truong").path == f"{tree['moi'].path}{tree['truong'].id}/"
    assert [place.until_on for place in stored(FormerPlace)] == [NEW_YEAR]
    assert beat(MIDNIGHT) == ""
    assert states(stored) == [PlanState.DONE]


def test_a_clock_that_was_down_for_weeks_carries_out_what_was_due_in_its_order(
    admin, beat, stored, tree
) -> None:
    planned(admin, "merge", "cu", "moi", "15/01/2027")
    planned(admin, "move", "truong", "tinh")

    assert beat(clock.at(date(2027, 2, 20), 7)) == "2 done"

    school = unit(stored, "truong")
    assert school.parent_id == tree["tinh"].id
    assert unit(stored, "cu").valid_until == date(2027, 1, 14)
    with reading():
        days = [TODAY, NEW_YEAR]
        stood = [history.path_of(school, day) for day in days]
    assert stood == [tree["truong"].path, f"{tree['tinh'].path}{school.id}/"]
    assert [link.happened_on for link in stored(Succession)] == [date(2027, 1, 15)]


def test_planning_a_merger_hands_nothing_over_before_its_day(
    admin, beat, given, stored, tree
) -> None:
    activity = given(an_activity(plan=given(a_plan(unit=tree["cu"], campaign=a_campaign(2027)))))
    person = given(an_account((Role.ORGANISER, tree["cu"])))

    planned(admin, "merge", "cu", "moi")

    def roles() -> set[int]:
        return {grant.unit_id for grant in stored(Grant) if grant.account_id == person.id}

    assert (roles(), stored(Succession)) == ({tree["cu"].id}, [])
    assert unit(stored, "cu").valid_until is None
    beat(MIDNIGHT)
    assert roles() == {tree["cu"].id, tree["moi"].id}
    with reading() as opened:
        assert opened.get_one(type(activity), activity.id).unit_id == tree["moi"].id


def test_what_is_ahead_stands_on_the_pages_of_both_units_and_in_the_tree(admin, tree) -> None:
    planned(admin, "merge", "cu", "moi")

    for code in ("cu", "moi"):
        page = words(admin.get(f"/desk/units/{code}").text)
        assert "Xã Cũ từ ngày 01/01/2027 sẽ sáp nhập vào Xã Mới" in page
    assert "sẽ sáp nhập vào Xã Mới từ ngày 01/01/2027" in words(admin.get("/desk/units").text)
    assert "Thay đổi định trước" not in admin.get("/desk/units/truong").text
    assert "sẽ sáp nhập vào" in words(admin.get("/desk/units/moi/close").text)


def test_a_planned_change_is_cancelled_until_its_day(admin, beat, stored, tree) -> None:
    planned(admin, "move", "truong", "moi")
    (change,) = stored(PlannedChange)

    answer = admin.post(f"/desk/units/truong/planned/{change.id}/cancel")

    assert (answer.status_code, states(stored)) == (302, [PlanState.CANCELLED])
    assert beat(MIDNIGHT) == ""
    assert unit(stored, "truong").path == tree["truong"].path
    assert admin.post(f"/desk/units/truong/planned/{change.id}/cancel").status_code == 409
    assert admin.post(f"/desk/units/cu/planned/{change.id}/cancel").status_code == 404
    assert [entry.action for entry in stored(AuditEntry)] == [
        "unit.move_planned",
        "unit.plan_cancelled",
    ]


def test_what_can_no_longer_be_carried_out_is_listed_with_its_reason(
    admin, beat, stored, tree
) -> None:
    planned(admin, "move", "truong", "moi")
    planned(admin, "move", "cu", "moi", "02/01/2027")
    admin.post("/desk/units/moi/close", data={"last_day": "31/12/2026"})

    assert beat(clock.at(date(2027, 1, 2), 5)) == "2 failed"
    assert beat(clock.at(date(2027, 1, 2), 6)) == ""

    page = words(admin.get("/desk/units").text)
    assert "Không thực hiện được: Trường từ ngày 01/01/2027 sẽ trực thuộc Xã Mới" in page
    assert "Vào ngày 01/01/2027 không có Xã Mới" in page
    assert "Không thực hiện được" in admin.get("/desk/units/truong").text
    assert unit(stored, "truong").path == tree["truong"].path
    first = min(stored(PlannedChange), key=lambda change: change.id)
    admin.post(f"/desk/units/truong/planned/{first.id}/cancel")
    assert states(stored) == [PlanState.CANCELLED, PlanState.FAILED]


def test_one_that_fails_for_want_of_a_rule_does_not_keep_the_others(
    admin, beat, stored, tree, monkeypatch
) -> None:
    planned(admin, "move", "cu", "moi")
    planned(admin, "move", "truong", "moi")
    real = services.move

    def broken(unit: Unit, **facts) -> None:
        if unit.code == "cu":
            raise RuntimeError("broken")
        real(unit, **facts)

    monkeypatch.setattr(services, "move", broken)

    assert beat(MIDNIGHT) == "1 RuntimeError, 1 done"
    assert states(stored) == [PlanState.WAITING, PlanState.DONE]
    monkeypatch.undo()
    assert beat(MIDNIGHT) == "1 done"


def test_a_change_that_the_tree_of_today_refuses_is_not_planned(given, stored, tree) -> None:
    person = given(an_account((Role.ADMIN, tree["tinh"])))

    def plan(first: str, second: str, on: date = NEW_YEAR, kind=ChangeKind.MOVE) -> None:
        with transaction() as opened:
            pair = [opened.get_one(Unit, tree[code].id) for code in (first, second)]
            by = opened.get_one(type(person), person.id)
            changes.plan(kind, *pair, on=on, by=by, now=NOW)

    with pytest.raises(UnitBelowItself):
        plan("cu", "truong")
    with transaction() as opened:
        opened.get_one(Unit, tree["moi"].id).valid_until = date(2026, 12, 31)
    with pytest.raises(UnitHasEnded):
        plan("truong", "moi")
    plan("truong", "tinh")
    with pytest.raises(ChangePlanned):
        plan("truong", "moi", date(2026, 12, 30))
    assert states(stored) == [PlanState.WAITING]


def test_a_unit_goes_under_one_that_begins_on_that_day(admin, beat, given, stored, tree) -> None:
    given(a_unit(code="sap-co", name="Xã Sắp Có", parent=tree["tinh"], valid_from=NEW_YEAR))

    _, early = planned(admin, "move", "truong", "sap-co", "31/12/2026")
    _, answer = planned(admin, "move", "truong", "sap-co")

    assert (early.status_code, answer.status_code) == (409, 302)
    assert beat(MIDNIGHT) == "1 done"
    assert unit(stored, "truong").parent_id == unit(stored, "sap-co").id


def test_two_clocks_at_once_carry_a_change_out_once(admin, stored, tree) -> None:
    planned(admin, "move", "truong", "moi")
    (change,) = stored(PlannedChange)

    with transaction():
        first = changes.carry_out_planned(change.id, today=NEW_YEAR, now=MIDNIGHT)
    with transaction():
        second = changes.carry_out_planned(change.id, today=NEW_YEAR, now=MIDNIGHT)

    assert (first, second) == (PlanState.DONE, None)
    with reading() as opened:
        assert opened.scalar(sa.select(sa.func.count()).select_from(FormerPlace)) == 1

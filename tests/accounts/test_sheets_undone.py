"""Taking rows out, placing units elsewhere, and putting all of an import back."""

from typing import Any

import pytest
import sqlalchemy as sa

from accounts.models import Account, FormerPlace, Grant, Role, Unit, UnitKind
from core.database import database, reading, transaction
from core.jobs import Job
from core.spreadsheets import importing
from core.spreadsheets.preview import Status
from tests.factories import a_unit, an_account, signed_in
from tests.tables import Desk, texts

UNITS = "code;name;kind;parent;headcount\n"
PEOPLE = "email;full_name;role;unit\n"


@pytest.fixture
def tree(given):
    """A province with two departments, and a school with a class below the first."""
    top = a_unit(code="tinh", name="UBND tỉnh")
    mine = a_unit(code="so", name="Sở", parent=top)
    school = a_unit(code="truong", name="Trường", parent=mine)
    pupils = a_unit(code="lop", name="Lớp", parent=school)
    other = a_unit(code="so-khac", name="Sở khác", parent=top)
    given(top, mine, school, pupils, other)
    return {"top": top, "mine": mine, "school": school, "other": other}


@pytest.fixture
def desk(client, given, tree) -> Desk:
    admin = an_account((Role.ADMIN, tree["top"]), email="admin@example.com")
    return Desk(signed_in(client, given(admin)))


def everything(*models: type[Any]) -> list[dict[str, Any]]:
    with reading() as opened:
        return [
            dict(row._mapping)
            for model in models
            for row in opened.connection().execute(sa.select(model.__table__))
        ]


def since_then(parent: Unit) -> None:
    """Another unit comes below one."""
    with transaction() as opened:
        facts = {"name": "Tổ", "short_name": "Tổ", "kind": UnitKind.OTHER, "parent_id": parent.id}
        opened.add(Unit(code="to", path=f"{parent.path}999/", **facts))


def test_undone_all_is_as_it_was_before(desk) -> None:
    before = everything(Unit, FormerPlace)
    desk.keep("units", UNITS + "truong;Trường B;school;so-khac;41\nmoi;Mới;school;lop;\n")
    assert everything(Unit, FormerPlace) != before

    job = desk.undo()

    assert everything(Unit, FormerPlace) == before
    assert (job.outcome["undone"], job.past) == (True, None)
    assert "Đã hoàn tác" in texts(desk.page())


def test_what_was_changed_since_is_named_and_nothing_goes_back(desk, stored) -> None:
    desk.keep("units", "code;headcount\ntruong;41\nso;7\n")
    with transaction() as opened:
        opened.execute(sa.update(Unit).where(Unit.code == "truong").values(headcount=99))

    page = texts(desk.client.get(f"/desk/sheets/imports/{desk.job().id}/undo"))
    job = desk.undo()

    assert "Trường" in page
    assert "Sở khác" not in page
    assert not job.outcome.get("undone")
    assert "chưa hoàn tác dòng nào" in texts(desk.page())
    assert {u.code: u.headcount for u in stored(Unit)}["so"] == 7


def test_what_others_hang_on_by_now_does_not_go_away(desk, stored) -> None:
    desk.keep("units", UNITS + "moi;Mới;school;so;\n")
    new = next(unit for unit in stored(Unit) if unit.code == "moi")
    since_then(new)

    assert not desk.undo().outcome.get("undone")
    assert "moi" in {unit.code for unit in stored(Unit)}


def test_a_unit_does_not_go_back_from_above_one_that_came_since(desk, stored) -> None:
    desk.keep("units", "code;parent\ntruong;so-khac\n")
    below = next(unit for unit in stored(Unit) if unit.code == "lop")
    since_then(below)

    assert not desk.undo().outcome.get("undone")


def test_an_import_is_undone_once(desk) -> None:
    desk.keep("units", "code;headcount\ntruong;41\n")
    shown = texts(desk.client.get(f"/desk/sheets/imports/{desk.job().id}/undo"))
    assert "41 → (trống)" in shown
    desk.undo()

    answer = desk.client.post(f"/desk/sheets/imports/{desk.job().id}/undo")

    assert (answer.status_code, desk.job().state) == (302, "done")


def test_an_import_of_long_ago_stays(desk) -> None:
    desk.keep("units", "code;headcount\ntruong;41\n")
    with transaction() as opened:
        opened.execute(sa.update(Job).values(past=None))

    assert desk.client.post(f"/desk/sheets/imports/{desk.job().id}/undo").status_code == 409


def test_another_parent_moves_the_unit_with_all_below_it(desk, stored) -> None:
    desk.bring_in("units", "code;parent\ntruong;so-khac\n")
    assert "tính cả các đơn vị trực thuộc là 2" in texts(desk.page())
    desk.confirm()

    units = {unit.code: unit for unit in stored(Unit)}
    assert units["lop"].path.startswith(units["so-khac"].path)
    assert {row.unit_id for row in stored(FormerPlace)} == {units["truong"].id, units["lop"].id}
    assert desk.round_trip("units") == {Status.SAME}


@pytest.mark.parametrize("parent", ["lop", "truong", "khong-co", ""])
def test_a_unit_does_not_go_below_itself_or_nowhere(desk, parent) -> None:
    reasons = desk.reasons("units", f"code;parent\ntruong;{parent}\n")

    assert [cell for cell, _ in reasons] == ["B2"]


def test_a_unit_ends_by_a_file_after_those_below_it(desk, stored) -> None:
    assert desk.statuses("units", "code;action\nso;kết thúc\n") == [Status.REMOVED]
    desk.confirm()
    assert desk.job().outcome["kept"] is False

    desk.keep("units", "code;action\ntruong;Kết thúc\nlop;x\n")

    ended = {unit.code for unit in stored(Unit) if unit.valid_until is not None}
    assert ended == {"truong", "lop"}


def test_only_a_unit_on_which_nothing_hangs_is_deleted(desk, stored) -> None:
    assert [c for c, _ in desk.reasons("units", "code;action\ntruong;xóa\n")] == ["B2"]
    assert [c for c, _ in desk.reasons("units", "code;action\ntinh;xóa\n")] == ["B2"]
    before = everything(Unit)

    desk.keep("units", "code;action\nlop;xóa\n")

    assert "lop" not in {unit.code for unit in stored(Unit)}
    desk.undo()
    assert everything(Unit) == before


def test_a_role_is_taken_back_and_put_back(desk, given, tree, stored) -> None:
    roles = (Role.ORGANISER, tree["mine"]), (Role.REPORTER, tree["school"])
    given(an_account(*roles, email="lan@example.com", full_name="Lan"))
    before = everything(Grant, Account)

    line = "lan@example.com;Lan;reporter;truong;thu hồi\n"
    desk.keep("people", PEOPLE.replace("\n", ";action\n") + line)

    assert [g.role for g in stored(Grant)] == [Role.ADMIN, Role.ORGANISER]
    assert desk.undo().outcome["undone"]
    assert everything(Grant, Account) == before


def test_the_last_role_and_the_last_administrator_stay(desk, given, tree) -> None:
    given(an_account((Role.ORGANISER, tree["mine"]), email="lan@example.com", full_name="Lan"))
    head = PEOPLE.replace("\n", ";action\n")

    reasons = desk.reasons("people", head + "lan@example.com;Lan;organiser;so;x\n"
                           "admin@example.com;Nguyễn Văn A;admin;tinh;x\n")  # fmt: skip

    assert [cell for cell, _ in reasons] == ["E2", "E3"]


def test_a_new_account_goes_away_until_somebody_used_it(desk, stored) -> None:
    before = everything(Account, Grant)
    desk.keep("people", PEOPLE + "lan@example.com;Lan;organiser;so\n")
    desk.undo()
    assert everything(Account, Grant) == before

    desk.keep("people", PEOPLE + "lan@example.com;Lan;organiser;so\n")
    with transaction() as opened:
        used = sa.update(Account).where(Account.email == "lan@example.com")
        opened.execute(used.values(password_is_given=False))
    assert not desk.undo().outcome.get("undone")


def test_an_action_on_nothing_is_refused(desk) -> None:
    assert [c for c, _ in desk.reasons("units", "code;action\nkhong-co;x\n")] == ["B2"]
    assert [c for c, _ in desk.reasons("units", "code;action\ntruong;bay\n")] == ["B2"]


def test_writing_takes_as_many_statements_for_many_rows_as_for_few(desk) -> None:
    """The part for which other writers wait does not grow with the rows."""

    def statements(rows: range) -> int:
        desk.bring_in("units", UNITS + "".join(f"t{n};T {n};school;so;\n" for n in rows))
        told: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            told.append(statement)

        sa.event.listen(database().writer, "before_cursor_execute", note)
        desk.confirm()
        sa.event.remove(database().writer, "before_cursor_execute", note)
        assert desk.job().outcome["kept"]
        return sum(not one.startswith("PRAGMA") for one in told)

    assert statements(range(300)) <= statements(range(300, 302)) + 2


def test_the_bar_tells_what_is_done_from_beside_the_work(desk) -> None:
    told: list[tuple[str, int]] = []

    def note(_c: Any, _cursor: Any, statement: str, facts: Any, *_rest: Any) -> None:
        if statement.startswith("UPDATE job SET step"):
            values = list(facts.values()) if isinstance(facts, dict) else list(facts)
            told.append((values[0], values[2]))

    sa.event.listen(database().writer, "before_cursor_execute", note)
    desk.keep("units", UNITS + "".join(f"t{n};T {n};school;so;\n" for n in range(30)))
    sa.event.remove(database().writer, "before_cursor_execute", note)

    assert list(dict.fromkeys(told)) == [
        (importing.READING, 0), (importing.COMPARING, 30), (importing.PREPARING, 0),
        (importing.KEEPING, 30),
    ]  # fmt: skip

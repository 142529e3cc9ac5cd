"""Units and people as tables: in scope only, all or nothing, the same when nothing changed."""

from io import BytesIO

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from accounts import passwords
from accounts.models import Account, AuditEntry, Grant, Role, Unit
from core.database import transaction
from core.jobs import Job, JobState
from core.spreadsheets.preview import Status
from tests.core.workbooks import a_workbook
from tests.factories import a_unit, an_account, signed_in
from tests.tables import Desk, texts


@pytest.fixture
def tree(given):
    """A province with two departments, and a school below the first."""
    top = a_unit(code="tinh", name="UBND tỉnh")
    mine = a_unit(code="so", name="Sở", parent=top)
    school = a_unit(code="truong", name="Trường =1+1", parent=mine, email="t@example.com")
    other = a_unit(code="so-khac", name="Sở khác", parent=top)
    given(top, mine, school, other)
    return {"top": top, "mine": mine, "school": school, "other": other}


@pytest.fixture
def admin(tree, given):
    return given(an_account((Role.ADMIN, tree["mine"]), email="admin@example.com"))


@pytest.fixture
def desk(client, admin) -> Desk:
    return Desk(signed_in(client, admin))


UNITS = "code;name;kind;parent;headcount;email\n"


def test_units_are_brought_in_those_above_first(desk, stored) -> None:
    desk.keep("units", UNITS + "lop-1;Lớp 1;Trường học;thcs;30;\nthcs;THCS A;school;so;;\n")

    units = {unit.code: unit for unit in stored(Unit)}
    assert units["lop-1"].path == f"{units['thcs'].path}{units['lop-1'].id}/"
    assert units["thcs"].path.startswith(units["so"].path)
    assert (units["lop-1"].headcount, units["lop-1"].short_name) == (30, "Lớp 1")


def test_units_that_change_keep_the_rest(desk, stored) -> None:
    desk.keep("units", "code;headcount\ntruong;41\n")

    school = next(unit for unit in stored(Unit) if unit.code == "truong")
    assert (school.headcount, school.name, school.email) == (41, "Trường =1+1", "t@example.com")
    entry = stored(AuditEntry)[-1]
    assert (entry.action, entry.facts) == ("unit.edited", {"headcount": [None, 41]})


def test_units_go_out_and_come_in_the_same(desk) -> None:
    assert desk.round_trip("units") == {Status.SAME}


def test_units_outside_are_neither_seen_nor_told_of(desk) -> None:
    assert "so-khac" not in desk.file("units", kind="csv").decode()

    foreign = desk.reasons("units", UNITS + "so-khac;Sở khác;school;so;;\n")
    parent = desk.bring_in("units", UNITS + "moi;Mới;school;so-khac;;\n")[0].reasons
    missing = desk.bring_in("units", UNITS + "moi;Mới;school;khong-co;;\n")[0].reasons

    assert foreign == [
        ("A2", "The code “%(code)s” cannot be used here. Please choose another one.")
    ]
    assert parent[0].sentence == missing[0].sentence


@pytest.mark.parametrize(
    ("line", "cell"),
    [
        ("Mã;Tên;school;so;;", "A2"),
        ("moi;;school;so;;", "B2"),
        ("moi;Mới;lâu đài;so;;", "C2"),
        ("moi;Mới;school;;;", "D2"),
        ("moi;Mới;school;moi;;", None),
        ("moi;Mới;school;so;-1;", "E2"),
        ("moi;Mới;school;so;;khong phai", "F2"),
        ("truong;Trường;school;tinh;;", "D2"),
    ],
)
def test_a_wrong_unit_is_refused_with_its_cell(desk, line, cell) -> None:
    reasons = desk.reasons("units", UNITS + line + "\n")

    if cell is None:
        assert reasons == []
        desk.confirm()
        assert desk.job().outcome["kept"] is False
    else:
        assert cell in [named for named, _ in reasons]


def test_one_refused_line_keeps_all_from_being_kept(desk, stored) -> None:
    desk.bring_in("units", UNITS + "moi;Mới;school;so;;\nxau;;school;so;;\n")

    answer = desk.confirm()

    assert answer.status_code == 409
    assert "moi" not in {unit.code for unit in stored(Unit)}


def test_a_formula_is_refused_with_its_cell(desk) -> None:
    content = a_workbook([["code", "name", "headcount"], ["truong", "Trường", "=1+1"]])

    assert ("C2", "This cell holds a formula. Please paste its value instead.") in desk.reasons(
        "units", content
    )
    assert "C2" in texts(desk.page("?status=refused"))


def test_what_changed_since_the_preview_is_looked_at_again(desk, stored) -> None:
    desk.bring_in("units", "code;headcount\ntruong;41\n")
    with transaction() as opened:
        opened.execute(sa.update(Unit).where(Unit.code == "truong").values(headcount=99))

    desk.confirm()

    assert desk.job().outcome["kept"] is False
    assert "Dữ liệu đã thay đổi" in texts(desk.page())
    assert "99" in texts(desk.page())
    desk.confirm()
    assert next(u for u in stored(Unit) if u.code == "truong").headcount == 41


def test_what_is_dropped_is_erased(desk, stored) -> None:
    desk.bring_in("units", "code;headcount\ntruong;41\n")

    desk.client.post(f"/desk/sheets/imports/{desk.job().id}/drop")

    assert [(j.state, j.file, j.result) for j in [desk.job()]] == [(JobState.DROPPED, None, None)]
    assert desk.confirm().status_code == 302
    assert next(u for u in stored(Unit) if u.code == "truong").headcount is None


def test_a_harmful_file_is_refused_on_the_page_it_came_from(desk, stored) -> None:
    answer = desk.upload("units", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "cu.xls")

    assert answer.status_code == 400
    assert "tệp Excel đời cũ" in texts(answer)
    assert stored(Job) == []


def test_a_large_table_gets_in_and_a_larger_one_does_not(desk) -> None:
    assert desk.upload("units", b"code;name\n" + b"a;" + b"x" * 3_000_000).status_code == 302
    assert desk.upload("units", b"x" * 7_000_000).status_code == 413


def test_an_organiser_does_not_shape_units(client, given, tree) -> None:
    desk = Desk(signed_in(client, given(an_account((Role.ORGANISER, tree["mine"])))))

    assert desk.client.get("/desk/sheets/file?sheet=units").status_code == 404
    assert desk.upload("units", UNITS).status_code == 404
    assert desk.client.get("/desk/sheets/file?sheet=venues").status_code == 200


def test_who_lost_the_role_meanwhile_changes_nothing(desk, admin, stored) -> None:
    desk.bring_in("units", "code;headcount\ntruong;41\n")
    desk.client.post(f"/desk/sheets/imports/{desk.job().id}/confirm")
    with transaction() as opened:
        opened.execute(sa.delete(Grant).where(Grant.account_id == admin.id))

    desk.work()

    assert desk.job().state is JobState.FAILED
    assert next(u for u in stored(Unit) if u.code == "truong").headcount is None


def test_the_bar_says_how_far_it_is(desk) -> None:
    desk.upload("units", "code;headcount\ntruong;41\n")
    number = desk.job().id

    waiting = desk.client.get(f"/desk/sheets/imports/{number}")
    told = desk.client.get(f"/desk/sheets/imports/{number}/progress").json
    assert told["under_way"] is True
    assert 'http-equiv="refresh"' in waiting.text
    desk.work()
    assert desk.client.get(f"/desk/sheets/imports/{number}/progress").json["under_way"] is False


PEOPLE = "email,full_name,role,unit\n"


def test_people_get_roles_and_a_password_to_hand_over(desk, stored) -> None:
    desk.keep(
        "people",
        PEOPLE
        + "Lan@Example.com,Trần Thị Lan,Tổ chức,truong\nlan@example.com,Trần Thị Lan,reporter,so\n",
    )

    lan = next(a for a in stored(Account) if a.email == "lan@example.com")
    assert lan.password_is_given
    assert len([g for g in stored(Grant) if g.account_id == lan.id]) == 2
    number = desk.job().id
    taken = desk.client.get(f"/desk/sheets/imports/{number}/result")
    password = _password(taken.data)
    assert passwords.matches(lan.password_hash, password)
    assert not passwords.matches(lan.password_hash, password + "x")
    desk.client.post(f"/desk/sheets/imports/{number}/drop")
    assert desk.client.get(f"/desk/sheets/imports/{number}/result").status_code == 404


def _password(content: bytes) -> str:
    return str(load_workbook(BytesIO(content)).worksheets[0]["C2"].value)


def test_people_go_out_and_come_in_the_same(desk) -> None:
    assert desk.round_trip("people") == {Status.SAME}


def test_people_elsewhere_are_not_told_of(desk, given, tree) -> None:
    given(an_account((Role.ORGANISER, tree["other"]), email="xa@example.com"))

    assert "xa@example.com" not in desk.file("people", kind="csv").decode()
    reasons = desk.bring_in("people", PEOPLE + "xa@example.com,Xa,organiser,so\n")[0].reasons
    assert [r.cell for r in reasons] == ["A2"]
    foreign = desk.bring_in("people", PEOPLE + "moi@example.com,Mới,organiser,so-khac\n")[0].reasons
    assert [r.cell for r in foreign] == ["D2"]


def test_a_name_is_corrected_but_not_of_who_works_elsewhere_too(desk, given, tree, stored) -> None:
    given(
        an_account((Role.ORGANISER, tree["mine"]), email="a@example.com", full_name="Sai"),
        an_account(
            (Role.ORGANISER, tree["mine"]), (Role.ORGANISER, tree["other"]), email="b@example.com"
        ),
    )

    desk.keep("people", PEOPLE + "a@example.com,Đúng,organiser,so\n")
    reasons = desk.bring_in("people", PEOPLE + "b@example.com,Khác,organiser,so\n")[0].reasons

    assert next(a for a in stored(Account) if a.email == "a@example.com").full_name == "Đúng"
    assert [r.cell for r in reasons] == ["B2"]

"""Units, accounts and the change log at the desk."""

import re
from typing import Any

import pytest

from accounts import passwords
from accounts.models import Account, AuditEntry, Grant, Role, Unit
from tests.factories import a_unit, an_account, signed_in


@pytest.fixture
def tree(given):
    province = given(a_unit(code="tinh", name="Tỉnh"))
    office, press = given(
        a_unit(code="so", name="Sở", parent=province),
        a_unit(code="bao", name="Báo", parent=province),
    )
    school = given(a_unit(code="truong", name="Trường", parent=office))
    return {"tinh": province, "so": office, "bao": press, "truong": school}


@pytest.fixture
def admin(client, given, tree):
    """A visitor who administers ``so``."""
    return signed_in(client, given(an_account((Role.ADMIN, tree["so"]), full_name="Trần Quản Trị")))


UNIT = {
    "name": "Thư viện tỉnh", "short_name": "TV", "kind": "library", "reports_to": "tinh",
    "symbol": "", "head_title": "", "place": "", "headcount": "12", "email": "tv@example.com",
}  # fmt: skip


def shown(page: str) -> str:
    """The password to hand over."""
    (password,) = re.findall(r"<code>([a-z0-9-]{19})</code>", page)
    return str(password)


def facts_of(stored) -> list[tuple[str, dict[str, Any]]]:
    return [(entry.action, entry.facts) for entry in stored(AuditEntry)]


def test_index_shows_the_units_inside_and_no_others(admin) -> None:
    page = admin.get("/desk/units").text

    assert re.findall(r'/desk/units/([a-z]+)"', page) == ["so", "truong"]


def test_create_adds_a_unit_below_and_writes_it_down(admin, stored, tree) -> None:
    answer = admin.post("/desk/units/so/new", data={**UNIT, "code": "tv"})

    unit = next(unit for unit in stored(Unit) if unit.code == "tv")
    assert answer.location == "/desk/units/tv"
    assert (unit.name, unit.headcount, unit.reports_to_id) == ("Thư viện tỉnh", 12, tree["tinh"].id)
    assert unit.path == f"{tree['so'].path}{unit.id}/"
    assert facts_of(stored) == [
        ("unit.created", {"code": "tv", "name": "Thư viện tỉnh", "parent": "so"})
    ]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "Xin nhập tên đầy đủ của đơn vị."),
        ({"code": "so"}, "Mã so đã được một đơn vị khác sử dụng."),
        ({"code": "Sở mới"}, "Xin chỉ dùng a–z, 0–9 và dấu gạch nối đơn, ví dụ so-gddt."),
        ({"headcount": "nhiều"}, "Xin nhập một số nguyên từ 0 trở lên."),
        ({"headcount": "-1"}, "Xin nhập một số nguyên từ 0 trở lên."),
        ({"email": "tv@"}, "tv@ không phải là địa chỉ thư điện tử đầy đủ"),
        ({"name": "a\x00b"}, "field-error"),
    ],
)
def test_create_says_what_is_wrong_and_keeps_what_was_typed(
    admin, stored, change: dict[str, str], sentence: str
) -> None:
    answer = admin.post("/desk/units/so/new", data={**UNIT, "short_name": "Tên ngắn gọn", **change})

    assert answer.status_code in {400, 409}
    assert sentence in answer.text
    assert "Tên ngắn gọn" in answer.text
    assert len(stored(Unit)) == 4


def test_update_writes_down_what_was_and_what_is(admin, stored) -> None:
    admin.post("/desk/units/truong/edit", data={**UNIT, "name": "Trường", "kind": "school"})

    (action, facts), *_ = facts_of(stored)
    assert action == "unit.edited"
    assert facts["kind"] == ["department", "school"]
    assert "name" not in facts


def test_update_refuses_a_report_to_itself(admin) -> None:
    answer = admin.post("/desk/units/truong/edit", data={**UNIT, "reports_to": "truong"})

    assert answer.status_code == 400
    assert "Một đơn vị không thể gửi báo cáo cho chính mình." in answer.text


def test_create_shows_a_password_once_that_opens_the_account(admin, client, app, stored) -> None:
    answer = admin.post(
        "/desk/accounts/new",
        data={
            "full_name": "Võ Thị Mới",
            "email": "Moi@example.com",
            "role": "steward",
            "unit": "so",
        },
    )

    password = shown(answer.text)
    account = stored(Account)[-1]
    assert (account.email, account.password_is_given) == ("moi@example.com", True)
    assert passwords.matches(account.password_hash, password)
    assert password not in admin.get(f"/desk/accounts/{account.id}").text
    assert answer.headers["Cache-Control"] == "no-store"
    assert facts_of(stored) == [("account.created", {"role": "steward"})]


@pytest.mark.parametrize("unit", ["tinh", "bao", "no-such"])
def test_create_gives_no_role_outside(admin, stored, unit: str) -> None:
    answer = admin.post(
        "/desk/accounts/new",
        data={"full_name": "Võ", "email": "vo@example.com", "role": "admin", "unit": unit},
    )

    assert answer.status_code == 400
    assert len(stored(Account)) == 1


def test_index_finds_people_without_diacritics(admin, given, tree) -> None:
    given(an_account((Role.STEWARD, tree["truong"]), full_name="Đỗ Thị Ưng"))
    given(an_account((Role.STEWARD, tree["bao"]), full_name="Đỗ Thị Ưng Khác"))

    page = admin.get("/desk/accounts?q=do thi ung").text

    assert re.findall(r'href="/desk/accounts/\d+">([^<]+)<', page) == ["Đỗ Thị Ưng"]


def test_give_role_and_take_it_back(admin, given, stored, tree) -> None:
    account = given(an_account((Role.STEWARD, tree["so"])))

    admin.post(f"/desk/accounts/{account.id}/grants", data={"role": "reporter", "unit": "truong"})
    grant = stored(Grant)[-1]
    assert (grant.role, grant.unit_id) == (Role.REPORTER, tree["truong"].id)
    admin.post(f"/desk/accounts/{account.id}/grants/{grant.id}/take")

    assert len(stored(Grant)) == 2
    assert [action for action, _ in facts_of(stored)] == ["grant.given", "grant.taken"]


def test_take_role_leaves_roles_outside_alone(admin, given, stored, tree) -> None:
    account = given(an_account((Role.STEWARD, tree["so"]), (Role.STEWARD, tree["bao"])))
    outside = next(grant for grant in account.grants if grant.unit_id == tree["bao"].id)

    answer = admin.post(f"/desk/accounts/{account.id}/grants/{outside.id}/take")

    assert answer.status_code == 404
    assert len(stored(Grant)) == 3


@pytest.mark.parametrize("step", ["close", "password", "reopen"])
def test_an_account_with_roles_elsewhere_is_not_taken_over(
    admin, given, stored, tree, step: str
) -> None:
    account = given(
        an_account((Role.ADMIN, tree["tinh"]), (Role.STEWARD, tree["so"]), password_hash="kept")
    )

    answer = admin.post(f"/desk/accounts/{account.id}/{step}")

    assert answer.status_code == 409
    assert (stored(Account)[-1].password_hash, stored(Account)[-1].closed_at) == ("kept", None)


def test_close_signs_the_person_out_and_reopen_lets_in_again(
    admin, app, given, stored, tree
) -> None:
    account = given(an_account((Role.STEWARD, tree["so"])))
    person = signed_in(app.test_client(), account)

    admin.post(f"/desk/accounts/{account.id}/close")
    assert person.get("/account").status_code == 302
    admin.post(f"/desk/accounts/{account.id}/reopen")

    assert stored(Account)[-1].closed_at is None
    assert [action for action, _ in facts_of(stored)] == ["account.closed", "account.reopened"]


def test_give_password_replaces_a_forgotten_one(admin, given, stored, tree) -> None:
    account = given(an_account((Role.STEWARD, tree["so"]), password_hash="old"))

    page = admin.post(f"/desk/accounts/{account.id}/password").text

    password = shown(page)
    assert passwords.matches(stored(Account)[-1].password_hash, password)


def test_log_shows_what_was_changed_inside_in_words(admin, given, client, tree) -> None:
    admin.post("/desk/units/truong/edit", data={**UNIT, "name": "Trường Mới", "kind": "school"})

    page = admin.get("/desk/audit").text

    assert "Sửa thông tin đơn vị" in page
    assert "Tên đầy đủ: Trường → Trường Mới" in page
    assert "Loại đơn vị: Sở, ban, ngành cấp tỉnh → Trường học" in page
    assert "Trần Quản Trị" in page


def test_log_goes_on_where_the_page_ended(admin, given, tree) -> None:
    given(
        *[
            AuditEntry(
                at=an_account().created_at,
                unit_id=tree["so"].id,
                action=f"n.{n}",
                subject="x",
                facts={},
            )
            for n in range(120)
        ]
    )

    seen: list[str] = []
    pages = ["/desk/audit"]
    while pages:
        text = admin.get(pages.pop()).text
        seen += re.findall(r"<strong>n\.(\d+)</strong>", text)
        pages += re.findall(r'rel="next" href="([^"]+)"', text)

    assert seen == [str(n) for n in reversed(range(120))]

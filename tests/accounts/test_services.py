"""Units, accounts and roles: what is done, and what is refused."""

import threading
import time
from typing import Any

import pytest

from accounts import passwords, services
from accounts.errors import (
    AddressTaken,
    CodeTaken,
    GrantExists,
    LastAdministrator,
    LastGrant,
    NotRecognised,
    OwnAccount,
    ReportsToItself,
    UnitBelowItself,
    WeakPassword,
    WrongAddress,
)
from accounts.models import AuditEntry, Role, UnitKind
from accounts.queries import tree
from accounts.tree.services import move
from core import clock
from tests.factories import LONG_AGO, a_unit, an_account

TODAY = clock.local_day(LONG_AGO)
FACTS: dict[str, Any] = {
    "name": "Sở Mới", "short_name": "", "kind": UnitKind.DEPARTMENT, "place": "", "symbol": "",
    "head_title": "", "headcount": None, "email": None,
}  # fmt: skip


def test_create_unit_places_it_under_its_parent(session) -> None:
    root = services.create_unit(parent=None, name="Tỉnh", kind=UnitKind.PROVINCE)
    unit = services.create_unit(parent=root, name="Sở Giáo dục", kind=UnitKind.DEPARTMENT)

    assert (root.path, unit.path) == (f"/{root.id}/", f"/{root.id}/{unit.id}/")
    assert (unit.code, unit.short_name) == ("so-giao-duc", "Sở Giáo dục")


def test_create_unit_makes_another_code_when_the_name_is_taken(session) -> None:
    codes = [
        services.create_unit(parent=None, name="Thư viện", kind=UnitKind.LIBRARY).code
        for _ in range(3)
    ]

    assert codes == ["thu-vien", "thu-vien-2", "thu-vien-3"]


def test_create_unit_refuses_a_code_that_is_taken(session) -> None:
    session.add(a_unit(code="so"))

    with pytest.raises(CodeTaken):
        services.create_unit(parent=None, name="Sở", kind=UnitKind.OTHER, code="so")


def test_edit_unit_refuses_a_report_to_itself(session) -> None:
    unit = a_unit()
    session.add(unit)

    with pytest.raises(ReportsToItself):
        services.edit_unit(unit, reports_to=unit, **FACTS)


def test_move_unit_takes_everything_below_along(session) -> None:
    old, new = a_unit(), a_unit()
    unit = a_unit(parent=old)
    school = a_unit(parent=a_unit(parent=unit))
    session.add_all([old, new, unit, school])
    session.flush()

    move(unit, to=new, on=TODAY, today=TODAY)
    session.flush()

    assert unit.parent_id == new.id
    assert unit.path == f"/{new.id}/{unit.id}/"
    assert school.path == f"/{new.id}/{unit.id}/{school.parent_id}/{school.id}/"
    assert old.path == f"/{old.id}/"


@pytest.mark.parametrize("below", [0, 1, 2])
def test_move_unit_refuses_a_circle(session, below: int) -> None:
    root = a_unit()
    unit = a_unit(parent=root)
    line = [unit, a_unit(parent=unit)]
    line.append(a_unit(parent=line[-1]))
    session.add_all([root, *line])
    session.flush()

    with pytest.raises(UnitBelowItself):
        move(unit, to=line[below], on=TODAY, today=TODAY)


def test_tree_orders_neighbours_by_position_then_the_vietnamese_way() -> None:
    root = a_unit(name="Tỉnh", position=0)
    for name in ["Ủy ban", "Đoàn", "Ân Thi", "An Giang", "Dạy nghề"]:
        a_unit(name=name, parent=root, parent_id=root.id, position=0)
    last = a_unit(name="An Phú", parent=root, parent_id=root.id, position=1)
    assert last in root.children
    units = [root, *root.children]

    assert [b.unit.name for b in tree(units)] == [
        "Tỉnh", "An Giang", "Ân Thi", "Dạy nghề", "Đoàn", "Ủy ban", "An Phú",
    ]  # fmt: skip


def test_authenticate_knows_the_account_whatever_the_case_of_the_address(session) -> None:
    account = an_account(email="lan@example.com", password_hash=passwords.hashed("hoa sen đỏ rực"))
    session.add(account)

    assert services.authenticate("Lan@Example.com", "hoa sen đỏ rực") is account


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("nobody@example.com", "hoa sen đỏ rực"),
        ("closed@example.com", "hoa sen đỏ rực"),
        ("open@example.com", "hoa sen"),
        ("none@example.com", ""),
    ],
)
def test_authenticate_refuses_all_alike_and_hashes_each_time(
    session, monkeypatch, email: str, password: str
) -> None:
    kept = passwords.hashed("hoa sen đỏ rực")
    session.add(an_account(email="open@example.com", password_hash=kept))
    session.add(an_account(email="closed@example.com", password_hash=kept, closed_at=LONG_AGO))
    session.add(an_account(email="none@example.com", password_hash=""))
    asked: list[str] = []
    matches = passwords.matches

    def counted(password_hash: str, typed: str) -> bool:
        asked.append(typed)
        return matches(password_hash, typed)

    monkeypatch.setattr(passwords, "matches", counted)

    with pytest.raises(NotRecognised) as refusal:
        services.authenticate(email, password)

    assert (asked, str(refusal.value)) == ([password], NotRecognised.sentence)


def test_hashed_never_runs_more_than_two_at_once(monkeypatch) -> None:
    running, most = [], []

    class Slow:
        def hash(self, _password: str) -> str:
            running.append(1)
            most.append(len(running))
            time.sleep(0.02)
            running.pop()
            return "hash"

    monkeypatch.setattr(passwords, "_hasher", Slow())
    threads = [threading.Thread(target=passwords.hashed, args=("x",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert max(most) == 2


def test_matches_takes_a_password_in_either_form_of_its_letters() -> None:
    assert passwords.matches(passwords.hashed("hoa đẹp"), "hoa đẹp")


@pytest.mark.parametrize(
    "password", ["short", "aaaaaaaaaaaa", "1234567890", "password1234", "nguyenlan123", "x" * 500]
)
def test_require_strength_refuses_what_is_guessed(password: str) -> None:
    with pytest.raises(WeakPassword):
        passwords.require_strength(password, "nguyenlan@example.com")


def test_given_passwords_are_strong_enough_and_differ() -> None:
    given = {passwords.given() for _ in range(100)}

    assert len(given) == 100
    for password in given:
        passwords.require_strength(password, "lan@example.com")


def test_create_account_keeps_the_address_in_lower_case(session) -> None:
    unit = a_unit()
    account = services.create_account(
        email="Lan@Example.com",
        full_name="Lan",
        password_hash="x",
        grants=[(Role.REPORTER, unit)],
        now=LONG_AGO,
    )

    assert (account.email, account.grants[0].role) == ("lan@example.com", Role.REPORTER)


@pytest.mark.parametrize("email", ["lan", "lan@", "nguyễn@example.com", "a\nb@example.com", ""])
def test_create_account_refuses_a_wrong_address(session, email: str) -> None:
    with pytest.raises(WrongAddress):
        services.create_account(
            email=email, full_name="Lan", password_hash="x", grants=[], now=LONG_AGO
        )


def test_create_account_refuses_an_address_that_is_taken(session) -> None:
    session.add(an_account(email="lan@example.com"))

    with pytest.raises(AddressTaken):
        services.create_account(
            email="LAN@example.com", full_name="Lan", password_hash="x", grants=[], now=LONG_AGO
        )


def test_grant_refuses_the_same_role_twice(session) -> None:
    unit = a_unit()
    account = an_account((Role.ADMIN, unit))
    session.add(account)
    session.flush()

    with pytest.raises(GrantExists):
        services.grant(account, Role.ADMIN, unit)


def test_revoke_grant_leaves_no_account_without_a_role(session) -> None:
    account = an_account((Role.STEWARD, a_unit()))
    session.add(account)
    session.flush()

    with pytest.raises(LastGrant):
        services.revoke_grant(account.grants[0])


def test_revoke_grant_leaves_the_tree_an_administrator(session) -> None:
    root = a_unit()
    account = an_account((Role.ADMIN, root), (Role.STEWARD, root))
    session.add(account)
    session.flush()

    with pytest.raises(LastAdministrator):
        services.revoke_grant(account.grants[0])
    services.revoke_grant(account.grants[1])

    assert [held.role for held in account.grants] == [Role.ADMIN]


def test_close_account_ends_its_sessions(session) -> None:
    root = a_unit()
    by, account = an_account((Role.ADMIN, root)), an_account((Role.STEWARD, root))
    session.add_all([by, account])
    session.flush()
    stamp = account.session_stamp

    services.close_account(account, by=by, now=LONG_AGO)

    assert account.closed_at == LONG_AGO
    assert account.session_stamp != stamp


def test_close_account_refuses_the_last_administrator_and_oneself(session) -> None:
    root = a_unit()
    top, other = an_account((Role.ADMIN, root)), an_account((Role.ADMIN, a_unit(parent=root)))
    session.add_all([top, other])
    session.flush()

    with pytest.raises(LastAdministrator):
        services.close_account(top, by=other, now=LONG_AGO)
    with pytest.raises(OwnAccount):
        services.close_account(other, by=other, now=LONG_AGO)


def test_an_audit_entry_is_never_altered(session) -> None:
    entry = AuditEntry(at=LONG_AGO, action="unit.moved", subject="unit:so", facts={})
    session.add(entry)
    session.flush()

    entry.subject = "unit:other"

    with pytest.raises(RuntimeError, match="only added"):
        session.flush()
    session.rollback()


def test_units_of_another_tree_stay_where_they_are(session) -> None:
    root, other = a_unit(id=7), a_unit(id=77)
    unit = a_unit(parent=root)
    session.add_all([root, other, unit])
    session.flush()

    move(root, to=other, on=TODAY, today=TODAY)
    session.flush()

    assert {root.path, other.path, unit.path} == {"/77/7/", "/77/", f"/77/7/{unit.id}/"}

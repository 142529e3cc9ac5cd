"""Frozen figures: the same content once, another content another version."""

import hashlib
import json

import pytest
import sqlalchemy as sa

from accounts.models import AuditEntry
from core.database import reading, transaction
from reports import declarations, snapshots
from reports.declarations import standing
from reports.errors import FigureOutOfRange, NotDeclarable, ReasonMissing, SnapshotAltered
from reports.models import Declaration, Snapshot
from tests.reports.weeks import CUT_OFF, Week


@pytest.fixture
def week(given):
    return Week(given).filled()


def test_a_snapshot_is_hashed_and_numbered(week, stored) -> None:
    made = week.snapshot()

    (row,) = stored(Snapshot)
    assert made.is_new
    assert row.version == 1
    assert row.hash == hashlib.sha256(row.payload.encode()).hexdigest()
    facts = json.loads(row.payload)
    assert facts["totals"] == {"luot": 1127, "nguoi": 2, "identified": 2}
    assert row.payload == snapshots.canonical(facts)
    assert [e.action for e in stored(AuditEntry)][-1] == "snapshot.made"


def test_nothing_new_is_made_while_nothing_changed(week, stored) -> None:
    first = week.snapshot()
    second = week.snapshot()

    assert not second.is_new
    assert second.snapshot.code == first.snapshot.code
    assert len(stored(Snapshot)) == 1


def test_one_more_attendance_makes_the_next_version(week, stored) -> None:
    week.snapshot()
    late = week.activity("tong-ket")
    week.attended(late, "Vũ Hoa")
    made = week.snapshot()

    assert (made.is_new, made.snapshot.version) == (True, 2)
    assert snapshots.contents(made.snapshot)["totals"]["luot"] == 1128
    first, second = stored(Snapshot)
    assert json.loads(first.payload)["totals"]["luot"] == 1127
    assert first.code != second.code


def test_a_snapshot_is_never_altered(week) -> None:
    week.snapshot()
    with pytest.raises(RuntimeError, match="only added"), transaction() as opened:
        opened.scalars(sa.select(Snapshot)).one().version = 7


def test_nothing_is_printed_from_an_altered_snapshot(week, stored) -> None:
    week.snapshot()
    with transaction() as opened:
        opened.execute(sa.text("UPDATE snapshot SET payload = replace(payload, '1127', '9127')"))
    with pytest.raises(SnapshotAltered):
        snapshots.contents(stored(Snapshot)[0])


def test_the_unit_above_sees_who_has_frozen_figures(week) -> None:
    before = snapshots.contents(week.snapshot().snapshot)
    week.snapshot("tttt")
    after = snapshots.contents(week.snapshot().snapshot)

    assert [u["submitted"] for u in before["units"]] == [False, False]
    assert [u["submitted"] for u in after["units"]] == [False, True]


def test_declared_figures_add_up_only_where_they_can(week) -> None:
    facts = snapshots.contents(week.snapshot().snapshot)

    assert [(d["indicator"], d["value"], d["unit_of_measure"]) for d in facts["declared"]] == [
        ("B1", 15, "chiếc"),
        ("F3", 90, "người"),
    ]
    assert facts["declared"][0]["source"] == (
        "Số liệu kê khai của Sở KH&CN, Trung tâm Thông tin (Ảnh)"
    )


def test_the_last_declaration_holds_and_the_earlier_ones_stay(week, stored) -> None:
    week.declare("B1", 14, reason="Đếm lại")

    rows = [r for r in stored(Declaration) if r.unit_id == week.unit.id and r.indicator == "B1"]
    assert [r.value for r in rows] == [12, 14]
    with reading():
        assert standing(week.unit, week.campaign)["B1"].value == 14


def test_a_change_says_why(week) -> None:
    with pytest.raises(ReasonMissing):
        week.declare("B1", 14)


def test_confirming_the_same_figure_twice_adds_nothing(week, stored) -> None:
    before = len(stored(Declaration))
    week.declare("B1", 12, source="Ảnh")
    assert len(stored(Declaration)) == before


@pytest.mark.parametrize("code", ["G1", "Z9", ""])
def test_counted_and_unknown_figures_are_not_declared(week, code) -> None:
    with pytest.raises(NotDeclarable):
        week.declare(code, 1)


@pytest.mark.parametrize("value", [-1, 10**12, 2**63])
def test_a_figure_nobody_can_mean_is_refused(week, value) -> None:
    with pytest.raises(FigureOutOfRange):
        week.declare("B2", value)


def test_money_fits(week) -> None:
    week.declare("H1", 48_500_000_000)
    facts = snapshots.contents(week.snapshot().snapshot)
    assert facts["declared"][-1]["value"] == 48_500_000_000


def test_passages_are_normal_form_and_frozen(week) -> None:
    week.write("strengths", "Tiê\u0301t đo\u0323c")
    with reading():
        assert declarations.passages(week.unit, week.campaign)["strengths"] == "Tiết đọc"
    assert "Tiết đọc" in week.snapshot().snapshot.payload


def test_activities_to_come_are_not_reported_as_held(week) -> None:
    week.activity("tong-ket", starts_at=CUT_OFF.replace(day=20), ends_at=CUT_OFF.replace(day=21))
    facts = snapshots.contents(week.snapshot().snapshot)
    assert facts["ahead"] == 1
    assert "tong-ket" not in {a["slug"] for a in facts["activities"]}


def test_a_payload_takes_the_same_statements_however_many_units(week, given) -> None:
    from tests.factories import a_unit

    def statements() -> int:
        said = []
        with transaction() as opened:
            unit, campaign = snapshots.get_subject(2027, "so-khcn")
            listener = sa.event.listens_for
            listener(opened.connection(), "before_cursor_execute")(lambda *a: said.append(a[2]))
            snapshots.make_snapshot(unit, campaign, actor=None, now=CUT_OFF)
        return len(said)

    few = statements()
    for number in range(8):
        unit = a_unit(parent=week.unit)
        given(unit)
        week.activity(f"them-{number}", unit)
        week.declare("B1", 1, unit=unit)
    assert statements() == few

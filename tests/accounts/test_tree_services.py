"""Moving, merging and closing units, and the tree of an earlier day."""

import threading
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from accounts import services as units
from accounts.errors import (
    ComesFromItself,
    EndsBeforeItBegan,
    LinkedAlready,
    MergedAlready,
    MovedLater,
    NotYet,
    ReportsInACircle,
    RootStays,
    TreeChanged,
    UnitBelowItself,
    UnitHasEnded,
    UnitsBelowRemain,
)
from accounts.models import FormerPlace, Grant, Role, Succession, SuccessionKind, Unit
from accounts.tree import history, services
from core.database import transaction
from tests.factories import a_unit, an_account

BEFORE, CHANGE, TODAY = date(2025, 6, 30), date(2025, 7, 1), date(2027, 9, 1)


@pytest.fixture
def tree(session):
    """A province with two districts, a school below the first."""
    province = a_unit(name="Tỉnh")
    first, second = a_unit(parent=province, name="Huyện A"), a_unit(parent=province, name="Xã B")
    school = a_unit(parent=first, name="Trường")
    session.add_all([province, first, second, school])
    session.flush()
    return province, first, second, school


def in_past(session, unit, day):
    return set(session.scalars(history.subtree_on(unit, day).units()))


def test_a_moved_unit_stands_in_its_old_place_before_the_day(session, tree) -> None:
    _, first, second, school = tree

    services.move(school, to=second, on=CHANGE, today=TODAY)

    assert school.path == f"{second.path}{school.id}/"
    assert in_past(session, first, BEFORE) == {first, school}
    assert in_past(session, first, CHANGE) == {first}
    assert in_past(session, second, BEFORE) == {second}
    assert in_past(session, second, TODAY) == {second, school}
    assert history.subtree_on(first, BEFORE).covers(school)
    assert [place.parent for place in history.former_places(school)] == [first]


def test_a_unit_moved_twice_is_found_where_it_stood_each_time(session, tree) -> None:
    province, first, second, school = tree
    services.move(school, to=second, on=CHANGE, today=TODAY)
    services.move(school, to=province, on=date(2026, 1, 1), today=TODAY)

    found = {
        day: history.path_of(school, day) for day in (BEFORE, date(2025, 12, 31), date(2026, 1, 1))
    }

    assert list(found.values()) == [
        f"{first.path}{school.id}/",
        f"{second.path}{school.id}/",
        f"{province.path}{school.id}/",
    ]
    assert [place.parent for place in history.former_places(school)] == [second, first]


def test_units_below_remember_the_move_of_the_one_above_without_telling_it(session, tree) -> None:
    _, first, second, school = tree

    services.move(first, to=second, on=CHANGE, today=TODAY)

    assert school.path == f"{second.path}{first.id}/{school.id}/"
    assert history.path_of(school, BEFORE) == f"/{first.parent_id and second.parent_id}/{first.id}/{school.id}/"  # fmt: skip  # noqa: E501
    assert history.former_places(school) == []


def test_moving_back_on_the_same_day_leaves_one_place_of_before(session, tree) -> None:
    _, first, second, school = tree
    services.move(school, to=second, on=CHANGE, today=TODAY)
    services.move(school, to=first, on=CHANGE, today=TODAY)

    assert history.path_of(school, BEFORE) == school.path
    assert session.scalar(sa.select(sa.func.count()).select_from(FormerPlace)) == 1


def test_paths_of_a_large_subtree_are_rewritten_in_a_fixed_number_of_statements(session) -> None:
    def statements(width: int) -> int:
        root, target, top = a_unit(), a_unit(), a_unit()
        session.add_all([root, target, top, *(a_unit(parent=top) for _ in range(width))])
        session.flush()
        seen: list[str] = []

        def note(_conn, _cursor, statement, *_rest) -> None:
            seen.append(statement)

        sa.event.listen(session.get_bind(), "before_cursor_execute", note)
        services.move(top, to=target, on=CHANGE, today=TODAY)
        sa.event.remove(session.get_bind(), "before_cursor_execute", note)
        return len(seen)

    assert statements(60) == statements(3)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (lambda p, a, b, s: services.move(a, to=s, on=CHANGE, today=TODAY), UnitBelowItself),
        (lambda p, a, b, s: services.move(a, to=b, on=date(2027, 9, 2), today=TODAY), NotYet),
        (lambda p, a, b, s: services.move(a, to=b, on=CHANGE, today=TODAY, seen="0"), TreeChanged),
        (lambda p, a, b, s: services.merge(a, into=s, on=CHANGE, today=TODAY), UnitBelowItself),
        (lambda p, a, b, s: services.merge(p, into=b, on=CHANGE, today=TODAY), UnitBelowItself),
        (lambda p, a, b, s: services.close(a, last_day=BEFORE), UnitsBelowRemain),
        (lambda p, a, b, s: services.close(p, last_day=BEFORE), UnitsBelowRemain),
    ],
)  # fmt: skip
def test_changes_that_would_break_the_tree_are_refused(tree, change, refusal) -> None:
    with pytest.raises(refusal):
        change(*tree)


def test_the_root_is_neither_closed_nor_merged(session) -> None:
    root, other = a_unit(), a_unit()
    session.add_all([root, other])
    session.flush()

    with pytest.raises(RootStays):
        services.close(root, last_day=BEFORE)
    with pytest.raises(RootStays):
        services.merge(root, into=other, on=CHANGE, today=TODAY)


def test_history_is_written_forwards(tree) -> None:
    _, first, second, school = tree
    services.move(school, to=second, on=date(2026, 1, 1), today=TODAY)

    with pytest.raises(MovedLater):
        services.move(school, to=first, on=CHANGE, today=TODAY)


def test_nothing_goes_under_a_unit_that_has_ended(session, tree) -> None:
    _, _first, second, school = tree
    services.close(second, last_day=BEFORE)

    with pytest.raises(UnitHasEnded):
        services.move(school, to=second, on=CHANGE, today=TODAY)


def test_merge_takes_units_and_roles_along_and_keeps_the_past(session, tree) -> None:
    _province, first, second, school = tree
    school.reports_to = first
    both = an_account((Role.ORGANISER, first), (Role.ORGANISER, second))
    one = an_account((Role.REPORTER, first))
    session.add_all([both, one])

    done = services.merge(first, into=second, on=CHANGE, today=TODAY)

    assert done.units == 1
    assert (first.valid_until, second.valid_until) == (BEFORE, None)
    assert (school.parent, school.reports_to) == (second, second)
    assert [grant.account_id for grant in done.grants] == [one.id]
    roles = set(map(tuple, session.execute(sa.select(Grant.account_id, Grant.unit_id, Grant.role))))
    assert (one.id, second.id, Role.REPORTER) in roles
    assert (one.id, first.id, Role.REPORTER) in roles
    assert in_past(session, first, BEFORE) == {first, school}
    link = session.scalars(sa.select(Succession)).one()
    assert (link.earlier, link.later, link.kind) == (first, second, SuccessionKind.MERGED)


def test_a_merged_unit_is_not_reopened_but_a_closed_one_is(tree) -> None:
    _, first, second, school = tree
    services.close(school, last_day=BEFORE)
    services.reopen(school)
    assert school.is_there(TODAY)

    services.merge(first, into=second, on=CHANGE, today=TODAY)
    with pytest.raises(MergedAlready):
        services.reopen(first)


def test_a_unit_does_not_end_before_it_began(tree) -> None:
    school = tree[3]
    school.valid_from = CHANGE

    with pytest.raises(EndsBeforeItBegan):
        services.close(school, last_day=BEFORE)


def test_origins_make_no_circle_and_are_noted_once(tree) -> None:
    _, first, second, school = tree
    services.link(first, second, kind=SuccessionKind.SPLIT, on=CHANGE)
    services.link(second, school, kind=SuccessionKind.MERGED, on=CHANGE)

    for earlier, later in ((first, first), (school, first), (second, first)):
        with pytest.raises(ComesFromItself):
            services.link(earlier, later, kind=SuccessionKind.SPLIT, on=CHANGE)
    with pytest.raises(LinkedAlready):
        services.link(first, second, kind=SuccessionKind.MERGED, on=CHANGE)


def test_reports_go_round_in_no_circle(session, tree) -> None:
    province, first, second, school = tree
    facts = {
        "name": "Đơn vị", "short_name": "", "kind": first.kind, "place": "", "symbol": "",
        "head_title": "", "headcount": None, "email": None,
    }  # fmt: skip
    units.edit_unit(first, reports_to=second, **facts)

    with pytest.raises(ReportsInACircle):
        units.edit_unit(second, reports_to=first, **facts)
    with pytest.raises(ReportsInACircle):
        units.edit_unit(province, reports_to=school, **facts)


def test_a_move_makes_no_circle_of_reports(session, tree) -> None:
    province, first, second, _school = tree
    province.reports_to = None
    second.reports_to = first
    session.flush()

    with pytest.raises(ReportsInACircle):
        services.move(first, to=second, on=CHANGE, today=TODAY)


@pytest.mark.parametrize(
    "facts",
    [
        {"parent_id": 7},
        {"reports_to_id": 7},
        {"valid_from": CHANGE, "valid_until": BEFORE},
    ],
)
def test_the_database_itself_refuses_an_impossible_unit(session, facts) -> None:
    session.add(a_unit(id=7))
    session.flush()
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(sa.update(Unit).where(Unit.id == 7).values(**facts))


def test_two_moves_at_the_same_time_close_no_circle(given) -> None:
    root = given(a_unit())
    first, second = given(a_unit(parent=root), a_unit(parent=root))
    start, refused = threading.Barrier(2), []

    def move(unit_id: int, to_id: int) -> None:
        start.wait()
        try:
            with transaction() as opened:
                unit, to = opened.get_one(Unit, unit_id), opened.get_one(Unit, to_id)
                services.move(unit, to=to, on=CHANGE, today=TODAY)
        except UnitBelowItself:
            refused.append(unit_id)

    pair = [(first.id, second.id), (second.id, first.id)]
    threads = [threading.Thread(target=move, args=ids) for ids in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 1

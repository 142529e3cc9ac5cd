"""What people may do after the units they work for were moved, merged or split."""

from datetime import date

import pytest

from accounts.models import Role, SuccessionKind, Unit
from accounts.services import create_unit
from accounts.tree import services
from core import clock
from core.database import transaction
from events.models import PlanState
from tests.factories import a_campaign, a_plan, a_unit, an_account, an_activity, signed_in

TODAY = date(2027, 9, 1)


@pytest.fixture
def world(given, at):
    """Two communes of a province, each with a plan of last year and of this year."""
    at(clock.at(TODAY, 9))
    province = given(a_unit(code="tinh", name="UBND tỉnh"))
    old, new = given(
        a_unit(code="cu", name="UBND xã Cũ", parent=province),
        a_unit(code="moi", name="UBND xã Mới", parent=province),
    )
    past, week = given(a_campaign(2026), a_campaign(2027))
    plans = {
        "then": given(a_plan(campaign=past, unit=old, title="Kế hoạch năm trước")),
        "now": given(a_plan(campaign=week, unit=old, state=PlanState.DRAFT)),
    }
    given(an_activity(plan=plans["now"], title="Ngày hội sách"))
    person = given(an_account((Role.ORGANISER, old), full_name="Cô Hiền"))
    return {"tinh": province, "cu": old, "moi": new, "person": person, **plans}


@pytest.fixture
def visitor(client, world):
    return signed_in(client, world["person"])


def reached(visitor, world) -> list[str]:
    """What of the world the visitor may open."""
    pages = {
        "cu": "/desk/units/cu", "moi": "/desk/units/moi", "tinh": "/desk/units/tinh",
        "then": f"/desk/plans/{world['then'].id}", "now": f"/desk/plans/{world['now'].id}",
    }  # fmt: skip
    return [name for name, page in pages.items() if visitor.get(page).status_code == 200]


def change(how) -> None:
    with transaction() as opened:
        how({unit.code: unit for unit in opened.query(Unit)})


def test_who_organised_a_merged_unit_goes_on_in_the_other_and_reads_what_is_past(
    visitor, world
) -> None:
    assert reached(visitor, world) == ["cu", "then", "now"]

    change(lambda its: services.merge(its["cu"], into=its["moi"], on=TODAY, today=TODAY))

    assert reached(visitor, world) == ["cu", "moi", "then", "now"]
    page = visitor.get("/desk/activities").text
    assert "Ngày hội sách" in page
    form = visitor.get("/desk/activities/new").text
    assert 'value="moi"' in form
    assert 'value="cu"' not in form


def test_a_split_gives_nobody_a_role_until_an_administrator_does(visitor, given, world) -> None:
    def split(its) -> None:
        part = create_unit(
            parent=its["tinh"], code="tach", name="UBND xã Tách", kind=its["cu"].kind
        )
        services.link(its["cu"], part, kind=SuccessionKind.SPLIT, on=TODAY)

    change(split)

    assert visitor.get("/desk/units/tach").status_code == 404
    assert reached(visitor, world) == ["cu", "then", "now"]
    assert "UBND xã Tách" in visitor.get("/desk/units/cu").text


def test_a_move_brings_those_above_the_new_place_and_leaves_those_above_the_old(
    app, given, visitor, world
) -> None:
    school = given(a_unit(code="truong", name="Trường", parent=world["cu"]))
    teacher, mayor = given(
        an_account((Role.ORGANISER, school)), an_account((Role.ORGANISER, world["moi"]))
    )
    people = [
        visitor,
        signed_in(app.test_client(), teacher),
        signed_in(app.test_client(), mayor),
    ]

    def who() -> list[int]:
        return [person.get("/desk/units/truong").status_code for person in people]

    assert who() == [200, 200, 404]
    change(lambda its: services.move(its["truong"], to=its["moi"], on=TODAY, today=TODAY))
    assert who() == [404, 200, 200]

"""Units that are no more: nowhere offered for what is new, everywhere kept in what is past."""

from datetime import date

import pytest

from accounts.models import Role, Succession, SuccessionKind, UnitKind
from checkin.services import new_participant
from core import clock
from core.database import transaction
from events.models import Audience, InvitedUnit
from tests.factories import a_campaign, a_plan, a_unit, an_account, an_activity, signed_in

NOW = clock.at(date(2027, 9, 1), 9)


@pytest.fixture
def world(given, at):
    """A province of two communes, one of which went into the other last winter."""
    at(NOW)
    province = given(
        a_unit(code="tinh", name="UBND tỉnh", short_name="Tỉnh", kind=UnitKind.PROVINCE)
    )
    facts = {"parent": province, "kind": UnitKind.COMMUNE}
    gone = given(a_unit(code="cu", name="UBND xã Cũ", valid_until=date(2026, 12, 31), **facts))
    given(a_unit(parent=gone, code="truong-cu", name="Trường Cũ", valid_until=date(2026, 12, 31)))
    here = given(a_unit(code="moi", name="UBND xã Mới", **facts))
    given(
        Succession(
            earlier_id=gone.id,
            later_id=here.id,
            kind=SuccessionKind.MERGED,
            happened_on=date(2027, 1, 1),
        )
    )
    past, week = given(a_campaign(2026), a_campaign(2027))
    return {
        "tinh": province, "cu": gone, "moi": here, "past": past, "week": week,
        "plan": given(a_plan(campaign=week, unit=province)),
        "old plan": given(a_plan(campaign=past, unit=gone)),
    }  # fmt: skip


@pytest.fixture
def boss(client, given, world):
    """Who administers the whole province."""
    return signed_in(client, given(an_account((Role.ADMIN, world["tinh"]))))


@pytest.mark.parametrize(
    "address",
    [
        "/desk/plans",
        "/desk/activities/new",
        "/desk/proposals/new",
        "/desk/plans/take-over/new?to=2027",
        "/desk/plans/{plan}/give",
        "/desk/inspections",
        "/desk/reviews",
        "/desk/accounts/new",
        "/desk/units/moi/edit",
        "/desk/units/moi/merge",
        "/office/figures?year=2027",
    ],
)
def test_a_unit_that_is_no_more_is_not_offered_for_what_is_new(boss, world, address: str) -> None:
    answer = boss.get(address.format(plan=world["plan"].id))

    assert answer.status_code == 200
    assert 'value="cu"' not in answer.text
    assert 'value="truong-cu"' not in answer.text
    assert ">UBND xã Cũ<" not in answer.text


def test_groups_of_a_plan_expand_into_the_units_of_today(boss, world) -> None:
    data = {"carriers": "UBND cấp xã", "duty": "Treo băng rôn", "helpers": ""}

    page = boss.post(f"/desk/plans/{world['plan'].id}/give", data=data).text

    assert "UBND xã Mới" in page
    assert "UBND xã Cũ" not in page


def test_the_figures_of_an_old_week_are_stated_by_the_units_of_that_week(boss, world) -> None:
    page = boss.get("/office/figures?year=2026").text

    assert 'value="cu"' in page


def test_an_activity_keeps_the_unit_it_once_invited_on_its_form(boss, given, world) -> None:
    activity = given(an_activity(plan=world["plan"], audience=Audience.UNITS))
    given(InvitedUnit(activity_id=activity.id, unit_id=world["cu"].id))

    page = boss.get(f"/desk/activities/{activity.slug}/edit").text

    assert 'value="cu"' in page
    assert 'value="truong-cu"' not in page


def test_the_activity_of_an_old_week_keeps_its_host(boss, given, world) -> None:
    activity = given(an_activity(plan=world["old plan"], title="Ngày hội sách xã Cũ"))

    assert 'value="cu"' in boss.get(f"/desk/activities/{activity.slug}/edit").text


def test_a_plan_that_names_a_unit_of_before_gives_its_duty_to_the_one_that_goes_on(
    boss, stored, world
) -> None:
    text = """KẾ HOẠCH
Tổ chức Tuần lễ hưởng ứng học tập suốt đời năm 2027
1. Thời gian: từ ngày 01/10/2027 đến ngày 07/10/2027.
II. TỔ CHỨC THỰC HIỆN
1. UBND xã Cũ: treo băng rôn tại trụ sở.
2. UBND cấp xã: tổ chức quyên góp sách.
"""
    page = boss.get(boss.post("/desk/proposals/new", data={"text": text}).location).text

    assert "UBND xã Cũ nay không còn; được hiểu là UBND xã Mới, đơn vị kế tục." in page


def test_who_reports_for_a_unit_that_is_no_more_reads_why_nothing_is_asked(
    client, given, world
) -> None:
    visitor = signed_in(client, given(an_account((Role.REPORTER, world["cu"]))))

    now, then = visitor.get("/office/figures?year=2027"), visitor.get("/office/figures?year=2026")

    assert (now.status_code, then.status_code) == (200, 200)
    assert "Không đơn vị nào của tài khoản này tồn tại trong tuần lễ này" in now.text
    assert "UBND xã Cũ" in then.text
    assert visitor.get("/office/figures?year=2027&unit=").status_code in {200, 404}


def test_an_organiser_of_a_unit_that_is_no_more_reads_but_begins_nothing(
    client, given, world
) -> None:
    visitor = signed_in(client, given(an_account((Role.ORGANISER, world["cu"]))))

    for address in ("/desk/plans", "/desk/activities/new", "/desk/proposals/new", "/desk/units/cu"):
        assert visitor.get(address).status_code == 200, address
    assert visitor.get(f"/desk/plans/{world['old plan'].id}").status_code == 200
    assert visitor.post("/desk/plans", data={"unit": "cu", "title": "Mới"}).status_code == 400
    assert visitor.post("/desk/proposals/new", data={"text": "KẾ HOẠCH"}).status_code < 500


def test_a_visitor_s_unit_is_the_one_of_that_name_that_is_there(given, world) -> None:
    with transaction() as opened:
        opened.get_one(type(world["cu"]), world["moi"].id).name = "UBND xã Cũ"
    with transaction():
        person = new_participant("Lan", "UBND xã Cũ", locale="vi", now=NOW)

    assert person.unit_id == world["moi"].id

"""Venues, activities and duties taken out by a table, and what it did put back."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from accounts.models import Role
from core.database import reading, transaction
from core.spreadsheets.preview import Status
from events.models import (
    Activity,
    ActivityState,
    ActivityTheme,
    Assignment,
    DutyRole,
    Evidence,
    InvitedUnit,
    Plan,
    Session,
    Theme,
    Venue,
)
from tests.factories import (
    LONG_AGO,
    a_campaign,
    a_plan,
    a_registration,
    a_unit,
    an_account,
    an_activity,
    signed_in,
)
from tests.tables import Desk

PROGRAMME = (Activity, Session, ActivityTheme, InvitedUnit, Venue, Plan, Assignment)


@pytest.fixture
def world(given, at):
    at(LONG_AGO)
    mine = a_unit(code="so")
    school = a_unit(code="truong", parent=mine)
    plan = a_plan(campaign=a_campaign(2027), unit=mine)
    hall = Venue(name="Hội trường A", unit=mine, capacity=200)
    draft = an_activity(plan=plan, slug="nhap", title="Nháp", venue=hall, place="", seats=9,
                        state=ActivityState.DRAFT, released_at=None)  # fmt: skip
    draft.themes = [ActivityTheme(theme=Theme.READING_CULTURE)]
    talk = an_activity(plan=plan, slug="toa-dam", title="Tọa đàm", place="Sân")
    duty = Assignment(plan=plan, unit=school, role=DutyRole.DO, duty="Treo băng rôn", position=1)
    given(school, hall, draft, talk, duty)
    return {"plan": plan, "hall": hall, "draft": draft, "talk": talk, "duty": duty, "mine": mine}


@pytest.fixture
def desk(client, given, world) -> Desk:
    return Desk(signed_in(client, given(an_account((Role.ORGANISER, world["mine"])))))


def everything(*models: type[Any]) -> list[dict[str, Any]]:
    with reading() as opened:
        return [
            dict(row._mapping)
            for model in models
            for table in [model.__table__]
            for row in opened.connection().execute(sa.select(table).order_by(*table.primary_key))
        ]


def test_new_and_changed_drafts_go_back_with_all_that_belongs_to_them(desk) -> None:
    before = everything(*PROGRAMME)
    desk.keep(
        "activities",
        "slug;title;kind;unit;first_on;last_on;starts;ends;venue;themes;audience;invited\n"
        ";Mới;talk;truong;02/10/2027;05/10/2027;07:30;09:00;Hội trường A;digital_citizen;units;so\n"
        "nhap;Nháp B;books;truong;03/10/2027;04/10/2027;07:00;08:00;;;;\n",
    )
    assert everything(*PROGRAMME) != before

    desk.undo()

    assert [_without_moments(row) for row in everything(*PROGRAMME)] == [
        _without_moments(row) for row in before
    ]


def _without_moments(row: dict[str, Any]) -> dict[str, Any]:
    """A sitting taken out and put back is another row with the same hours."""
    return {name: value for name, value in row.items() if name != "changed_at"}


def test_calendars_learn_that_a_released_activity_goes_back(desk, given, world, stored) -> None:
    given(a_registration(activity=world["talk"]))
    begun = world["talk"].starts_at
    desk.keep("activities", "slug;first_on\ntoa-dam;05/10/2027\n")

    desk.undo()

    talk = next(row for row in stored(Activity) if row.slug == "toa-dam")
    assert (talk.starts_at, talk.revision, talk.moved_at) == (begun, 2, LONG_AGO)


def test_somebody_registered_since_keeps_a_new_activity(desk, given, stored) -> None:
    desk.keep(
        "activities",
        "title;kind;unit;first_on;starts;ends;place\nMới;talk;so;02/10/2027;07:30;09:00;Sân\n",
    )
    new = next(row for row in stored(Activity) if row.title == "Mới")
    with transaction() as opened:
        opened.add(Evidence(activity_id=new.id, note="Ảnh", added_at=LONG_AGO))

    assert not desk.undo().outcome.get("undone")
    assert len(stored(Evidence)) == 1


def test_drafts_are_deleted_and_put_back_released_ones_stay(desk, world, stored) -> None:
    head = "slug;action\n"
    assert [c for c, _ in desk.reasons("activities", head + "toa-dam;xóa\n")] == ["B2"]
    before = everything(*PROGRAMME)

    assert desk.statuses("activities", head + "nhap;x\n") == [Status.REMOVED]
    desk.confirm()
    assert [row.slug for row in stored(Activity)] == ["toa-dam"]

    desk.undo()
    assert [_without_moments(row) for row in everything(*PROGRAMME)] == [
        _without_moments(row) for row in before
    ]


def test_a_place_in_use_and_a_duty_with_evidence_stay(desk, given, world) -> None:
    with transaction() as opened:
        opened.add(Evidence(assignment_id=world["duty"].id, note="Ảnh", added_at=LONG_AGO))

    venue, duty = world["hall"].id, world["duty"].id
    assert [c for c, _ in desk.reasons("venues", f"number;action\n{venue};x\n")] == ["B2"]
    assert [c for c, _ in desk.reasons("duties", f"number;action\n{duty};x\n")] == ["B2"]


def test_places_and_duties_are_taken_out_and_put_back(desk, given, world) -> None:
    spare = given(Venue(name="Sân", unit_id=world["mine"].id))
    before = everything(*PROGRAMME)

    desk.keep("venues", f"number;action\n{spare.id};xóa\n")
    desk.undo()
    desk.keep("duties", f"number;action\n{world['duty'].id};xóa\n")
    desk.undo()

    assert everything(*PROGRAMME) == before


def test_a_duty_goes_back_into_the_plan_that_it_began(desk, stored) -> None:
    before = everything(*PROGRAMME)
    desk.keep("duties", "plan;unit;role;duty;due_on\ntruong;truong;lead;Việc;20/09/2027\n")
    assert [row.due_on for row in stored(Assignment)] == [None, date(2027, 9, 20)]

    desk.undo()

    assert everything(*PROGRAMME) == before

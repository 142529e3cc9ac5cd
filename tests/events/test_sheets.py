"""Venues, activities and duties as tables: the rules of the forms, row by row."""

from datetime import date, timedelta

import pytest

from accounts.models import Role
from core import clock
from core.spreadsheets.preview import Status
from events.models import (
    Activity,
    ActivityState,
    Assignment,
    Audience,
    DutyRole,
    Format,
    InvitedUnit,
    Plan,
    Session,
    Venue,
)
from tests.factories import (
    DURING,
    LONG_AGO,
    a_campaign,
    a_plan,
    a_registration,
    a_unit,
    an_account,
    an_activity,
    signed_in,
)
from tests.tables import Desk, texts


@pytest.fixture
def world(given, at):
    at(LONG_AGO)
    week = a_campaign(2027)
    top = a_unit(code="tinh")
    mine, other = a_unit(code="so", parent=top), a_unit(code="so-khac", parent=top)
    school = a_unit(code="truong", parent=mine)
    plan = a_plan(campaign=week, unit=mine)
    hall = Venue(name="Hội trường A", unit=mine, capacity=200)
    far = Venue(name="Nhà văn hóa", unit=other)
    given(week, top, mine, other, school, plan, hall, far)
    return {"week": week, "mine": mine, "other": other, "school": school, "plan": plan,
            "hall": hall, "far": far}  # fmt: skip


@pytest.fixture
def desk(client, given, world) -> Desk:
    return Desk(signed_in(client, given(an_account((Role.ORGANISER, world["mine"])))))


def test_venues_are_brought_in_and_changed(desk, world, stored) -> None:
    desk.keep(
        "venues",
        f"number;name;address;capacity;unit\n{world['hall'].id};Hội trường B;2 Lê Lợi;150;truong\n"
        ";Sân trường;;;truong\n",
    )

    rows = [(v.name, v.address, v.capacity, v.unit_id) for v in stored(Venue)]
    school = world["school"].id
    assert ("Hội trường B", "2 Lê Lợi", 150, school) in rows
    assert ("Sân trường", "", None, school) in rows


def test_venues_go_out_and_come_in_the_same_and_never_twice(desk) -> None:
    assert desk.round_trip("venues") == {Status.SAME}
    assert desk.statuses("venues", "name;unit\nhoi truong a;so\n") == [Status.CHANGED]


def test_venues_of_others_are_not_told_of(desk, world) -> None:
    far = world["far"].id

    foreign = desk.bring_in("venues", f"number;name;unit\n{far};Nhà văn hóa;so\n")[0].reasons
    missing = desk.bring_in("venues", "number;name;unit\n987654;Nhà văn hóa;so\n")[0].reasons

    assert [(r.cell, r.sentence) for r in foreign] == [(r.cell, r.sentence) for r in missing]
    assert [r.cell for r in foreign] == ["A2"]
    assert [c for c, _ in desk.reasons("venues", "name;unit\nX;so-khac\n")] == ["B2"]


HEAD = "title;kind;unit;first_on;starts;ends;venue;place;seats\n"
TALK = "Tọa đàm;talk;truong;03/10/2027;7h30;11:00;Hội trường A;;50\n"


def test_activities_become_drafts_of_the_nearest_plan(desk, world, stored) -> None:
    desk.keep("activities", HEAD + TALK + TALK.replace("Tọa đàm", "Ngày hội").replace("50", ""))

    talk, fair = stored(Activity)
    assert (talk.title, talk.state, talk.plan_id) == (
        "Tọa đàm", ActivityState.DRAFT, world["plan"].id,
    )  # fmt: skip
    assert (talk.venue_id, talk.seats, fair.seats) == (world["hall"].id, 50, None)
    assert talk.starts_at == clock.at(date(2027, 10, 3), 7, 30)
    assert talk.slug == "toa-dam"
    assert len(stored(Session)) == 2
    assert len(stored(Plan)) == 1


def test_activities_brought_in_again_are_the_same(desk, stored) -> None:
    desk.keep("activities", HEAD + TALK)

    assert desk.statuses("activities", HEAD + TALK) == [Status.SAME]
    assert desk.round_trip("activities") == {Status.SAME}
    assert len(stored(Activity)) == 1


def test_awkward_activities_go_out_and_come_in_the_same(desk, given, world) -> None:
    night = an_activity(plan=world["plan"], title='=SUM("A1"), Đọc sách', summary="Một\r\nhai",
                        starts_at=clock.at(date(2027, 10, 3), 20), contact="+84 912 345 678",
                        place="'phòng 2", venue=world["far"], state=ActivityState.DRAFT,
                        ends_at=clock.at(date(2027, 10, 4), 2))  # fmt: skip
    online = an_activity(plan=world["plan"], format=Format.ONLINE, join_link="https://a.vn/?a=1;b",
                         audience=Audience.UNITS)  # fmt: skip
    online.invited_units = [InvitedUnit(unit_id=world["other"].id)]
    given(night, online)

    assert desk.round_trip("activities") == {Status.SAME}


def test_a_released_activity_that_moves_tells_its_people(desk, given, world, stored) -> None:
    activity = an_activity(plan=world["plan"], slug="toa-dam", venue=world["hall"])
    given(activity, a_registration(activity=activity))

    desk.bring_in("activities", "slug;first_on\ntoa-dam;04/10/2027\n")
    page = texts(desk.page())
    desk.confirm()

    assert "1 hoạt động đã phát hành đổi thời gian" in page
    assert "1 người đã đăng ký" in page
    (kept,) = stored(Activity)
    assert (kept.revision, kept.moved_at) == (1, LONG_AGO)
    assert clock.local_day(kept.starts_at) == date(2027, 10, 4)


@pytest.mark.parametrize(
    ("line", "cell"),
    [
        ("Tọa đàm;talk;so-khac;03/10/2027;07:30;11:00;;;", "C2"),
        ("Tọa đàm;lễ hội;so;03/10/2027;07:30;11:00;;;", "B2"),
        ("Tọa đàm;talk;so;03/13/2027;07:30;11:00;;;", "D2"),
        ("Tọa đàm;talk;so;03/10/2027;11:00;07:30;;;", "F2"),
        ("Tọa đàm;talk;so;03/10/2027;07:30;11:00;Nhà văn hóa;;", "G2"),
        ("Tọa đàm;talk;so;03/10/2027;07:30;11:00;;;0", "I2"),
        (";talk;so;03/10/2027;07:30;11:00;;;", "A2"),
    ],
)
def test_a_wrong_activity_is_refused_with_its_cell(desk, line, cell) -> None:
    assert [named for named, _ in desk.reasons("activities", HEAD + line + "\n")] == [cell]


def test_seats_do_not_go_below_those_taken(desk, given, world) -> None:
    activity = an_activity(plan=world["plan"], slug="toa-dam", seats=5, place="Sân")
    given(activity, *(a_registration(activity=activity) for _ in range(2)))

    assert [c for c, _ in desk.reasons("activities", "slug;seats\ntoa-dam;1\n")] == ["B2"]
    assert desk.statuses("activities", "slug;seats\ntoa-dam;2\n") == [Status.CHANGED]


def test_a_released_activity_keeps_a_place(desk, given, world) -> None:
    given(an_activity(plan=world["plan"], slug="toa-dam", place="Sân trường"))

    assert [c for c, _ in desk.reasons("activities", "slug;place\ntoa-dam;\n")] == ["B2"]


def test_activities_of_others_are_not_told_of(desk, given, world) -> None:
    given(an_activity(plan=a_plan(campaign=world["week"], unit=world["other"]), slug="rieng"))

    foreign = desk.bring_in("activities", "slug;title\nrieng;Khác\n")[0].reasons
    missing = desk.bring_in("activities", "slug;title\nkhong-co;Khác\n")[0].reasons

    assert [r.sentence for r in foreign] == [r.sentence for r in missing]
    assert "rieng" not in desk.file("activities", kind="csv").decode()


DUTIES = "plan;unit;role;duty;due_on;remark\n"


def test_duties_are_laid_on_and_changed(desk, world, stored) -> None:
    desk.keep("duties", DUTIES + "so;truong;lead;Treo băng rôn;20/09/2027;\n")
    (duty,) = stored(Assignment)
    assert (duty.unit_id, duty.role, duty.due_on) == (
        world["school"].id, DutyRole.LEAD, date(2027, 9, 20),
    )  # fmt: skip
    desk.keep("duties", f"number;duty;due_on;role\n{duty.id};Treo 2 băng rôn;;coordinate\n")

    again = stored(Assignment)[0]
    assert (again.duty, again.due_on, again.role) == (
        "Treo 2 băng rôn", None, DutyRole.COORDINATE,
    )  # fmt: skip


def test_duties_go_out_and_come_in_the_same(desk, given, world) -> None:
    given(
        *(
            Assignment(plan_id=world["plan"].id, unit_id=world["school"].id, role=DutyRole.DO,
                       duty=f"=Việc {n}\ndòng 2", position=n, received_at=DURING,
                       due_on=date(2027, 9, 20) + timedelta(days=n))
            for n in range(3)
        )
    )  # fmt: skip

    assert desk.round_trip("duties") == {Status.SAME}


@pytest.mark.parametrize(
    ("line", "cell"),
    [
        ("so-khac;truong;lead;Việc;;", "A2"),
        ("so;so-khac;lead;Việc;;", "B2"),
        ("so;khong-co;lead;Việc;;", "B2"),
        ("so;truong;giúp;Việc;;", "C2"),
        ("so;truong;lead;;;", "D2"),
    ],
)
def test_a_wrong_duty_is_refused_with_its_cell(desk, line, cell) -> None:
    assert [named for named, _ in desk.reasons("duties", DUTIES + line + "\n")] == [cell]


def test_a_duty_does_not_go_to_another_unit_by_a_file(desk, stored) -> None:
    desk.keep("duties", DUTIES + "so;truong;lead;Việc;;\n")
    number = stored(Assignment)[0].id

    assert [c for c, _ in desk.reasons("duties", f"number;unit\n{number};so\n")] == ["B2"]


def test_without_a_week_nothing_can_be_entered(client, given) -> None:
    unit = a_unit(code="so")
    desk = Desk(signed_in(client, given(an_account((Role.ORGANISER, unit)))))

    assert desk.bring_in("activities", HEAD + TALK.replace("truong", "so"))[0].reasons
    assert desk.bring_in("duties", DUTIES + "so;so;lead;Việc;;\n")[0].reasons

"""The timetable at the desk: week, day, places, conflicts; what it shows, hides and asks."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from accounts.models import Role
from accounts.scope import subtree
from core import clock, database
from core.database import reading
from events.models import ActivityKind, ActivityState, CampaignKind, PlanState, Venue
from events.sittings import lay_out
from events.timetable.facts import of_plan
from tests.events.pages import page
from tests.factories import a_campaign, a_plan, a_unit, an_account, an_activity, signed_in

FIRST = date(2027, 10, 1)


def at_hour(hour: int, day: int = 1, **facts: Any) -> dict[str, Any]:
    starts_at = clock.at(date(2027, 10, day), hour)
    return {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=2), **facts}


@pytest.fixture
def hall(plan, given):
    return given(Venue(name="Hội trường A", unit=plan.unit, capacity=100))


def test_the_week_shows_each_activity_under_its_day(desk, plan, given) -> None:
    given(
        an_activity(plan=plan, title="Lễ mở đầu", **at_hour(8)),
        an_activity(plan=plan, title="Bản thảo chiều", state=ActivityState.DRAFT, **at_hour(14, 3)),
    )

    shown = page(desk.get("/desk/timetable/"))

    first, third = shown.index('id="day-2027-10-01"'), shown.index('id="day-2027-10-03"')
    assert first < shown.index("Lễ mở đầu") < third < shown.index("Bản thảo chiều")
    assert "08:00" in shown


def test_what_runs_for_days_is_one_bar(desk, plan, given) -> None:
    long = an_activity(
        plan=plan, title="Triển lãm", starts_at=clock.at(FIRST, 8),
        ends_at=clock.at(date(2027, 10, 5), 17),
    )  # fmt: skip
    lay_out(long)
    given(long)

    shown = page(desk.get("/desk/timetable/"))

    assert shown.count(">Triển lãm</a>") == 1
    assert "01/10 đến 05/10" in shown
    assert re.search(r'class="tt-block[^"]* b1 e5"', shown)


def test_a_day_has_places_or_units_across(desk, plan, given, hall) -> None:
    below = a_unit(parent=plan.unit, name="Thư viện xã", short_name="Thư viện xã")
    given(
        an_activity(plan=plan, title="Một", venue=hall, **at_hour(8)),
        an_activity(plan=plan, title="Hai", unit=below, place="Sân trường", **at_hour(8)),
    )

    places = page(desk.get("/desk/timetable/?day=2027-10-01"))
    units = page(desk.get("/desk/timetable/?day=2027-10-01&across=units"))

    columns = re.findall(r'class="tt-col [^>]*><b>([^<]*)', places)
    assert columns == ["Hội trường A", "Sân trường"]
    assert re.findall(r'class="tt-col [^>]*><b>([^<]*)', units) == [
        plan.unit.short_name, "Thư viện xã",
    ]  # fmt: skip
    assert f'data-venue="{hall.id}"' in places


def test_places_show_their_week(desk, plan, given, hall) -> None:
    given(an_activity(plan=plan, title="Một", venue=hall, **at_hour(8, 2)))

    shown = page(desk.get("/desk/timetable/places"))

    assert "Hội trường A" in shown
    assert "08:00–10:00" in shown


@pytest.mark.parametrize(
    ("narrowed", "seen"),
    [
        ("unit=duoi", ["Ba"]),
        ("unit=tinh", ["Ba", "Hai", "Một"]),
        ("kind=course", ["Hai"]),
        ("person=ba%20LAN", ["Một"]),
        ("person=nobody", []),
        ("unit=duoi&kind=course", []),
    ],
)
def test_the_timetable_is_narrowed(desk, plan, given, narrowed: str, seen: list[str]) -> None:
    below = a_unit(parent=plan.unit, code="duoi")
    given(
        an_activity(plan=plan, title="Một", contact="Bà Lan, 0905 123 456", **at_hour(8)),
        an_activity(plan=plan, title="Hai", kind=ActivityKind.COURSE, **at_hour(9)),
        an_activity(plan=plan, title="Ba", unit=below, **at_hour(10)),
    )

    shown = page(desk.get(f"/desk/timetable/?{narrowed}"))

    assert sorted(re.findall(r">(Một|Hai|Ba)</a>", shown)) == seen


def test_a_place_narrows_too(desk, plan, given, hall) -> None:
    given(
        an_activity(plan=plan, title="Một", venue=hall, **at_hour(8)),
        an_activity(plan=plan, title="Hai", **at_hour(8)),
    )

    shown = page(desk.get(f"/desk/timetable/?place={hall.id}"))

    assert re.findall(r">(Một|Hai)</a>", shown) == ["Một"]


@pytest.mark.parametrize(
    "address",
    [
        "?unit=khong-co", "?kind=party", "?place=99999", "?place=x", "?day=2027-12-01", "?day=x",
        "?year=1800", "?year=x", "?year=2030", "?view=day&page=0", "?view=day&page=x",
        "conflicts?sort=party", "?unit=%00", "?kind=%ED%A0%80", "places?page=99999999",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(desk, address: str) -> None:
    assert desk.get(f"/desk/timetable/{address}").status_code == 404


def test_words_that_are_no_text_are_refused(desk) -> None:
    assert desk.get("/desk/timetable/?person=a%00").status_code == 400
    assert desk.get(f"/desk/timetable/?person={'a' * 300}").status_code == 400


def test_units_of_others_are_not_on_my_timetable(desk, plan, given) -> None:
    foreign = a_plan(campaign=plan.campaign, unit=a_unit())
    given(an_activity(plan=foreign, title="Của nơi khác", **at_hour(8)))

    assert "Của nơi khác" not in page(desk.get("/desk/timetable/"))


def test_conflicts_are_told_on_every_page_with_a_link(desk, plan, given, hall) -> None:
    given(
        an_activity(plan=plan, slug="mot", title="Một", venue=hall, seats=150, **at_hour(8)),
        an_activity(plan=plan, slug="hai", title="Hai", venue=hall, **at_hour(9)),
        an_activity(plan=plan, slug="ba", title="Ba", **at_hour(8, 9)),
    )

    listed = page(desk.get("/desk/timetable/conflicts"))
    for sentence in ("Tại Hội trường A cùng giờ với “Một”", "Có 150 chỗ", "Ngoài tuần lễ"):
        assert sentence in listed
    assert 'href="/desk/activities/hai"' in listed
    assert "Trùng địa điểm" in page(desk.get("/desk/timetable/"))
    assert "Trùng địa điểm" in page(desk.get("/desk/timetable/?day=2027-10-01"))
    assert "Trùng địa điểm" in page(desk.get("/desk/timetable/places"))
    assert "cùng giờ với “Hai”" in page(desk.get("/desk/activities/mot"))
    assert "cùng giờ với" in page(desk.get(f"/desk/plans/{plan.id}"))
    only = page(desk.get("/desk/timetable/conflicts?sort=seats"))
    assert "Có 150 chỗ" in only
    assert "cùng giờ với" not in only


def test_a_foreign_activity_collides_but_a_foreign_draft_stays_secret(
    desk, plan, given, hall
) -> None:
    foreign = a_plan(campaign=plan.campaign, unit=a_unit())
    given(
        an_activity(plan=plan, title="Của tôi", venue=hall, **at_hour(8)),
        an_activity(plan=foreign, slug="ho", title="Của họ", venue=hall, **at_hour(9)),
        an_activity(
            plan=foreign, title="Bí mật", venue=hall, state=ActivityState.DRAFT, **at_hour(9)
        ),
    )

    listed = page(desk.get("/desk/timetable/conflicts"))

    assert "cùng giờ với “Của họ”" in listed
    assert 'href="/activities/ho"' in listed
    assert "Bí mật" not in listed


def test_a_week_and_a_movement_collide_at_one_venue_and_in_one_person(
    desk, plan, given, hall
) -> None:
    movement = a_campaign(
        kind=CampaignKind.MOVEMENT, year=2024, title="Phong trào học tập",
        starts_on=date(2024, 1, 1), ends_on=date(2030, 12, 31),
    )  # fmt: skip
    beside = a_plan(campaign=movement, unit=plan.unit)
    given(
        an_activity(plan=plan, slug="tuan", title="Của tuần", contact="Bà Lan", **at_hour(8)),
        an_activity(plan=plan, title="Tọa đàm", venue=hall, **at_hour(14)),
        an_activity(plan=beside, slug="pt", title="Thi", contact="bà lan", **at_hour(9)),
        an_activity(plan=beside, title="Lớp học", venue=hall, **at_hour(15)),
        an_activity(plan=beside, title="Ba tuần trước", venue=hall, **at_hour(15) | {
            "starts_at": clock.at(date(2027, 9, 9), 14), "ends_at": clock.at(date(2027, 9, 9), 16),
        }),
    )  # fmt: skip

    listed = page(desk.get("/desk/timetable/conflicts"))

    name = plan.unit.short_name
    assert f"Bà Lan cùng lúc phụ trách “Thi” ({name}, Phong trào học tập)." in listed
    assert f"Tại Hội trường A cùng giờ với “Lớp học” ({name}, Phong trào học tập)." in listed
    assert "Ba tuần trước" not in listed
    assert listed.count('class="conflict-mark') == 2, "what lies within the movement is not outside"
    assert "Trùng địa điểm" in page(desk.get("/desk/timetable/?day=2027-10-01"))
    assert "“Thi”" in page(desk.get("/desk/activities/tuan"))
    assert "“Của tuần”" in page(desk.get("/desk/activities/pt"))
    assert "“Của tuần”" in page(desk.get(f"/desk/plans/{beside.id}"))


def test_an_opening_on_another_day_and_a_cancelled_plan(desk, plan, given, at) -> None:
    plan.campaign.opening_on = FIRST
    plan.state = PlanState.CANCELLED
    with database.transaction() as opened:
        opened.merge(plan.campaign)
        opened.merge(plan)
    given(an_activity(plan=plan, kind=ActivityKind.OPENING, **at_hour(8, 2)))

    listed = page(desk.get("/desk/timetable/conflicts"))

    assert "Ngày khai mạc tuần lễ là 01/10/2027." in listed
    assert "Kế hoạch có hoạt động này đã bị hủy." in listed


def test_conflicts_of_a_plan_are_told_from_its_side(plan, given, hall) -> None:
    foreign = a_plan(campaign=plan.campaign, unit=a_unit())
    given(
        an_activity(plan=foreign, title="Của họ", venue=hall, **at_hour(8)),
        an_activity(plan=plan, title="Của tôi", venue=hall, **at_hour(9)),
    )
    with reading() as opened:
        here = opened.merge(plan, load=True)
        [conflict] = of_plan(here, subtree(here.unit))

    assert conflict.activity.title == "Của tôi"


def test_beyond_two_hundred_the_week_is_shown_by_day(client, plan, given) -> None:
    given(*(an_activity(plan=plan, **at_hour(8 + n % 8, 1 + n % 7)) for n in range(210)))
    signed_in(client, given(an_account((Role.ORGANISER, plan.unit))))

    shown = page(client.get("/desk/timetable/"))

    assert "01/10/2027" in shown
    assert shown.count('class="tt-block') == 30


def test_observers_look_and_do_not_move(client, plan, given) -> None:
    given(an_activity(plan=plan, title="Một", **at_hour(8)))
    signed_in(client, given(an_account((Role.OBSERVER, plan.unit))))

    shown = page(client.get("/desk/timetable/"))

    assert "Một" in shown
    assert "data-move" not in shown


def test_what_is_over_or_called_off_does_not_move(desk, plan, given, at) -> None:
    given(
        an_activity(plan=plan, title="Đã hủy", state=ActivityState.CANCELLED, **at_hour(8, 5)),
        an_activity(plan=plan, title="Đã qua", **at_hour(8)),
        an_activity(plan=plan, title="Sắp tới", slug="sap", **at_hour(8, 6)),
    )
    at(clock.at(date(2027, 10, 3)))

    shown = page(desk.get("/desk/timetable/"))

    assert re.findall(r'data-move="/desk/activities/([^/]*)/move"', shown) == ["sap"]


def test_an_empty_timetable_says_how_it_is_filled(desk, client, plan, given) -> None:
    assert "còn trống" in page(desk.get("/desk/timetable/"))
    assert "Chưa địa điểm nào" in page(desk.get("/desk/timetable/places"))
    assert "Không có gì trùng lặp" in page(desk.get("/desk/timetable/conflicts"))


PAGES = [
    "/desk/timetable/?unit=tinh", "/desk/timetable/?day=2027-10-01",
    "/desk/timetable/?day=2027-10-01&across=units&kind=talk&person=lan",
    "/desk/timetable/places", "/desk/timetable/conflicts",
]  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
def test_ten_and_two_hundred_activities_ask_the_same_number_of_questions(
    desk, plan, given, hall, address: str
) -> None:
    def asked() -> int:
        seen: list[str] = []
        reader = database.database().reader
        hear: Any = lambda *facts: seen.append(facts[2])  # noqa: E731
        sa.event.listen(reader, "before_cursor_execute", hear)
        try:
            assert desk.get(address).status_code == 200
        finally:
            sa.event.remove(reader, "before_cursor_execute", hear)
        return len(seen)

    def more(number: int) -> None:
        given(
            *(
                an_activity(
                    plan=plan,
                    unit=a_unit(parent=plan.unit),
                    venue=hall if n % 2 else Venue(name=f"Phòng {n}", unit=plan.unit),
                    contact=f"Bà Lan {n % 9}",
                    **at_hour(7 + n % 10, 1 + n % 2),
                )
                for n in range(number)
            )
        )

    more(10)
    desk.get(address)
    few = asked()
    more(190)

    assert asked() == few
    assert few <= 16

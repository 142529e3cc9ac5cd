"""Where blocks stand on the grid: lanes, columns, pages, bars."""

from datetime import date, timedelta
from typing import Any

from accounts.models import Role
from core import clock
from events.models import ActivityKind
from events.timetable import layout
from events.timetable.queries import Block
from tests.events.pages import page
from tests.factories import a_campaign, a_plan, a_unit, an_account, an_activity, signed_in

FIRST = date(2027, 10, 1)


def a_block(number: int, hour: float, hours: float = 2, **facts: Any) -> Block:
    starts_at = clock.at(FIRST) + timedelta(hours=hour)
    ends_at = starts_at + timedelta(hours=hours)
    known: dict[str, Any] = dict.fromkeys(Block.__dataclass_fields__, "")
    known |= {
        "id": number, "starts_at": starts_at, "ends_at": ends_at, "first_at": starts_at,
        "last_at": ends_at, "kind": ActivityKind.TALK, "venue_id": 1, "venue": "A", "unit_id": 1,
    }  # fmt: skip
    return Block(**(known | facts))


def test_overlapping_blocks_stand_in_lanes_of_their_column() -> None:
    grid = layout.day_grid(
        [a_block(1, 8), a_block(2, 9), a_block(3, 10), a_block(4, 8.5, venue_id=2, venue="B")],
        layout.by_place,
    )

    placed = {p.block.id: (p.row, p.rows, p.track) for p in grid.placed}
    assert placed == {1: (0, 8, 1), 2: (4, 8, 2), 3: (8, 8, 1), 4: (2, 8, 3)}
    assert [(c.label, c.first_track, c.tracks) for c in grid.columns] == [("A", 1, 2), ("B", 3, 1)]


def test_a_crowded_column_leaves_nobody_out() -> None:
    grid = layout.day_grid([a_block(n, 8) for n in range(20)], layout.by_place)

    assert len(grid.placed) == layout.TRACKS
    assert len(grid.crowded) == 20 - layout.TRACKS


def test_what_fills_the_day_is_turned_in_pages_too() -> None:
    banners = [a_block(n, 8, kind=ActivityKind.BANNER) for n in range(layout.SHELF + 2)]
    found = [a_block(999, 8), *banners]

    first, second = (layout.day_grid(found, layout.by_place, page) for page in (1, 2))

    assert (first.pages, first.all_day_total) == (2, len(banners))
    assert [one.block.id for one in first.placed] == [999]
    assert (second.placed, second.all_day_from) == ([], layout.SHELF + 1)
    assert first.all_day + second.all_day == banners


def test_columns_are_turned_in_pages() -> None:
    found = [a_block(n, 8, venue_id=n, venue=f"Phòng {n:02}") for n in range(20)]

    pages = [layout.day_grid(found, layout.by_place, n) for n in (1, 2, 3, 9)]

    assert [len(grid.columns) for grid in pages] == [8, 8, 4, 4]
    assert pages[0].pages == 3


def test_early_and_late_hours_widen_the_day() -> None:
    grid = layout.day_grid([a_block(1, 5.5, 1), a_block(2, 20, 7)], layout.by_place)

    assert (grid.hours.start, grid.hours.stop) == (5, 24)
    night = next(p for p in grid.placed if p.block.id == 2)
    assert night.row + night.rows == (24 - 5) * 4


def test_without_a_week_there_is_a_word_about_it(client, given) -> None:
    signed_in(client, given(an_account((Role.ORGANISER, a_unit()))))

    for address in ("", "places", "conflicts"):
        assert "Chưa có tuần lễ" in page(client.get(f"/desk/timetable/{address}"))


def test_another_year_can_be_asked_for(desk, plan, given) -> None:
    earlier = a_plan(campaign=a_campaign(2026), unit=plan.unit)
    given(an_activity(plan=earlier, title="Năm ngoái", starts_at=clock.at(date(2026, 10, 2), 8)))

    assert "Năm ngoái" in page(desk.get("/desk/timetable/?year=2026"))
    assert "Năm ngoái" not in page(desk.get("/desk/timetable/"))

"""The timetable moved by mouse, by finger and by keys; the preview that follows; a phone's list."""

from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from accounts.models import Role
from core import clock
from events.models import Activity, ActivityKind, Venue
from tests.browser import axe
from tests.factories import a_campaign, a_plan, a_registration, a_unit, an_account, an_activity

pytestmark = pytest.mark.browser


@pytest.fixture
def world(given: Any) -> dict[str, Any]:
    """Two venues, two activities on the second day of next year's week, one person registered."""
    year = clock.now().year + 1
    unit = a_unit(code="tinh")
    plan = a_plan(campaign=a_campaign(year), unit=unit)
    halls = [Venue(name=name, unit=unit, capacity=100) for name in ("Hội trường A", "Sân B")]
    day = date(year, 10, 2)
    talks = [
        an_activity(
            plan=plan, slug=slug, title=slug, venue=hall, starts_at=clock.at(day, 9), seats=20,
            place="",
        )
        for slug, hall in zip(("mot", "hai"), halls, strict=True)
    ]  # fmt: skip
    organiser = an_account((Role.ORGANISER, unit))
    given(*halls, *talks, organiser)
    given(a_registration(activity=talks[0]))
    return {"organiser": organiser, "plan": plan, "day": day, "halls": halls}


@pytest.fixture
def desk(page_at: Any, sign_in_as: Any, world: dict[str, Any]) -> Any:
    def opened(width: int, address: str, **options: Any) -> Page:
        page: Page = page_at(width, 1100, **options)
        sign_in_as(page.context, world["organiser"])
        page.goto(address.format(day=world["day"]))
        return page

    return opened


def confirmed(page: Page) -> None:
    page.wait_for_selector(".whatif-go button")
    page.click(".whatif-go button")
    page.wait_for_selector(".flash-ok")


def test_keys_move_by_a_quarter_and_to_the_next_place(desk, world, stored) -> None:
    page = desk(1280, "/desk/timetable/?day={day}")
    page.focus('[data-move$="/mot/move"]')

    page.keyboard.press("ArrowDown")
    assert "09:15" in page.inner_text("#tt-voice")
    page.keyboard.press("ArrowRight")
    assert "Sân B" in page.inner_text("#tt-voice")
    page.keyboard.press("Enter")

    page.wait_for_selector(".whatif-after")
    assert "09 giờ 15" in page.inner_text(".whatif-after")
    assert "Sân B" in page.inner_text(".whatif-after")
    assert "cùng giờ với “hai”" in page.inner_text("main")
    assert axe.faults(page) == []
    confirmed(page)
    assert "/desk/timetable/" in page.url
    moved = stored(Activity)[0]
    assert (moved.starts_at, moved.venue_id) == (
        clock.at(world["day"], 9, 15), world["halls"][1].id,
    )  # fmt: skip
    page.click(".flash form button")
    assert "09 giờ 00" in page.inner_text(".whatif-after")
    confirmed(page)
    moved = stored(Activity)[0]
    assert (moved.starts_at, moved.venue_id) == (clock.at(world["day"], 9), world["halls"][0].id)
    assert page.locator(".flash form").count() == 0


def test_escape_gives_up_and_nothing_was_asked(desk, world, stored) -> None:
    page = desk(1280, "/desk/timetable/?day={day}")
    page.focus('[data-move$="/mot/move"]')

    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")

    assert "không có gì được dời" in page.inner_text("#tt-voice")
    assert page.locator("[data-held]").count() == 0
    assert stored(Activity)[0].revision == 0


def test_keys_move_by_a_day_in_the_week(desk, world, stored) -> None:
    page = desk(1280, "/desk/timetable/")
    page.focus('[data-move$="/mot/move"]')

    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    confirmed(page)

    assert stored(Activity)[0].starts_at == clock.at(world["day"] + timedelta(days=1), 9)


def test_a_mouse_drags_along_the_hours(desk, world, stored) -> None:
    page = desk(1280, "/desk/timetable/?day={day}")
    box = page.locator('[data-move$="/mot/move"]').bounding_box()
    hour = page.locator(".tt-stripe").first.bounding_box()["height"] / 9

    page.mouse.move(box["x"] + 40, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 40, box["y"] + 40, steps=4)
    page.mouse.move(box["x"] + 40, box["y"] + 10 + 2 * hour, steps=8)
    assert "11:00" in page.inner_text(".tt-target")
    page.mouse.up()
    confirmed(page)

    assert stored(Activity)[0].starts_at == clock.at(world["day"], 11)


def test_a_finger_that_is_held_drags_to_another_day(desk, world, stored) -> None:
    page = desk(1280, "/desk/timetable/", has_touch=True)
    block = page.locator('[data-move$="/mot/move"]').bounding_box()
    there = page.locator(
        f'.tt-cell[data-day="{world["day"] + timedelta(days=2)}"][data-hour="9"]'
    ).bounding_box()
    finger = page.context.new_cdp_session(page)

    def touch(kind: str, x: float = 0, y: float = 0) -> None:
        points = [] if kind == "touchEnd" else [{"x": x, "y": y}]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", block["x"] + 30, block["y"] + 12)
    page.wait_for_selector("[data-held]")
    for part in range(1, 9):
        touch(
            "touchMove",
            block["x"] + 30 + (there["x"] - block["x"]) * part / 8,
            block["y"] + 12,
        )
    touch("touchEnd")
    confirmed(page)

    assert stored(Activity)[0].starts_at == clock.at(world["day"] + timedelta(days=2), 9)


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize(
    "address",
    ["", "?day={day}", "?day={day}&across=units", "places", "conflicts", "?kind=course"],
)
def test_every_view_fits_and_is_sound(desk, width: int, address: str) -> None:
    page = desk(width, "/desk/timetable/" + address)

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert axe.faults(page) == []


def test_without_script_the_form_leads_through_the_preview(desk, world, stored) -> None:
    page = desk(360, "/desk/timetable/", java_script_enabled=False)

    page.click('.tt-hand a[href$="/mot/move"]')
    page.fill("[name=starts]", "10:30")
    page.fill("[name=ends]", "11:30")
    page.click("main form button")
    assert "10 giờ 30" in page.inner_text(".whatif-after")
    confirmed(page)

    assert stored(Activity)[0].starts_at == clock.at(world["day"], 10, 30)


def test_filters_narrow_by_branch_kind_place_and_person(desk, world, given) -> None:
    library = a_unit(parent=world["plan"].unit, code="thu-vien", name="Thư viện tỉnh")
    reading = an_activity(
        plan=world["plan"], unit=library, slug="ba", title="ba", kind=ActivityKind.BOOKS,
        starts_at=clock.at(world["day"], 14), venue=world["halls"][1], contact="Cô Lan", place="",
    )  # fmt: skip
    given(library, reading)
    page = desk(1280, "/desk/timetable/")
    form = page.locator(".desk-filter")
    for asked in ("unit", "kind", "place", "person"):
        page.get_by_text("Lọc lịch hoạt động").click()
        if asked == "person":
            form.locator("[name=person]").fill("Cô Lan")
        else:
            choice = {"unit": "thu-vien", "kind": "books", "place": str(world["halls"][1].id)}
            form.locator(f"[name={asked}]").select_option(choice[asked])
        form.get_by_role("button").click()
        page.locator(".chip-clear").wait_for()

        shown = {link.inner_text() for link in page.locator(".tt-title a").all()}
        assert shown == ({"ba", "hai"} if asked == "place" else {"ba"})
        page.locator(".chip-clear").click()
        page.get_by_role("link", name="mot", exact=True).wait_for()

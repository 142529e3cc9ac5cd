"""A plan with very many activities: a page at a time, and none is forgotten."""

import re
from datetime import date, timedelta

import pytest

from core import clock
from events import plans_desk
from events.models import Activity, ActivityState
from events.releases import desk as releases_desk
from events.releases import versions_views
from events.releases.models import PendingChange, Release
from tests.events.pages import page
from tests.factories import LONG_AGO, an_activity

ADDRESS = "/desk/plans/{}"


@pytest.fixture(autouse=True)
def short(monkeypatch) -> None:
    monkeypatch.setattr(releases_desk, "PAGE", 2)
    monkeypatch.setattr(plans_desk, "ACTIVITIES", 2)
    monkeypatch.setattr(versions_views, "WHOLE", 2)


@pytest.fixture
def five(plan, given) -> list[Activity]:
    """Five drafts, an hour after each other."""
    starts = clock.at(date(2027, 10, 1), 8)
    return [
        given(
            an_activity(
                plan=plan, title=f"Hoạt động {n}", state=ActivityState.DRAFT, place="Sân",
                starts_at=starts + timedelta(hours=n), ends_at=starts + timedelta(hours=n + 1),
            )
        )
        for n in range(5)
    ]  # fmt: skip


def titles(shown: str) -> list[int]:
    return sorted({int(n) for n in re.findall(r"Hoạt động (\d)", shown)})


def test_a_plan_is_read_page_by_page(desk, plan, five) -> None:
    address = ADDRESS.format(plan.id)

    assert titles(page(desk.get(address))) == [0, 1]
    assert f'href="{address}?after=2"' in page(desk.get(address))
    last = page(desk.get(f"{address}?after=4"))
    assert titles(last) == [4]
    assert f'href="{address}?after=2"' in last
    assert desk.get(f"{address}?after=x").status_code == 200


def test_what_waits_is_read_page_by_page_and_goes_out_as_a_whole(desk, plan, five, stored) -> None:
    address = ADDRESS.format(plan.id) + "/release"

    second = page(desk.get(f"{address}?page=2"))
    assert titles(second) == [2, 3]
    assert "5 thay đổi đang chờ" in second
    assert f"{address}?page=3" in second
    desk.post(address, data={"page": "2", "activity": [str(five[2].id)]})

    assert {row.state for row in stored(Activity)} == {ActivityState.RELEASED}
    assert len(stored(Release)[0].changes) == 5


def test_only_what_is_ticked_on_the_page_goes_out_when_one_says_so(
    desk, plan, five, stored
) -> None:
    address = ADDRESS.format(plan.id) + "/release"

    desk.post(address, data={"page": "2", "listed": "1", "activity": [str(five[3].id)]})

    out = [row.title for row in stored(Activity) if row.state is ActivityState.RELEASED]
    assert out == ["Hoạt động 3"]


def test_a_refusal_comes_back_to_the_page_that_was_sent(desk, plan, five, given) -> None:
    given(an_activity(plan=plan, title="Thiếu nơi", state=ActivityState.DRAFT, place=""))

    answer = desk.post(ADDRESS.format(plan.id) + "/release", data={"page": "2", "note": "Ghi"})

    assert answer.status_code == 409
    assert "Trang 2/3" in page(answer)


def test_a_version_is_read_page_by_page(desk, plan, five) -> None:
    desk.post(ADDRESS.format(plan.id) + "/release")
    address = "/weeks/2027/changes/tinh/1"

    first = page(desk.get(address))
    assert titles(first) == [0, 1]
    assert "after=2" in first
    assert titles(page(desk.get(f"{address}?day=2027-10-01&after=4"))) == [4]


def test_a_plan_called_off_forgets_what_waited(desk, plan, five, stored, at) -> None:
    desk.post(ADDRESS.format(plan.id) + "/release")
    at(LONG_AGO + timedelta(hours=1))
    for one in five[:2]:
        desk.post(f"/desk/activities/{one.slug}/draft/cancel", data={"reason": "Mưa"})
    assert len(stored(PendingChange)) == 2

    desk.post(ADDRESS.format(plan.id) + "/cancel", data={"why": "Bão", "with_activities": "y"})

    assert stored(PendingChange) == []
    assert {row.state for row in stored(Activity)} == {ActivityState.CANCELLED}

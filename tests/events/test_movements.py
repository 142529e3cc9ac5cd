"""What visitors read of a movement: phases, activities by phase, the plans of the units."""

from datetime import date

import pytest

from core import clock
from events.models import ActivityState, CampaignKind
from events.proposals.models import Phase
from tests.events.pages import page
from tests.factories import a_campaign, a_plan, a_unit, an_activity


@pytest.fixture
def movement(given, at):
    """Two phases, the second of which runs."""
    at(clock.at(date(2027, 5, 4), 9))
    found = given(
        a_campaign(
            2024,
            kind=CampaignKind.MOVEMENT,
            title="Cả nước thi đua học tập",
            starts_on=date(2024, 1, 1),
            ends_on=date(2030, 12, 31),
        )
    )
    given(_phase(found, 0, "Giai đoạn 1", 2024, 2025))
    given(_phase(found, 1, "Giai đoạn 2", 2026, 2030))
    return found


def _phase(campaign, position, title, first, last) -> Phase:
    days = {"starts_on": date(first, 1, 1), "ends_on": date(last, 12, 31)}
    return Phase(campaign_id=campaign.id, position=position, title=title, **days)


def _planned(given, movement, **facts):
    unit = given(a_unit(code="so", name="Sở Khoa học và Công nghệ"))
    plan = given(a_plan(campaign=movement, unit=unit, document_symbol="12/KH-SKHCN", version=1))
    moment = clock.at(date(2027, 5, 4), 8)
    return given(an_activity(plan=plan, title="Ngày hội đọc", starts_at=moment, **facts))


def test_each_activity_stands_in_its_phase_and_plans_beside_them(client, given, movement) -> None:
    _planned(given, movement)

    shown = page(client.get("/movements/2024/"))
    first, second = shown.index("Giai đoạn 1"), shown.index("Giai đoạn 2")
    assert first < second < shown.index("Ngày hội đọc")
    assert "12/KH-SKHCN" in shown
    assert shown.count("Đang diễn ra") == 1
    given(a_campaign(2027))
    assert 'href="/movements/2024/"' in page(client.get("/"))
    assert client.get("/movements/2024/changes/so").status_code == 200


def test_drafts_are_not_shown(client, given, movement) -> None:
    _planned(given, movement, state=ActivityState.DRAFT)

    assert "Ngày hội đọc" not in page(client.get("/movements/2024/"))
    assert client.get("/movements/2025/").status_code == 404


def test_before_any_plan_is_issued_there_is_no_page(client, movement) -> None:
    assert client.get("/movements/2024/").status_code == 404
    assert "/movements/" not in page(client.get("/"))

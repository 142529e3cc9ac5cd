"""What is set up before planning begins: the weeks and the venues."""

from datetime import date

import pytest

from core import clock
from events.models import Activity, Campaign, CampaignKind, Venue
from tests.events.pages import TYPED, page

WEEK = {
    "year": "2028",
    "title": "Tuần lễ 2028",
    "starts_on": "01/10/2028",
    "ends_on": "07/10/2028",
    "theme": "Văn hóa đọc",
    "unit_report_due": "12/10/2028",
    "unit_report_letter": "Công văn 1",
}


def test_the_week_of_a_year_is_set_up_from_its_letter(top, stored) -> None:
    assert top.post("/desk/weeks/new", data=WEEK).location == "/desk/weeks"
    week = stored(Campaign)[1]

    assert (week.kind, week.theme, week.ends_on) == (
        CampaignKind.WEEK,
        "Văn hóa đọc",
        date(2028, 10, 7),
    )
    assert [d.due_at for d in week.deadlines] == [clock.at(date(2028, 10, 12), 17)]
    assert 'value="12/10/2028"' in page(top.get("/desk/weeks/2028"))
    top.post("/desk/weeks/2028", data={**WEEK, "theme": "Công dân số"})
    assert stored(Campaign)[1].theme == "Công dân số"


@pytest.mark.parametrize(
    "wrong",
    [
        {"year": "2027", "starts_on": "01/10/2027", "ends_on": "07/10/2027"},
        {"ends_on": "30/09/2028"},
        {"ends_on": "30/12/2028"},
        {"year": "x"},
        {"year": "9" * 30},
        {"starts_on": "01/10/2029"},
        {"title": ""},
    ],
)
def test_a_week_that_cannot_be_is_refused(top, stored, wrong) -> None:
    assert top.post("/desk/weeks/new", data={**WEEK, **wrong}).status_code in {400, 409}
    assert len(stored(Campaign)) == 1


def test_venues_are_entered_once_and_chosen(desk, stored) -> None:
    typed = {"name": "Thư viện tỉnh", "address": "29 Hoàng Văn Thụ", "capacity": "150"}
    assert desk.post("/desk/venues/new", data={}).status_code == 400
    desk.post("/desk/venues/new", data={**typed, "unit": "tinh"})
    [venue] = stored(Venue)
    desk.post(f"/desk/venues/{venue.id}", data={**typed, "unit": "tinh", "name": "Thư viện"})

    assert stored(Venue)[0].name == "Thư viện"
    assert "Thư viện" in page(desk.get("/desk/activities/new"))
    desk.post("/desk/activities/new", data={**TYPED, "venue": str(venue.id), "place": ""})
    assert stored(Activity)[0].venue_id == venue.id

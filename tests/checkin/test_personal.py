"""A person's own calendar: what is in it, who can find it, how it is turned off."""

import pytest
from icalendar import Calendar

from accounts.models import Role
from checkin.models import Standing
from checkin.personal import secret_of
from events.models import ActivityState
from tests.factories import (
    a_campaign,
    a_participant,
    a_plan,
    a_registration,
    a_unit,
    an_account,
    an_activity,
    signed_in,
)


@pytest.fixture
def person(given):
    """Someone with a seat, a place in line, a seat given back and one at what was called off."""
    plan = a_plan(unit=a_unit())
    someone = a_participant()
    wanted = {
        "Tọa đàm": (Standing.CONFIRMED, ActivityState.RELEASED),
        "Triển lãm": (Standing.WAITING, ActivityState.RELEASED),
        "Hội thi": (Standing.WITHDRAWN, ActivityState.RELEASED),
        "Lớp học": (Standing.CONFIRMED, ActivityState.CANCELLED),
    }
    for title, (standing, state) in wanted.items():
        activity = an_activity(plan=plan, title=title, state=state)
        given(a_registration(activity=activity, participant=someone, standing=standing))
    given(an_activity(plan=plan, title="Của người khác"))
    return someone


def told(response) -> dict[str, str]:
    assert response.status_code == 200
    return {str(e["summary"]): str(e["status"]) for e in Calendar.from_ical(response.data).events}


def test_it_holds_the_seats_and_the_places_in_line_of_one_person(client, person) -> None:
    assert told(client.get(f"/calendar/people/{secret_of(person)}.ics")) == {
        "Tọa đàm": "CONFIRMED",
        "Triển lãm": "TENTATIVE",
        "Lớp học": "CANCELLED",
    }


def test_it_is_not_sent_twice_and_learns_of_a_seat(client, person, given) -> None:
    path = f"/calendar/people/{secret_of(person)}.ics"
    etag = client.get(path).headers["ETag"]
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 304

    given(
        a_registration(
            activity=an_activity(plan=a_plan(campaign=a_campaign(2028)), title="Mới"),
            participant=person,
        )
    )

    answer = client.get(path, headers={"If-None-Match": etag})
    assert told(answer)["Mới"] == "CONFIRMED"


def test_another_address_turns_the_old_one_off(client, person) -> None:
    old = secret_of(person)

    answer = client.post(f"/calendar/people/{old}/renewal")

    new = answer.headers["Location"].split("/")[-2]
    assert client.get(f"/calendar/people/{old}.ics").status_code == 404
    assert client.get(f"/calendar/people/{old}/").status_code == 404
    assert "Tọa đàm" in told(client.get(f"/calendar/people/{new}.ics"))


@pytest.mark.parametrize("place", [0, 1, 3, -1])
def test_no_other_word_opens_it(client, person, place) -> None:
    secret = list(secret_of(person))
    secret[place] = "7" if secret[place] != "7" else "6"

    assert client.get(f"/calendar/people/{''.join(secret)}.ics").status_code == 404


def test_the_page_says_what_stands_in_it_and_lets_nobody_index_it(client, person, at) -> None:
    page = client.get(f"/calendar/people/{secret_of(person)}/")

    text = page.get_data(as_text=True)
    assert "webcal://" in text
    assert "Của người khác" not in text
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert page.headers["Referrer-Policy"] == "no-referrer"


def test_a_ticket_leads_to_it_only_when_no_letter_can(client, given) -> None:
    activity = an_activity()
    alone = given(a_registration(activity=activity, participant=a_participant("Không thư")))
    written = a_participant("Có thư", email="a@example.com")
    known = given(a_registration(activity=activity, participant=written))

    assert "/calendar/people/" in client.get(f"/tickets/{alone.code}").get_data(as_text=True)
    assert "/calendar/people/" not in client.get(f"/tickets/{known.code}").get_data(as_text=True)


def test_staff_have_what_the_units_of_their_roles_hold(client, given) -> None:
    library, school, week = a_unit(), a_unit(), a_campaign()
    given(
        an_activity(plan=a_plan(campaign=week, unit=library), title="Của thư viện"),
        an_activity(plan=a_plan(campaign=week, unit=school), title="Của trường"),
    )
    account = given(an_account((Role.ORGANISER, library)))

    page = signed_in(client, account).get("/desk/calendar")

    secret = page.headers["Location"].split("/")[-2]
    assert told(client.get(f"/calendar/people/{secret}.ics")) == {"Của thư viện": "CONFIRMED"}

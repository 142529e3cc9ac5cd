"""Phones that a code lets in: they count heads at one place, for a time, until shut out."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Role
from checkin.hall.models import Screen
from checkin.hall.services import INVITATION, recogniser
from checkin.hall.state import pages
from checkin.models import Tally
from checkin.points.models import Point
from events.models import Counting, Format
from tests.factories import DURING, LONG_AGO, a_unit, an_account, an_activity, signed_in


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> None:
    recogniser.forget()
    pages.forget()


@pytest.fixture
def activity(given: Any, at: Any) -> Any:
    """A hybrid activity whose heads are counted."""
    at(DURING)
    return given(an_activity(counting=Counting.TALLY, format=Format.HYBRID))


@pytest.fixture
def point(given: Any, activity: Any) -> Any:
    """A connecting point of it that another unit hosts."""
    facts = {"activity_id": activity.id, "created_at": LONG_AGO}
    return given(Point(name="Trường Tân An", unit=a_unit(), **facts))


@pytest.fixture
def steward(app: Any, given: Any, activity: Any) -> Any:
    return signed_in(app.test_client(), given(an_account((Role.STEWARD, activity.unit))))


def a_phone(app: Any, steward: Any, activity: Any, query: str = "") -> Any:
    page = steward.post(f"/desk/activities/{activity.id}/tally/phones{query}").text
    (code,) = re.findall(r"([A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{2})</figcaption>", page)
    phone = app.test_client()
    assert code in phone.get(f"/hall/?code={code}").text
    assert phone.post("/hall/", data={"code": code}).status_code == 303
    assert app.test_client().post("/hall/", data={"code": code}).status_code == 422
    return phone


def entry(activity: Any, number: int, by: int = 1, **facts: Any) -> dict[str, Any]:
    nonce = str(uuid.UUID(int=number))
    return {"nonce": nonce, "session": activity.sessions[0].id, "by": by, **facts}


def sends(phone: Any, *entries: dict[str, Any]) -> Any:
    return phone.post("/hall/tally/entries", json={"entries": list(entries)})


def test_phones_and_staff_add_up_and_what_is_sent_twice_counts_once(
    app: Any, steward: Any, activity: Any, stored: Any
) -> None:
    first, second = (a_phone(app, steward, activity) for _ in range(2))
    steward.post(f"/desk/activities/{activity.id}/tally", data={"press": "", "by": "5"})
    for _time in range(2):
        sends(first, entry(activity, 1), entry(activity, 2, 40))

    answer = sends(second, entry(activity, 3, 10))

    assert answer.json["held"][""] == 56
    assert [tally.change for tally in stored(Tally)] == [5, 1, 40, 10]
    account, *screens = [(tally.account_id, tally.screen_id) for tally in stored(Tally)]
    assert account[1] is None
    assert screens == [(None, 1), (None, 1), (None, 2)]
    assert second.get("/hall/tally/now").json["held"][""] == 56


def test_a_phone_takes_only_its_own_last_press_back(
    app: Any, steward: Any, activity: Any, stored: Any
) -> None:
    first, second = (a_phone(app, steward, activity) for _ in range(2))
    first.post("/hall/tally", data={"press": "learner", "by": "40"})
    second.post("/hall/tally", data={"press": "learner", "by": "5"})

    first.post("/hall/tally", data={"undo": "1"})
    first.post("/hall/tally", data={"undo": "1"})

    assert [tally.change for tally in stored(Tally)] == [40, 5, -40]


def test_a_phone_of_a_point_counts_there_and_nowhere_else(
    app: Any, steward: Any, activity: Any, point: Any, stored: Any
) -> None:
    phone = a_phone(app, steward, activity, f"?point={point.id}")

    answer = sends(phone, entry(activity, 1, point=point.id), entry(activity, 2))

    assert [bool(one["refused"]) for one in answer.json["answers"]] == [False, True]
    assert [tally.point_id for tally in stored(Tally)] == [point.id]
    assert "Trường Tân An" in phone.get("/hall/tally").text
    assert phone.get("/hall/").location == "/hall/tally"
    assert phone.get("/hall/state").location == "/hall/"


def test_the_host_of_a_point_lets_phones_in_there_alone(
    app: Any, steward: Any, activity: Any, point: Any, given: Any, stored: Any
) -> None:
    a_phone(app, steward, activity)
    host = signed_in(app.test_client(), given(an_account((Role.STEWARD, point.unit))))
    a_phone(app, host, activity)
    main, hosted = stored(Screen)
    page = f"/desk/activities/{activity.id}/tally/phones"

    assert (main.point_id, hosted.point_id) == (None, point.id)
    assert host.post(f"{page}?point=99").status_code == 404
    assert host.post(f"{page}/{main.id}/revocation").status_code == 404
    assert host.post(f"{page}/{hosted.id}/revocation").status_code == 303
    assert [bool(screen.revoked_at) for screen in stored(Screen)] == [False, True]


def test_a_phone_counts_nothing_once_it_is_shut_out_ended_or_too_old(
    app: Any, steward: Any, activity: Any, at: Any, stored: Any
) -> None:
    shut, ended, old = (a_phone(app, steward, activity) for _ in range(3))
    screen = stored(Screen)[0]
    steward.post(f"/desk/activities/{activity.id}/tally/phones/{screen.id}/revocation")
    ended.post("/hall/end")
    for phone in (shut, ended):
        assert sends(phone, entry(activity, 1)).status_code == 303
        assert phone.get("/hall/tally").location == "/hall/"
    at(screen.expires_at)

    assert sends(old, entry(activity, 1)).status_code == 303
    assert stored(Tally) == []


def test_a_code_for_a_phone_is_good_for_a_day(
    app: Any, steward: Any, activity: Any, at: Any, stored: Any
) -> None:
    page = steward.post(f"/desk/activities/{activity.id}/tally/phones").text
    (code,) = re.findall(r"([A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{2})</figcaption>", page)
    at(DURING + INVITATION + timedelta(seconds=1))

    assert app.test_client().post("/hall/", data={"code": code}).status_code == 422


def test_a_point_goes_with_the_phones_that_were_let_in_there(
    app: Any, activity: Any, point: Any, given: Any, stored: Any
) -> None:
    desk = signed_in(app.test_client(), given(an_account((Role.ORGANISER, activity.unit))))
    phone = a_phone(app, desk, activity, f"?point={point.id}")

    assert desk.post(f"/desk/activities/{activity.id}/points/{point.id}/removal").status_code == 303
    recogniser.forget()

    assert stored(Screen) == []
    assert phone.get("/hall/tally").location == "/hall/"


def test_what_cannot_be_read_is_refused_and_a_stranger_counts_nothing(
    app: Any, steward: Any, activity: Any, stored: Any
) -> None:
    phone = a_phone(app, steward, activity)

    assert sends(phone, entry(activity, 1, by=10**9)).status_code == 400
    assert sends(app.test_client(), entry(activity, 1)).status_code == 303
    assert sends(phone, entry(activity, 2, -1)).json["answers"][0]["refused"]
    assert stored(Tally) == []


def test_the_worker_keeps_what_the_page_needs(app: Any) -> None:
    answer = app.test_client().get("/hall/tally/worker.js")

    assert answer.headers["Service-Worker-Allowed"] == "/"
    for file in (
        "checkin-tally.js",
        "checkin-tally-queue.js",
        "kept.js",
        "within.js",
        "counting.css",
    ):
        assert file in answer.text


def test_one_names_only_units_of_ones_own_as_hosts(
    app: Any, given: Any, activity: Any, stored: Any
) -> None:
    below, foreign = given(a_unit(parent=activity.unit), a_unit())
    desk = signed_in(app.test_client(), given(an_account((Role.ORGANISER, activity.unit))))
    page = f"/desk/activities/{activity.id}/points"

    answers = [
        desk.post(page, data={"name": f"Điểm {unit.id}", "unit": unit.code}).status_code
        for unit in (below, foreign)
    ]

    assert answers == [303, 422]
    assert [found.unit_id for found in stored(Point)] == [below.id]

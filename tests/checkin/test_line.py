"""Standing in line, moving up, giving the seat back."""

import threading
from datetime import timedelta
from typing import Any

import pytest

from checkin import services
from checkin.errors import AlreadyWithdrawn
from checkin.models import Registration, Standing
from checkin.services import Applicant
from core.database import transaction
from tests.factories import DURING, a_participant, a_registration, an_activity

BEFORE = DURING - timedelta(days=2)


def test_register_puts_the_next_person_in_line(session: Any) -> None:
    activity = an_activity(seats=1)
    session.add(activity)
    services.register(activity, Applicant("Lan"), form_token="1", now=BEFORE)

    second = services.register(activity, Applicant("Huệ"), form_token="2", now=BEFORE)

    assert second.standing is Standing.WAITING


def test_withdraw_moves_the_first_in_line_up(session: Any) -> None:
    activity = an_activity(seats=1)
    session.add(activity)
    first, second, third = (
        services.register(
            activity, Applicant(name), form_token=name, now=BEFORE + timedelta(minutes=n)
        )
        for n, name in enumerate(("Lan", "Huệ", "Cúc"))
    )

    now = BEFORE + timedelta(hours=1)
    moved_up = services.withdraw(first, now=now)

    assert moved_up is second
    assert (second.standing, second.promoted_at) == (Standing.CONFIRMED, now)
    assert third.standing is Standing.WAITING
    with pytest.raises(AlreadyWithdrawn):
        services.withdraw(first, now=now)


def test_withdraw_from_the_line_frees_no_seat(session: Any) -> None:
    activity = an_activity(seats=1)
    session.add(activity)
    services.register(activity, Applicant("Lan"), form_token="1", now=BEFORE)
    second = services.register(activity, Applicant("Huệ"), form_token="2", now=BEFORE)
    third = services.register(activity, Applicant("Cúc"), form_token="3", now=BEFORE)

    assert services.withdraw(second, now=BEFORE) is None
    assert third.standing is Standing.WAITING


def test_the_ticket_page_withdraws_by_post_alone(
    client: Any, given: Any, stored: Any, at: Any
) -> None:
    at(BEFORE)
    given(a_registration(activity=an_activity(), code="tam-ve"))

    assert client.get("/tickets/tam-ve/withdrawal").status_code == 405
    assert stored(Registration)[0].standing is Standing.CONFIRMED

    client.post("/tickets/tam-ve/withdrawal")

    assert stored(Registration)[0].standing is Standing.WITHDRAWN
    page = client.get("/tickets/tam-ve").text
    assert 'class="qr-image"' not in page


def test_who_withdrew_may_come_back_with_a_new_ticket(session: Any) -> None:
    activity = an_activity()
    session.add(activity)
    lan = Applicant("Lan", email="lan@example.com")
    first = services.register(activity, lan, form_token="1", now=BEFORE)
    code = first.code
    services.withdraw(first, now=BEFORE)

    again = services.register(activity, lan, form_token="2", now=BEFORE)

    assert (again.id, again.serial, again.standing) == (first.id, 1, Standing.CONFIRMED)
    assert again.code != code


def test_the_last_seats_are_never_oversold(app: Any, given: Any, stored: Any, at: Any) -> None:
    at(BEFORE)
    given(an_activity(slug="toa-dam", seats=7))

    def take(number: int) -> None:
        for turn in range(5):
            form = {"name": f"Người {number} {turn}"}
            app.test_client().post("/activities/toa-dam/registrations", data=form)

    threads = [threading.Thread(target=take, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    standings = [r.standing for r in stored(Registration)]
    assert standings.count(Standing.CONFIRMED) == 7
    assert standings.count(Standing.WAITING) == 33


def test_seats_given_back_at_once_go_to_as_many_in_line(
    app: Any, given: Any, stored: Any, at: Any
) -> None:
    at(BEFORE)
    activity = an_activity(seats=6)
    given(*(a_registration(activity=activity, code=f"c{n}") for n in range(6)))
    given_line = [
        a_registration(
            activity=activity, standing=Standing.WAITING, participant=a_participant(f"Chờ {n}")
        )
        for n in range(10)
    ]
    with transaction() as opened:
        opened.add_all(opened.merge(row) for row in given_line)

    threads = [
        threading.Thread(target=lambda n=n: app.test_client().post(f"/tickets/c{n}/withdrawal"))
        for n in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    standings = [r.standing for r in stored(Registration)]
    assert standings.count(Standing.CONFIRMED) == 6
    assert standings.count(Standing.WITHDRAWN) == 6
    assert standings.count(Standing.WAITING) == 4

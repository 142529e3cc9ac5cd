"""Taking a seat, standing in line, giving the seat back."""

import re
import threading
from datetime import timedelta
from typing import Any

import pytest

from checkin import services
from checkin.errors import AlreadyRegistered, AlreadyWithdrawn, RegistrationClosed
from checkin.models import Consent, Participant, Registration, Standing
from checkin.services import Applicant
from core.database import transaction
from core.settings import Settings
from events.models import Activity, ActivityState, Audience, Counting
from tests.factories import DURING, a_participant, a_registration, an_activity

BEFORE = DURING - timedelta(days=2)
LAN = {"name": "Nguyễn Thị Lan", "email": "Lan@Example.com", "unit": "Phường Trung Tâm"}


def test_register_keeps_a_seat_for_a_name_alone(
    client: Any, given: Any, stored: Any, at: Any
) -> None:
    at(BEFORE)
    given(an_activity(slug="toa-dam"))

    answer = client.post("/activities/toa-dam/registrations", data={"name": "Cụ Mẫu"})

    (registration,) = stored(Registration)
    assert (answer.status_code, answer.location) == (303, f"/tickets/{registration.code}")
    assert registration.standing is Standing.CONFIRMED
    page = client.get(answer.location)
    code = registration.short_code
    assert f"{code[:4]}-{code[4:]}" in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "<svg" in page.text


def test_register_writes_down_what_was_agreed_to(
    client: Any, given: Any, stored: Any, at: Any
) -> None:
    at(BEFORE)
    given(an_activity(slug="toa-dam"))

    client.post("/activities/toa-dam/registrations", data={**LAN, "reminders": "y"})

    consents = stored(Consent)
    assert [(c.purpose, c.channel, c.given_at) for c in consents] == [
        ("seat", "web", BEFORE),
        ("reminders", "web", BEFORE),
    ]
    assert all(len(c.notice_hash) == 64 and c.notice_version for c in consents)
    assert stored(Participant)[0].email == "lan@example.com"


def test_register_agrees_to_no_reminders_while_the_box_is_not_ticked(
    client: Any, given: Any, stored: Any, at: Any
) -> None:
    at(BEFORE)
    given(an_activity(slug="toa-dam"))

    client.post("/activities/toa-dam/registrations", data=LAN)

    assert [c.purpose for c in stored(Consent)] == ["seat"]


def test_the_box_on_the_page_is_not_ticked(client: Any, given: Any, at: Any) -> None:
    at(BEFORE)
    given(an_activity(slug="toa-dam"))

    page = client.get("/activities/toa-dam").text

    (box,) = re.findall(r'<input type="checkbox"[^>]*>', page)
    assert "checked" not in box


def test_register_twice_by_the_same_form_gives_one_seat(
    client: Any, given: Any, stored: Any, at: Any
) -> None:
    at(BEFORE)
    given(an_activity(slug="toa-dam"))
    form = {**LAN, "form_token": "the-token-of-one-page"}

    first = client.post("/activities/toa-dam/registrations", data=form)
    second = client.post("/activities/toa-dam/registrations", data=form)

    assert first.location == second.location
    assert len(stored(Registration)) == 1


def test_register_of_another_person_from_the_same_page_gives_another_seat(
    client: Any, given: Any, stored: Any, at: Any
) -> None:
    at(BEFORE)
    given(an_activity(slug="toa-dam"))

    for name in ("Nguyễn Văn An", "Trần Thị Bình"):
        form = {"name": name, "form_token": "the-token-of-one-page"}
        client.post("/activities/toa-dam/registrations", data=form)

    assert len({r.code for r in stored(Registration)}) == 2


def test_register_with_a_known_address_leaks_no_ticket_and_offers_a_way_out(
    client: Any, given: Any, stored: Any, at: Any
) -> None:
    at(BEFORE)
    given(an_activity(slug="toa-dam"))
    client.post("/activities/toa-dam/registrations", data=LAN)

    answer = client.post("/activities/toa-dam/registrations", data={**LAN, "name": "Kẻ tò mò"})

    (registration,) = stored(Registration)
    assert answer.status_code == 409
    assert registration.code not in answer.text
    assert registration.short_code not in answer.text
    assert "/activities/toa-dam/letters" in answer.text
    assert "Kẻ tò mò" in answer.text


def test_ask_for_letter_answers_the_same_for_unknown_addresses(
    client: Any, given: Any, stored: Any, at: Any
) -> None:
    at(BEFORE)
    given(an_activity(slug="toa-dam"))
    client.post("/activities/toa-dam/registrations", data=LAN)
    at(BEFORE + timedelta(hours=1))

    known = client.post("/activities/toa-dam/letters", data={"email": "lan@example.com"})
    unknown = client.post("/activities/toa-dam/letters", data={"email": "ai@example.com"})

    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    assert [r.letters for r in stored(Registration)] == [1]


def test_ask_for_letter_counts_once_in_ten_minutes(session: Any) -> None:
    activity = an_activity()
    session.add(activity)
    registration = services.register(
        activity, Applicant("Lan", email="lan@example.com"), form_token="1", now=BEFORE
    )

    for minutes in (1, 11, 12):
        now = BEFORE + timedelta(minutes=minutes)
        services.ask_for_letter(activity, "lan@example.com", now=now)

    assert registration.letters == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "Xin ghi họ và tên."),
        ({"name": "Lan", "email": "abc"}, "Đây không phải là địa chỉ thư điện tử"),
        ({"name": "Lan", "reminders": "y"}, "Xin ghi địa chỉ thư điện tử để nhận lời nhắc"),
        ({"name": "Lan\x00"}, "không"),
    ],
)
def test_register_says_what_is_wrong_and_keeps_what_was_typed(
    client: Any, given: Any, stored: Any, at: Any, typed: dict[str, str], sentence: str
) -> None:
    at(BEFORE)
    given(an_activity(slug="toa-dam"))

    answer = client.post("/activities/toa-dam/registrations", data={**typed, "unit": "Tổ 5"})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="Tổ 5"' in answer.text
    assert stored(Registration) == []


def test_a_telephone_number_is_kept_apart_from_addresses(
    client: Any, given: Any, stored: Any, at: Any
) -> None:
    at(BEFORE)
    given(an_activity(slug="toa-dam"))

    client.post("/activities/toa-dam/registrations", data={"name": "Lan", "email": "0912 345 678"})

    (person,) = stored(Participant)
    assert (person.email, person.phone) == (None, "0912 345 678")


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


def test_the_same_person_at_two_activities_is_one_participant(session: Any) -> None:
    one = an_activity()
    two = an_activity(plan=one.plan)
    session.add_all([one, two])
    lan = Applicant("Lan", email="lan@example.com")

    first = services.register(one, lan, form_token="1", now=BEFORE)
    second = services.register(two, lan, form_token="1", now=BEFORE)

    assert first.participant_id == second.participant_id


def test_register_of_a_second_name_on_one_address_is_refused(session: Any) -> None:
    activity = an_activity()
    session.add(activity)
    services.register(
        activity, Applicant("Lan", email="nha@example.com"), form_token="1", now=BEFORE
    )

    with pytest.raises(AlreadyRegistered):
        services.register(
            activity, Applicant("Huệ", email="nha@example.com"), form_token="2", now=BEFORE
        )


@pytest.mark.parametrize(
    "facts",
    [
        {"state": ActivityState.CANCELLED},
        {"counting": Counting.SELF_SCAN},
        {"starts_at": BEFORE - timedelta(hours=3)},
    ],
)
def test_register_is_closed(session: Any, facts: dict[str, Any]) -> None:
    activity = an_activity(**facts)
    session.add(activity)

    with pytest.raises(RegistrationClosed):
        services.register(activity, Applicant("Lan"), form_token="1", now=BEFORE)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"seats": 5}, "Còn 5 chỗ."),
        ({}, "Không giới hạn số chỗ."),
        ({"state": ActivityState.CANCELLED, "cancelled_reason": "Do bão."}, "Do bão."),
        ({"counting": Counting.SELF_SCAN}, "Không cần đăng ký. Khi đến nơi, xin quét mã"),
        ({"counting": Counting.TALLY}, "Không cần đăng ký."),
        ({"audience": Audience.INVITED}, "Chỗ dành cho người có giấy mời."),
        ({"starts_at": BEFORE - timedelta(hours=3)}, "Hoạt động đã kết thúc"),
    ],
)
def test_the_page_says_in_words_whether_one_can_come(
    client: Any, given: Any, at: Any, facts: dict[str, Any], words: str
) -> None:
    at(BEFORE)
    given(an_activity(slug="toa-dam", **facts))

    assert words in client.get("/activities/toa-dam").text


def test_a_draft_is_not_found(client: Any, given: Any) -> None:
    given(an_activity(slug="nhap", state=ActivityState.DRAFT))

    assert client.get("/activities/nhap").status_code == 404
    answer = client.post("/activities/nhap/registrations", data={"name": "Lan"})
    assert answer.status_code == 404


def test_english_is_complete_on_the_page(client: Any, given: Any, at: Any) -> None:
    at(BEFORE)
    given(an_activity(slug="toa-dam", seats=1))
    client.set_cookie("locale", "en")

    page = client.get("/activities/toa-dam").text

    assert "1 seat is left." in page


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


def test_registrations_are_slowed_down_when_throttles_are_on(
    app: Any, given: Any, stored: Any, at: Any, settings: Settings
) -> None:
    at(BEFORE)
    given(an_activity(slug="toa-dam"))
    app.extensions["settings"] = settings.model_copy(update={"throttle": True})
    try:
        answers = [
            app.test_client()
            .post("/activities/toa-dam/registrations", data={"name": f"Người {n}"})
            .status_code
            for n in range(35)
        ]
    finally:
        app.extensions["settings"] = settings

    assert answers.count(429) == 5
    assert len(stored(Registration)) == 30
    assert stored(Activity)[0].revision == 0

"""Taking a seat: what is asked, agreed to, refused."""

import re
from datetime import timedelta
from typing import Any

import pytest

from checkin import services
from checkin.errors import AlreadyRegistered, RegistrationClosed
from checkin.models import Consent, Participant, Registration, Standing
from checkin.services import Applicant
from core.settings import Settings
from events.models import Activity, ActivityState, Audience, Counting
from tests.factories import DURING, an_activity

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


def test_register_refuses_bytes_that_are_no_text(
    client: Any, given: Any, stored: Any, at: Any
) -> None:
    at(BEFORE)
    given(an_activity(slug="toa-dam"))

    answer = client.post(
        "/activities/toa-dam/registrations",
        data=b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n\xed\xa0\x80\r\n--x--\r\n',
        content_type="multipart/form-data; boundary=x",
    )

    assert answer.status_code == 422
    assert stored(Registration) == []


def test_a_telephone_number_is_kept_apart_from_addresses(
    client: Any, given: Any, stored: Any, at: Any
) -> None:
    at(BEFORE)
    given(an_activity(slug="toa-dam"))

    client.post("/activities/toa-dam/registrations", data={"name": "Lan", "email": "0912 345 678"})

    (person,) = stored(Participant)
    assert (person.email, person.phone) == (None, "0912 345 678")


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

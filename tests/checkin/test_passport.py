"""The page of one who came: theirs alone, opened by a code that nobody guesses."""

import re
from email import message_from_bytes
from email.policy import default

import pytest
import sqlalchemy as sa

from checkin import notice
from checkin.models import Consent, Participant
from checkin.passport import queries
from checkin.passport.codes import code_of
from checkin.passport.models import Certificate, PassportLetter
from checkin.passport.occasions import OCCASIONS
from checkin.posters import poster_code
from core import clock
from core.database import reading
from events.models import Counting
from notifications.planning import BEGINNING
from tests.checkin.passport_world import AFTERWARDS, Week, came, path
from tests.factories import LONG_AGO, a_participant, a_registration, an_activity
from tests.questions import WHOLE, explained, heard, questions


@pytest.fixture
def week(given, at) -> Week:
    at(AFTERWARDS)
    return Week(given)


def test_it_shows_what_one_human_attended_across_units_and_nobody_else(client, week) -> None:
    page = client.get(path(week.lan)).text

    assert "Tọa đàm sách" in page
    assert "Thư viện tỉnh" in page
    assert "Ngày hội đọc" in page
    assert "tự quét mã trên áp phích" in page
    assert "Bế mạc" in page
    assert "Trong danh sách chờ" in page
    assert "Lớp sơ cứu" not in page
    assert "Hoa" not in page
    assert "nha@example.com" not in page


def test_a_shared_address_and_telephone_make_no_two_people_one(client, week) -> None:
    page = client.get(path(week.hoa)).text

    assert "Lớp sơ cứu" in page
    assert "Tọa đàm sách" not in page
    assert "Lan" not in page


def test_it_is_kept_by_nobody_and_found_by_no_index(client, week) -> None:
    headers = client.get(path(week.lan)).headers

    assert headers["Cache-Control"] == "private, no-store"
    assert headers["X-Robots-Tag"] == "noindex"
    assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("place", range(16))
def test_no_other_code_opens_it(client, week, place) -> None:
    letters = list(code_of(week.lan).replace("-", ""))
    letters[place] = "7" if letters[place] != "7" else "8"

    wrong = "".join(letters)
    assert client.get(f"/passport/{wrong}").status_code == 404
    assert client.post("/passport/", data={"code": wrong}).status_code == 404


@pytest.mark.parametrize("code", ["", "2", "-" * 40, "2" * 80, "Z" * 30, "é" * 16, "0O1IL" * 4])
def test_what_is_no_code_opens_nothing(client, week, code) -> None:
    assert client.post("/passport/", data={"code": code}).status_code == 404


def test_a_code_may_be_typed_small_and_with_blanks(client, week) -> None:
    typed = code_of(week.lan).lower().replace("-", " ")

    answer = client.post("/passport/", data={"code": typed})

    assert answer.headers["Location"] == path(week.lan)


def test_another_code_turns_the_old_one_off(client, week) -> None:
    old = path(week.lan)

    new = client.post(f"{old}/renewal").headers["Location"]

    assert client.get(old).status_code == 404
    assert "Tọa đàm sách" in client.get(new).text


def test_an_agreement_is_taken_back_on_every_row_of_the_human(client, week, stored) -> None:
    answer = client.post(path(week.lan, "/consents/reminders/withdrawal"))

    assert answer.status_code == 303
    left = [c.purpose for c in stored(Consent) if c.withdrawn_at is None]
    assert left == [notice.SEAT]
    assert "Nhận thư nhắc" not in client.get(path(week.lan)).text


def test_without_the_agreement_that_keeps_the_name_the_name_goes(client, week) -> None:
    client.post(path(week.lan, "/consents/seat/withdrawal"))

    page = client.get(path(week.lan)).text
    assert "Họ tên không còn được lưu" in page
    assert "Lan" not in page


def test_the_link_is_sent_to_each_human_at_an_address_and_nobody_is_told(
    client, week, stored, app
) -> None:
    told = [
        client.post("/passport/letters", data={"email": email}, follow_redirects=True).text
        for email in ("Nha@example.com", "khong-co@example.com", "nha@example.com")
    ]

    assert told[0] == told[1]
    assert [row.participant_id for row in stored(PassportLetter)] == [week.lan.id, week.hoa.id]
    occasion = OCCASIONS[0]
    with reading() as opened, app.test_request_context():
        audience = occasion.audience(BEGINNING, clock.now())
        assert audience is not None
        rows = opened.execute(audience).all()
        letter = occasion.compose(rows[0].subject, "vi")
        assert [row.recipient for row in rows] == ["nha@example.com"] * 2
        assert occasion.still_due(rows[0].subject, rows[0].revision, clock.now())
    assert letter.facts["passport_path"] == path(week.lan)


def test_everybody_at_an_address_is_found_by_an_index(given) -> None:
    given(*(a_participant(email=f"nguoi-{number}@example.com") for number in range(300)))
    with reading() as opened:
        plans = [
            explained(opened, queries.awaiting_letter("Nguoi-17@example.com", LONG_AGO)),
            explained(opened, queries.same_human("Nguoi-17@example.com", "nguyen thi mau")),
        ]
    assert "ix_participant_email" in plans[0]
    assert all(re.search(WHOLE, plan) is None for plan in plans), plans


def test_a_letter_for_many_at_one_address_asks_no_more_than_for_one(client, given, stored) -> None:
    given(*(a_participant(f"Người {n}", email="lop9a@example.com") for n in range(9)))
    given(a_participant("Người 3", email="lop9a@example.com"), a_participant(email="lan@b.vn"))
    client.post("/passport/letters", data={"email": "nobody@example.com"})

    asked = []
    for email in ("lan@b.vn", "lop9a@example.com", "lop9a@example.com"):
        with heard() as said:
            client.post("/passport/letters", data={"email": email})
        asked.append(questions(said))

    assert len(stored(PassportLetter)) == 1 + 9
    assert asked == [asked[0]] * 3


def test_what_is_no_address_is_named(client, week) -> None:
    assert client.post("/passport/letters", data={"email": "x"}).status_code == 422


def test_a_ticket_leads_to_it_only_when_no_letter_can(client, given, at) -> None:
    at(LONG_AGO)
    activity = an_activity()
    alone = given(a_registration(activity=activity, participant=a_participant("Không thư")))
    known = given(
        a_registration(activity=activity, participant=a_participant("Có thư", email="a@b.vn"))
    )

    assert path(alone.participant) in client.get(f"/tickets/{alone.code}").text
    page = client.get(f"/tickets/{known.code}").text
    assert path(known.participant) not in page
    assert "/passport/" in page


def test_another_persons_certificate_is_as_unknown_as_none(client, week, stored) -> None:
    client.post(path(week.hoa, "/certificates"), data={"campaign": week.campaign.id})
    (hers,) = stored(Certificate)

    for number in (hers.code, "CNOSUCHCODE00000"):
        assert client.get(path(week.lan, f"/certificates/{number}.pdf")).status_code == 404
        assert client.post(path(week.lan, f"/certificates/{number}/revocation")).status_code == 404
    assert stored(Certificate)[0].revoked_at is None


def test_those_who_guess_have_to_wait_when_throttles_are_on(client, week, app, settings) -> None:
    app.extensions["settings"] = settings.model_copy(update={"throttle": True})
    try:
        looked = [client.get(f"/passport/{n}", environ_base={"REMOTE_ADDR": "10.0.0.9"}).status_code
                  for n in range(40)]  # fmt: skip
        tried = [client.post("/passport/", data={"code": str(n)}).status_code for n in range(40)]
        right = client.get(path(week.lan)).status_code
    finally:
        app.extensions["settings"] = settings

    assert (looked.count(404), looked.count(429)) == (30, 10)
    assert tried.count(429) == 10
    assert right == 200


def test_letters_of_tickets_and_the_letter_asked_for_lead_to_it(client, given, at, app) -> None:
    at(LONG_AGO)
    activity = given(an_activity(slug="toa-dam"))
    form = {"name": "Lê Thị Thư", "email": "thu.le@example.com"}
    client.post(f"/activities/{activity.slug}/registrations", data=form)
    client.post("/passport/letters", data={"email": form["email"]})

    assert app.test_cli_runner().invoke(args=["notifications", "tick"]).exit_code == 0

    folder = app.extensions["settings"].instance / "mail"
    read = [message_from_bytes(p.read_bytes(), policy=default) for p in folder.glob("*.eml")]
    mine = [letter for letter in read if form["email"] in letter["To"]]
    with reading() as opened:
        way = path(opened.scalars(sa.select(Participant)).one())
    assert len(mine) == 2
    for letter in mine:
        for kind in ("plain", "html"):
            assert way in letter.get_body((kind,)).get_content()
    assert "Đường dẫn tới sổ tham dự" in {letter["Subject"] for letter in mine}


def test_the_pages_are_complete_in_english(client, week) -> None:
    client.set_cookie("locale", "en")
    for address in (path(week.lan), "/passport/", "/verify/"):
        page = client.get(address).text
        assert '<html lang="en">' in page
        assert "tham dự" not in page


def test_a_receipt_leads_to_it_only_for_who_wrote_their_name_there(client, given, week) -> None:
    poster = an_activity(plan=week.talk.plan, counting=Counting.SELF_SCAN)
    ticketed = a_registration(activity=week.ahead, participant=a_participant("Có vé"))
    named = a_participant("Viết tên")
    given(poster, ticketed, named)
    seen = {}
    for person in (ticketed.participant, named, None):
        one = came(poster, person) if person else came(poster, named)
        number = person.id if person else None
        one.participant_id, one.pass_id = number, f"pass-{number}"
        given(one)
        address = f"/s/{poster_code(poster.id)}/receipt/{one.pass_id}"
        seen[one.pass_id] = path(person) if person else "/passport/2", client.get(address).text

    assert [way in page for way, page in seen.values()] == [False, True, False]

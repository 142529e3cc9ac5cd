"""Invitations as they leave a real mail server, read by other programs' readers."""

from collections.abc import Callable
from datetime import UTC, date, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
import vobject
from flask import Flask

from checkin import letters, occasions, services
from checkin.models import Registration, Standing
from core import clock
from core.database import transaction
from events import services as activities
from events.models import Session
from notifications.delivery import Sender
from notifications.planning import BEGINNING, queue, unheard
from tests.factories import (
    LONG_AGO,
    OPENING_DAY,
    a_participant,
    a_plan,
    a_registration,
    a_unit,
    an_activity,
)
from tests.notifications.people import office, welcoming
from tests.notifications.smtp_server import Server

HOUR = timedelta(hours=1)


class Diary:
    """What a calendar program keeps of the invitations it gets: RFC 5546, section 3.2."""

    def __init__(self) -> None:
        self.entries: dict[str, Any] = {}
        self._known: dict[str, tuple[int, Any]] = {}

    def take(self, content: str) -> str:
        """Follow one; what is older than what is known changes nothing."""
        read = vobject.readOne(content)
        [event] = read.vevent_list
        uid, method = event.uid.value, read.method.value
        mark = int(event.sequence.value), event.dtstamp.value
        if uid in self._known and mark < self._known[uid]:
            return "old"
        self._known[uid] = mark
        if method == "CANCEL":
            assert event.status.value == "CANCELLED"
            self.entries.pop(uid, None)
        else:
            self.entries[uid] = event
        return str(method)


class Post:
    """The world of one seat, a mail server, and the diary that its letters fill."""

    def __init__(self, app: Flask, server: Server, at: Callable[[Any], None]) -> None:
        self._app, self._server, self._at = app, server, at
        self.now, self.diary = LONG_AGO, Diary()
        self.mails: list[Any] = []

    def arrives(self, after: timedelta = HOUR) -> list[str]:
        """Send what is due by then; what the diary makes of what arrives."""
        self.now += after
        self._at(self.now)
        with transaction():
            for occasion in occasions.OCCASIONS:
                queue(unheard(occasion, BEGINNING, self.now))
        seen = len(self._server.taken)
        Sender(self._app, "one").run()
        new = [message_from_bytes(t.raw, policy=policy.default) for t in self._server.taken[seen:]]
        self.mails += new
        return [self.diary.take(invited) for mail in new for invited in invitations(mail)]


def invitations(mail: Any) -> list[str]:
    """The calendar parts that a program takes in by itself."""
    return [
        part.get_payload(decode=True).decode()
        for part in mail.walk()
        if part.get_content_type() == "text/calendar" and not part.is_attachment()
    ]


@pytest.fixture
def server() -> Any:
    with Server() as listening:
        yield listening


@pytest.fixture
def post(database_url: str, server: Server, tmp_path: Path, at: Any) -> Post:
    at(LONG_AGO)
    app = office(database_url, tmp_path, port=server.port, mail_timeout=2.0)
    return Post(welcoming(app, *occasions.OCCASIONS), server, at)


def a_seat(**facts: Any) -> Registration:
    """Lan's, at a talk of a library."""
    library = a_unit(name='Thư viện "Tỉnh"; B:C', email="thu-vien@example.com")
    talk = an_activity(plan=a_plan(unit=library), title="Tọa đàm", place="Tầng 2")
    lan = a_participant('Lan "L"\r\nATTENDEE:mailto:x@example.com', email="lan@example.com")
    facts = {"registered_at": LONG_AGO + HOUR / 2, **facts}
    return a_registration(activity=talk, participant=lan, **facts)


def change(number: int, work: Callable[[Registration], Any]) -> None:
    with transaction() as opened:
        work(opened.get_one(Registration, number))


def moved(post: Post, days: int = 1) -> Callable[[Registration], None]:
    def work(seat: Registration) -> None:
        talk = seat.activity
        shift = timedelta(days=days)
        activities.reschedule(
            talk, starts_at=talk.starts_at + shift, ends_at=talk.ends_at + shift,
            venue=None, place="Sân", now=post.now,
        )  # fmt: skip

    return work


def off(post: Post) -> Callable[[Registration], None]:
    return lambda seat: activities.cancel(seat.activity, reason="Bão", now=post.now)


def withdrawn(post: Post) -> Callable[[Registration], Any]:
    return lambda seat: services.withdraw(seat, now=post.now)


def test_a_seat_moves_in_the_diary_and_goes_when_it_is_called_off(post, given) -> None:
    seat = given(a_seat())
    assert post.arrives() == ["REQUEST"]
    [first] = post.diary.entries.values()
    change(seat.id, moved(post))
    assert post.arrives() == ["REQUEST"]

    [then] = post.diary.entries.values()
    assert then.dtstart.value.astimezone(UTC) == clock.at(OPENING_DAY + timedelta(days=1), 8)
    assert then.uid.value == first.uid.value
    assert int(then.sequence.value) > int(first.sequence.value)
    assert then.location.value == "Sân"
    change(seat.id, off(post))
    assert post.arrives() == ["CANCEL"]
    assert post.diary.entries == {}


def test_letters_that_arrive_in_another_order_end_the_same(post, given) -> None:
    seat = given(a_seat())
    post.arrives()
    change(seat.id, moved(post))
    post.arrives()
    change(seat.id, withdrawn(post))
    post.arrives()
    told = [invited for mail in post.mails for invited in invitations(mail)]

    late = Diary()
    results = [late.take(told[n]) for n in (0, 2, 1, 0)]

    assert len(told) == 3
    assert (results, late.entries) == (["REQUEST", "CANCEL", "old", "old"], {})


def test_a_seat_given_back_and_taken_again_is_in_the_diary(post, given) -> None:
    seat = given(a_seat())
    post.arrives()
    change(seat.id, withdrawn(post))
    assert post.arrives() == ["CANCEL"]

    def again(row: Registration) -> None:
        row.serial += 1
        row.standing, row.registered_at, row.withdrawn_at = Standing.CONFIRMED, post.now, None

    change(seat.id, again)
    assert post.arrives() == ["REQUEST"]
    assert len(post.diary.entries) == 1


def test_who_waits_is_invited_when_a_seat_is_free_and_only_as_long_as_it_is_theirs(
    post, given
) -> None:
    seat = given(a_seat(standing=Standing.WAITING, letter_asked_at=LONG_AGO + HOUR / 2, letters=1))
    assert post.arrives() == []
    assert len(post.mails) == 1
    change(seat.id, lambda row: services.promote(row.activity, now=post.now))
    assert post.arrives() == ["REQUEST"]
    change(seat.id, lambda row: services.make_room(row.activity, 0, now=post.now))
    assert post.arrives() == ["CANCEL"]
    change(seat.id, lambda row: services.promote(row.activity, now=post.now))
    assert post.arrives() == ["REQUEST"]
    assert len(post.diary.entries) == 1


def test_a_letter_is_built_as_mail_programs_expect_it(post, given) -> None:
    given(a_seat())
    post.arrives()
    [mail] = post.mails

    body, *files = mail.iter_parts()
    kinds = [part.get_content_type() for part in body.iter_parts()]
    assert kinds == ["text/plain", "text/html", "text/calendar"]
    calendar = list(body.iter_parts())[2]
    assert calendar["Content-Type"].params == {"charset": "utf-8", "method": "REQUEST"}
    assert [(f.get_content_type(), f.get_filename()) for f in files] == [
        ("image/svg+xml", "ticket.svg"),
        ("application/ics", "invite.ics"),
    ]
    assert mail["Reply-To"] == "thu-vien@example.com"
    [told] = invitations(mail)
    lines = told.replace("\r\n ", "").split("\r\n")
    people = [line for line in lines if line.startswith(("ORGANIZER", "ATTENDEE"))]
    assert people == [
        'ORGANIZER;CN="Thư viện Tỉnh ; B:C":mailto:thu-vien@example.com',
        "ATTENDEE;CUTYPE=INDIVIDUAL;PARTSTAT=ACCEPTED;RSVP=FALSE;"
        'CN="Lan L ATTENDEE:mailto:x@example.com":mailto:lan@example.com',
    ]
    assert "METHOD:REQUEST" in lines
    assert "TZID:Asia/Ho_Chi_Minh" in lines
    assert "DTSTART;TZID=Asia/Ho_Chi_Minh:20271001T080000" in lines


def test_sittings_without_a_rhythm_are_an_invitation_each(session, at) -> None:
    at(LONG_AGO)
    seat = a_seat()
    start = clock.at(date(2027, 10, 5), 14)
    seat.activity.sessions.append(Session(starts_at=start, ends_at=start + HOUR))
    session.add(seat)
    session.flush()

    letter = letters.with_ticket(str(seat.id), "vi")

    assert letter.invitation
    files = [file for file in letter.attachments if file.name.startswith("invite")]
    diary = Diary()
    assert [diary.take(f.content.decode()) for f in [letter.invitation, *files]] == ["REQUEST"] * 2
    assert {event.dtstart.value.day for event in diary.entries.values()} == {1, 5}


@pytest.mark.parametrize(
    ("own", "above", "host"),
    [
        ("b@example.com", "a@example.com", "b@example.com"),
        (None, "a@example.com", "a@example.com"),
        ("lan@example.com", None, "tuan-le@example.com"),
        (None, None, "tuan-le@example.com"),
    ],
)
def test_who_invites_has_an_address_and_is_never_the_guest(
    app, session, at, own: str | None, above: str | None, host: str
) -> None:
    at(LONG_AGO)
    top = a_unit(email=above)
    seat = a_seat()
    unit = a_unit(parent=top, email=own)
    seat.activity = an_activity(plan=a_plan(unit=unit))
    letters.configure("https://tuanle.example.vn", "tuan-le@example.com")
    session.add_all([top, seat])
    session.flush()

    letter = letters.with_ticket(str(seat.id), "vi")

    assert letter.invitation
    assert f":mailto:{host}\r\n".encode() in letter.invitation.content.replace(b"\r\n ", b"")
    assert letter.reply_to == (own or "")

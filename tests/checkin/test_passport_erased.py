"""Erased means gone: from every table, every letter, every line; only the counts are left."""

import re
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from accounts.models import AuditEntry, Role, Unit
from checkin import notice, services
from checkin.models import Attendance, Consent, Participant, Registration
from checkin.passport.codes import code_of
from checkin.services import Applicant
from core import clock
from core.database import Base, database, reading, transaction
from core.text import folded
from events.models import Activity
from notifications.models import Message, MessageState
from reports.figures import figures
from tests.checkin.passport_world import AFTERWARDS, Week, came, path
from tests.factories import (
    LONG_AGO,
    a_participant,
    a_plan,
    a_unit,
    an_account,
    an_activity,
    signed_in,
)

NAME, EMAIL, PHONE = "Đỗ Quỳnh Ngẫu Nhiên", "quynh.ngau@example.com", "0988777666"
TRACES = ("ngẫu nhiên", "ngau nhien", "quynh.ngau", PHONE, "hẻm bí mật", "hem bi mat")


@pytest.fixture
def week(given, at) -> Week:
    at(AFTERWARDS)
    return Week(given)


@pytest.fixture
def person(app, client, given, at):
    """Someone with a seat, a place they gave back, an attendance and letters in every state."""
    at(LONG_AGO)
    plan = a_plan(unit=a_unit(name="Thư viện"))
    given(*(an_activity(plan=plan, slug=slug) for slug in ("mot", "hai", "ba")))
    form = {"name": NAME, "email": EMAIL, "unit": "Hẻm Bí Mật", "reminders": "y"}
    tickets = [
        client.post(f"/activities/{slug}/registrations", data=form).headers["Location"]
        for slug in ("mot", "hai", "ba")
    ]
    client.post(f"{tickets[1]}/withdrawal")
    with transaction() as opened:
        found = opened.scalars(sa.select(Participant)).one()
        found.phone = PHONE
        opened.add(came(opened.scalars(sa.select(Activity)).first(), found))
    assert app.test_cli_runner().invoke(args=["notifications", "tick"]).exit_code == 0
    at(AFTERWARDS)
    client.post("/passport/letters", data={"email": EMAIL})
    client.post(
        path(found, "/certificates"), data={"campaign": plan.campaign_id, "shown_name": "y"}
    )
    return found


def everything_stored() -> str:
    """Every column of every table as text, bytes included."""
    said = []
    with reading() as opened:
        for table in Base.metadata.sorted_tables:
            for row in opened.execute(sa.select(table)):
                said += [
                    value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
                    for value in row
                ]
    return "\n".join(said).lower()


def traces(text: str) -> list[str]:
    return [trace for trace in TRACES if trace in text.lower()]


def test_nothing_of_the_person_is_left_in_any_table(client, person) -> None:
    assert traces(everything_stored()) == [t for t in TRACES if t != "hem bi mat"]

    client.post(path(person, "/erasure"))

    assert traces(everything_stored()) == []


def test_no_letter_is_left_and_none_goes_out_any_more(client, person, stored, app) -> None:
    folder = app.extensions["settings"].instance / "mail"
    letters = {p for p in folder.glob("*.eml") if EMAIL in p.read_text()}
    assert letters
    with transaction() as opened:
        for message in opened.scalars(sa.select(Message)):
            again = {"state": MessageState.RETRY, "next_attempt_at": LONG_AGO}
            opened.execute(sa.update(Message).where(Message.id == message.id).values(**again))

    client.post(path(person, "/erasure"))

    assert not any(letter.exists() for letter in letters)
    assert {message.state for message in stored(Message)} == {MessageState.SKIPPED}
    assert all(message.recipient.startswith("erased:") for message in stored(Message))
    app.test_cli_runner().invoke(args=["notifications", "tick"])
    assert [p for p in folder.glob("*.eml") if EMAIL in p.read_text()] == []
    assert traces(everything_stored()) == []


def test_the_bytes_of_the_file_are_overwritten(client, person, database_url) -> None:
    if not database().is_sqlite:
        pytest.skip("PostgreSQL's autovacuum does this in its own time")
    client.post(path(person, "/erasure"))
    database().dispose()
    file = Path(database_url.removeprefix("sqlite:///"))
    with sqlite3.connect(file) as emptied:
        emptied.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    emptied.close()

    raw = file.read_bytes()
    assert [t for t in (NAME, EMAIL, PHONE, folded(NAME)) if t.encode() in raw] == []


def test_every_count_stays(client, week) -> None:
    unit = week.talk.plan.unit
    with reading():
        before = figures(unit, week.campaign)

    client.post(path(week.lan, "/erasure"))

    with reading():
        assert figures(unit, week.campaign) == before


def test_one_human_stays_one_and_nobody_can_tell_who(client, week, stored) -> None:
    client.post(path(week.lan, "/erasure"))

    lan, again, hoa = stored(Participant)[:3]
    assert lan.erased_as == again.erased_as
    assert re.fullmatch("[0-9a-f]{32}", lan.erased_as or "")
    assert (hoa.name, hoa.email, hoa.erased_as) == ("Trần Thị Hoa", "nha@example.com", None)
    assert len(stored(Attendance)) == 3


def test_every_agreement_ends_and_the_deed_is_written_down_without_a_name(
    client, week, stored
) -> None:
    client.post(path(week.lan, "/erasure"))

    assert all(consent.withdrawn_at == clock.now() for consent in stored(Consent))
    entries = [(e.action, e.subject, e.facts) for e in stored(AuditEntry)]
    assert entries == [
        ("participant.erased", f"participant:{person.id}", {}) for person in (week.lan, week.again)
    ]


def test_the_page_and_the_ticket_say_nothing_of_the_person_afterwards(
    client, person, stored
) -> None:
    ticket = f"/tickets/{stored(Registration)[0].code}"
    client.post(path(person, "/erasure"))

    for address in (path(person), ticket):
        page = client.get(address)
        assert page.status_code == 200
        assert traces(page.text) == []
    assert "/calendar/people/" not in client.get(ticket).text
    for step in ("/erasure", "/renewal", "/consents/seat/withdrawal"):
        assert client.post(path(person, step)).status_code == 404


def test_staff_find_the_person_no_more(client, person, stored, app) -> None:
    with transaction() as opened:
        organiser = an_account((Role.ORGANISER, opened.scalars(sa.select(Unit)).one()))
        opened.add(organiser)
    staff = signed_in(app.test_client(), organiser)
    number = stored(Activity)[0].id
    addresses = (
        f"/desk/activities/{number}/people",
        f"/desk/activities/{number}/people.csv",
        "/desk/outbox",
        "/desk/search?q=quynh",
    )
    assert traces(staff.get(addresses[0]).text)

    client.post(path(person, "/erasure"))

    for address in addresses:
        assert traces(staff.get(address).text) == [], address


def test_nothing_is_logged(client, person, capfd) -> None:
    code = code_of(person)
    client.get(path(person))
    client.get(f"/passport/{code}x")
    client.post(path(person, "/erasure"))

    said = capfd.readouterr()
    assert traces(said.out + said.err) == []
    assert code not in said.out + said.err


def test_whoever_registers_again_is_somebody_new(client, person, stored) -> None:
    client.post(path(person, "/erasure"))
    with transaction() as opened:
        activity = opened.scalars(sa.select(Activity).limit(1)).one()
        activity.ends_at = clock.at(clock.local_day(clock.now()).replace(day=7), 8)
        services.register(
            activity, Applicant(name=NAME, email=EMAIL), form_token="neu", now=clock.now()
        )

    assert [p.name for p in stored(Participant)] == [None, NAME]
    assert notice.SEAT in [c.purpose for c in stored(Consent) if c.withdrawn_at is None]


def test_an_anonymous_person_has_nothing_to_erase(client, given) -> None:
    nobody = given(a_participant(None))

    assert client.get(path(nobody)).status_code == 200
    assert client.post(path(nobody, "/erasure")).status_code == 404

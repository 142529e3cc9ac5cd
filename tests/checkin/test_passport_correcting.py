"""People put right themselves what is kept of them; a new address answers for itself first."""

import re
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest

from accounts.models import AuditEntry
from checkin.models import Participant
from checkin.passport.codes import code_of
from checkin.passport.correcting import GOOD_FOR
from checkin.passport.models import Certificate, PassportLetter
from core.database import reading
from reports.figures import figures
from tests.checkin.passport_world import AFTERWARDS, Week, path
from tests.factories import a_participant

RIGHT = {"name": "Trần Thị Lân", "unit": "Phường B, tổ dân phố 5", "phone": "0987 654 321"}
NEW = "lan.moi@example.com"


@pytest.fixture
def week(given: Any, at: Any) -> Week:
    at(AFTERWARDS)
    return Week(given)


def letters_to(app: Any, address: str) -> list[str]:
    """The plain words of the letters that went there."""
    assert app.test_cli_runner().invoke(args=["notifications", "tick"]).exit_code == 0
    folder = app.extensions["settings"].instance / "mail"
    read = [message_from_bytes(p.read_bytes(), policy=default) for p in folder.glob("*.eml")]
    mine = [letter for letter in read if address in letter["To"]]
    return [letter.get_body(("plain",)).get_content() for letter in mine]  # type: ignore[union-attr]


def link_for(app: Any, address: str) -> str:
    return re.findall(r"(/passport/[A-Z0-9-]+/address/\w+)", letters_to(app, address)[-1])[0]


def test_what_was_wrong_is_right_on_every_row_and_every_count_stays(
    client: Any, week: Week, stored: Any
) -> None:
    unit = week.talk.plan.unit
    with reading():
        before = figures(unit, week.campaign)
    assert "Tổ 3" in client.get(path(week.lan, "/data")).text

    client.post(path(week.lan, "/data"), data=RIGHT)

    lan, again, hoa = stored(Participant)[:3]
    for row in (lan, again):
        assert (row.name, row.unit_text, row.phone) == tuple(RIGHT.values())
        assert row.name_folded == "tran thi lan"
    assert (hoa.name, hoa.phone) == ("Trần Thị Hoa", "0912345678")
    with reading():
        assert figures(unit, week.campaign) == before
    (entry,) = stored(AuditEntry)
    assert (entry.action, entry.facts) == (
        "participant.corrected",
        {"facts": ["name", "unit", "phone"]},
    )
    client.post(path(week.lan, "/data"), data=RIGHT)
    assert len(stored(AuditEntry)) == 1


def test_a_certificate_with_another_name_on_its_paper_holds_no_more(
    client: Any, week: Week, stored: Any
) -> None:
    client.post(path(week.lan, "/certificates"), data={"campaign": week.campaign.id})
    client.post(path(week.lan, "/data"), data={**RIGHT, "name": "Trần Thị Lan"})
    assert stored(Certificate)[0].revoked_at is None

    client.post(path(week.lan, "/data"), data=RIGHT)

    (certificate,) = stored(Certificate)
    assert "không còn" in client.get(f"/verify/{certificate.code}").text
    client.post(path(week.lan, "/certificates"), data={"campaign": week.campaign.id})
    assert len(stored(Certificate)) == 2


@pytest.mark.parametrize(
    ("field", "written", "said"),
    [
        ("name", "", "Xin ghi họ và tên"),
        ("name", "Trần Thị Hoa", "Đã có người khác dùng chung địa chỉ này"),
        ("phone", "0912345678abc", "không phải số điện thoại"),
        ("email", "khong-phai", "không phải"),
    ],
)
def test_what_cannot_be_is_named_and_what_was_typed_is_kept(
    client: Any, week: Week, stored: Any, field: str, written: str, said: str
) -> None:
    answer = client.post(path(week.lan, "/data"), data={**RIGHT, field: written})

    assert answer.status_code == 422
    assert said in answer.text
    assert RIGHT["unit"] in answer.text
    assert stored(Participant)[0].unit_text == "Tổ 3"


def test_a_new_address_holds_once_its_mailbox_answered(
    client: Any, week: Week, stored: Any, app: Any
) -> None:
    old = path(week.lan)
    client.post(path(week.lan, "/data"), data={**RIGHT, "email": NEW.upper()})
    assert stored(Participant)[0].email == "nha@example.com"
    link = link_for(app, NEW)
    assert NEW in client.get(link).text
    assert stored(Participant)[0].email == "nha@example.com"

    new = client.post(link).headers["Location"]

    assert [person.email for person in stored(Participant)[:3]] == [NEW, NEW, "nha@example.com"]
    assert client.get(old).status_code == client.get(link).status_code == 404
    assert "Tọa đàm sách" in client.get(new).text
    assert [letter.email for letter in stored(PassportLetter)] == [""]


def test_nobody_sees_what_is_of_another_by_writing_down_their_address(
    client: Any, week: Week, given: Any, stored: Any, app: Any
) -> None:
    stranger = given(a_participant("Trần Thị Lan"))
    client.post(path(stranger, "/data"), data={"name": "Trần Thị Lan", "email": "nha@example.com"})
    assert "Tọa đàm sách" not in client.get(path(stranger)).text

    link = link_for(app, "nha@example.com")
    theirs = client.post(link).headers["Location"]

    assert client.get(path(stranger)).status_code == 404
    assert "Tọa đàm sách" in client.get(theirs).text


def test_the_link_of_another_of_yesterday_and_of_a_letter_replaced_is_unknown(
    client: Any, week: Week, at: Any, app: Any
) -> None:
    client.post(path(week.lan, "/data"), data={**RIGHT, "email": NEW})
    link = link_for(app, NEW)
    assert client.get(link.replace(code_of(week.lan), code_of(week.hoa))).status_code == 404
    assert client.get(f"{link[:-1]}{'2' if link[-1] != '2' else '3'}").status_code == 404

    at(AFTERWARDS + timedelta(hours=1))
    client.post(path(week.lan, "/data"), data={**RIGHT, "email": "khac@example.com"})
    assert client.get(link).status_code == 404
    other = link_for(app, "khac@example.com")
    assert client.get(other).status_code == 200
    at(AFTERWARDS + timedelta(hours=1) + GOOD_FOR)
    assert client.post(other).status_code == 404


def test_an_address_that_never_answered_is_forgotten(
    client: Any, week: Week, at: Any, app: Any, stored: Any
) -> None:
    client.post(path(week.lan, "/data"), data={**RIGHT, "email": NEW})
    at(AFTERWARDS + timedelta(days=2))

    app.test_cli_runner().invoke(args=["notifications", "tick"])

    assert [letter.email for letter in stored(PassportLetter)] == [""]

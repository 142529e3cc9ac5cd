"""A certificate on paper, and what is said to those who doubt it."""

import subprocess
import unicodedata
from typing import Any

import pytest

from checkin.models import Attendance, Consent
from checkin.passport.certificates import initials
from checkin.passport.models import Certificate
from core.codes import shown
from core.database import transaction
from tests.checkin.passport_world import AFTERWARDS, Week, came, path
from tests.factories import a_participant, an_activity

NAME = "Nguyễn Hữu Ễ Ặng"


@pytest.fixture
def week(given, at) -> Week:
    at(AFTERWARDS)
    return Week(given)


@pytest.fixture
def issued(client, week, stored):
    """Issue Lan's certificate; what she agreed to besides is posted."""

    def issue(**data: str) -> Certificate:
        form = {"campaign": week.campaign.id, **data}
        assert client.post(path(week.lan, "/certificates"), data=form).status_code == 303
        return stored(Certificate)[0]

    return issue


def verify(client, certificate: Certificate) -> str:
    return client.get(f"/verify/{shown(certificate.code)}").text


def test_the_paper_says_who_was_where_and_its_code_leads_to_the_page(
    client, given, week, stored, tmp_path
) -> None:
    person = given(a_participant(NAME, unit_text="Phường Hồng Bàng"))
    markup = given(an_activity(plan=week.talk.plan, title="#[Đọc *sách*] $1$ \\ ưỡn"))
    given(came(week.talk, person), came(markup, person))
    client.post(path(person, "/certificates"), data={"campaign": week.campaign.id})
    (certificate,) = stored(Certificate)

    answer = client.get(path(person, f"/certificates/{certificate.code}.pdf"))

    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "private, no-store"
    (tmp_path / "c.pdf").write_bytes(answer.data)
    text = _run("pdftotext", "-layout", "c.pdf", "-", folder=tmp_path)
    read = " ".join(unicodedata.normalize("NFC", text).split())
    for part in (NAME, "GIẤY XÁC NHẬN THAM DỰ", "Phường Hồng Bàng", "Tọa đàm sách", "Thư viện tỉnh",
                 "#[Đọc *sách*] $1$ \\ ưỡn", "01/10/2027", "tổng cộng 2 lượt",
                 shown(certificate.code)):  # fmt: skip
        assert part in read, part
    _run("pdftoppm", "-r", "150", "-png", "c.pdf", "c", folder=tmp_path)
    code = _run(
        "zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", "c-1.png", folder=tmp_path
    )
    assert code.strip().endswith(f"/verify/{shown(certificate.code)}")


def test_unchanged_it_is_issued_once(client, issued, week, given, stored) -> None:
    issued()
    issued()
    assert len(stored(Certificate)) == 1

    later = given(an_activity(plan=week.talk.plan))
    given(came(later, week.lan))
    issued()
    assert [len(c.facts["visits"]) for c in stored(Certificate)] == [2, 3]


def test_without_an_attendance_there_is_nothing_to_certify(client, week, given) -> None:
    newcomer = given(a_participant("Người mới"))

    answer = client.post(path(newcomer, "/certificates"), data={"campaign": week.campaign.id})

    assert answer.status_code == 409


def test_who_verifies_sees_initials_until_the_holder_agrees_to_more(
    client, issued, week, stored
) -> None:
    page = verify(client, issued())
    assert "T. T. L." in page
    assert "Giấy xác nhận này là thật" in page
    assert "Tọa đàm sách" in page
    assert "Ngày hội đọc" in page
    assert "Trần Thị Lan" not in page
    assert "nha@" not in page
    assert "Lớp sơ cứu" not in page

    issued(shown_name="y")
    assert "Trần Thị Lan" in verify(client, stored(Certificate)[0])

    client.post(path(week.lan, "/consents/shown_name/withdrawal"))
    assert "Trần Thị Lan" not in verify(client, stored(Certificate)[0])


def test_agreeing_is_proved_by_a_row(client, issued, stored) -> None:
    issued(shown_name="y")
    issued(shown_name="y")

    assert [c.purpose for c in stored(Consent)].count("shown_name") == 1


def test_a_certificate_taken_back_says_so(client, issued, week) -> None:
    certificate = issued()
    client.post(path(week.lan, f"/certificates/{certificate.code}/revocation"))

    page = verify(client, certificate)

    assert "Giấy xác nhận này đã bị thu hồi" in page
    assert "Tọa đàm sách" not in page


def test_an_attendance_that_is_no_more_is_marked(client, issued) -> None:
    certificate = issued()
    with transaction() as opened:
        opened.delete(opened.get_one(Attendance, certificate.facts["visits"][0]["attendance"]))

    page = verify(client, certificate)

    assert "Một phần của giấy này không còn đúng" in page
    assert page.count("Không còn được tính") == 1


def test_a_certificate_of_an_erased_person_confirms_nothing(client, issued, week) -> None:
    certificate = issued(shown_name="y")
    client.post(path(week.lan, "/erasure"))

    page = verify(client, certificate)

    assert "không còn giá trị xác nhận" in page
    assert "Tọa đàm sách" not in page
    assert "Lan" not in page
    assert "T. T. L." not in page


def test_after_the_nightly_erasure_it_holds_without_a_name(client, issued, week) -> None:
    certificate = issued()
    with transaction() as opened:
        for row in (week.lan, week.again):
            opened.merge(row).name = None

    page = verify(client, certificate)

    assert "không còn đối chiếu được họ tên" in page
    assert "Tọa đàm sách" in page


def text(answer: Any, own_address: str) -> str:
    """A page up to its form, without the address that was asked for."""
    return str(answer.text.replace(own_address, "…").split("csrf_token")[0])


def test_forged_unknown_and_mistyped_are_answered_alike(client, issued) -> None:
    code = issued().code
    wrong = [code[:-1] + ("7" if code[-1] != "7" else "8"), "C" + "2" * 15, "2" * 12, "x", "C" * 40]

    client.get("/")
    answers = [client.get(f"/verify/{one}") for one in wrong]

    assert {answer.status_code for answer in answers} == {404}
    said = [text(answer, f"/verify/{one}") for one, answer in zip(wrong, answers, strict=True)]
    assert len(set(said)) == 1
    assert "Không có giấy tờ nào mang mã này" in answers[0].text


def test_a_code_may_be_typed(client, issued) -> None:
    certificate = issued()

    answer = client.post("/verify/", data={"code": shown(certificate.code).lower()})

    assert answer.headers["Location"] == f"/verify/{shown(certificate.code)}"
    assert client.post("/verify/", data={}).status_code == 303


def test_initials_keep_their_marks() -> None:
    assert initials("nguyễn Thị  Ánh đào") == "N. T. Á. Đ."


def _run(*command: str, folder) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout

"""What Flask-Mail leaves out: limits, certificates, headers, one recipient."""

import smtplib
import ssl
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from notifications.mailer import Mailer
from notifications.occasions import Attachment
from notifications.outbox import Accepted, PutOff, Refused, Unreached
from notifications.writing import Mail, UnsafeLetter, written
from tests.notifications.people import office
from tests.notifications.smtp_server import Fault, Server

SENDER = ("Tuần lễ học tập suốt đời", "tuan-le@example.com")


def a_mail(**facts) -> Mail:
    texts = {"subject": "Chào", "text": "Nội dung", "html": "<p>Nội dung</p>"}
    address = {"message_id": "<a1@example.com>", "recipient": "lan@example.com"}
    return Mail(**(texts | address | facts))


@pytest.fixture
def mailer() -> Iterator[Callable[[Flask], Mailer]]:
    """Makes mailers, and hangs up when the test is over."""
    made = []

    def make(app: Flask) -> Mailer:
        made.append(Mailer(app, name="Tuần lễ"))
        return made[-1]

    yield make
    for each in made:
        each.hang_up()


@pytest.mark.parametrize("evil", ["a\r\nBcc: x@example.com", "a\nX: y", "a\rb", "a\x00b"])
@pytest.mark.parametrize("field", ["subject", "recipient", "message_id", "language"])
def test_no_header_can_be_smuggled_in(welcoming, server, evil, field, mailer) -> None:
    outcome = mailer(welcoming).send(a_mail(**{field: evil}))

    assert isinstance(outcome, Refused)
    assert server.connections == 0


@pytest.mark.parametrize(
    "recipient",
    ["a@example.com, b@example.com", "a@example.com b@example.com", "Lan <a@example.com>", "lan",
     "nguyễn@example.com", "a@b@example.com", "", "@example.com"],
)  # fmt: skip
def test_a_letter_has_exactly_one_plain_recipient(welcoming, server, recipient, mailer) -> None:
    outcome = mailer(welcoming).send(a_mail(recipient=recipient))

    assert isinstance(outcome, Refused)


@pytest.mark.parametrize("name", ["a\r\nX: y.ics", "lịch.ics", '"', "../x.ics", ""])
def test_an_attachment_has_a_plain_name(name) -> None:
    attachment = Attachment(name, "text/calendar", b"")
    with pytest.raises(UnsafeLetter):
        written(a_mail(attachments=[attachment]), SENDER)


def test_a_letter_goes_over_a_line_of_seven_bits() -> None:
    raw = written(a_mail(text="Thư viện " * 300), SENDER)

    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998


def test_a_connection_that_died_between_two_letters_is_replaced(welcoming, server, mailer) -> None:
    opened = mailer(welcoming)
    first = opened.send(a_mail())
    assert opened._connection is not None
    opened._connection.host.sock.shutdown(2)

    second = opened.send(a_mail(message_id="<a2@example.com>"))

    assert (type(first), type(second)) == (Accepted, Accepted)
    assert [taken.message_id for taken in server.taken] == ["<a1@example.com>", "<a2@example.com>"]


def test_hanging_up_on_a_dead_line_is_no_failure(welcoming, server, mailer) -> None:
    opened = mailer(welcoming)
    opened.send(a_mail())
    opened._connection.host.sock.shutdown(2)

    opened.hang_up()


def test_a_refusal_keeps_the_words_of_the_server(welcoming, server, mailer) -> None:
    server.fault = lambda *_: Fault.REFUSED

    assert mailer(welcoming).send(a_mail()) == Refused("550 no such person", is_address=True)


def test_a_server_that_puts_off_is_believed(welcoming, server, mailer) -> None:
    server.fault = lambda *_: Fault.FULL_AFTER_DOT

    assert mailer(welcoming).send(a_mail()) == PutOff("452 no room")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One that vouches for 127.0.0.1, signed by itself."""
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", str(path), "-out", str(path.with_name("cert.pem"))],
        check=True, capture_output=True,
    )  # fmt: skip
    with path.open("ab") as both:
        both.write(path.with_name("cert.pem").read_bytes())
    return path


@pytest.fixture
def secure(certificate: Path):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with Server(tls=context) as server:
        yield server


def test_a_certificate_that_nobody_vouches_for_is_refused(
    database_url, tmp_path, secure, mailer
) -> None:
    app = office(database_url, tmp_path, port=secure.port, mail_use_tls=True)

    outcome = mailer(app).send(a_mail())

    assert isinstance(outcome, Unreached)
    assert "CERTIFICATE_VERIFY_FAILED" in outcome.answer
    assert secure.taken == []


def test_a_certificate_that_is_trusted_carries_letters(
    database_url, tmp_path, secure, certificate, monkeypatch, mailer
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_name("cert.pem")))
    app = office(
        database_url, tmp_path, port=secure.port, mail_use_tls=True,
        mail_username="lan", mail_password="mat-khau-dai",
    )  # fmt: skip
    secure.login = (235, "welcome")

    opened = mailer(app)
    outcome = opened.send(a_mail())
    opened.hang_up()

    assert isinstance(outcome, Accepted), outcome


def test_a_server_without_tls_gets_nothing_when_tls_is_asked_for(
    database_url, tmp_path, server, mailer
) -> None:
    app = office(database_url, tmp_path, port=server.port, mail_use_tls=True)

    assert isinstance(mailer(app).send(a_mail()), Unreached)
    assert server.taken == []


def test_a_wrong_password_is_no_fault_of_the_letter(database_url, tmp_path, server, mailer) -> None:
    server.login = (535, "no")
    app = office(
        database_url, tmp_path, port=server.port, mail_username="lan", mail_password="falsch"
    )

    assert mailer(app).send(a_mail()) == Unreached("535 no")


def test_a_password_that_no_server_can_hear_is_no_fault_of_the_letter(
    database_url, tmp_path, server, mailer
) -> None:
    app = office(
        database_url, tmp_path, port=server.port, mail_username="lan", mail_password="mật khẩu"
    )

    assert isinstance(mailer(app).send(a_mail()), Unreached)


def test_a_password_is_not_sent_in_the_clear(database_url, tmp_path, monkeypatch, mailer) -> None:
    app = office(
        database_url, tmp_path, port=2525, mail_server="mail.example.com",
        mail_username="lan", mail_password="geheim",
    )  # fmt: skip
    monkeypatch.setattr(smtplib.SMTP, "connect", lambda *_: (220, b"hello"))

    outcome = mailer(app).send(a_mail())

    assert isinstance(outcome, Unreached)
    assert "a password is not sent without TLS" in outcome.answer

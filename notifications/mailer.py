"""Letters over SMTP: Flask-Mail, with what it leaves out.

One recipient a letter, a time limit on every answer, certificates that are
checked, headers that cannot be smuggled in, a connection used for a hundred
letters, and an outcome that tells *certainly not sent* from *nobody knows*.
"""

import re
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from email.charset import QP, Charset
from email.mime.base import MIMEBase
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

import flask_mail
from flask import Flask

from core.settings import Settings
from notifications.occasions import Attachment
from notifications.outbox import Accepted, Outcome, PutOff, Refused, Unanswered, Unreached
from notifications.smtp import AFTER_THE_DOT, Line, Lost, SecureLine, said

LETTERS_A_CONNECTION = 100
_PLAIN = compat32.clone(linesep="\r\n", max_line_length=200)
_FORBIDDEN = re.compile(r"[\r\n\x00]")
_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_ADDRESS = re.compile(r"[^\s<>,;:\"()\[\]\\@\x00-\x1f]+@[A-Za-z0-9.-]+")


class UnsafeLetter(ValueError):
    """A header, a name or an address holds what could become another header."""


@dataclass(frozen=True)
class Mail:
    """One letter as it goes out, to one recipient."""

    message_id: str
    recipient: str
    subject: str
    text: str
    html: str
    language: str = "vi"
    attachments: list[Attachment] = field(default_factory=list)


def set_up(app: Flask, settings: Settings) -> None:
    """Tell Flask-Mail which server the settings name."""
    app.config.update(
        MAIL_SERVER=settings.mail_server,
        MAIL_PORT=settings.mail_port,
        MAIL_USE_TLS=settings.mail_use_tls and settings.mail_port != smtplib.SMTP_SSL_PORT,
        MAIL_USE_SSL=settings.mail_port == smtplib.SMTP_SSL_PORT,
        MAIL_USERNAME=settings.mail_username,
        MAIL_PASSWORD=settings.mail_password,
        MAIL_DEFAULT_SENDER=settings.mail_sender,
        MAIL_SUPPRESS_SEND=False,
    )
    flask_mail.Mail(app)


def letter(mail: Mail, sender: tuple[str, str]) -> flask_mail.Message:
    """The letter as Flask-Mail writes it. Raises ``UnsafeLetter``; needs the application."""
    headers = {"Auto-Submitted": "auto-generated", "Content-Language": mail.language}
    values = [mail.message_id, mail.recipient, mail.subject, *sender, *headers.values()]
    if any(_FORBIDDEN.search(value) for value in values):
        raise UnsafeLetter("a header value holds a line break or NUL")
    if not mail.recipient.isascii() or not _ADDRESS.fullmatch(mail.recipient):
        raise UnsafeLetter("the recipient is not one plain address")
    message = _Letter(
        subject=mail.subject,
        recipients=[mail.recipient],
        body=mail.text,
        html=mail.html,
        sender=sender,
        extra_headers=headers,
        attachments=[_attached(attachment) for attachment in mail.attachments],
    )
    message.msgId = mail.message_id
    return message


class Mailer:
    """Sends letters over one connection at a time; for one thread."""

    def __init__(self, app: Flask, *, name: str, after_the_dot: float = AFTER_THE_DOT) -> None:
        settings: Settings = app.extensions["settings"]
        self._app = app
        self._sender = (name, parseaddr(settings.mail_sender)[1])
        self._connect: Callable[[], _Connection] = lambda: _Connection(
            app.extensions["mail"], settings, after_the_dot
        )
        self._connection: _Connection | None = None

    def send(self, mail: Mail) -> Outcome:
        """Hand one letter to the server and tell what became of it."""
        with self._app.app_context():
            try:
                message = letter(mail, self._sender)
            except UnsafeLetter as fault:
                return Refused(str(fault))
            outcome = self._attempt(message)
            if outcome is None:
                outcome = self._attempt(message)
            return outcome or Unreached("the connection ended before the letter was offered")

    def hang_up(self) -> None:
        """End the connection; what the server says to that changes nothing."""
        if self._connection is not None:
            self._connection.hang_up()
            self._connection = None

    def _attempt(self, message: flask_mail.Message) -> Outcome | None:
        """One try; nothing when a kept connection turned out to be dead before the letter."""
        kept = self._connection is not None
        if self._connection is not None and self._connection.num_emails >= LETTERS_A_CONNECTION:
            self.hang_up()
        try:
            if self._connection is None:
                self._connection = self._connect().open()
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            return Unreached(said(error))
        try:
            self._connection.send(message, envelope_from=self._sender[1])
        except Lost as error:
            self.hang_up()
            return Unanswered(str(error))
        except (OSError, smtplib.SMTPException) as error:
            begun = self._connection.has_begun
            self.hang_up()
            if kept and not begun and isinstance(error, smtplib.SMTPServerDisconnected):
                return None
            return _outcome(error, begun=begun)
        return Accepted(self._connection.answer)


class _Connection(flask_mail.Connection):
    """Flask-Mail's connection, opened by our rules and closed without a word of complaint."""

    def __init__(self, mail: Any, settings: Settings, after_the_dot: float) -> None:
        super().__init__(mail)
        self._settings = settings
        self._after_the_dot = after_the_dot

    def open(self) -> "_Connection":
        """Connect, greet, secure, sign in."""
        self.host = self.configure_host()
        return self

    def configure_host(self) -> smtplib.SMTP:
        """A server whose certificate was checked and whose password nobody overheard."""
        mail, context = self.mail, ssl.create_default_context()
        line: type[Line] = SecureLine if mail.use_ssl else Line
        host = line(timeout=self._settings.mail_timeout, local_hostname=self._own_name())
        host.after_the_dot, host.context = self._after_the_dot, context
        try:
            code, words = host.connect(mail.server, mail.port)
            if code != 220:
                raise smtplib.SMTPConnectError(code, words)
            if mail.use_tls:
                host.starttls(context=context)
            if mail.username:
                if not (mail.use_tls or mail.use_ssl or _is_loopback(mail.server)):
                    raise smtplib.SMTPException("a password is not sent without TLS")
                host.login(mail.username, mail.password)
        except BaseException:
            host.close()
            raise
        return host

    @property
    def answer(self) -> str:
        """The server's last words about a whole letter."""
        return str(self.host.answer) if isinstance(self.host, Line) else ""

    @property
    def has_begun(self) -> bool:
        """Whether the server had taken the sender's name for this letter."""
        return isinstance(self.host, Line) and self.host.has_begun

    def hang_up(self) -> None:
        """Say goodbye if anybody listens."""
        if self.host is not None:
            try:
                self.host.quit()
            except (OSError, smtplib.SMTPException):
                self.host.close()
            self.host = None

    def _own_name(self) -> str:
        return urlsplit(self._settings.public_url).hostname or "localhost"


class _Letter(flask_mail.Message):
    """Flask-Mail's message with bodies that need no eight-bit line, written in half the time."""

    def _message(self) -> MIMEBase:
        written = super()._message()
        written.policy = _PLAIN
        return written

    def _mimetext(self, text: str | None, subtype: str = "plain") -> MIMEText:
        quoted = Charset("utf-8")
        quoted.body_encoding = QP
        return MIMEText(text or "", subtype, quoted)  # type: ignore[arg-type]


def _attached(attachment: Attachment) -> flask_mail.Attachment:
    if not _SAFE_NAME.fullmatch(attachment.name) or _FORBIDDEN.search(attachment.media_type):
        raise UnsafeLetter(f"the attachment's name {attachment.name!r} is not plain")
    return flask_mail.Attachment(attachment.name, attachment.media_type, attachment.content)


def _outcome(error: Exception, *, begun: bool) -> Outcome:
    """What a failure before the dot means."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
        error = smtplib.SMTPResponseException(code, words)
    if isinstance(error, smtplib.SMTPResponseException):
        if error.smtp_code == 421 or not begun:
            return Unreached(said(error))
        return Refused(said(error)) if error.smtp_code >= 500 else PutOff(said(error))
    return PutOff(said(error)) if begun else Unreached(said(error))


def _is_loopback(host: str) -> bool:
    return host in {"localhost", "127.0.0.1", "::1"}

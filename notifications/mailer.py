"""Letters over SMTP: Flask-Mail, with what it leaves out.

One recipient a letter, a time limit on every answer, certificates that are
checked, headers that cannot be smuggled in, a connection used for a hundred
letters, and an outcome that tells *certainly not sent* from *nobody knows*.
"""

import re
import smtplib
import ssl
from collections.abc import Callable
from email.utils import parseaddr
from typing import Any, cast
from urllib.parse import urlsplit

import flask_mail
from flask import Flask

from core.settings import Settings
from notifications.outbox import Accepted, Outcome, PutOff, Refused, Unanswered, Unreached
from notifications.smtp import (
    AFTER_THE_DOT,
    Line,
    Lost,
    RecipientRefused,
    SecureLine,
    SenderRefused,
    said,
)
from notifications.writing import Mail, UnsafeLetter, written

LETTERS_A_CONNECTION = 100
_UNKNOWN_ADDRESS = re.compile(r"55[013] (?:5\.1\.|5\.2\.1|(?!\d\.\d))")
"""An address that is not there, or not any more; without a finer code, what 550 usually means."""


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


class Mailer:
    """Sends letters over one connection at a time; for one thread."""

    def __init__(self, app: Flask, *, name: str, after_the_dot: float = AFTER_THE_DOT) -> None:
        settings: Settings = app.extensions["settings"]
        self._app = app
        self._sender = (name, parseaddr(settings.mail_sender)[1])
        mail = app.extensions["mail"]
        context = ssl.create_default_context() if mail.use_ssl or mail.use_tls else None
        self._connect: Callable[[], _Connection] = lambda: _Connection(
            mail, settings, after_the_dot, context
        )
        self._connection: _Connection | None = None

    def send(self, mail: Mail) -> Outcome:
        """Hand one letter to the server and tell what became of it."""
        try:
            raw = written(mail, self._sender)
        except UnsafeLetter as fault:
            return Refused(str(fault))
        outcome = self._attempt(mail.recipient, raw)
        if outcome is None:
            outcome = self._attempt(mail.recipient, raw)
        return outcome or Unreached("the connection ended before the letter was offered")

    def hang_up(self) -> None:
        """End the connection; what the server says to that changes nothing."""
        if self._connection is not None:
            self._connection.hang_up()
            self._connection = None

    def _attempt(self, recipient: str, raw: bytes) -> Outcome | None:
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
            return Accepted(self._connection.deliver(self._sender[1], recipient, raw))
        except Lost as error:
            self.hang_up()
            return Unanswered(str(error))
        except (OSError, smtplib.SMTPException) as error:
            begun = self._connection.has_begun
            if not self._connection.goes_on_after(error):
                self.hang_up()
            if kept and not begun and isinstance(error, smtplib.SMTPServerDisconnected):
                return None
            return _outcome(error, begun=begun)


class _Connection(flask_mail.Connection):
    """Flask-Mail's connection, opened by our rules and closed without a word of complaint."""

    def __init__(
        self,
        mail: Any,
        settings: Settings,
        after_the_dot: float,
        context: ssl.SSLContext | None,
    ) -> None:
        super().__init__(mail)
        self._context = context
        self._settings = settings
        self._after_the_dot = after_the_dot

    def open(self) -> "_Connection":
        """Connect, greet, secure, sign in."""
        self.host = self.configure_host()
        return self

    def configure_host(self) -> smtplib.SMTP:
        """A server whose certificate was checked and whose password nobody overheard."""
        mail, context = self.mail, self._context
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

    def deliver(self, sender: str, recipient: str, raw: bytes) -> str:
        """One letter; the server's words."""
        self.num_emails += 1
        return self._line.deliver(sender, recipient, raw)

    def goes_on_after(self, error: Exception) -> bool:
        """Whether the line is good for another letter after the server refused this one."""
        if not isinstance(error, smtplib.SMTPResponseException) or error.smtp_code == 421:
            return False
        try:
            return self._line.rset()[0] == 250
        except (OSError, smtplib.SMTPException):
            return False

    @property
    def has_begun(self) -> bool:
        """Whether the server had taken the sender's name for this letter."""
        return self._line.has_begun

    @property
    def _line(self) -> Line:
        return cast(Line, self.host)

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


def _outcome(error: Exception, *, begun: bool) -> Outcome:
    """What a failure before the dot means."""
    if isinstance(error, smtplib.SMTPResponseException):
        if error.smtp_code == 421 or not begun or isinstance(error, SenderRefused):
            return Unreached(said(error))
        if error.smtp_code < 500:
            return PutOff(said(error))
        is_unknown = isinstance(error, RecipientRefused) and _UNKNOWN_ADDRESS.match(said(error))
        return Refused(said(error), is_address=is_unknown is not None)
    return PutOff(said(error)) if begun else Unreached(said(error))


def _is_loopback(host: str) -> bool:
    return host in {"localhost", "127.0.0.1", "::1"}

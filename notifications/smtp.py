"""A line to a mail server that knows how far a letter has come."""

import re
import smtplib
import socket
import ssl
from contextlib import suppress

AFTER_THE_DOT = 60.0
"""Seconds a server may take to answer for a whole letter."""
_LEADING_DOT = re.compile(rb"(?m)^\.")


class Lost(Exception):
    """No answer came after the whole letter had been handed over."""


class SenderRefused(smtplib.SMTPResponseException):
    """The server wants nothing from us: no fault of the letter."""


class RecipientRefused(smtplib.SMTPResponseException):
    """The server does not take letters for this recipient."""


class Line(smtplib.SMTP):
    """smtplib's client, telling what fails before the dot from what fails after it."""

    after_the_dot = AFTER_THE_DOT
    has_begun = False
    """Whether the server has answered to the sender's name of this letter."""
    context: ssl.SSLContext | None = None

    def deliver(self, sender: str, recipient: str, letter: bytes) -> str:
        """One letter to one recipient; gives the server's words.

        Raises ``SenderRefused``, ``RecipientRefused``, ``SMTPDataError`` and smtplib's own
        before the dot, ``SMTPDataError`` or ``Lost`` after it.
        """
        self.has_begun = False
        self.ehlo_or_helo_if_needed()
        mail, rcpt = f"MAIL FROM:<{sender}>", f"RCPT TO:<{recipient}>"
        if self.has_extn("pipelining"):
            self._ask_at_once(mail, rcpt)
        else:
            self._ask(mail, SenderRefused)
            self.has_begun = True
            self._ask(rcpt, RecipientRefused)
            self._ask("DATA", smtplib.SMTPDataError)
        ending = b".\r\n" if letter.endswith(b"\r\n") else b"\r\n.\r\n"
        self.send(_LEADING_DOT.sub(b"..", letter) + ending)
        code, words = self._verdict()
        if code >= 300:
            raise smtplib.SMTPDataError(code, words)
        return f"{code} {words.decode(errors='replace')}"

    def _ask(self, command: str, refusal: type[smtplib.SMTPResponseException]) -> None:
        code, words = self.docmd(command)
        if not 200 <= code < 400 or (command == "DATA") != (code == 354):
            raise refusal(code, words)

    def _ask_at_once(self, mail: str, rcpt: str) -> None:
        """All three in one go (RFC 2920); the first that is refused is what counts."""
        self.send(f"{mail}\r\n{rcpt}\r\nDATA\r\n".encode("ascii"))
        code, words = self.getreply()
        refused: smtplib.SMTPResponseException | None = None
        if not 200 <= code < 300:
            refused = SenderRefused(code, words)
        self.has_begun = refused is None
        try:
            code, words = self.getreply()
            if refused is None and not 200 <= code < 300:
                refused = RecipientRefused(code, words)
            code, words = self.getreply()
        except (OSError, smtplib.SMTPException):
            raise refused or smtplib.SMTPServerDisconnected("gone before the letter") from None
        if refused is not None:
            if code == 354:
                self._take_back()
            raise refused
        if code != 354:
            raise smtplib.SMTPDataError(code, words)

    def _take_back(self) -> None:
        """The server waits for a letter to nobody: it gets an empty one, and goes."""
        with suppress(OSError, smtplib.SMTPException):
            self.send(b".\r\n")
            self.getreply()

    def _verdict(self) -> tuple[int, bytes]:
        try:
            self._wait_at_most(self.after_the_dot)
            code, words = self.getreply()
            self._wait_at_most(self.timeout)
        except (OSError, smtplib.SMTPException) as error:
            raise Lost(f"no answer after the letter: {said(error)}") from error
        if not 200 <= code < 600:
            raise Lost(f"no answer that can be read after the letter: {code}")
        return code, words

    def _wait_at_most(self, seconds: float) -> None:
        if self.sock is not None:
            self.sock.settimeout(seconds)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        opened = socket.create_connection((host, port), timeout, self.source_address)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # The name that starttls compares the certificate with.
        self._host = host
        return opened


class SecureLine(Line):
    """The same over TLS from the first byte."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = super()._get_socket(host, port, timeout)
        context = self.context or ssl.create_default_context()
        return context.wrap_socket(plain, server_hostname=host)


def said(error: Exception) -> str:
    """The server's words, or the failure's, on one line."""
    if isinstance(error, smtplib.SMTPResponseException):
        words = error.smtp_error
        text = words.decode(errors="replace") if isinstance(words, bytes) else str(words)
        return f"{error.smtp_code} {text}".replace("\n", " ")
    return f"{type(error).__name__}: {error}".replace("\n", " ")

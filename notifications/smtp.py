"""A line to a mail server that knows how far a letter has come."""

import re
import smtplib
import socket
import ssl
from typing import Any

AFTER_THE_DOT = 60.0
"""Seconds a server may take to answer for a whole letter."""


class Lost(Exception):
    """No answer came after the whole letter had been handed over."""


class Line(smtplib.SMTP):
    """smtplib's client, telling what fails before the dot from what fails after it."""

    after_the_dot = AFTER_THE_DOT
    answer = ""
    """The server's last words about a whole letter."""
    has_begun = False
    """Whether the server has answered to the sender's name of this letter."""
    context: ssl.SSLContext | None = None

    def mail(self, sender: str, options: Any = ()) -> tuple[int, bytes]:
        """MAIL FROM: a new letter begins here."""
        self.has_begun = False
        reply = super().mail(sender, options)
        self.has_begun = True
        return reply

    def data(self, msg: Any) -> tuple[int, bytes]:
        """DATA, then the letter and the dot in one go. Raises ``Lost``."""
        body = msg if isinstance(msg, bytes) else str(msg).encode("ascii")
        code, words = self.docmd("data")
        if code != 354:
            raise smtplib.SMTPDataError(code, words)
        dotted = re.sub(rb"(?m)^\.", b"..", body)
        ending = b".\r\n" if dotted.endswith(b"\r\n") else b"\r\n.\r\n"
        self.send(dotted + ending)
        code, words = self._verdict()
        self.answer = f"{code} {words.decode(errors='replace')}"
        return 250 if 200 <= code < 300 else code, words

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

"""A letter as it goes over the line: seven bits, two bodies, and no header but ours.

Every header line is checked as it is written, so that what is not plain ASCII without
control characters cannot leave this module, whatever a title or a name contains.
"""

import hashlib
import re
import time
from base64 import b64encode
from binascii import b2a_base64, b2a_qp
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from functools import lru_cache

from notifications.occasions import Attachment

Sender = tuple[str, str]
"""Name and address."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_LINE = re.compile(r"[A-Za-z][A-Za-z0-9-]*: [\x20-\x7e]+")
_PLAIN = re.compile(r"(?!.*=\?)[\x20-\x7e]{0,120}")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9 .-]{1,60}")
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+(?:; ?[a-z]+=[A-Za-z0-9-]+)*")
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,190}")
_INVITATION_FILE = "application/ics"
"""For programs that only open files; one that reads the body too must not take it in twice."""
_WORD_BYTES = 45
"""What fits into one encoded word of a header."""


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
    headers: Mapping[str, str] = field(default_factory=dict)
    """Others that go with it, such as how to unsubscribe."""
    invitation: Attachment | None = None
    """What the recipient's calendar takes in: a third body beside the two, and a file."""
    reply_to: str = ""


def written(mail: Mail, sender: Sender) -> bytes:
    """The whole letter. Raises ``UnsafeLetter``."""
    if not is_address(mail.recipient):
        raise UnsafeLetter("the recipient is not one plain address")
    alternative = _boundary(mail.message_id, "alternative")
    bodies = [_body(mail.text, "plain"), _body(mail.html, "html")]
    files = list(mail.attachments)
    if invited := mail.invitation:
        bodies.append(_coded(invited))
        files.append(replace(invited, media_type=_INVITATION_FILE))
    head = _head("Content-Type", f'multipart/alternative; boundary="{alternative}"')
    body = b"".join([*(_part(alternative, each) for each in bodies), _end(alternative)])
    if files:
        mixed = _boundary(mail.message_id, "mixed")
        parts = [_part(mixed, head + b"\r\n" + body)]
        parts += [_part(mixed, _file(attachment)) for attachment in files]
        head = _head("Content-Type", f'multipart/mixed; boundary="{mixed}"')
        body = b"".join([*parts, _end(mixed)])
    return b"".join([*_headers(mail, sender), head, b"\r\n", body])


def is_address(text: str) -> bool:
    """Whether it is one plain address, which any mail server understands."""
    return _ADDRESS.fullmatch(text) is not None


def _headers(mail: Mail, sender: Sender) -> Iterator[bytes]:
    yield _from(sender)
    yield _head("To", mail.recipient)
    if mail.reply_to:
        yield _reply_to(mail.reply_to)
    yield _head("Subject", _encoded(mail.subject))
    yield _head("Date", _date(int(time.time())))
    yield _head("Message-ID", mail.message_id)
    yield _head("Content-Language", mail.language)
    yield b"Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
    for name, value in mail.headers.items():
        yield _head(name, value)


def _head(name: str, value: str) -> bytes:
    """One header. Raises ``UnsafeLetter``."""
    line = f"{name}: {value or '-'}"
    if _LINE.fullmatch(line) is None:
        raise UnsafeLetter("a header holds a line break, a control character or a foreign letter")
    return line.replace("?= =?", "?=\r\n =?").encode("ascii") + b"\r\n"


@lru_cache(maxsize=8)
def _from(sender: Sender) -> bytes:
    name, address = sender
    if not is_address(address):
        raise UnsafeLetter("the sender is not one plain address")
    shown = name if _PLAIN_NAME.fullmatch(name) else _encoded(name, always=True)
    return _head("From", f"{shown} <{address}>" if name else address)


def _reply_to(address: str) -> bytes:
    if not is_address(address):
        raise UnsafeLetter("who reads answers has no plain address")
    return _head("Reply-To", address)


def _encoded(text: str, *, always: bool = False) -> str:
    """A value for people, in encoded words where it is not plain. Raises ``UnsafeLetter``."""
    if _CONTROL.search(text):
        raise UnsafeLetter("a header holds a line break or a control character")
    if not always and _PLAIN.fullmatch(text):
        return text.strip()
    words, word = [], b""
    for letter in text.encode() if text.isascii() else _letters(text):
        piece = bytes([letter]) if isinstance(letter, int) else letter
        if len(word) + len(piece) > _WORD_BYTES:
            words.append(word)
            word = b""
        word += piece
    return " ".join(f"=?utf-8?b?{b64encode(w).decode()}?=" for w in [*words, word])


def _letters(text: str) -> Iterator[bytes]:
    """One by one, so that none is cut in two."""
    return (letter.encode() for letter in text)


@lru_cache(maxsize=4)
def _date(second: int) -> str:
    return formatdate(second, localtime=False)


def _boundary(message_id: str, kind: str) -> str:
    """What no body can contain: neither of the two encodings leaves ``=_`` in a text."""
    return f"=_{hashlib.sha256(f'{kind} {message_id}'.encode(errors='replace')).hexdigest()[:32]}"


def _part(boundary: str, content: bytes) -> bytes:
    return b"--%s\r\n%s\r\n" % (boundary.encode(), content)


def _end(boundary: str) -> bytes:
    return f"--{boundary}--\r\n".encode()


def _body(text: str, kind: str) -> bytes:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    quoted = b2a_qp(lines.encode("utf-8", "replace"), quotetabs=False, istext=True)
    return (
        f'Content-Type: text/{kind}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    ).encode() + quoted.replace(b"\n", b"\r\n")


def _file(attachment: Attachment) -> bytes:
    if not _FILE_NAME.fullmatch(attachment.name):
        raise UnsafeLetter(f"the attachment's name {attachment.name!r} is not plain")
    place = f'Content-Disposition: attachment; filename="{attachment.name}"\r\n'
    return place.encode() + _coded(attachment)


def _coded(content: Attachment) -> bytes:
    """Bytes of any sort, in letters."""
    if not _MEDIA_TYPE.fullmatch(content.media_type):
        raise UnsafeLetter(f"the type {content.media_type!r} is not plain")
    code = b2a_base64(content.content, newline=False)
    lines = b"\r\n".join(code[at : at + 76] for at in range(0, len(code), 76))
    head = f"Content-Type: {content.media_type}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return head.encode() + lines

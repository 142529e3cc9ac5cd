"""No header but ours, whatever stands in a title, a name, an address: tried with a seed."""

import os
import random
from dataclasses import replace
from email import message_from_bytes, policy
from typing import Any

import pytest

from notifications.occasions import Attachment
from notifications.writing import Mail, UnsafeLetter, written

SENDER = ("Tuần lễ học tập suốt đời", "tuan-le@example.com")
PLAIN = Mail("<a1@example.com>", "lan@example.com", "Chào", "Nội dung", "<p>Nội dung</p>")
OURS = {
    "From", "To", "Subject", "Date", "Message-ID", "Content-Language", "Auto-Submitted",
    "MIME-Version", "List-Unsubscribe", "Content-Type", "Reply-To",
}  # fmt: skip
OF_PARTS = {"Content-Transfer-Encoding", "Content-Disposition"}
BREAKS = [
    "\r\n", "\n", "\r", "\0", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029",
    "\r\n ", "\n\t", "\x7f", "\ud800", "%0d%0a", "\\r\\n", "=?utf-8?q?=0d=0a?=", "嘊嘍", "\r\n\r\n",
]  # fmt: skip
PAYLOADS = ["Bcc: x@evil.example", "X-Evil: 1", "Content-Type: text/evil", "", "đ", "<>,;:"]
FIELDS = [
    "subject", "recipient", "message_id", "language", "header", "sender", "address", "file",
    "media_type", "text", "html", "reply_to", "invitation", "method",
]  # fmt: skip


def _attacked(chance: random.Random) -> tuple[Mail, tuple[str, str]]:
    parts = [chance.choice(BREAKS) + chance.choice(PAYLOADS) for _ in range(chance.randint(1, 3))]
    evil = chance.choice(["", "a", "lan@example.com", "Chào "]) + "".join(parts)
    field = chance.choice(FIELDS)
    mail, sender = PLAIN, SENDER
    match field:
        case "header":
            mail = replace(mail, headers={"List-Unsubscribe": f"<{evil}>"})
        case "sender":
            sender = (evil, SENDER[1])
        case "address":
            sender = (SENDER[0], evil)
        case "file":
            mail = replace(mail, attachments=[Attachment(evil, "text/plain", b"x")])
        case "media_type":
            mail = replace(mail, attachments=[Attachment("a.txt", evil, b"x")])
        case "invitation":
            mail = replace(mail, invitation=Attachment(evil, "text/calendar", b"x"))
        case "method":
            kind = f"text/calendar; method={evil}"
            mail = replace(mail, invitation=Attachment("invite.ics", kind, b"x"))
        case _:
            facts: dict[str, Any] = {field: evil}
            mail = replace(mail, **facts)
    return mail, sender


def _extra_headers(tries: int, seed: int) -> tuple[int, int]:
    """How many letters held a header or a part that is not ours, and how many were refused."""
    chance, extra, refused = random.Random(seed), 0, 0
    for _ in range(tries):
        mail, sender = _attacked(chance)
        try:
            raw = written(mail, sender)
        except UnsafeLetter:
            refused += 1
            continue
        for part in message_from_bytes(raw).walk():
            extra += bool(set(part.keys()) - OURS - OF_PARTS)
        head = raw.partition(b"\r\n\r\n")[0]
        lines = head.replace(b"\r\n ", b" ").split(b"\r\n")
        names = {line.partition(b":")[0].decode("ascii") for line in lines}
        is_torn = len(head.splitlines()) != len(head.split(b"\r\n")) or not raw.isascii()
        extra += bool(names - OURS) or is_torn or len(lines) != len(names)
    return extra, refused


def test_nothing_smuggles_a_header_in(capsys: pytest.CaptureFixture[str]) -> None:
    seed = int(os.environ.get("SEED") or random.randrange(10**6))

    extra, refused = _extra_headers(2_000, seed)

    with capsys.disabled():
        print(
            f"\nheaders: seed {seed}, 2,000 tries, {refused} letters refused, {extra} headers extra"
        )
    assert extra == 0


@pytest.mark.soak
def test_nothing_smuggles_a_header_in_forty_thousand_times(
    capsys: pytest.CaptureFixture[str],
) -> None:
    seed = int(os.environ.get("SEED") or random.randrange(10**6))

    extra, refused = _extra_headers(40_000, seed)

    with capsys.disabled():
        print(f"\nheaders: seed {seed}, 40,000 tries, {refused} refused, {extra} headers extra")
    assert extra == 0


@pytest.mark.parametrize(
    "subject",
    ["Chào", "Plain words", "", "=?utf-8?q?a?=", "Đ" * 200, "a" * 300, "Hội sách: “Đọc” & 👩‍🏫"],
)
def test_a_subject_is_read_as_it_was_written(subject: str) -> None:
    read = message_from_bytes(
        written(replace(PLAIN, subject=subject), SENDER), policy=policy.default
    )

    assert read["Subject"] == (subject or "-")
    assert read["From"].addresses[0].display_name == SENDER[0]


@pytest.mark.parametrize("text", ["", ".", "..\n.\nx", "a = b\n", "Thư viện " * 300, "x\n-- \ny"])
def test_a_text_is_read_as_it_was_written(text: str) -> None:
    raw = written(replace(PLAIN, text=text, attachments=[_CALENDAR]), SENDER)

    read = message_from_bytes(raw, policy=policy.default)

    body = read.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n").rstrip("\n") == text.rstrip("\n")
    assert [part.get_content() for part in read.iter_attachments()] == ["BEGIN:VCALENDAR\n" * 9]
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998


_CALENDAR = Attachment("lich.ics", "text/calendar; charset=utf-8", b"BEGIN:VCALENDAR\n" * 9)

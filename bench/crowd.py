"""Many phones that connect in the same instant: one process, one epoll, no library."""

import re
import selectors
import socket
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench import load

PATIENCE = 20.0
"""Seconds after which somebody who was not answered is counted as dropped."""
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_COOKIE = re.compile(rb"\r\nset-cookie: *([^;\r]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as it came."""

    status: int
    head: bytes
    body: bytes

    @property
    def cookies(self) -> bytes:
        """What the browser was given to keep, as it sends it back."""
        return b"; ".join(_COOKIE.findall(self.head))


Ask = Callable[[Answer | None], bytes | None]
"""What a phone sends next, after its last answer; nothing when it is done.

Raises ``ValueError`` for an answer that it should not have got.
"""


@dataclass(slots=True)
class _Phone:
    ask: Ask
    socket: socket.socket
    sent: bytes = b""
    got: bytearray = field(default_factory=bytearray)
    answered_at: float = 0.0
    fault: str = "no answer"


@dataclass(frozen=True, slots=True)
class Crowd:
    """How long after the instant the last answer of each phone came."""

    milliseconds: Sequence[float]
    faults: Counter[str]

    @property
    def dropped(self) -> int:
        """How many were not answered as they should have been."""
        return self.faults.total()

    @property
    def worst(self) -> float:
        """Until the last one was answered."""
        return self.milliseconds[-1] if self.milliseconds else float("inf")

    def line(self) -> str:
        """For the eye."""
        number = len(self.milliseconds)
        half, most = (self.milliseconds[int(number * p)] if number else 0 for p in (0.5, 0.99))
        return (
            f"last {self.worst:6.0f} ms  p99 {most:6.0f} ms  p50 {half:6.0f} ms  "
            f"{number:5d} answered  {self.dropped} dropped"
            + "".join(f" ({times} x {fault})" for fault, times in self.faults.items())
        )


def rush(asks: Sequence[Ask]) -> Crowd:
    """All connect at once, each on a connection of its own, and go on until each is done."""
    with selectors.DefaultSelector() as waiting:
        phones = [_Phone(ask, socket.socket()) for ask in asks]
        began = time.perf_counter()
        for phone in phones:
            phone.socket.setblocking(False)
            phone.socket.connect_ex(("127.0.0.1", load.PORT))
            waiting.register(phone.socket, selectors.EVENT_WRITE, phone)
        while waiting.get_map() and time.perf_counter() < began + PATIENCE:
            for key, _events in waiting.select(1):
                _go_on(waiting, key.data)
        for phone in phones:
            phone.socket.close()
    done = sorted(1000 * (p.answered_at - began) for p in phones if p.answered_at)
    return Crowd(done, Counter(phone.fault for phone in phones if not phone.answered_at))


def _go_on(waiting: selectors.BaseSelector, phone: _Phone) -> None:
    try:
        if not phone.sent:
            phone.sent = phone.ask(None) or b""
            phone.socket.sendall(phone.sent)
            waiting.modify(phone.socket, selectors.EVENT_READ, phone)
            return
        read = phone.socket.recv(65536)
        phone.got += read
        answer = _whole(phone.got)
        if answer is None and read:
            return
        following = phone.ask(answer) if answer else None
    except (OSError, ValueError) as fault:
        phone.fault = str(fault)
        waiting.unregister(phone.socket)
        return
    if following:
        phone.got.clear()
        phone.socket.sendall(following)
        return
    waiting.unregister(phone.socket)
    if answer:
        phone.answered_at = time.perf_counter()


def _whole(got: bytearray) -> Answer | None:
    """The answer, once all of it is there."""
    end = got.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = bytes(got[:end])
    length = _LENGTH.search(head)
    body = bytes(got[end + 4 :])
    if length is None or len(body) < int(length[1]):
        return None
    return Answer(int(head[9:12]), head, body)

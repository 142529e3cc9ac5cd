"""A mail server on loopback that keeps what it takes and misbehaves when told to.

A fault is drawn for each letter: a function of the recipient and of how often
the server has met it, so that a run is the same for the same seed.
"""

import hashlib
import socket
import socketserver
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from enum import StrEnum


class Fault(StrEnum):
    """What goes wrong with one letter."""

    NONE = "none"
    BUSY = "421 at RCPT"
    PUT_OFF = "451 at RCPT"
    REFUSED = "550 at RCPT"
    DROP_BEFORE_DATA = "connection dropped before DATA"
    FULL_AFTER_DOT = "452 after the dot"
    LOST_AFTER_DOT = "dropped after the dot, not taken"
    TAKEN_REPLY_LOST = "taken, reply lost"
    SLOW = "slow"
    NO_GREETING = "421 instead of a greeting"
    BUSY_AT_MAIL = "421 at RCPT, too many letters"
    GREY = "451 to whom is not known yet"
    TAKEN_TOO_LATE = "taken after the sender lost patience"


@dataclass
class Taken:
    """One letter the server took responsibility for."""

    sender: str
    recipient: str
    raw: bytes

    @property
    def message(self) -> Message:
        return message_from_bytes(self.raw)

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])


@dataclass
class Server:
    """Listens from ``start`` to ``stop``; ``taken`` and ``faults`` are what happened."""

    fault: Callable[[str, int], Fault] = lambda recipient, time: Fault.NONE
    turns_away: Callable[[int], bool] = lambda connection: False
    port: int = 0
    tls: ssl.SSLContext | None = None
    delay: float = 0
    silent: bool = False
    eight_bit: bool = True
    pipelining: bool = True
    refuses_sender: bool = False
    login: tuple[int, str] = (235, "welcome")
    taken: list[Taken] = field(default_factory=list)
    faults: Counter[Fault] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)
    connections: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> "Server":
        server = self

        class Handler(socketserver.StreamRequestHandler):
            disable_nagle_algorithm = True

            def handle(self) -> None:
                with server.lock:
                    server.connections += 1
                if server.silent:
                    time.sleep(30)
                    return
                dialogue = _Dialogue(server, self.connection)
                with suppress(OSError, ssl.SSLError):
                    dialogue.run()
                dialogue.lines.close()
                dialogue.connection.close()

        class Threads(socketserver.ThreadingTCPServer):
            daemon_threads = True
            block_on_close = False
            allow_reuse_address = True
            request_queue_size = 50

        self._server = Threads(("127.0.0.1", self.port), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> "Server":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def next_fault(self, recipient: str) -> Fault:
        with self.lock:
            self.met[recipient] += 1
            drawn = self.fault(recipient, self.met[recipient])
            self.faults[drawn] += 1
            return drawn


class _Dialogue:
    """One connection, line by line."""

    def __init__(self, server: Server, connection: socket.socket) -> None:
        self.server = server
        self.connection = connection
        self.lines = connection.makefile("rb")
        self.sender = self.recipient = ""
        self.fault = Fault.NONE

    def run(self) -> None:
        if self.server.turns_away(self.server.connections):
            self.say("421 come back later")
            return
        self.say("220 test.example ESMTP")
        while line := self.lines.readline():
            if not self.answer(line.strip().upper(), line):
                return

    def answer(self, verb: bytes, line: bytes) -> bool:
        """Answer one command; false ends the connection."""
        if verb.startswith(b"EHLO"):
            self.greet()
        elif verb == b"STARTTLS":
            self.secure()
        elif verb.startswith(b"AUTH"):
            self.say(f"{self.server.login[0]} {self.server.login[1]}")
        elif verb.startswith(b"MAIL FROM:"):
            self.sender, self.recipient = _address(line), ""
            self.say("550 not from you" if self.server.refuses_sender else "250 ok")
        elif verb.startswith(b"RCPT TO:"):
            return self.hear_of(_address(line))
        elif verb == b"DATA":
            return self.take()
        else:
            self.say("221 bye" if verb == b"QUIT" else "250 ok")
            return verb != b"QUIT"
        return True

    def secure(self) -> None:
        assert self.server.tls is not None
        self.say("220 go ahead")
        self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
        self.lines = self.connection.makefile("rb")

    def hear_of(self, recipient: str) -> bool:
        self.recipient = recipient
        self.fault = self.server.next_fault(recipient)
        if self.fault is Fault.DROP_BEFORE_DATA:
            return False
        refusals = {
            Fault.BUSY: "421 too many connections",
            Fault.BUSY_AT_MAIL: "421 too many letters",
            Fault.GREY: "451 4.7.1 greylisted, come back later",
            Fault.PUT_OFF: "451 later",
            Fault.REFUSED: "550 no such person",
        }
        if self.fault in refusals:
            self.recipient = ""
        self.say(refusals.get(self.fault, "250 ok"))
        return self.fault not in {Fault.BUSY, Fault.BUSY_AT_MAIL}

    def greet(self) -> None:
        extensions = ["test.example"]
        if self.server.tls is not None and not isinstance(self.connection, ssl.SSLSocket):
            extensions.append("STARTTLS")
        if self.server.eight_bit:
            extensions.append("8BITMIME")
        if self.server.pipelining:
            extensions.append("PIPELINING")
        extensions.append("AUTH PLAIN")
        for extension in extensions[:-1]:
            self.say(f"250-{extension}")
        self.say(f"250 {extensions[-1]}")

    def take(self) -> bool:
        fault, self.fault = self.fault, Fault.NONE
        if not self.recipient:
            self.say("503 to whom?")
            return True
        self.say("354 end with a dot")
        raw = b""
        while (line := self.lines.readline()) != b".\r\n":
            if not line:
                return False
            raw += line[1:] if line.startswith(b"..") else line
        if fault is Fault.LOST_AFTER_DOT:
            return False
        if fault is Fault.FULL_AFTER_DOT:
            self.say("452 no room")
            return True
        slow = fault in {Fault.SLOW, Fault.TAKEN_TOO_LATE}
        time.sleep(1.0 if slow else self.server.delay)
        with self.server.lock:
            self.server.taken.append(Taken(self.sender, self.recipient, raw))
        if fault is Fault.TAKEN_REPLY_LOST:
            return False
        self.say(f"250 taken as number {len(self.server.taken)}")
        return True

    def say(self, text: str) -> None:
        self.connection.sendall(text.encode() + b"\r\n")


def seeded(seed: int, shares: dict[Fault, float]) -> Callable[[str, int], Fault]:
    """Faults in these shares of letters, the same for the same seed."""

    def draw(recipient: str, meeting: int) -> Fault:
        digest = hashlib.sha256(f"{seed} {recipient} {meeting}".encode()).digest()
        point = int.from_bytes(digest[:4], "big") / 2**32
        for fault, share in shares.items():
            if point < share:
                return fault if fault is not Fault.GREY or meeting == 1 else Fault.NONE
            point -= share
        return Fault.NONE

    return draw


def _address(line: bytes) -> str:
    return line.decode().partition("<")[2].partition(">")[0]

"""A mail server that takes everything, counts it, and does nothing else: ``python -m bench.sink``.

Prints its port, and when its input ends how many letters it took, how many different ones,
over how many connections.
"""
# ruff: noqa: D102, D103

import asyncio
import sys
from typing import cast

END = b"\r\n.\r\n"
GREETING = b"220 sink.example ESMTP\r\n"
HELLO = b"250-sink.example\r\n250-PIPELINING\r\n250 8BITMIME\r\n"
OK, GO, BYE = b"250 ok\r\n", b"354 end with a dot\r\n", b"221 bye\r\n"


class Sink:
    """What has been taken so far."""

    def __init__(self) -> None:
        self.letters = 0
        self.ids: set[bytes] = set()
        self.connections = 0


class Dialogue(asyncio.Protocol):
    """One connection."""

    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self.kept = b""
        self.is_letter = False
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.sink.connections += 1
        self.transport.write(GREETING)

    def data_received(self, data: bytes) -> None:
        self.kept += data
        while True:
            if self.is_letter:
                letter, found, rest = self.kept.partition(END)
                if not found:
                    return
                self.take(letter)
            else:
                line, found, rest = self.kept.partition(b"\r\n")
                if not found:
                    return
                self.answer(line[:4].upper())
            self.kept = rest

    def answer(self, verb: bytes) -> None:
        self.is_letter = verb == b"DATA"
        said = {b"EHLO": HELLO, b"DATA": GO, b"QUIT": BYE}.get(verb, OK)
        self.transport.write(said)
        if verb == b"QUIT":
            self.transport.close()

    def take(self, letter: bytes) -> None:
        self.is_letter = False
        self.sink.letters += 1
        head = letter.partition(b"\r\n\r\n")[0]
        self.sink.ids.add(head.partition(b"Message-ID: ")[2].partition(b"\r\n")[0])
        self.transport.write(OK)


async def serve() -> None:
    sink, loop = Sink(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: Dialogue(sink), "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await loop.run_in_executor(None, sys.stdin.read)
    sys.stdout.write(f"{sink.letters} {len(sink.ids)} {sink.connections}\n")


if __name__ == "__main__":
    asyncio.run(serve())

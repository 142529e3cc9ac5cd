"""What a sender notes while it works: which letters it began, what the server answered.

A portion of letters is marked in the database, durably, before a word is said about the
first of them. These notes say how far the sender came in its portion: written without
waiting for the disk, they outlive ``kill -9`` and not a power cut, so they are believed
only within one start of the machine. Without notes that can be believed every marked
letter is in doubt.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from notifications.outbox import OUTCOMES, Outcome

BOOT = Path("/proc/sys/kernel/random/boot_id")
Noted = Mapping[int, Outcome | None]
"""Every letter that was begun, with the server's answer if there was one."""


class Notes:
    """The notes of one sender, in a file of its own."""

    def __init__(self, folder: Path, owner: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = path(folder, owner)
        self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        self._head = os.write(self._file, f"{_this_start()}\n".encode())

    def begin(self, number: int) -> None:
        """From here on the server may hear of it."""
        os.write(self._file, b"[%d]\n" % number)

    def end(self, number: int, outcome: Outcome) -> None:
        """What the server said."""
        line = [number, type(outcome).__name__, asdict(outcome)]
        os.write(self._file, json.dumps(line).encode() + b"\n")

    def clear(self) -> None:
        """All of it stands in the database."""
        os.ftruncate(self._file, self._head)

    def close(self) -> None:
        """Nothing is under way any more."""
        os.close(self._file)
        self._path.unlink(missing_ok=True)


def path(folder: Path, owner: str) -> Path:
    """The file of a sender; hidden, beside the signs of life."""
    return folder / f".{Path(owner).name}.notes"


def read(folder: Path, owner: str) -> Noted | None:
    """What a sender that is gone had noted; nothing when it cannot be believed."""
    try:
        head, *lines = path(folder, owner).read_text().splitlines()
    except (OSError, ValueError):
        return None
    if not head or head != _this_start():
        return None
    noted: dict[int, Outcome | None] = {}
    for line in lines:
        number, *said = json.loads(line)
        noted[number] = OUTCOMES[said[0]](**said[1]) if said else None
    return noted


def _this_start() -> str:
    """What is another one after each start of the machine."""
    try:
        return BOOT.read_text().strip()
    except OSError:
        return ""

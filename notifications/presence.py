"""How a process shows the others of its machine that it lives.

It keeps a lock on a file of its own; the system lets go of it at the very
moment the process ends, by ``kill -9`` too. Of an owner on another machine, or whose file is
not here, nothing is known: its lease has to run out. The name says which machine it is, for a
folder that machines share does not always share its locks.
"""

import fcntl
import os
import secrets
import socket
from pathlib import Path
from typing import IO

from notifications.notes import Noted, read


class Presence:
    """The sign of life of this process, and the reading of the others'."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self.name = f"{os.getpid()}-{secrets.token_hex(4)}@{_machine()}"
        self._file: IO[str] | None = self._path(self.name).open("w")
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def owner(self, part: str) -> str:
        """The name under which a part of this process, such as a sender, claims things."""
        return f"{self.name}.{part}"

    def is_gone(self, owner: str) -> bool:
        """Whether the process of an owner is known to have ended."""
        name = owner.partition(".")[0]
        if name == self.name or name.partition("@")[2] not in {"", _machine()}:
            return False
        try:
            with self._path(name).open("r+") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def noted(self, owner: str) -> Noted | None:
        """What an owner who is gone had noted."""
        return read(self._folder, owner)

    def forget(self, owner: str) -> None:
        """Remove the files of an owner who is gone and has nothing left in his name."""
        name = owner.partition(".")[0]
        for path in (self._path(name), *self._folder.glob(f".{Path(name).name}.*.notes")):
            path.unlink(missing_ok=True)

    def leave(self) -> None:
        """Take the sign down."""
        if self._file is not None:
            self._path(self.name).unlink(missing_ok=True)
            self._file.close()
            self._file = None

    def gone(self) -> list[str]:
        """All processes of this machine that ended without taking their sign down."""
        names = [path.name for path in self._folder.iterdir() if not path.name.startswith(".")]
        return [name for name in names if self.is_gone(name)]

    def _path(self, name: str) -> Path:
        return self._folder / Path(name).name


def _machine() -> str:
    """Its name, without the dot that ends the name of a process."""
    return socket.gethostname().replace(".", "-").replace("/", "-")

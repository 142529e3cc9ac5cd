"""Where letters are kept while no mail server is set: one file each, named by its Message-ID."""

import os
import secrets
from email.utils import parseaddr
from pathlib import Path

from flask import Flask

from core.settings import Settings
from notifications.outbox import Accepted, Outcome, Refused, Unreached
from notifications.writing import Mail, UnsafeLetter, written

KEPT = "kept as file"
"""What stands in place of a server's answer."""


class Folder:
    """Keeps letters as ``.eml`` files; keeping one twice leaves one."""

    def __init__(self, app: Flask, *, name: str) -> None:
        settings: Settings = app.extensions["settings"]
        self._sender = (name, parseaddr(settings.mail_sender)[1])
        self._path = settings.instance / "mail"

    def send(self, mail: Mail) -> Outcome:
        """Write the letter so that it outlives a power cut."""
        try:
            content = written(mail, self._sender)
        except UnsafeLetter as fault:
            return Refused(str(fault))
        try:
            self._path.mkdir(parents=True, exist_ok=True)
            _keep(path(self._path, mail.message_id), content)
        except OSError as fault:
            return Unreached(f"{type(fault).__name__}: {fault.strerror}")
        return Accepted(KEPT)

    def hang_up(self) -> None:
        """Nothing is open between two letters."""


def path(folder: Path, message_id: str) -> Path:
    """The file of a letter."""
    return folder / f"{message_id.strip('<>').partition('@')[0]}.eml"


def _keep(target: Path, content: bytes) -> None:
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)

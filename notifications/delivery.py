"""A sender: takes due messages from the outbox, writes the letters, hands them over.

Each message goes through three short transactions: claimed, then marked
``sending`` right before a word is said to the server, then settled. A sender
may be killed at any point: what was not begun goes back into the queue, what
was begun is in doubt, and nothing is forgotten.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import structlog
from flask import Flask

from core import clock
from core.database import reading, session, transaction
from core.logs import told
from core.settings import Settings
from notifications import outbox
from notifications.folder import Folder
from notifications.mailer import Mail, Mailer
from notifications.models import Message, MessageState
from notifications.occasions import Occasion
from notifications.outbox import Accepted, Outcome, Unreached
from notifications.rendering import compose, sender_name

log = structlog.get_logger()

BATCH = 20
"""Messages claimed at a time."""
PATIENCE = 3
"""Failures to reach the server, one after another, after which a round ends."""


class Post(Protocol):
    """Whatever takes letters: a mail server, or a folder."""

    def send(self, mail: Mail) -> Outcome:
        """Hand one letter over."""

    def hang_up(self) -> None:
        """End whatever is open."""


@dataclass
class Round:
    """What one round of sending came to."""

    settled: int = 0
    sent: int = 0
    unreached: str = ""
    """The last failure, when the round ended because no server could be reached."""


def post(app: Flask) -> Post:
    """The mail server of the settings, or the folder while there is none."""
    settings: Settings = app.extensions["settings"]
    name = sender_name()
    return Mailer(app, name=name) if settings.sends_mail else Folder(app, name=name)


class Sender:
    """Sends what is due, one message after another; for one thread."""

    def __init__(
        self, app: Flask, owner: str, *, to: Post | None = None, claim: timedelta = outbox.CLAIM
    ) -> None:
        self._app = app
        self._owner = owner
        self._post = to or post(app)
        self._claim = claim
        self._occasions: dict[str, Occasion] = app.extensions["occasions"]
        self._held: set[int] = set()

    def run(self, *, until: Callable[[], bool] = lambda: False) -> Round:
        """Send until nothing is due, the server is gone, or it is time to stop."""
        done, strikes = Round(), 0
        try:
            while strikes < PATIENCE and not until() and (taken := self._take()):
                for message_id in taken:
                    outcome = self._send(message_id)
                    self._held.discard(message_id)
                    done.settled += 1
                    done.sent += isinstance(outcome, Accepted)
                    strikes = strikes + 1 if isinstance(outcome, Unreached) else 0
                    if isinstance(outcome, Unreached):
                        done.unreached = outcome.answer
                    if until() or strikes >= PATIENCE:
                        break
        finally:
            self._leave()
        if strikes < PATIENCE:
            done.unreached = ""
        return done

    def _take(self) -> list[int]:
        now = clock.now()
        with reading():
            if not outbox.is_due(now):
                return []
        with transaction():
            taken = outbox.claim(self._owner, now=now, limit=BATCH, length=self._claim)
        self._held.update(taken)
        return taken

    def _send(self, message_id: int) -> Outcome | None:
        mail = self._write(message_id)
        if mail is None or not self._begin(message_id, mail):
            return None
        outcome = self._post.send(mail)
        with transaction():
            row = outbox.own(message_id, self._owner, MessageState.SENDING)
            if row is not None:
                outbox.settle(row, outcome, now=clock.now())
            else:
                self._settle_late(message_id, outcome)
        return outcome

    def _write(self, message_id: int) -> Mail | None:
        try:
            with reading():
                row = session().get_one(Message, message_id)
                occasion = self._occasions.get(row.occasion)
                if occasion and occasion.still_due(row.subject, row.revision, clock.now()):
                    return compose(self._app, occasion, row)
        except Exception as fault:  # noqa: BLE001  logged; the others go on
            log.error("letter not written", message=message_id, **told(fault))
            self._put_off(message_id, f"{type(fault).__name__}")
            return None
        self._skip(message_id)
        return None

    def _begin(self, message_id: int, mail: Mail) -> bool:
        """Ask for the last time whether it is due, and keep that it is on its way."""
        now = clock.now()
        with transaction():
            row = outbox.own(message_id, self._owner, MessageState.CLAIMED)
            if row is None:
                return False
            if not self._occasions[row.occasion].still_due(row.subject, row.revision, now):
                outbox.skip(row)
                return False
            outbox.begin(row, now=now, message_id=mail.message_id, length=self._claim)
            return True

    def _settle_late(self, message_id: int, outcome: Outcome) -> None:
        """The others gave this sender up for dead; a letter that did arrive is not sent again."""
        row = session().get_one(Message, message_id, with_for_update=True)
        waits = row.state in {MessageState.RETRY, MessageState.AMBIGUOUS}
        if isinstance(outcome, Accepted) and waits and row.doubtful_at is not None:
            outbox.settle(row, outcome, now=clock.now())

    def _skip(self, message_id: int) -> None:
        with transaction():
            row = outbox.own(message_id, self._owner, MessageState.CLAIMED)
            if row is not None:
                outbox.skip(row)

    def _put_off(self, message_id: int, answer: str) -> None:
        now = clock.now()
        with transaction():
            row = outbox.own(message_id, self._owner, MessageState.CLAIMED)
            if row is not None:
                row.attempts += 1
                row.last_answer = answer
                outbox.put_off(row, outbox.NOT_COMPOSED, now=now)

    def _leave(self) -> None:
        self._post.hang_up()
        if self._held:
            with transaction():
                outbox.hand_back(self._owner)
            self._held.clear()

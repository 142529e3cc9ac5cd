"""A sender: takes due letters from the outbox in portions and has them carried.

One short transaction writes down what became of the last portion and marks the next one
``sending``. Then each letter is looked at once more, written, and handed over; what the
server says is noted at once (``notes``) and written down with the portion. A sender may
be killed at any point: what it had not begun goes back into the queue, what it had begun
without hearing an answer is in doubt, and nothing is forgotten.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask

from core import clock
from core.database import reading, transaction
from core.settings import Settings
from notifications import notes, outbox
from notifications.carrying import Carrier, Crew, Load, Post, post
from notifications.choices.queries import NOTHING_CHOSEN, choices
from notifications.choices.services import suppress
from notifications.notes import Notes
from notifications.outbox import Accepted, NotBegun, Outcome, Refused, Unanswered, Unreached
from notifications.rendering import message_id

PORTION = 20
"""Letters that one connection is given at a time."""
PATIENCE = 3
"""Failures to reach the server, one after another, after which a round ends."""
WRITTEN_AFTER = 1.0
"""Seconds after which answers are written down though the portion is not at its end."""
IN_GOOD_TIME = 0.4
"""The part of its claim within which a sender begins letters; an attempt fits in the rest."""


@dataclass
class Round:
    """What one round of sending came to."""

    settled: int = 0
    sent: int = 0
    strikes: int = 0
    """Failures to reach the server, one after another."""
    unreached: str = ""
    """The last failure, when the round ended because no server could be reached."""

    def count(self, outcome: Outcome) -> None:
        """One letter more."""
        if isinstance(outcome, NotBegun):
            return
        self.settled += 1
        self.sent += isinstance(outcome, Accepted)
        self.strikes = self.strikes + 1 if isinstance(outcome, Unreached) else 0
        self.unreached = outcome.answer if isinstance(outcome, Unreached) else ""


class Sender:
    """Sends what is due over so many connections; for one thread that keeps the books."""

    def __init__(
        self,
        app: Flask,
        owner: str,
        *,
        to: Post | None = None,
        connections: int = 1,
        claim: timedelta = outbox.CLAIM,
    ) -> None:
        self._app = app
        self._settings: Settings = app.extensions["settings"]
        self._owner = owner
        self._posts = [to] if to else [post(app) for _ in range(connections)]
        self._claim = claim
        self._answers: dict[int, Outcome] = {}
        """What is not written down yet."""
        self._folder = self._settings.instance / "alive"

    def run(self, *, until: Callable[[], bool] = lambda: False) -> Round:
        """Send until nothing is due, the server is gone, or it is time to stop."""
        done, noted = Round(), Notes(self._folder, self._owner)
        carriers = [Carrier(self._app, to, noted) for to in self._posts]
        try:
            with Crew(carriers) as crew:
                while done.strikes < PATIENCE and not until() and (loads := self._next(noted)):
                    self._send(crew, loads, done, until)
        finally:
            self._write_down()
            noted.close()
        if done.strikes < PATIENCE:
            done.unreached = ""
        return done

    def _next(self, noted: Notes) -> list[Load]:
        """Write down the last portion and mark the next one; nothing when nothing is due."""
        now, limit = clock.now(), PORTION * len(self._posts)
        if not self._answers:
            with reading():
                if not outbox.is_due(now):
                    return []
        with transaction():
            self._settle()
            taken = outbox.take(self._owner, now=now, limit=limit, length=self._claim)
            for row in taken:
                named = row.message_id or message_id(row, self._settings)
                outbox.begin(row, now=now, message_id=named, length=self._claim)
        self._answers.clear()
        noted.clear()
        with reading():
            chosen = choices({row.recipient for row in taken}) if taken else {}
        return [(row, chosen.get(row.recipient, NOTHING_CHOSEN)) for row in taken]

    def _send(self, crew: Crew, loads: list[Load], done: Round, until: Callable[[], bool]) -> None:
        """Have a portion carried; what cannot be begun in good time goes back."""
        written = begun = time.monotonic()
        ending = begun + self._claim.total_seconds() * IN_GOOD_TIME
        waiting = {row.id for row, _ in loads}

        def go() -> bool:
            return done.strikes < PATIENCE and time.monotonic() < ending and not until()

        try:
            for number, outcome in crew.carry(loads, go):
                waiting.discard(number)
                self._answers[number] = outcome
                done.count(outcome)
                if waiting and time.monotonic() - written > WRITTEN_AFTER:
                    self._write_down()
                    written = time.monotonic()
        finally:
            if waiting:
                self._take_from_notes(waiting)

    def _take_from_notes(self, numbers: set[int]) -> None:
        """The round broke off: what the notes say of these letters is what became of them."""
        said = notes.read(self._folder, self._owner)
        for number in numbers:
            if said is None or number in said:
                self._answers[number] = (said or {}).get(number) or Unanswered(outbox.ENDED)
            else:
                self._answers[number] = NotBegun()

    def _write_down(self) -> None:
        if self._answers:
            with transaction():
                self._settle()
            self._answers.clear()

    def _settle(self) -> None:
        """What became of the letters, many at once where the server simply took them."""
        now = clock.now()
        taken = {n: o.answer for n, o in self._answers.items() if isinstance(o, Accepted)}
        others = set(self._answers) - set(taken)
        if taken and not outbox.accept(self._owner, taken, now=now):
            others = set(self._answers)
        for row in outbox.locked(others) if others else ():
            if outbox.is_with(row, self._owner):
                outbox.settle(row, self._answers[row.id], now=now)
                outcome = self._answers[row.id]
                if isinstance(outcome, Refused) and outcome.is_address:
                    suppress(row.recipient, unit_id=row.unit_id, answer=outcome.answer, now=now)
            else:
                outbox.settle_late(row, self._answers[row.id], now=now)

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
from notifications import breaker, notes, outbox
from notifications.breaker import Limits
from notifications.carrying import Carrier, Crew, Load, Post, post
from notifications.choices.queries import NOTHING_CHOSEN, choices
from notifications.choices.services import suppress
from notifications.models import ServerState
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
    is_throttled: bool = False
    """Whether letters wait because the provider takes no more for now."""

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
        insists: bool = False,
        claim: timedelta = outbox.CLAIM,
    ) -> None:
        self._app = app
        self._settings: Settings = app.extensions["settings"]
        self._owner = owner
        self._posts = [to] if to else [post(app) for _ in range(connections)]
        self._claim = claim
        self._insists = insists
        self._limits = Limits(self._settings.mail_per_minute, self._settings.mail_per_day)
        self._trouble: ServerState | None = None
        self._answers: dict[int, Outcome] = {}
        """What is not written down yet."""
        self._folder = self._settings.instance / "alive"

    def run(self, *, until: Callable[[], bool] = lambda: False) -> Round:
        """Send until nothing is due, the server is gone, or it is time to stop."""
        done = Round()
        with reading():
            self._trouble = breaker.standing()
        if self._trouble is not None and self._keeps_away(self._trouble):
            done.unreached = self._trouble.answer
            return done
        noted = Notes(self._folder, self._owner)
        carriers = [Carrier(self._app, to, noted) for to in self._posts]
        try:
            with Crew(carriers) as crew:
                while self._goes_on(done, until) and (loads := self._next(noted, done)):
                    self._send(crew, loads, done, until)
        finally:
            self._write_down()
            noted.close()
        if done.strikes < self._patience:
            done.unreached = ""
        else:
            with transaction():
                breaker.failed(done.unreached, clock.now())
        return done

    @property
    def _patience(self) -> int:
        """One letter is enough to see whether a server in trouble is back."""
        return PATIENCE if self._trouble is None or self._insists else 1

    def _keeps_away(self, trouble: ServerState) -> bool:
        wait = trouble.next_try_at
        return not self._insists and wait is not None and clock.now() < wait

    def _goes_on(self, done: Round, until: Callable[[], bool]) -> bool:
        return done.strikes < self._patience and not until()

    def _next(self, noted: Notes, done: Round) -> list[Load]:
        """Write down the last portion and mark the next one; nothing when nothing is due."""
        now, wanted = clock.now(), PORTION * len(self._posts)
        if self._trouble is not None:
            wanted = 1
        if not self._answers:
            with reading():
                if not outbox.is_due(now):
                    return []
        with transaction():
            self._settle()
            limit = breaker.allowance(self._limits, now, wanted)
            done.is_throttled = limit == 0
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
            return self._goes_on(done, until) and time.monotonic() < ending

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
        if taken and self._trouble is not None:
            breaker.mended(now)
            self._trouble = None
        for row in outbox.locked(others) if others else ():
            if outbox.is_with(row, self._owner):
                outbox.settle(row, self._answers[row.id], now=now)
                outcome = self._answers[row.id]
                if isinstance(outcome, Refused) and outcome.is_address:
                    suppress(row.recipient, unit_id=row.unit_id, answer=outcome.answer, now=now)
            else:
                outbox.settle_late(row, self._answers[row.id], now=now)

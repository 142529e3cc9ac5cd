"""Carriers: each looks whether a letter is still due, writes it, hands it over."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from queue import SimpleQueue
from types import TracebackType
from typing import Protocol

import structlog
from flask import Flask

from core import clock
from core.i18n import N_
from core.logs import told
from core.settings import Settings
from notifications import outbox
from notifications.choices.queries import Choice
from notifications.folder import Folder
from notifications.mailer import Mailer
from notifications.models import Message
from notifications.notes import Notes
from notifications.occasions import Occasion
from notifications.outbox import Later, NotBegun, NotWanted, NotWritten, Outcome, Unanswered
from notifications.rendering import compose, sender_name
from notifications.watch import Watch
from notifications.writing import Mail

log = structlog.get_logger()

SUPPRESSED = N_("A mail server refused this address for good; nothing is sent there.")
DECLINED = N_("The recipient wants no letters of this kind.")


MORNING = 7
"""The hour at which who wants it so gets what can wait."""
SPARE = timedelta(hours=2)
"""How long a letter must still be of use then."""


class Post(Protocol):
    """Whatever takes letters: a mail server, or a folder."""

    def send(self, mail: Mail) -> Outcome:
        """Hand one letter over."""

    def hang_up(self) -> None:
        """End whatever is open."""


def post(app: Flask) -> Post:
    """The mail server of the settings, or the folder while there is none."""
    settings: Settings = app.extensions["settings"]
    name = sender_name()
    return Mailer(app, name=name) if settings.sends_mail else Folder(app, name=name)


class Carrier:
    """Carries one letter after another; for one thread, between ``with`` and its end."""

    def __init__(self, app: Flask, to: Post, notes: Notes) -> None:
        settings: Settings = app.extensions["settings"]
        self._app = app
        self._post = to
        self._notes = notes
        self._occasions: dict[str, Occasion] = app.extensions["occasions"]
        self._request = app.test_request_context(base_url=settings.public_url)
        self._watch = Watch()

    def __enter__(self) -> "Carrier":
        self._request.push()
        self._watch.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._post.hang_up()
        self._watch.__exit__(kind, error, trace)
        self._request.pop()

    def read_ahead(self, rows: Sequence[Message]) -> None:
        """Load at once what the letters of a portion are about; without it each one asks."""
        self._watch.look()
        about: dict[str, list[str]] = {}
        for row in rows:
            about.setdefault(row.occasion, []).append(row.subject)
        for name, subjects in about.items():
            occasion = self._occasions.get(name)
            if occasion is None or occasion.ahead is None:
                continue
            try:
                occasion.ahead(subjects)
            except Exception as fault:  # noqa: BLE001  logged; each letter asks for itself
                log.error("letters not read ahead", occasion=name, **told(fault))

    def carry(self, row: Message, choice: Choice) -> Outcome:
        """What became of one letter that is marked as being sent."""
        mail = self._written(row, choice)
        if not isinstance(mail, Mail):
            return mail
        self._notes.begin(row.id)
        try:
            outcome = self._post.send(mail)
        except Exception as fault:  # noqa: BLE001  logged; the letter is in doubt
            log.error("letter not handed over", message=row.id, **told(fault))
            outcome = Unanswered(type(fault).__name__)
        self._notes.end(row.id, outcome)
        return outcome

    def _written(self, row: Message, choice: Choice) -> Mail | NotWanted | NotWritten | Later:
        """The letter as it reads now, if there still is a reason to write and it is wanted."""
        occasion = self._occasions.get(row.occasion)
        if choice.is_suppressed:
            return NotWanted(SUPPRESSED)
        if occasion and occasion.kind.may_be_refused and occasion.kind in choice.refused:
            return NotWanted(DECLINED)
        if choice.digest and occasion and occasion.kind.may_be_refused:
            morning = _first_morning_after(row.due_at)
            if clock.now() < morning < row.useful_until - SPARE:
                return Later(morning.isoformat())
        try:
            self._watch.look()
            if occasion and occasion.still_due(row.subject, row.revision, clock.now()):
                return compose(self._app, occasion, row, locale=choice.locale)
        except Exception as fault:  # noqa: BLE001  logged; the others go on
            log.error("letter not written", message=row.id, **told(fault))
            return NotWritten(type(fault).__name__)
        return NotWanted(outbox.NO_LONGER_DUE)


def _first_morning_after(moment: datetime) -> datetime:
    day = clock.local_day(moment)
    morning = clock.at(day, MORNING)
    return morning if morning > moment else clock.at(day + timedelta(days=1), MORNING)


Load = tuple[Message, Choice]
Carried = tuple[int, Outcome]


class Crew:
    """Carriers side by side, each with a connection and, where there are several, a thread."""

    def __init__(self, carriers: Sequence[Carrier]) -> None:
        self._carriers = carriers
        self._open = ExitStack()
        self._loads: SimpleQueue[Load | None] = SimpleQueue()
        self._done: SimpleQueue[Carried] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._go: Callable[[], bool] = lambda: True

    def __enter__(self) -> "Crew":
        if len(self._carriers) == 1:
            self._open.enter_context(self._carriers[0])
            return self
        for carrier in self._carriers:
            thread = threading.Thread(target=self._work, args=(carrier,), daemon=True)
            self._threads.append(thread)
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._go = lambda: False
        for _ in self._threads:
            self._loads.put(None)
        for thread in self._threads:
            thread.join()
        self._open.close()

    def carry(self, loads: Sequence[Load], go: Callable[[], bool]) -> Iterator[Carried]:
        """What became of each, as it comes; after ``go`` says no, none is begun any more."""
        if not self._threads:
            self._carriers[0].read_ahead([row for row, _ in loads])
            for load in loads:
                yield self._one(self._carriers[0], load, go)
            return
        self._go = go
        for load in loads:
            self._loads.put(load)
        for _ in loads:
            yield self._done.get()

    def _work(self, carrier: Carrier) -> None:
        with carrier:
            while (load := self._loads.get()) is not None:
                self._done.put(self._one(carrier, load, self._go))

    @staticmethod
    def _one(carrier: Carrier, load: Load, go: Callable[[], bool]) -> Carried:
        row, choice = load
        return row.id, carrier.carry(row, choice) if go() else NotBegun()

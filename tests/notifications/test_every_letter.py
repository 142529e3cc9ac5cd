"""Every letter in both languages as it was looked at, and none whose reason has gone.

``LETTERS=write .venv/bin/pytest tests/notifications/test_every_letter.py -n 0`` writes the
letters anew; they are to be looked at before they are kept.
"""

import os
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from core import clock
from core.database import reading, transaction
from notifications.delivery import Sender
from notifications.models import Message, MessageState
from notifications.outbox import NO_LONGER_DUE, Accepted, Outcome
from notifications.planning import BEGINNING, queue, unheard
from notifications.rendering import compose
from notifications.writing import Mail
from tests.factories import a_message, an_account
from tests.notifications.every_letter import CASES, Case

KEPT = Path(__file__).parent / "letters"
WRITES = os.environ.get("LETTERS") == "write"
_ADDRESS = re.compile(r"(https?://[^/\s\"<>]+)(/[^\s\"<>]*)")
_SECRET = re.compile(r"(?<=/)(?=[^/?#]*[0-9A-Z])(?!20\d\d(?:/|$))[^/?#]+")
_CODE = re.compile(r"\b[0-9a-z]{4}(-[0-9a-z]{4}){3,}\b")


LITTLE = timedelta(minutes=20)
"""Enough for a change to be told."""


def heard(app: Flask, case: Case, *names: str, after: timedelta = timedelta()) -> list[Message]:
    """The outbox after those who should hear of these occasions by then were put into it."""
    with transaction() as opened:
        for name in names:
            occasion = app.extensions["occasions"][name]
            queue(unheard(occasion, BEGINNING, case.now + after))
        return list(opened.scalars(sa.select(Message).order_by(Message.id)))


def masked(text: str) -> str:
    """Without what is another in each run: secrets in addresses, and codes."""
    told = _ADDRESS.sub(lambda m: m[1].replace(":8000", "") + _SECRET.sub("…", m[2]), text)
    return _CODE.sub("…", told)


def test_every_occasion_has_a_case(app: Flask) -> None:
    assert set(CASES) == set(app.extensions["occasions"])


def test_no_letter_is_kept_of_an_occasion_that_is_not(app: Flask) -> None:
    wanted = {f"{name}.{end}" for name in CASES for end in ENDS}
    assert {path.name for path in KEPT.iterdir()} == wanted


ENDS = [f"{locale}.{kind}" for locale in ("vi", "en") for kind in ("txt", "html")]


@pytest.mark.parametrize("name", list(CASES))
def test_every_letter_reads_as_it_was_looked_at(app: Flask, at: Any, name: str) -> None:
    case = CASES[name]
    at(case.now)
    with transaction():
        case.make()
    row = heard(app, case, name)[0]

    for locale in ("vi", "en"):
        with reading():
            mail = compose(app, app.extensions["occasions"][name], row, locale=locale)
        text = f"To: {mail.recipient}\nReply-To: {mail.reply_to}\nSubject: {mail.subject}\n"
        text += f"Files: {', '.join(_files(mail))}\n\n{mail.text}"
        for end, told in (("txt", text), ("html", mail.html)):
            kept = KEPT / f"{name}.{locale}.{end}"
            if WRITES:
                kept.parent.mkdir(exist_ok=True)
                kept.write_text(masked(told), "utf-8")
            assert kept.read_text("utf-8") == masked(told)


def _files(mail: Mail) -> list[str]:
    invited = [f"{mail.invitation.name} ({mail.invitation.media_type})"] if mail.invitation else []
    return [*invited, *(file.name for file in mail.attachments)] or ["none"]


class Upset:
    """A mail server at which the world becomes another when the first letter is handed over."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self.sent: list[str] = []

    def send(self, mail: Mail) -> Outcome:
        if not self.sent:
            with transaction():
                self._case.change(self._case.now)
        self.sent.append(mail.subject)
        return Accepted("250")

    def hang_up(self) -> None:
        """Nothing is open."""


@pytest.mark.parametrize("name", list(CASES))
def test_a_letter_in_the_senders_hands_stops_when_its_reason_goes(
    app: Flask, at: Any, stored: Any, name: str
) -> None:
    case = CASES[name]
    at(case.now)
    with transaction() as opened:
        case.make()
        opened.add(an_earlier_letter(opened))
    outbox = heard(app, case, name)
    mine = {row.id for row in outbox if row.occasion == name and row.next_attempt_at > EARLY}
    post = Upset(case)

    Sender(app, "one", to=post).run()

    skipped = {row.id for row in stored(Message) if row.reason == NO_LONGER_DUE}
    assert (len(mine), skipped, len(post.sent)) == (1, mine, 1)
    at(case.now + LITTLE)
    heard(app, case, *CASES, after=LITTLE)
    Sender(app, "one", to=post).run()
    sent = [row for row in stored(Message) if row.state is MessageState.SENT]
    assert set(case.instead) <= {row.occasion for row in sent}
    assert not mine & {row.id for row in sent}


EARLY = clock.at(date(2027, 8, 1))


def an_earlier_letter(opened: Any) -> Message:
    """One that goes out before."""
    other = an_account(email="khac@example.com")
    opened.add(other)
    opened.flush()
    return a_message(
        occasion="trial_letter", subject=str(other.id), recipient=other.email, attempts=0,
        state=MessageState.QUEUED, next_attempt_at=EARLY,
    )  # fmt: skip

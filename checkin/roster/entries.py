"""The tickets that a door may meet, each sealed so that only the ticket opens it."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from accounts.models import Unit
from checkin.models import Participant, Registration, Standing
from checkin.roster import sealing
from checkin.tokens import Ticket, secret_of
from core import keys
from core.database import session
from events.models import Activity, ActivityState

PAGE = 2_000
"""Tickets of one answer; the scanner asks for the next ones."""
REISSUES = 5
"""Earlier issues of a ticket that are known to be replaced; who needs more has lost all of them."""

_STATES = {
    Standing.CONFIRMED: "confirmed",
    Standing.WAITING: "unapproved",
    Standing.WITHDRAWN: "canceled",
}


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the tickets, before they are sealed."""

    rows: Sequence[Any]
    following: int | None
    """After which registration the next page begins."""


def page(activities: Sequence[Activity], after: int) -> Page:
    """The tickets of these activities in the order of their numbers."""
    found = (
        sa.select(
            Registration.id,
            Registration.activity_id,
            Registration.serial,
            Registration.standing,
            Activity.slug,
            Activity.state,
            Participant.name,
            sa.func.coalesce(Unit.short_name, Participant.unit_text).label("unit"),
            Participant.group,
        )
        .join(Registration.activity)
        .join(Registration.participant)
        .outerjoin(Participant.unit)
        .where(Registration.activity_id.in_([activity.id for activity in activities]))
        .where(Registration.id > after)
        .order_by(Registration.id)
        .limit(PAGE + 1)
    )
    rows: list[Any] = [tuple(row) for row in session().execute(found)]
    return Page(rows[:PAGE], rows[PAGE - 1][0] if len(rows) > PAGE else None)


def version(page: Page, activities: object) -> str:
    """Becomes another as soon as a ticket, an activity or the form of the entries does."""
    known = repr((sealing.FORMAT, page.rows, page.following, activities)).encode(
        "utf-8", "surrogatepass"
    )
    return hmac.digest(keys.derived("roster version"), known, "sha256").hex()[:32]


def sealed(page: Page, forget_at: Mapping[str, str]) -> list[dict[str, str]]:
    """The entries as the scanner keeps them, in an order that says nothing.

    When each is to be wiped stands beside it, by the slug of its activity in ``forget_at``.
    """
    entries = []
    for row in page.rows:
        number, activity_id, serial, *_known = row
        issues = range(max(0, serial - REISSUES), serial + 1)
        for issue in issues:
            content = _content(row) if issue == serial else {"state": "revoked"}
            secret = secret_of(Ticket(activity_id, number, issue))
            name, closed = sealing.seal(secret, {**content, "activity": row[4]})
            entries.append({"id": name, "sealed": closed, "forget_at": forget_at[row[4]]})
    return sorted(entries, key=lambda entry: entry["id"])


def _content(row: Any) -> dict[str, Any]:
    """What the door may know; of those who do not come in only that."""
    *_numbers, standing, _slug, activity_state, name, unit, group = row
    cancelled = activity_state is ActivityState.CANCELLED
    state = "canceled" if cancelled else _STATES[standing]
    if state != "confirmed":
        return {"state": state}
    return {"state": state, "name": name, "unit": unit or None, "group": group}

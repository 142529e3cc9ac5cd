"""Who gets what and when, before a reminder is switched on; asked anew at every look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from accounts.models import Unit
from core.database import session
from notifications.reminders import moments, queries
from notifications.reminders.declared import SORTS, Audience, Sort
from notifications.reminders.models import ReminderRule
from notifications.reminders.timing import Quiet, Span

FIRST = 10
"""Recipients named on the page."""
SHOWN = 20
"""Subjects whose moments are shown, the next ones first."""


@dataclass(frozen=True)
class Dispatch:
    """One subject: when its reminder goes out and to how many."""

    subject_id: int
    title: str
    span: Span
    total: int
    is_late: bool
    """Whether the moment had passed before it counted: nobody gets it."""

    @property
    def goes_out(self) -> bool:
        """Whether somebody gets it at all."""
        return not self.is_late and not self.span.is_lost


@dataclass(frozen=True)
class Preview:
    """What a reminder would do."""

    dispatches: Sequence[Dispatch]
    """The subjects, the next moment first; at most ``SHOWN``."""
    subjects: int
    timeless: int
    """Subjects that lack the time it hangs on."""
    left_out: int
    first: Sequence[Any]
    """The first recipients of the subject that comes next."""
    total: int
    """How many letters that is, as things stand."""

    @property
    def example(self) -> Dispatch | None:
        """The subject whose letter is shown."""
        return next(iter(self.dispatches), None)


def preview(rule: ReminderRule, *, now: datetime) -> Preview:
    """Numbers, moments and first recipients, as if it were switched on now."""
    sort = SORTS[rule.sort]
    audience = sort.audience(rule.audience)
    rows = session().execute(queries.subjects_of(sort, rule)).all()
    quiet = _quiet(rows)
    totals = queries.totals(sort, audience, rule) if audience else {}
    found = [_dispatch(sort, rule, audience, row, quiet[row.unit_id], totals, now) for row in rows]
    timed = sorted((d for d in found if d), key=lambda d: (not d.goes_out, d.span.due_at))
    first: Sequence[Any] = []
    if timed and audience:
        first = queries.first_members(audience, rule, timed[0].subject_id, FIRST)
    return Preview(
        timed[:SHOWN],
        len(rows),
        len(rows) - len(timed),
        queries.left_out(sort, audience, rule) if audience else 0,
        first,
        sum(dispatch.total for dispatch in timed if dispatch.goes_out),
    )


def _dispatch(
    sort: Sort,
    rule: ReminderRule,
    audience: Audience | None,
    row: Any,
    quiet: Quiet,
    totals: Mapping[int, int],
    now: datetime,
) -> Dispatch | None:
    due = moments.when(rule, sort, row, quiet)
    if due is None:
        return None
    counts_from = max(rule.on_since or now, row.counts_from)
    known_at = getattr(row, audience.after) if audience and audience.after else None
    too_early = known_at is not None and due.due_at < known_at
    total = totals.get(row.subject_id, 0)
    return Dispatch(row.subject_id, row.title, due, total, due.due_at < counts_from or too_early)


def _quiet(rows: Sequence[Any]) -> Mapping[int, Quiet]:
    hosts = sa.select(Unit).where(Unit.id.in_({row.unit_id for row in rows}))
    return queries.quiet(session().scalars(hosts).all())

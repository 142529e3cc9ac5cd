"""When reminders fall due: worked out when they are switched on, and anew when a subject moves."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from accounts.models import Unit
from core.database import session
from notifications.reminders import queries
from notifications.reminders.declared import SORTS, Sort
from notifications.reminders.models import ReminderMoment, ReminderRule
from notifications.reminders.timing import Offset, Quiet, Span, as_moment, span

AT_ONCE = 500
"""Moments worked out in one transaction."""
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""From when a reminder counts that hangs on a time which its subject lacks."""


def when(rule: ReminderRule, sort: Sort, subject: Any, quiet: Quiet) -> Span | None:
    """When a reminder about a subject is sent; nothing when the subject lacks that time."""
    if rule.moment is not None:
        wanted = rule.moment
    else:
        anchor = getattr(subject, rule.anchor)
        if anchor is None:
            return None
        wanted = Offset(rule.days, rule.minutes, rule.at_minute).from_(as_moment(anchor))
    times = [getattr(subject, name) for name in sort.milestones]
    return span(wanted, [as_moment(moment) for moment in times if moment is not None], quiet)


def outdated() -> list[tuple[Sort, Any]]:
    """Reminders and subjects whose moment is not known as it stands; at most ``AT_ONCE``."""
    found: list[tuple[Sort, Any]] = []
    for sort in SORTS.values():
        rows = session().execute(queries.outdated(sort.name).limit(AT_ONCE - len(found))).all()
        found += [(sort, row) for row in rows]
        if len(found) >= AT_ONCE:
            break
    return found


def work_out(found: Sequence[tuple[Sort, Any]]) -> None:
    """Write the moments down, in place of what was known before."""
    rules = _rules(row.rule_id for _, row in found)
    units = session().scalars(sa.select(Unit).where(Unit.id.in_({row.unit_id for _, row in found})))
    quiet = queries.quiet(units.all())
    rows = [_row(rules[row.rule_id], sort, row, quiet[row.unit_id]) for sort, row in found]
    _keep(rows)


def _row(rule: ReminderRule, sort: Sort, subject: Any, quiet: Quiet) -> dict[str, Any]:
    due = when(rule, sort, subject, quiet)
    since = max(moment for moment in (rule.on_since, subject.counts_from) if moment is not None)
    return {
        "rule_id": rule.id,
        "subject_id": subject.subject_id,
        "version": rule.version,
        "mark": subject.mark,
        "due_at": due.due_at if due else since,
        "useful_until": due.useful_until if due else since,
        "counts_from": since if due else NEVER,
        "revision": due.revision if due else 0,
    }


def _rules(numbers: Iterable[int]) -> dict[int, ReminderRule]:
    rows = session().scalars(sa.select(ReminderRule).where(ReminderRule.id.in_(set(numbers))))
    return {rule.id: rule for rule in rows}


def _keep(rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    is_sqlite = session().get_bind().dialect.name == "sqlite"
    insert = (sqlite.insert if is_sqlite else postgresql.insert)(ReminderMoment)
    values = {
        name: insert.excluded[name] for name in rows[0] if name not in {"rule_id", "subject_id"}
    }
    upsert = insert.on_conflict_do_update(index_elements=["rule_id", "subject_id"], set_=values)
    session().execute(upsert, rows)

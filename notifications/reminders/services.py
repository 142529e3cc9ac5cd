"""What happens to reminders: written, looked at, switched on and off, taken over."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from accounts.models import Unit
from core.database import session
from notifications.reminders import errors, wording
from notifications.reminders.declared import Audience, Sort
from notifications.reminders.models import QuietHours, ReminderMoment, ReminderRule, RuleState
from notifications.reminders.timing import AT_ONCE, Offset

SHORTEST_DAY = 8 * 60
"""Minutes of a day that quiet hours must leave."""


@dataclass(frozen=True)
class Wanted:
    """A reminder as somebody describes it."""

    audience: str
    title_vi: str
    text_vi: str
    title_en: str = ""
    text_en: str = ""
    anchor: str = ""
    offset: Offset = AT_ONCE
    moment: datetime | None = None


def write(
    sort: Sort, unit: Unit, subject_id: int | None, wanted: Wanted, *, now: datetime
) -> ReminderRule:
    """Put down a new reminder; nobody gets it before it is switched on.

    Raises what ``check`` raises.
    """
    rule = ReminderRule(
        unit=unit,
        sort=sort.name,
        subject_id=subject_id,
        state=RuleState.DRAFT,
        version=0,
        created_at=now,
        **_columns(sort, wanted, now),
    )
    rule.version, rule.changed_at = 1, now
    session().add(rule)
    session().flush()
    return rule


def change(rule: ReminderRule, sort: Sort, wanted: Wanted, *, now: datetime) -> None:
    """Describe it anew; it is a draft again until somebody has looked at it.

    Raises what ``check`` raises.
    """
    for name, value in _columns(sort, wanted, now).items():
        setattr(rule, name, value)
    rule.state, rule.on_since = RuleState.DRAFT, None
    rule.version, rule.changed_at = rule.version + 1, now


def switch_on(rule: ReminderRule, *, now: datetime) -> None:
    """From now on it goes out when it falls due. Raises ``MomentPassed``."""
    if rule.moment is not None and rule.moment <= now:
        raise errors.MomentPassed
    if rule.state is not RuleState.ON:
        rule.state, rule.on_since = RuleState.ON, now
        rule.version, rule.changed_at = rule.version + 1, now


def switch_off(rule: ReminderRule, *, now: datetime) -> None:
    """Nobody gets it any more; what waits in the outbox is skipped."""
    rule.state, rule.changed_at = RuleState.OFF, now


def remove(rule: ReminderRule) -> None:
    """Take it away; what it has sent stays in the outbox."""
    session().execute(sa.delete(ReminderMoment).where(ReminderMoment.rule_id == rule.id))
    session().delete(rule)


def keep_quiet(unit: Unit, from_minute: int, until_minute: int, *, now: datetime) -> None:
    """Set the quiet hours of a unit and of those below it; reminders are timed anew.

    Raises ``QuietAllDay``.
    """
    if (until_minute - from_minute) % 1440 > 1440 - SHORTEST_DAY:
        raise errors.QuietAllDay
    row = session().get(QuietHours, unit.id) or QuietHours(unit_id=unit.id)
    row.from_minute, row.until_minute = from_minute, until_minute
    session().add(row)
    below = sa.select(Unit.id).where(Unit.path.startswith(unit.path, autoescape=True))
    above = sa.select(Unit.id).where(sa.literal(unit.path).startswith(Unit.path))
    session().execute(
        sa.update(ReminderRule)
        .where(sa.or_(ReminderRule.unit_id.in_(below), ReminderRule.unit_id.in_(above)))
        .values(version=ReminderRule.version + 1, changed_at=now)
        .execution_options(synchronize_session=False)
    )


def check(sort: Sort, wanted: Wanted, now: datetime) -> Audience:
    """Whom it reaches, if it can be done as described.

    Raises ``NobodyChosen``, ``OtherAnchor``, ``OnlyAfterwards``, ``MomentPassed``,
    ``UnknownField`` or ``StrayBrace``.
    """
    audience = sort.audience(wanted.audience)
    if audience is None:
        raise errors.NobodyChosen
    if wanted.moment is None and sort.anchor(wanted.anchor) is None:
        raise errors.OtherAnchor
    if wanted.moment is not None and wanted.moment <= now:
        raise errors.MomentPassed
    if wanted.moment is None and audience.after and not _follows(audience, wanted):
        raise errors.OnlyAfterwards
    for text in (wanted.title_vi, wanted.text_vi, wanted.title_en, wanted.text_en):
        wording.check(text, sort.fields)
    return audience


def _follows(audience: Audience, wanted: Wanted) -> bool:
    """Whether the time described lies behind that after which its people are known."""
    offset = wanted.offset
    ahead = offset.days < 0 or offset.minutes < 0
    same_day = offset.at_minute is not None and offset.days == 0
    return wanted.anchor == audience.after and not ahead and not same_day


def _columns(sort: Sort, wanted: Wanted, now: datetime) -> dict[str, object]:
    check(sort, wanted, now)
    hangs = wanted.moment is None
    return {
        "audience": wanted.audience,
        "anchor": wanted.anchor if hangs else "",
        "days": wanted.offset.days if hangs else 0,
        "minutes": wanted.offset.minutes if hangs else 0,
        "at_minute": wanted.offset.at_minute if hangs else None,
        "moment": wanted.moment,
        "title_vi": wanted.title_vi,
        "text_vi": wanted.text_vi,
        "title_en": wanted.title_en,
        "text_en": wanted.text_en,
    }

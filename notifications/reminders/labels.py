"""Reminders in words: where they stand, and when they go out, as sentences to translate."""

from accounts import audit
from core import clock
from core.i18n import N_, translate
from notifications.reminders.declared import Sort, Suggestion
from notifications.reminders.models import ReminderRule, RuleState

STATES = {
    RuleState.DRAFT: (N_("Being written"), "plain"),
    RuleState.ON: (N_("Switched on"), "ok"),
    RuleState.OFF: (N_("Switched off"), "wait"),
}
"""Word and tone of each state."""

audit.name(
    {
        "reminder.written": N_("Reminder written"),
        "reminder.changed": N_("Reminder changed"),
        "reminder.on": N_("Reminder switched on"),
        "reminder.off": N_("Reminder switched off"),
        "reminder.removed": N_("Reminder removed"),
        "reminder.quiet_hours": N_("Quiet hours of a unit set"),
    }
)


def timing(rule: ReminderRule | Suggestion, sort: Sort, locale: str) -> str:
    """When it goes out, in a language: ``3 days before the start, at 08:00``."""
    if isinstance(rule, ReminderRule) and rule.moment is not None:
        wall = clock.local(rule.moment)
        hour = _hour(wall.hour * 60 + wall.minute, locale)
        return translate(N_("on %(day)s, at %(hour)s"), locale, day=f"{wall:%d/%m/%Y}", hour=hour)
    anchor = sort.anchor(rule.anchor)
    facts = {
        "anchor": translate(anchor.label, locale) if anchor else rule.anchor,
        "amount": _amount(abs(rule.days), abs(rule.minutes) // 60, locale),
        "hour": "" if rule.at_minute is None else _hour(rule.at_minute, locale),
    }
    return translate(_sentence(rule), locale, **facts)


def _sentence(rule: ReminderRule | Suggestion) -> str:
    has_hour = rule.at_minute is not None
    if not rule.days and not rule.minutes:
        return N_("on the day of %(anchor)s, at %(hour)s") if has_hour else N_("at %(anchor)s")
    if rule.days < 0 or rule.minutes < 0:
        if has_hour:
            return N_("%(amount)s before %(anchor)s, at %(hour)s")
        return N_("%(amount)s before %(anchor)s")
    if has_hour:
        return N_("%(amount)s after %(anchor)s, at %(hour)s")
    return N_("%(amount)s after %(anchor)s")


def _amount(days: int, hours: int, locale: str) -> str:
    parts = []
    if days:
        parts.append(translate(N_("1 day") if days == 1 else N_("%(n)s days"), locale, n=days))
    if hours:
        parts.append(translate(N_("1 hour") if hours == 1 else N_("%(n)s hours"), locale, n=hours))
    return " ".join(parts)


def _hour(minute: int, locale: str) -> str:
    hours, minutes = divmod(minute, 60)
    return f"{hours:02} giờ {minutes:02}" if locale == "vi" else f"{hours:02}:{minutes:02}"

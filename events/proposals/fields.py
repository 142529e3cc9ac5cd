"""How the forms of parts read and show days, hours and lists."""

from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext as _
from wtforms import ValidationError

from events.proposals.parts import Values
from events.sittings import MOST_DAYS


def show_when(form: Any, values: Values) -> None:
    """Fill in from when to when."""
    form.first_on.data, form.last_on.data = day(values["first_on"]), day(values["last_on"])
    if form.first_on.data == form.last_on.data:
        form.last_on.data = None
    form.starts.data = time.fromisoformat(values["starts"])
    form.ends.data = time.fromisoformat(values["ends"])


def when(form: Any) -> Values:
    """From when to when, as the decision keeps it."""
    return {
        "first_on": iso(form.first_on.data),
        "last_on": iso(form.last_on.data or form.first_on.data),
        "starts": f"{form.starts.data:%H:%M}",
        "ends": f"{form.ends.data:%H:%M}",
    }


def check_order(form: Any, field: Any) -> None:
    """Refuse an end that is not after the start, or too far from it."""
    if None in (form.first_on.data, form.starts.data, field.data):
        return
    first, last = form.first_on.data, form.last_on.data or form.first_on.data
    begins, ends = datetime.combine(first, form.starts.data), datetime.combine(last, field.data)
    if ends <= begins:
        raise ValidationError(_("The end must come after the start."))
    if (last - first).days >= MOST_DAYS:
        raise ValidationError(_("It runs longer than %(n)s days.", n=MOST_DAYS))


def lines(typed: str | None) -> list[str]:
    """What was typed, line by line."""
    return [line.strip() for line in (typed or "").splitlines() if line.strip()]


def day(text: str | None) -> date | None:
    """A day of a decision, as fields show it."""
    return date.fromisoformat(text) if text else None


def iso(typed: date | None) -> str | None:
    """A day that was typed, as the decision keeps it."""
    return typed.isoformat() if typed else None

"""The people of one activity as a list to work with and as a table to take away."""

from collections.abc import Iterable

from checkin.models import Registration
from checkin.words import STANDINGS
from core import clock, sheet
from core.i18n import N_, translate

COLUMNS = (
    N_("Name and family name"),
    N_("Unit or address"),
    N_("E-mail"),
    N_("Telephone"),
    N_("Code"),
    N_("State"),
    N_("Registered at"),
    N_("Attended"),
)


def as_csv(registrations: Iterable[Registration], attended: set[int], locale: str) -> bytes:
    """The list as a file for a spreadsheet."""
    head = [translate(column, locale) for column in COLUMNS]
    return sheet.as_csv([head, *(_row(r, attended, locale) for r in registrations)])


def unit_of(registration: Registration) -> str:
    """The unit of ours that the person belongs to, else what they wrote."""
    person = registration.participant
    return person.unit.name if person.unit else person.unit_text


def _row(registration: Registration, attended: set[int], locale: str) -> list[str]:
    person = registration.participant
    return [
        person.name or "",
        unit_of(registration),
        person.email or "",
        person.phone or "",
        registration.short_code,
        translate(STANDINGS[registration.standing][0], locale),
        f"{clock.local(registration.registered_at):%d/%m/%Y %H:%M}",
        "x" if registration.participant_id in attended else "",
    ]

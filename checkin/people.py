"""The people of one activity as a list to work with and as a table to take away."""

import csv
import io
from collections.abc import Iterable

from checkin.models import Registration
from checkin.words import STANDINGS
from core import clock
from core.i18n import N_, translate

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")

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
    """The list with a byte order mark, so that spreadsheets read it as UTF-8."""
    written = io.StringIO()
    out = csv.writer(written, lineterminator="\r\n")
    out.writerow(translate(column, locale) for column in COLUMNS)
    for registration in registrations:
        out.writerow(plain(cell) for cell in _row(registration, attended, locale))
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def plain(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.lstrip().startswith(_FORMULA) else cell


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

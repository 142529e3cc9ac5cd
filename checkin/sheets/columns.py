"""The columns of lists of registrations, and what their cells are refused for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from checkin.words import STANDINGS
from core.errors import DomainError
from core.i18n import N_
from core.spreadsheets.columns import Choice, Code, Column, Day, Mail
from core.spreadsheets.errors import WrongCell


class NoSuchActivity(DomainError):
    """No activity with seats of the asker's units has this code; it is not said why."""

    sentence = N_("There is no activity with seats and the code “%(code)s” among yours.")


class PersonElsewhere(DomainError):
    """The person also takes part in what others organise."""

    sentence = N_(
        "This person also takes part in activities of other units, so the facts about "
        "the person cannot be changed here."
    )


class NoPhoneNumber(WrongCell):
    """Not a telephone number."""

    sentence = N_("This is not a telephone number.")


@dataclass(frozen=True, kw_only=True)
class Phone(Column):
    """A telephone number as people write it."""

    def _taken(self, text: str) -> Any:
        digits = text if text.startswith(("0", "+", "(")) else f"0{text}"
        if not re.fullmatch(r"[0-9+()][0-9 .()-]{7,19}", digits):
            raise NoPhoneNumber
        return digits


COLUMNS: Sequence[Column] = (
    Code(key="code", heading=N_("Code on the ticket"),
         hint=N_("Names a row that there is; empty for a new one")),
    Code(key="activity", heading=N_("Code of the activity"), needed=True, width=30,
         hint=N_("As the table of activities says")),
    Column(key="name", heading=N_("Name and family name"), needed=True, longest=120, width=28),
    Mail(key="email", heading=N_("E-mail"), hint=N_("The ticket is sent there; may be empty")),
    Phone(key="phone", heading=N_("Telephone")),
    Column(key="unit", heading=N_("Unit, or ward and neighbourhood"), longest=200, width=30),
    Choice(key="standing", heading=N_("State"), shown=True,
           choices={standing: name for standing, (name, _tone) in STANDINGS.items()}),
    Day(key="registered", heading=N_("Registered on"), shown=True),
)  # fmt: skip

"""The tables of the programme."""

from accounts.models import Role
from core.i18n import N_
from core.spreadsheets.definitions import Sheet
from events.sheets import columns, venues
from events.sheets.activities import Activities
from events.sheets.duties import Duties

SHEETS = [
    venues.SHEET,
    Sheet(
        name="activities",
        title=N_("Activities"),
        about=N_("What your units hold in the week; new rows become drafts."),
        role=Role.ORGANISER,
        columns=columns.ACTIVITIES,
        open=Activities,
        actions={"delete": N_("Delete the row")},
        position=40,
    ),
    Sheet(
        name="duties",
        title=N_("Duties"),
        about=N_("Who does what by when, as the plans of your units lay it on."),
        role=Role.ORGANISER,
        columns=columns.DUTIES,
        open=Duties,
        actions={"delete": N_("Delete the row")},
        position=50,
    ),
]

"""The columns of activities and duties."""

from collections.abc import Sequence

from core.i18n import N_
from core.spreadsheets.columns import (
    Choice,
    Choices,
    Code,
    Codes,
    Column,
    Day,
    Hour,
    Number,
    Prose,
    WebAddress,
)
from events import labels
from events.models import Audience, Counting, Format

_STATES = {state: name for state, (name, _tone) in labels.STATES.items()}
_DAY = N_("dd/mm/yyyy, such as 03/10/2027")
_HOUR = N_("hh:mm, such as 07:30")
_UNIT = N_("A unit of yours")

ACTIVITIES: Sequence[Column] = (
    Code(key="slug", heading=N_("Code of the activity"), width=30,
         hint=N_("Names a row that there is; empty for a new one")),
    Column(key="title", heading=N_("Name of the activity"), needed=True, width=44),
    Choice(key="kind", heading=N_("Kind of activity"), needed=True, choices=labels.KINDS, width=30),
    Code(key="unit", heading=N_("Code of the unit that holds it"), needed=True, hint=_UNIT),
    Day(key="first_on", heading=N_("First day"), needed=True, hint=_DAY),
    Hour(key="starts", heading=N_("Begins at"), needed=True, hint=_HOUR),
    Day(key="last_on", heading=N_("Last day"),
        hint=N_("Leave empty when it is on one day; otherwise every day at these hours.")),
    Hour(key="ends", heading=N_("Ends at"), needed=True, hint=_HOUR),
    Column(key="venue", heading=N_("Venue"), width=30,
           hint=N_("The name of a venue that was entered before")),
    Column(key="place", heading=N_("The place in words"), width=30,
           hint=N_("For many places, or a room inside the venue.")),
    Choice(key="format", heading=N_("Format"), choices=labels.FORMATS, usual=Format.IN_PERSON),
    WebAddress(key="join_link", heading=N_("Link to join online"),
               hint=N_("Begins with https://")),
    Choice(key="audience", heading=N_("For whom"), choices=labels.AUDIENCES,
           usual=Audience.EVERYONE),
    Codes(key="invited", heading=N_("Units invited"),
          hint=N_("Codes of units, divided by commas; only for staff of named units")),
    Choice(key="counting", heading=N_("How people are counted"), choices=labels.COUNTINGS,
           usual=Counting.TICKETS, width=26),
    Number(key="seats", heading=N_("Seats"), low=1, high=100_000,
           hint=N_("Leave empty when there is no limit.")),
    Number(key="opens_before", heading=N_("Doors open, minutes before"), high=1440,
           hint=N_("Empty: 30"), usual=30),
    Number(key="closes_after", heading=N_("Doors close, minutes after"), high=1440,
           hint=N_("Empty: 30"), usual=30),
    Choices(key="themes", heading=N_("Themes"), choices=labels.THEMES,
            hint=N_("Several are divided by semicolons")),
    Column(key="contact", heading=N_("Person in charge"), hint=N_("Seen by staff only."), width=26),
    Prose(key="summary", heading=N_("What it is about")),
    Choice(key="state", heading=N_("State"), choices=_STATES, shown=True),
)  # fmt: skip

DUTIES: Sequence[Column] = (
    Number(key="number", heading=N_("Number of the row"), high=999_999_999,
           hint=N_("Names a row that there is; empty for a new one")),
    Code(key="plan", heading=N_("Code of the unit whose plan says it"), needed=True,
         hint=N_("A unit of yours; its plan is begun when there is none")),
    Code(key="unit", heading=N_("Code of the unit that carries it"), needed=True),
    Choice(key="role", heading=N_("What it does"), needed=True, choices=labels.DUTY_ROLES),
    Prose(key="duty", heading=N_("Duty"), needed=True, width=60),
    Day(key="due_on", heading=N_("Due on"), hint=_DAY),
    Prose(key="remark", heading=N_("Remark")),
    Day(key="received", heading=N_("Received on"), shown=True),
    Day(key="done", heading=N_("Done on"), shown=True),
)  # fmt: skip

"""The sheet of who has been reminded: one line for each letter, call and excuse."""

from datetime import datetime

from accounts.scope import Scope
from core import clock
from core.i18n import N_, translate
from core.spreadsheets.columns import Column, Prose, Written
from core.spreadsheets.writing import as_xlsx
from events.models import Campaign
from notifications.labels import standing
from reports.chasing import history, queries
from reports.chasing.history import Event
from reports.chasing.models import Obligation
from reports.chasing.words import OBLIGATIONS, STEPS

TITLE = N_("Who has been reminded")
COLUMNS = (
    Column(key="unit", heading=N_("Unit"), width=36),
    Column(key="code", heading=N_("Code of the unit"), width=16),
    Column(key="owes", heading=N_("Still owes today"), width=32),
    Column(key="day", heading=N_("Day"), width=12),
    Column(key="hour", heading=N_("Hour"), width=8),
    Column(key="way", heading=N_("In which way"), width=16),
    Column(key="about", heading=N_("About what"), width=28),
    Column(key="step", heading=N_("Who was told"), width=24),
    Column(key="to", heading=N_("Address or name"), width=30),
    Column(key="state", heading=N_("What became of it"), width=24),
    Prose(key="note", heading=N_("Note or reason"), width=40),
)
WAYS = {"letter": N_("By letter"), "call": N_("Phone call"), "excuse": N_("Excused from it")}


def workbook(scope: Scope, campaign: Campaign, now: datetime, locale: str) -> bytes:
    """Every unit inside that is silent or was told something, oldest line first."""
    today = clock.local_day(now)
    owed = {one: queries.silent_ids(scope, campaign, one, today) for one in Obligation}
    events = sorted(history.history(scope, campaign), key=lambda event: (event.unit.path, event.at))
    told = {event.unit.id for event in events}
    lines = [_line(event, owed, locale) for event in events]
    for unit in queries.units(set[int]().union(*owed.values()) - told):
        nothing: list[Written] = [""] * (len(COLUMNS) - 3)
        lines.append([unit.name, unit.code, _owes(unit.id, owed, locale), *nothing])
    return as_xlsx(translate(TITLE, locale), COLUMNS, lines, locale)


def said(event: Event, locale: str) -> dict[str, str]:
    """A line in words, for the sheet and for the page of a unit."""
    about = OBLIGATIONS[Obligation(event.about)] if event.about in set(Obligation) else (
        event.about.replace("_", " ").capitalize()
    )  # fmt: skip
    return {
        "way": translate(WAYS[event.what], locale),
        "about": translate(about, locale) if event.about else "",
        "step": translate(STEPS[event.step], locale) if event.step else "",
        "state": _became(event, locale),
        "note": event.note,
    }


def _became(event: Event, locale: str) -> str:
    if event.message is not None:
        return translate(standing(event.message)[0], locale)
    if event.what == "letter":
        return translate(N_("Waiting"), locale)
    return translate(N_("noted by %(person)s"), locale) % {"person": event.by}


def _line(event: Event, owed: dict[Obligation, set[int]], locale: str) -> list[Written]:
    wall, words = clock.local(event.at), said(event, locale)
    return [
        event.unit.name,
        event.unit.code,
        _owes(event.unit.id, owed, locale),
        f"{wall:%d/%m/%Y}",
        f"{wall:%H:%M}",
        words["way"],
        words["about"],
        words["step"],
        event.to,
        words["state"],
        words["note"],
    ]


def _owes(unit_id: int, owed: dict[Obligation, set[int]], locale: str) -> str:
    missing = [one for one, ids in owed.items() if unit_id in ids]
    return ", ".join(translate(OBLIGATIONS[one], locale) for one in missing)

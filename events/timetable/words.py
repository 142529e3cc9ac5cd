"""What a conflict is called and how it is told, as sentences to translate."""

from collections.abc import Callable
from typing import Any

from core.i18n import N_
from events.conflicts import Conflict, ConflictKind

Translate = Callable[..., str]

NAMES: dict[ConflictKind, str] = {
    ConflictKind.VENUE: N_("Same venue at the same time"),
    ConflictKind.PERSON: N_("Same person in charge at the same time"),
    ConflictKind.SEATS: N_("More seats than the venue holds"),
    ConflictKind.OUTSIDE: N_("Outside the week"),
    ConflictKind.CANCELLED_PLAN: N_("Released under a cancelled plan"),
    ConflictKind.OPENING_DAY: N_("An opening on another day"),
}

SHORT: dict[ConflictKind, str] = {
    ConflictKind.VENUE: N_("Same venue"),
    ConflictKind.PERSON: N_("Same person"),
    ConflictKind.SEATS: N_("Too many seats"),
    ConflictKind.OUTSIDE: N_("Outside the week"),
    ConflictKind.CANCELLED_PLAN: N_("Plan cancelled"),
    ConflictKind.OPENING_DAY: N_("Another opening day"),
}
"""The same in the room that a block has."""

_SENTENCES: dict[ConflictKind, str] = {
    ConflictKind.VENUE: N_("At %(venue)s at the same time as “%(other)s” (%(host)s)."),
    ConflictKind.PERSON: N_(
        "%(person)s is also in charge of “%(other)s” (%(host)s) at the same time."
    ),
    ConflictKind.SEATS: N_("%(seats)s seats, but %(venue)s holds %(capacity)s."),
    ConflictKind.OUTSIDE: N_("“%(campaign)s” is from %(first)s to %(last)s."),
    ConflictKind.CANCELLED_PLAN: N_("The plan that it belongs to was cancelled."),
    ConflictKind.OPENING_DAY: N_("The opening day of the week is %(day)s."),
}


def sentence(conflict: Conflict, translate: Translate, number: Callable[[int], str]) -> str:
    """What collides, told about its first activity."""
    return translate(_SENTENCES[conflict.kind], **_facts(conflict, number))


def _facts(conflict: Conflict, number: Callable[[int], str]) -> dict[str, Any]:
    fact, other = conflict.activity, conflict.other
    first, last = fact.week
    beside = f", {other.campaign}" if other and other.campaign_id != fact.campaign_id else ""
    return {
        "venue": fact.venue,
        "person": fact.contact,
        "other": other.title if other else "",
        "host": f"{other.host}{beside}" if other else "",
        "seats": number(fact.seats or 0),
        "capacity": number(fact.capacity or 0),
        "campaign": fact.campaign,
        "first": f"{first:%d/%m/%Y}",
        "last": f"{last:%d/%m/%Y}",
        "day": f"{fact.opening_on:%d/%m/%Y}" if fact.opening_on else "",
    }

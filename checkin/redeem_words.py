"""The answer of the door in the words of the contract, made from the facts that were kept."""

from datetime import datetime
from typing import Any

from checkin.models import ScanStatus
from checkin.redeem import Person
from core.clock import local
from core.i18n import LOCALES, N_, translate

_SENTENCES = {
    ScanStatus.OK: N_("Admitted at %(time)s."),
    ScanStatus.INVALID: N_("This code is not a ticket of this week."),
    ScanStatus.REVOKED: N_("This ticket was replaced: the newest one is needed."),
    ScanStatus.CANCELED: N_("This ticket no longer holds: the seat or “%(title)s” was cancelled."),
    ScanStatus.UNAPPROVED: N_("On the waiting list for “%(title)s”: no seat is confirmed yet."),
    ScanStatus.WRONG_ACTIVITY: N_("This ticket is for another activity: “%(title)s”."),
    ScanStatus.TOO_EARLY: N_("Too early: attendance is recorded from %(opens_at)s."),
    ScanStatus.TOO_LATE: N_("Too late: attendance was recorded until %(closed_at)s."),
    ScanStatus.RULES: N_("Turned away at the door while it had no connection."),
    ScanStatus.ALREADY_REDEEMED: N_("Already used at %(first)s, %(place)s."),
}
_AGAIN = N_("Admitted again at %(time)s; first at %(first)s, %(place)s.")
_OVER = N_("Too late: nothing is held any more.")
_NO_PLACE = N_("place not named")
_WARNS = frozenset({ScanStatus.TOO_EARLY, ScanStatus.UNAPPROVED, ScanStatus.WRONG_ACTIVITY})
"""What may still turn out well a step further; everything else is a stop."""


def http_status(facts: dict[str, Any]) -> int:
    """The status that goes with the facts."""
    match ScanStatus(facts["status"]):
        case ScanStatus.OK:
            return 201
        case ScanStatus.INVALID:
            return 404
        case _:
            return 400


def answer(facts: dict[str, Any], person: Person, *, replayed: bool) -> dict[str, Any]:
    """The body that goes with the facts."""
    status = ScanStatus(facts["status"])
    first = facts.get("first")
    worded = {"replayed": replayed, "first": first, "message": message(facts)}
    if status is ScanStatus.OK:
        position = {
            "activity": facts["activity"],
            "session": facts["session"],
            "participant": {
                "name": person.name,
                "unit": person.unit or None,
                "group": person.group,
            },
        }
        return {"status": "ok", "position": position, **worded, "tone": "ok"}
    tone = "warn" if status in _WARNS else "stop"
    return {"status": "error", "reason": status.value, **worded, "tone": tone}


def message(facts: dict[str, Any]) -> dict[str, str]:
    """The sentence for the door, by language."""
    status = ScanStatus(facts["status"])
    sentence = _SENTENCES[status]
    first = facts.get("first")
    if status is ScanStatus.OK and first:
        sentence = _AGAIN
    if status is ScanStatus.TOO_LATE and not facts["closed_at"]:
        sentence = _OVER
    day = local(_moment(facts["time"])).date()
    words = {}
    for locale in LOCALES:
        named = {
            name: _when(_moment(facts[name]), locale, day=None if name == "opens_at" else day)
            for name in ("time", "opens_at", "closed_at")
            if facts.get(name)
        }
        if first:
            named["first"] = _when(_moment(first["time"]), locale, day=day)
            named["place"] = first["place"] or translate(_NO_PLACE, locale)
        words[locale] = translate(sentence, locale, **named, title=facts.get("title", ""))
    return words


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _when(moment: datetime, locale: str, *, day: Any) -> str:
    wall = local(moment)
    time = f"{wall:%H} giờ {wall:%M}" if locale == "vi" else f"{wall:%H:%M}"
    if wall.date() == day:
        return time
    return f"{time} ngày {wall:%d/%m/%Y}" if locale == "vi" else f"{time} on {wall:%d/%m/%Y}"

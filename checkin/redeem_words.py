"""The answer of the door in the words of the contract, made from the facts that were kept."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, assert_never

from checkin.models import ScanStatus
from checkin.redeem import Person
from checkin.redeem_store import Answered, NonceReused, Outcome
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
_WITHOUT_TICKET = {
    ScanStatus.INVALID: N_("There is no such activity here."),
    ScanStatus.CANCELED: N_("“%(title)s” was cancelled."),
    ScanStatus.WRONG_ACTIVITY: N_("This scanner does not serve “%(title)s”."),
    ScanStatus.ALREADY_REDEEMED: N_("Recorded before, at %(first)s."),
}
"""The same of who came without a ticket, where it is another sentence."""
_ELSEWHERE = N_("This ticket is for another activity: “%(title)s”, at %(starts_at)s.")
_AGAIN = N_("Admitted again at %(time)s; first at %(first)s, %(place)s.")
_OVER = N_("Too late: nothing is held any more.")
_NO_PLACE = N_("place not named")
_WARNS = frozenset({ScanStatus.TOO_EARLY, ScanStatus.UNAPPROVED, ScanStatus.WRONG_ACTIVITY})
"""What may still turn out well a step further; everything else is a stop."""


def worded(outcome: Outcome) -> tuple[int, dict[str, Any]]:
    """The status and the body that go with what became of an attempt."""
    match outcome:
        case Answered(facts=facts, person=person, replayed=replayed):
            return http_status(facts), answer(facts, person, replayed=replayed)
        case NonceReused():
            return 409, {"status": "error", "reason": "nonce_reused"}
        case _:
            assert_never(outcome)


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
    first = facts.get("first") or {}
    return _worded(
        ScanStatus(facts["status"]),
        _to_the_minute(facts["time"]),
        _to_the_minute(facts.get("opens_at")),
        _to_the_minute(facts.get("closed_at")),
        _to_the_minute(facts.get("starts_at")),
        _to_the_minute(first.get("time")),
        first.get("place"),
        facts.get("title", ""),
        has_ticket=not facts.get("no_ticket"),
    )


def _to_the_minute(text: str | None) -> str | None:
    """What a sentence needs of a moment in UTC."""
    return text and text[:16]


@lru_cache(maxsize=4096)
def _worded(
    status: ScanStatus,
    time: str,
    opens_at: str | None,
    closed_at: str | None,
    starts_at: str | None,
    first: str | None,
    place: str | None,
    title: str,
    *,
    has_ticket: bool,
) -> dict[str, str]:
    """Worded once for all who come in the same minute."""
    sentence = _SENTENCES[status] if has_ticket else _WITHOUT_TICKET.get(status, _SENTENCES[status])
    if status is ScanStatus.OK and first:
        sentence = _AGAIN
    if status is ScanStatus.TOO_LATE and not closed_at:
        sentence = _OVER
    if status is ScanStatus.WRONG_ACTIVITY and has_ticket and starts_at:
        sentence = _ELSEWHERE
    day = local(_moment(time)).date()
    words = {}
    for locale in LOCALES:
        named = {
            "time": _when(time, locale, day=day),
            "closed_at": _when(closed_at, locale, day=day),
            "opens_at": _when(opens_at, locale, day=None),
            "starts_at": _when(starts_at, locale, day=None),
            "first": _when(first, locale, day=day),
            "place": place or translate(_NO_PLACE, locale),
        }
        words[locale] = translate(sentence, locale, **named, title=title)
    return words


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _when(text: str | None, locale: str, *, day: Any) -> str:
    if text is None:
        return ""
    wall = local(_moment(text))
    time = f"{wall:%H} giờ {wall:%M}" if locale == "vi" else f"{wall:%H:%M}"
    if wall.date() == day:
        return time
    return f"{time} ngày {wall:%d/%m/%Y}" if locale == "vi" else f"{time} on {wall:%d/%m/%Y}"

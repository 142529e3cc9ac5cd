"""Presses of the button, looked up, judged and kept: all that wait by one statement each.

``settle`` and ``bring`` do what ``commit_together`` hands them. The rule is ``selfscan``.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from checkin import scanned
from checkin import selfscan_sql as sql
from checkin.models import Grade, ScanStatus
from checkin.newcomers import welcome
from checkin.scanned import Scanned, Sitting
from checkin.selfscan import (
    MOST_COMPANIONS,
    Counted,
    Known,
    NotCounted,
    Press,
    Visitor,
    judge,
    takes_companions,
)
from checkin.selfscan_sql import Seated
from checkin.signals import noticing
from checkin.signals.models import Signal
from checkin.signals.noticing import LOWERED, Mark, Noticed


@dataclass(frozen=True, slots=True)
class Bring:
    """Those who share a phone, after the ones that it already stands for."""

    activity_id: int
    pass_id: str
    already: int
    """What the page said, so that pressing twice adds nothing."""
    more: int
    now: datetime


@dataclass(slots=True)
class _Seat:
    """Whom an attendance is of."""

    pass_id: str | None
    participant_id: int | None = None


@dataclass(slots=True)
class _Admitted:
    """A press that counts, unless its seat is taken by an earlier one."""

    press: Press
    activity: Scanned
    sitting: Sitting
    seat: _Seat
    again: bool = False
    odd: tuple[Signal, str] | None = None

    @property
    def status(self) -> ScanStatus:
        """The word that is kept with it."""
        return ScanStatus.ALREADY_REDEEMED if self.again else ScanStatus.OK

    @property
    def grade(self) -> Grade:
        """What it counts as."""
        return LOWERED[self.press.grade] if self.odd else self.press.grade

    @property
    def mark(self) -> Mark:
        """What is noted of it."""
        slot = self.press.scan_pass.slot if self.press.scan_pass else None
        return Mark(self.activity, self.sitting, self.press.phone, slot, self.press.now)

    @property
    def answer(self) -> Counted:
        """What the visitor is told."""
        seat = self.seat
        return Counted(
            self.activity, self.sitting, seat.pass_id, seat.participant_id, again=self.again
        )


Judged = tuple[Press, _Admitted | NotCounted]
Key = tuple[int, str | int]
"""A sitting, and a pass or a person."""


def settle(connection: sa.Connection, presses: Sequence[Press]) -> list[Counted | NotCounted]:
    """Count the holders of passes, once each; every press is written down."""
    activities = scanned.look_up(connection, {press.activity_id for press in presses})
    judged = [(press, _judged(press, activities.get(press.activity_id))) for press in presses]
    admitted = [one for _press, one in judged if isinstance(one, _Admitted)]
    _seat(connection, admitted)
    new = [one for one in admitted if not one.again]
    _welcome(connection, new)
    numbers = _write_down(connection, [one for one in judged if one[0].activity_id in activities])
    late = _count(connection, [(numbers[one.sitting.id, one.press.nonce], one) for one in new])
    _follow(connection, late)
    return [one.answer if isinstance(one, _Admitted) else one for _press, one in judged]


def _judged(press: Press, activity: Scanned | None) -> _Admitted | NotCounted:
    verdict = judge(press, activity)
    if isinstance(verdict, NotCounted) or activity is None:
        return verdict if isinstance(verdict, NotCounted) else NotCounted(ScanStatus.INVALID)
    return _Admitted(press, activity, verdict.session, _Seat(press.nonce))


def _seat(connection: sa.Connection, admitted: Sequence[_Admitted]) -> None:
    """Give each the attendance that stands for it, and notice what is odd about new ones."""
    if not admitted:
        return
    named = {one.press.who.participant_id for one in admitted if isinstance(one.press.who, Known)}
    people = sql.hold(connection, sorted(named))
    for one in admitted:
        who = one.press.who
        if isinstance(who, Known) and who.participant_id in people:
            one.seat.participant_id = who.participant_id
    taken: dict[Key, _Seat] = {}
    for known in sql.counted(connection, _asked(admitted)):
        _take(taken, known.session_id, _Seat(known.pass_id, known.participant_id))
    noticed = Noticed(connection, [one.mark for one in admitted])
    for one in admitted:
        seat = _take(taken, one.sitting.id, one.seat)
        one.again, one.seat = seat is not one.seat, seat
        one.odd = None if one.again else noticed.add(one.mark)


def _asked(admitted: Sequence[_Admitted]) -> list[dict[str, Any]]:
    return [
        {
            "session_id": one.sitting.id,
            "pass_id": one.seat.pass_id,
            "participant_id": one.seat.participant_id,
        }
        for one in admitted
    ]


def _take(taken: dict[Key, _Seat], sitting: int, seat: _Seat) -> _Seat:
    """The seat that its pass or its person has already, else this one, which is taken now."""
    keys = [(sitting, one) for one in (seat.pass_id, seat.participant_id) if one is not None]
    known = next((taken[key] for key in keys if key in taken), seat)
    for key in keys:
        taken.setdefault(key, known)
    return known


def _welcome(connection: sa.Connection, new: Sequence[_Admitted]) -> None:
    """Keep those who wrote their name."""
    wrote = [(one, one.press.who) for one in new if isinstance(one.press.who, Visitor)]
    if wrote:
        numbers = welcome(connection, [who for _one, who in wrote], wrote[0][0].press.now)
        for (one, _who), number in zip(wrote, numbers, strict=True):
            one.seat.participant_id = number


def _write_down(connection: sa.Connection, judged: Sequence[Judged]) -> dict[tuple[int, str], int]:
    """Keep every press; gives the numbers of those that count, by sitting and pass."""
    kept = sql.insert_scans(connection, [_scan(press, one) for press, one in judged])
    return {(row[2], row[1]): row[0] for row in kept if row[3] == ScanStatus.OK.value}


def _scan(press: Press, one: _Admitted | NotCounted) -> dict[str, Any]:
    sitting = one.sitting.id if isinstance(one, _Admitted) else None
    return _row(press.activity_id, sitting, press.nonce, one.status, press.grade, press.now)


def _row(
    activity: int, sitting: int | None, nonce: str, status: ScanStatus, grade: Grade, at: datetime
) -> dict[str, Any]:
    is_ok = status is ScanStatus.OK
    answer = '{"status": "ok"}' if is_ok else f'{{"status": "error", "reason": "{status.value}"}}'
    return {
        "nonce": nonce,
        "content": hashlib.sha256(f"self-scan {activity} {nonce}".encode()).hexdigest(),
        "status": status.value,
        "grade": grade.value,
        "activity_id": activity,
        "session_id": sitting,
        "at": at,
        "answer": answer,
    }


def _count(
    connection: sa.Connection, new: Sequence[tuple[int, _Admitted]]
) -> list[tuple[int, _Admitted]]:
    """Make attendances of what is new, in one order for everybody, so that nobody waits in a ring.

    Gives those whom another process counted at the same instant.
    """
    if not new:
        return []
    in_order = sorted(new, key=lambda pair: pair[1].press.nonce)
    given = [
        {
            "activity_id": one.activity.id,
            "session_id": one.sitting.id,
            "participant_id": one.seat.participant_id,
            "pass_id": one.press.nonce,
            "scan_id": number,
            "grade": one.grade.value,
            "at": one.press.now,
        }
        for number, one in in_order
    ]
    made = sql.insert_attendances(connection, given)
    counted = [(number, one) for number, one in in_order if number in made]
    noticing.keep(connection, [(number, one.mark) for number, one in counted])
    noticing.doubt(connection, [_doubt(number, one) for number, one in counted if one.odd])
    return [(number, one) for number, one in in_order if number not in made]


def _follow(connection: sa.Connection, late: Sequence[tuple[int, _Admitted]]) -> None:
    """Let presses stand for what another process made of them."""
    if not late:
        return
    sql.repeat(connection, [number for number, _one in late])
    taken: dict[Key, _Seat] = {}
    for known in sql.counted(connection, _asked([one for _number, one in late])):
        _take(taken, known.session_id, _Seat(known.pass_id, known.participant_id))
    twice = [one.seat for _number, one in late if isinstance(one.press.who, Visitor)]
    sql.forget(connection, [seat.participant_id for seat in twice if seat.participant_id])
    for _number, one in late:
        one.seat, one.again = _take(taken, one.sitting.id, one.seat), True


def _doubt(number: int, one: _Admitted) -> dict[str, Any]:
    signal, series = one.odd or (Signal.ONE_PHONE, "")
    return {
        "scan_id": number,
        "activity_id": one.activity.id,
        "signal": signal.value,
        "series": series,
        "grade": one.press.grade.value,
        "raised_at": one.press.now,
    }


def bring(connection: sa.Connection, asked: Sequence[Bring]) -> list[bool]:
    """Count those who share phones; false where the phone itself was not counted."""
    return [_bring(connection, one) for one in asked]


def _bring(connection: sa.Connection, asked: Bring) -> bool:
    activity = scanned.look_up(connection, [asked.activity_id]).get(asked.activity_id)
    sittings = [one.id for one in activity.sittings] if activity else []
    phone = next(iter(sql.of_pass(connection, sittings, asked.pass_id)), None)
    if activity is None or phone is None:
        return False
    there = companions(connection, phone)
    if not takes_companions(activity, asked.now) or len(there) != asked.already:
        return True
    last = min(asked.already + asked.more, MOST_COMPANIONS)
    names = [f"{asked.pass_id}+{number}" for number in range(asked.already + 1, last + 1)]
    _add(connection, asked, phone, [name for name in names if name not in there])
    return True


def companions(connection: sa.Connection, phone: Seated) -> set[str]:
    """The passes of those who were counted with a phone besides its holder."""
    names = [f"{phone.pass_id}+{number}" for number in range(1, MOST_COMPANIONS + 1)]
    asked = [{"session_id": phone.session_id, "pass_id": name} for name in names]
    return {one.pass_id or "" for one in sql.counted(connection, asked)}


def _add(connection: sa.Connection, asked: Bring, phone: Seated, names: Sequence[str]) -> None:
    if not names:
        return
    activity, sitting, now = asked.activity_id, phone.session_id, asked.now
    scans = [_row(activity, sitting, name, ScanStatus.OK, phone.grade, now) for name in names]
    numbers = {row[1]: row[0] for row in sql.insert_scans(connection, scans)}
    given = [
        {
            "activity_id": activity,
            "session_id": sitting,
            "participant_id": None,
            "pass_id": name,
            "scan_id": numbers[name],
            "grade": phone.grade.value,
            "at": now,
        }
        for name in names
    ]
    made = sql.insert_attendances(connection, given)
    if late := [number for number in numbers.values() if number not in made]:
        sql.repeat(connection, late)

"""Tickets as they stand while attempts at them are judged, one after the other."""

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from checkin.many import moment
from checkin.models import Direction, Grade, Standing
from checkin.redeem import Admitted, Attempt, Claim, First, Gate, Person, Sitting
from checkin.windows import doors
from events.models import ActivityState


class Claims:
    """The tickets that attempts name, as they stand after each of them."""

    def __init__(self, of_tickets: list[Any], of_codes: list[Any]) -> None:
        self._of_code: dict[str, int] = {row[-1]: row[0] for row in of_codes}
        self._claims: dict[int, Claim] = {}
        self._passages: dict[int, list[_Passage]] = {}
        self._take(of_tickets)
        self._take(of_codes)

    def _take(self, rows: list[Any]) -> None:
        rows.sort(key=lambda row: row[0])
        for number, own in groupby(rows, key=lambda row: row[0]):
            self._claims[number] = _claim([row[:-1] for row in own])

    def of(self, attempt: Attempt) -> Claim | None:
        """The ticket that a secret stands for."""
        ticket = attempt.ticket
        if ticket is None:
            return self._now(self._of_code.get(attempt.secret, 0))
        claim = self._now(ticket.registration_id)
        return claim if claim and claim.activity_id == ticket.activity_id else None

    def passed(self, attempt: Attempt, verdict: Admitted, gate: Gate, at: datetime) -> None:
        """Somebody went in or out: the next scan of the ticket sees that."""
        passage = _Passage(attempt, verdict.sitting, gate, at)
        self._passages.setdefault(verdict.claim.registration_id, []).append(passage)

    def _now(self, number: int) -> Claim | None:
        """A ticket after whoever went in or out by it; few are scanned twice, so only if asked."""
        for passage in self._passages.pop(number, ()):
            self._claims[number] = _after(self._claims[number], passage)
        return self._claims.get(number)


@dataclass(frozen=True, slots=True)
class _Passage:
    """An attempt by which somebody went in or out of a sitting, as it stood before."""

    attempt: Attempt
    sitting: Sitting
    gate: Gate
    at: datetime


def _after(claim: Claim, passage: _Passage) -> Claim:
    before, at = passage.sitting, passage.at
    if passage.attempt.direction is Direction.EXIT:
        after = replace(before, left_at=at)
    else:
        own = first_of(passage.attempt, passage.gate, at)
        first = min(own, before.first or own, key=lambda f: f.order)
        after = replace(before, first=first, left_at=None)
    sittings = [after if s.id == before.id else s for s in claim.sittings]
    return replace(claim, sittings=sittings)


def first_of(attempt: Attempt, gate: Gate, at: datetime) -> First:
    """An attempt as that which an attendance may rest on."""
    return First(at, Grade.STAFF_SCAN, gate.name, gate.device_id, attempt.nonce)


def _claim(rows: Any) -> Claim:
    return Claim(
        registration_id=rows[0][0],
        participant_id=rows[0][1],
        serial=rows[0][2],
        standing=Standing(rows[0][3]),
        activity_id=rows[0][4],
        slug=rows[0][5],
        title=rows[0][6],
        state=ActivityState(rows[0][7]),
        unit_path=rows[0][8],
        venue_id=rows[0][9],
        place=rows[0][10],
        person=Person(*rows[0][11:14]),
        sittings=[_sitting(row[14:]) for row in rows if row[16] is not None],
    )


def _sitting(row: Any) -> Sitting:
    opens_before, closes_after, number, starts, ends, at, grade, device, *scan = row
    device_id, nonce, left_at = scan
    starts_at = moment(starts)
    opens_at, closes_at = doors(starts_at, moment(ends), opens_before, closes_after)
    first = None
    if at is not None:
        first = First(moment(at), Grade(grade), device, device_id or 0, nonce or "")
    outside = moment(left_at) if left_at is not None else None
    return Sitting(number, starts_at, opens_at, closes_at, first, outside)

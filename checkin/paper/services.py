"""What was signed becomes attendance of the grade *paper*; a code entered again changes nothing."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from accounts.scope import Scope
from checkin import notice
from checkin.models import (
    Attendance,
    Grade,
    Participant,
    Registration,
    Scan,
    ScanStatus,
    Standing,
)
from checkin.paper.codes import Entry, More, Row, Unreadable
from checkin.paper.models import PaperRow, PaperSheet
from checkin.redeem import First
from checkin.services import new_participant
from checkin.settling import Candidate, settle
from core.database import session
from core.i18n import N_
from events.models import Activity, ActivityState, Session

MOST = 1000
"""Rows that are taken at once."""
MOST_MORE = 100
"""People without a row of ours in one line."""

Kind = Literal["recorded", "known", "refused"]

RECORDED = N_("Recorded.")
NAMED = N_("The name was added to what was recorded before.")
ENTERED = N_("Entered before, at %(time)s. It counts once.")
PRESENT = N_("Already recorded at %(time)s by %(grade)s. It counts once.")
UNREADABLE = N_("This is no code of a sheet of ours. Please compare it with the paper.")
NO_SHEET = N_("Please write the code of the sheet before the numbers of its rows.")
FOREIGN = N_("This sheet is not known, or not of your units.")
NO_ROW = N_("This sheet has %(rows)s rows.")
CALLED_OFF = N_("This activity was cancelled.")
NOT_BEGUN = N_("This sitting begins only at %(time)s.")
WITHDRAWN = N_("This registration was withdrawn. If the person came, enter the name after a +.")
WAITING = N_("This person had no seat. If the person came, enter the name after a +.")
TOO_MANY_MORE = N_("At most 100 people in one line.")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one entry."""

    typed: str
    kind: Kind
    text: str
    facts: dict[str, Any] = field(default_factory=dict)
    title: str = ""
    people: int = 0


def enter(entries: Sequence[Entry], scope: Scope, *, nonce: str, now: datetime) -> list[Outcome]:
    """Take what was typed or photographed; ``nonce`` tells people without a row apart."""
    desk = _Desk(entries, scope, nonce, now)
    outcomes = [desk.take(place, entry) for place, entry in enumerate(entries)]
    session().flush()
    settle(session().connection(), desk.candidates(), now=now)
    return outcomes


class _Desk:
    """All that is known of the rows that are entered, asked for once."""

    def __init__(self, entries: Sequence[Entry], scope: Scope, nonce: str, now: datetime) -> None:
        self._nonce, self._now = nonce, now
        self._counting: list[tuple[Scan, Registration]] = []
        sheets = {e.sheet_id for e in entries if not isinstance(e, Unreadable)}
        self._sheets = _sheets(sheets, scope)
        self._rows = _rows(list(self._sheets))
        nonces = [self._key(place, entry) for place, entry in enumerate(entries)]
        self._known = _scans(nonces)
        sittings = [sheet.session_id for sheet in self._sheets.values()]
        people = [r.registration.participant_id for r in self._rows.values()]
        self._present = _present(sittings, people)
        self._blank = _blank(sittings, nonces)

    def _key(self, place: int, entry: Entry) -> str:
        if isinstance(entry, Row):
            return f"paper {entry.sheet_id}-{entry.number}"
        return f"paper {self._nonce} {place}"

    def take(self, place: int, entry: Entry) -> Outcome:
        """One entry, judged and kept."""
        if isinstance(entry, Unreadable):
            return Outcome(entry.typed, "refused", NO_SHEET if entry.needs_sheet else UNREADABLE)
        sheet = self._sheets.get(entry.sheet_id)
        if sheet is None:
            return Outcome(entry.typed, "refused", FOREIGN)
        title = sheet.session.activity.title
        refusal = self._refusal(sheet, entry)
        if refusal is not None:
            text, facts = refusal
            return Outcome(entry.typed, "refused", text, facts, title)
        key = self._key(place, entry)
        if isinstance(entry, More):
            return self._more(entry, sheet, key)
        row = self._rows.get((entry.sheet_id, entry.number))
        if row is None:
            return self._unnamed(entry, sheet, key)
        return self._seated(entry, sheet, row.registration, key)

    def _refusal(self, sheet: PaperSheet, entry: Row | More) -> tuple[str, dict[str, Any]] | None:
        if isinstance(entry, Row) and entry.number > sheet.rows:
            return NO_ROW, {"rows": sheet.rows}
        if isinstance(entry, More) and entry.count > MOST_MORE:
            return TOO_MANY_MORE, {}
        if sheet.session.activity.state is not ActivityState.RELEASED:
            return CALLED_OFF, {}
        if self._now < sheet.session.starts_at:
            return NOT_BEGUN, {"time": sheet.session.starts_at}
        return None

    def _seated(
        self, entry: Row, sheet: PaperSheet, registration: Registration, key: str
    ) -> Outcome:
        """Somebody whose name was printed."""
        title = sheet.session.activity.title
        before = self._known.get(key)
        if before is not None:
            return Outcome(entry.typed, "known", ENTERED, {"time": before}, title)
        if registration.standing is not Standing.CONFIRMED:
            is_waiting = registration.standing is Standing.WAITING
            return Outcome(entry.typed, "refused", WAITING if is_waiting else WITHDRAWN, {}, title)
        self._known[key] = self._now
        seat = (sheet.session_id, registration.participant_id)
        present = self._present.get(seat)
        status = ScanStatus.ALREADY_REDEEMED if present else ScanStatus.OK
        scan = self._scan(sheet, key, status, registration)
        if present is not None:
            at, grade = present
            return Outcome(entry.typed, "known", PRESENT, {"time": at, "grade": grade}, title)
        self._present[seat] = (scan.at, Grade.PAPER)
        self._counting.append((scan, registration))
        return Outcome(entry.typed, "recorded", RECORDED, {}, title, people=1)

    def _unnamed(self, entry: Row, sheet: PaperSheet, key: str) -> Outcome:
        """A row that was blank: somebody who wrote a name on it, or one more."""
        title = sheet.session.activity.title
        before = self._known.get(key)
        if before is None:
            self._known[key] = self._now
            self._blank[key] = self._one_more(sheet, key, entry.name, entry.unit)
            return Outcome(entry.typed, "recorded", RECORDED, {}, title, people=1)
        attendance = self._blank.get(key)
        if attendance is not None and attendance.participant_id is None and entry.name:
            attendance.participant_id = self._person(entry.name, entry.unit).id
            return Outcome(entry.typed, "known", NAMED, {}, title)
        return Outcome(entry.typed, "known", ENTERED, {"time": before}, title)

    def _more(self, entry: More, sheet: PaperSheet, key: str) -> Outcome:
        title = sheet.session.activity.title
        if key in self._known:
            return Outcome(entry.typed, "known", ENTERED, {"time": self._known[key]}, title)
        for number in range(1, entry.count + 1):
            one = key if number == 1 else f"{key}+{number}"
            self._one_more(sheet, one, entry.name if number == 1 else "", entry.unit)
        return Outcome(entry.typed, "recorded", RECORDED, {}, title, people=entry.count)

    def _one_more(self, sheet: PaperSheet, key: str, name: str, unit: str) -> Attendance:
        scan = self._scan(sheet, key, ScanStatus.OK, None)
        session().flush()
        attendance = Attendance(
            activity_id=sheet.session.activity_id,
            session_id=sheet.session_id,
            participant_id=self._person(name, unit).id if name else None,
            pass_id=key,
            scan_id=scan.id,
            grade=Grade.PAPER,
            at=scan.at,
        )
        session().add(attendance)
        return attendance

    def _person(self, name: str, unit: str) -> Participant:
        person = new_participant(name, unit, locale="vi", now=self._now)
        given = notice.consent(notice.ATTENDANCE, locale="vi", now=self._now)
        given.participant_id, given.channel = person.id, "paper"
        session().add(given)
        return person

    def _scan(
        self, sheet: PaperSheet, key: str, status: ScanStatus, registration: Registration | None
    ) -> Scan:
        """The attempt, as of the sitting's beginning: nobody knows when it was signed."""
        at = sheet.session.starts_at
        scan = Scan(
            nonce=key,
            request_hash=hashlib.sha256(key.encode()).hexdigest(),
            status=status,
            grade=Grade.PAPER,
            activity_id=sheet.session.activity_id,
            session_id=sheet.session_id,
            registration_id=registration.id if registration else None,
            at=at,
            received_at=self._now,
            made_at=at,
            answer={},
        )
        session().add(scan)
        return scan

    def candidates(self) -> list[Candidate]:
        """Those with a seat who were not counted yet, for whoever settles what counts."""
        return [
            Candidate(
                activity_id=scan.activity_id or 0,
                session_id=scan.session_id or 0,
                participant_id=registration.participant_id,
                registration_id=registration.id,
                scan_id=scan.id,
                order=First(scan.at, Grade.PAPER, None, 0, scan.nonce).order,
            )
            for scan, registration in self._counting
        ]


def _sheets(numbers: set[int], scope: Scope) -> dict[int, PaperSheet]:
    """The sheets that one may enter; nobody else counts at their activities until we are done."""
    found = (
        sa.select(PaperSheet)
        .join(PaperSheet.session)
        .join(Session.activity)
        .where(PaperSheet.id.in_(numbers), scope.owns(Activity.unit_id))
        .options(contains_eager(PaperSheet.session).contains_eager(Session.activity))
        .order_by(Activity.id, PaperSheet.id)
        .with_for_update(of=Activity)
    )
    return {sheet.id: sheet for sheet in session().scalars(found)}


def _rows(sheet_ids: list[int]) -> dict[tuple[int, int], PaperRow]:
    found = sa.select(PaperRow).where(PaperRow.sheet_id.in_(sheet_ids))
    rows = session().scalars(found.options(joinedload(PaperRow.registration)))
    return {(row.sheet_id, row.number): row for row in rows}


def _scans(nonces: list[str]) -> dict[str, datetime]:
    """When each was entered before."""
    found = sa.select(Scan.nonce, Scan.received_at).where(Scan.device_id.is_(None))
    return {row[0]: row[1] for row in session().execute(found.where(Scan.nonce.in_(nonces)))}


def _present(
    session_ids: list[int], participant_ids: list[int]
) -> dict[tuple[int, int], tuple[datetime, Grade]]:
    """Who is counted at these sittings already."""
    found = sa.select(Attendance).where(Attendance.session_id.in_(session_ids))
    found = found.where(Attendance.participant_id.in_(participant_ids))
    rows = session().scalars(found)
    return {(a.session_id, a.participant_id or 0): (a.at, a.grade) for a in rows}


def _blank(session_ids: list[int], nonces: list[str]) -> dict[str, Attendance]:
    """What was entered for blank rows before."""
    found = sa.select(Attendance).where(Attendance.session_id.in_(session_ids))
    found = found.where(Attendance.pass_id.in_(nonces))
    return {a.pass_id or "": a for a in session().scalars(found)}

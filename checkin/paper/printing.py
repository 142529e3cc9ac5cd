"""Sheets to sign: made for sittings, kept, and laid out as one file to print."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import qrcode
import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from accounts.models import Account
from accounts.scope import Scope
from checkin import notice
from checkin.models import Participant, Registration, Standing
from checkin.paper.codes import MOST_ROWS, row_code, sheet_code
from checkin.paper.models import PaperRow, PaperSheet
from core.database import session
from core.errors import DomainError
from core.i18n import N_, translate
from core.paging import portions
from core.pdf import pdf
from core.text import name_key
from events.models import Activity, ActivityState, Counting, Session

Tell = Callable[[int, int], None]
"""Told how many of how many sheets are ready."""

PAPER = (Counting.TICKETS, Counting.SELF_SCAN)
"""What may come back from paper; heads are counted, not signed for."""
MOST = 3000
"""Rows of one file; more take too long to lay out while somebody waits."""


class TooManyRows(DomainError):
    """One file would be too long."""

    sentence = N_(
        "That would be %(rows)s rows; a file holds 3,000. Please choose a day or one activity."
    )


class NothingToSign(DomainError):
    """No sitting there takes signatures."""

    sentence = N_("Nothing there is counted by tickets or by self-scan, so nobody signs for it.")


def sittings(scope: Scope, first: datetime, last: datetime) -> sa.Select[Session]:
    """The sittings of some days that take signatures, in their order."""
    return _signed(scope).where(Session.starts_at < last, Session.ends_at > first)


def sittings_of(scope: Scope, activity_id: int) -> sa.Select[Session]:
    """The sittings of one activity."""
    return _signed(scope).where(Session.activity_id == activity_id)


def make(
    chosen: Sequence[Session], blank: int, *, actor: Account | None, now: datetime
) -> list[PaperSheet]:
    """Keep what is about to be printed: those who hold a seat by name, then blank rows.

    Raises ``NothingToSign`` and ``TooManyRows``.
    """
    seated = _seated([sitting.activity_id for sitting in chosen])
    pieces = [
        (sitting, part) for sitting in chosen for part in _parts(seated[sitting.activity_id], blank)
    ]
    rows = sum(len(part) for _sitting, part in pieces)
    if not pieces:
        raise NothingToSign()
    if rows > MOST:
        raise TooManyRows(rows=rows)
    account_id = actor.id if actor else None
    sheets = [
        PaperSheet(session=sitting, rows=len(part), printed_at=now, account_id=account_id)
        for sitting, part in pieces
    ]
    session().add_all(sheets)
    session().flush()
    session().add_all(
        PaperRow(sheet_id=sheet.id, number=number, registration=registration)
        for sheet, (_sitting, part) in zip(sheets, pieces, strict=True)
        for number, registration in enumerate(part, 1)
        if registration is not None
    )
    session().flush()
    return sheets


def kept(numbers: Sequence[int]) -> Sequence[PaperSheet]:
    """Sheets that were made before, in their order."""
    activity = joinedload(PaperSheet.session).joinedload(Session.activity)
    found = sa.select(PaperSheet).where(PaperSheet.id.in_(numbers)).order_by(PaperSheet.id)
    return (
        session()
        .scalars(
            found.options(activity.joinedload(Activity.unit), activity.joinedload(Activity.venue))
        )
        .all()
    )


def facts(
    sheets: Sequence[PaperSheet], words: dict[str, Any], tell: Tell = lambda _d, _t: None
) -> dict[str, Any]:
    """All that the pages say; ``words`` gives the fixed words, and the moment of each sitting."""
    named: dict[int, dict[int, Registration]] = defaultdict(dict)
    rows = sa.select(PaperRow).where(PaperRow.sheet_id.in_([sheet.id for sheet in sheets]))
    person = joinedload(PaperRow.registration).joinedload(Registration.participant)
    for row in session().scalars(rows.options(person.joinedload(Participant.unit))):
        named[row.sheet_id][row.number] = row.registration
    pages = []
    for done, sheet in enumerate(sheets, 1):
        pages.append(_facts(sheet, named[sheet.id], words["when"](sheet)))
        tell(done, len(sheets))
    return {
        "words": {**words["fixed"], "notice": translate(notice.SENTENCES[notice.ATTENDANCE], "vi")},
        "sheets": pages,
    }


def laid_out(facts: dict[str, Any], *, now: datetime) -> bytes:
    """The sheets as one file to print."""
    return pdf("sign_in_sheets.typ", facts, made_at=now)


def _facts(sheet: PaperSheet, named: dict[int, Registration], when: str) -> dict[str, Any]:
    activity = sheet.session.activity
    rows = []
    for number in range(1, sheet.rows + 1):
        code = row_code(sheet.id, number)
        found = named.get(number)
        person = found.participant if found else None
        unit = (person.unit.short_name if person.unit else person.unit_text) if person else ""
        name = (person.name or "") if person else ""
        rows.append({"name": name, "unit": unit, "code": code, "qr": _square(code)})
    return {
        "code": sheet_code(sheet.id),
        "title": activity.title,
        "host": activity.unit.name,
        "when": when,
        "where": activity.where,
        "rows": rows,
    }


def _square(code: str) -> str:
    """The code of a row as the smallest square that cameras read; its mask need not be the best."""
    made = qrcode.QRCode(
        version=1, error_correction=qrcode.constants.ERROR_CORRECT_M, border=0, mask_pattern=2
    )
    made.add_data(f"P:{code.replace('-', '')}")
    made.make(fit=False)
    dark = "".join(
        f"M{x} {y}h1v1h-1z"
        for y, line in enumerate(made.modules)
        for x, on in enumerate(line)
        if on
    )
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 -2 25 25">'
    return f'{head}<path d="M-2-2h25v25h-25z" fill="#fff"/><path d="{dark}"/></svg>'


def _signed(scope: Scope) -> sa.Select[Session]:
    return (
        sa.select(Session)
        .join(Session.activity)
        .where(scope.owns(Activity.unit_id), Activity.state == ActivityState.RELEASED)
        .where(Activity.counting.in_(PAPER))
        .options(
            contains_eager(Session.activity).joinedload(Activity.unit),
            contains_eager(Session.activity).joinedload(Activity.venue),
        )
        .order_by(Session.starts_at, Session.id)
    )


def _seated(activity_ids: Sequence[int]) -> dict[int, list[Registration]]:
    """Who holds a seat, in the order of their names."""
    found: dict[int, list[Registration]] = defaultdict(list)
    holding = sa.select(Registration).where(Registration.activity_id.in_(activity_ids))
    holding = holding.where(Registration.standing == Standing.CONFIRMED)
    for registration in session().scalars(holding.options(joinedload(Registration.participant))):
        found[registration.activity_id].append(registration)
    for seated in found.values():
        seated.sort(key=lambda r: (name_key(r.participant.name or ""), r.id))
    return found


def _parts(seated: list[Registration], blank: int) -> list[Sequence[Registration | None]]:
    """The rows of a sitting, cut where the numbers of one sheet end."""
    rows: list[Registration | None] = [*seated, *([None] * blank)]
    return list(portions(rows, MOST_ROWS))

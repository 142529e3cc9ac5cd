"""How many of a group count: the latest number that was told, whichever reached us first.

Each person of the group is one attendance without a name; the scan that told the number is what
they rest on. The log of scans is the truth, the attendances follow from it.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from checkin.models import Attendance, Grade, Scan, ScanStatus


def settle(connection: sa.Connection, session_id: int, key: str) -> None:
    """Let as many attendances stand as the latest scan of the group says."""
    annulment = aliased(Scan)
    told = connection.execute(
        sa.select(Scan.id, Scan.activity_id, Scan.at, Scan.device_id, Scan.nonce, Scan.answer)
        .where(Scan.session_id == session_id, Scan.grade == Grade.HEADCOUNT)
        .where(Scan.status == ScanStatus.OK, Scan.registration_id.is_(None))
        .where(~sa.exists().where(annulment.annuls_id == Scan.id))
    ).all()
    mine = [row for row in told if (row.answer.get("group") or {}).get("key") == key]
    latest = max(mine, key=lambda row: (row.at, row.device_id or 0, row.nonce), default=None)
    held = sa.and_(Attendance.session_id == session_id, Attendance.pass_id.startswith(_prefix(key)))
    if latest is None:
        connection.execute(sa.delete(Attendance).where(held))
        return
    wanted = [f"{_prefix(key)}{n + 1}" for n in range(latest.answer["group"]["present"])]
    there = set(connection.scalars(sa.select(Attendance.pass_id).where(held)))
    rest: dict[str, Any] = {"scan_id": latest.id, "at": latest.at}
    connection.execute(sa.delete(Attendance).where(held, Attendance.pass_id.not_in(wanted)))
    connection.execute(sa.update(Attendance).where(held).values(**rest))
    new = [
        {
            "activity_id": latest.activity_id,
            "session_id": session_id,
            "pass_id": name,
            "grade": Grade.HEADCOUNT,
            **rest,
        }
        for name in wanted
        if name not in there
    ]
    if new:
        connection.execute(sa.insert(Attendance), new)


def withdraw(connection: sa.Connection, scan_id: int) -> None:
    """Count nobody by a scan that was taken back; of a group the number told before holds again."""
    found = sa.select(Scan.session_id, Scan.answer).where(Scan.id == scan_id)
    scan = connection.execute(found).one()
    group = scan.answer.get("group")
    if group:
        settle(connection, scan.session_id, group["key"])
    else:
        connection.execute(sa.delete(Attendance).where(Attendance.scan_id == scan_id))


def _prefix(key: str) -> str:
    return f"group {key}+"

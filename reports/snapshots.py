"""Frozen figures: made once, hashed, numbered; every export prints from one of them."""

import hashlib
import json
import unicodedata
from dataclasses import dataclass
from datetime import MAXYEAR, datetime
from typing import Any

import sqlalchemy as sa

from accounts import audit
from accounts.models import Account, Unit
from core.codes import new_code, shown
from core.database import session
from events import queries as programme
from events.models import Campaign
from reports.errors import NothingToReport, SnapshotAltered
from reports.models import Snapshot
from reports.payload import payload


@dataclass(frozen=True)
class Made:
    """The snapshot that holds the figures of now, and whether it had to be made."""

    snapshot: Snapshot
    is_new: bool


def make_snapshot(unit: Unit, campaign: Campaign, *, actor: Account | None, now: datetime) -> Made:
    """Freeze what is known now; when nothing changed since the last one, that one holds."""
    session().execute(sa.select(Unit.id).where(Unit.id == unit.id).with_for_update())
    text = canonical(payload(unit, campaign, now))
    digest = hashlib.sha256(text.encode()).hexdigest()
    last = latest(unit, campaign)
    if last is not None and last.hash == digest:
        return Made(last, is_new=False)
    snapshot = Snapshot(
        campaign=campaign,
        unit=unit,
        version=last.version + 1 if last else 1,
        code=_new_code(),
        hash=digest,
        payload=text,
        account=actor,
        made_at=now,
    )
    session().add(snapshot)
    audit.record(
        actor,
        unit,
        "snapshot.made",
        f"snapshot:{snapshot.code}",
        {"version": snapshot.version, "hash": digest},
        now,
    )
    session().flush()
    return Made(snapshot, is_new=True)


def canonical(facts: dict[str, Any]) -> str:
    """One text for one content: sorted keys, composed letters, no blanks between."""
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return unicodedata.normalize("NFC", text)


def contents(snapshot: Snapshot) -> dict[str, Any]:
    """What was frozen. Raises ``SnapshotAltered`` when it is no longer what was hashed."""
    if hashlib.sha256(snapshot.payload.encode()).hexdigest() != snapshot.hash:
        raise SnapshotAltered(code=snapshot.code)
    facts: dict[str, Any] = json.loads(snapshot.payload)
    return facts


def latest(unit: Unit, campaign: Campaign) -> Snapshot | None:
    """The current version, if there is any."""
    return session().scalar(_versions(unit, campaign).limit(1))


def versions(unit: Unit, campaign: Campaign) -> list[Snapshot]:
    """Every version, the current one first."""
    return list(session().scalars(_versions(unit, campaign)))


def is_current(snapshot: Snapshot) -> bool:
    """Whether no later version replaced it."""
    return latest(snapshot.unit, snapshot.campaign) is snapshot


def week(year: int) -> Campaign | None:
    """The week of a year."""
    return session().scalar(programme.week_of(year))


def get_subject(year: int, code: str) -> tuple[Unit, Campaign]:
    """The unit and the week that a report is about. Raises ``NothingToReport``."""
    unit = session().scalar(sa.select(Unit).where(Unit.code == code))
    campaign = week(year) if 1 <= year <= MAXYEAR else None
    if unit is None or campaign is None:
        raise NothingToReport(year=year, unit=code)
    return unit, campaign


def _versions(unit: Unit, campaign: Campaign) -> sa.Select[Snapshot]:
    return (
        sa.select(Snapshot)
        .where(Snapshot.campaign_id == campaign.id, Snapshot.unit_id == unit.id)
        .order_by(Snapshot.version.desc())
    )


def _new_code() -> str:
    return shown(new_code(12))

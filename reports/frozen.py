"""What every export prints from: a snapshot's contents and what identifies it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reports import snapshots
from reports.models import Snapshot

Facts = dict[str, Any]


@dataclass(frozen=True)
class Frozen:
    """The contents of a snapshot, checked against its hash."""

    facts: Facts
    version: int
    code: str
    hash: str
    made_at: datetime
    address: str = ""
    """Where anyone can ask whether this version is the current one."""


def frozen(snapshot: Snapshot, public_url: str = "") -> Frozen:
    """The snapshot as exports take it. Raises ``SnapshotAltered``."""
    return Frozen(
        facts=snapshots.contents(snapshot),
        version=snapshot.version,
        code=snapshot.code,
        hash=snapshot.hash,
        made_at=snapshot.made_at,
        address=f"{public_url}/verify/{snapshot.code}" if public_url else "",
    )

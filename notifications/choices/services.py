"""Keeping what recipients choose, and which addresses take nothing."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from core.database import session
from notifications.choices.addresses import key_of
from notifications.choices.models import Preference, Suppression
from notifications.choices.queries import preference
from notifications.occasions import Kind


def choose(
    address: str,
    *,
    refused: Collection[Kind],
    locale: str | None,
    digest: bool,
    now: datetime,
) -> Preference:
    """What an address gets from now on; what may not be refused is not."""
    row = preference(address) or Preference(address_key=key_of(address))
    row.refused = sorted(kind.value for kind in refused if kind.may_be_refused)
    row.locale, row.digest, row.changed_at = locale, digest, now
    session().add(row)
    return row


def refuse(address: str, kind: Kind, *, now: datetime) -> bool:
    """No more letters of one kind; false when it may not be refused."""
    if not kind.may_be_refused:
        return False
    row = preference(address)
    refused = {Kind(name) for name in row.refused} if row else set()
    choose(
        address,
        refused={*refused, kind},
        locale=row.locale if row else None,
        digest=row.digest if row else False,
        now=now,
    )
    return True


def suppress(address: str, *, unit_id: int | None, answer: str, now: datetime) -> None:
    """A server refused the address for good: nothing is sent there until somebody lifts it."""
    dialect = session().get_bind().dialect.name
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    facts = {"address": address, "unit_id": unit_id, "answer": answer[:500], "since": now}
    session().execute(
        insert(Suppression).on_conflict_do_nothing(), [{"address_key": key_of(address), **facts}]
    )


def lift(row: Suppression) -> None:
    """Letters may go there again."""
    session().delete(row)


def forget(before: datetime) -> int:
    """Addresses that were refused long ago are forgotten; their fingerprints are kept."""
    old = sa.update(Suppression).where(Suppression.since < before, Suppression.address != "")
    done = session().connection().execute(old.values(address=""))
    return done.rowcount

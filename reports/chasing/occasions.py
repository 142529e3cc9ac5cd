"""The one letter of a day about all that units owe; what was settled since is left out of it."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from core import clock
from core.database import UtcDateTime, session
from core.i18n import N_, translate
from notifications.occasions import Kind, Letter, Occasion
from reports.chasing import queries
from reports.chasing.models import Digest, Ladder, Obligation, Told
from reports.chasing.queries import Debt
from reports.chasing.words import OBLIGATIONS

NAME = "chasing_digest"

Audience = sa.Select[*tuple[Any, ...]]


def audience(since: datetime, now: datetime) -> Audience:
    """Whoever has a letter of the day in the span."""
    first, last = (sa.literal(moment, UtcDateTime()) for moment in (since, now))
    return (
        sa.select(
            sa.cast(Digest.id, sa.Text).label("subject"),
            Digest.recipient.label("recipient"),
            Digest.unit_id.label("unit_id"),
            sa.literal(0).label("revision"),
            Digest.due_at.label("due_at"),
            Digest.useful_until.label("useful_until"),
            Digest.locale.label("locale"),
        )
        .where(Digest.due_at > first, Digest.due_at <= last)
        .order_by(Digest.id)
    )


def still_due(subject: str, _revision: int, now: datetime) -> bool:
    """Whether anything that it would say is still owed."""
    return bool(_still_owed(int(subject), now))


def compose(subject: str, locale: str) -> Letter:
    """What is still owed, unit by unit."""
    digest = session().get_one(Digest, int(subject))
    debts = _still_owed(digest.id, clock.now())
    units: dict[int, list[Debt]] = {}
    for debt in debts:
        units.setdefault(debt.unit.id, []).append(debt)
    return Letter(
        {
            "reader": digest.unit.name,
            "units": [(owed[0].unit, _lines(owed, digest, locale)) for owed in units.values()],
            "own": all(debt.unit.id == digest.unit_id for debt in debts),
            "campaign_title": debts[0].campaign.title if debts else "",
        }
    )


def link(subject: str) -> str:
    """The page of the units that are silent."""
    digest = session().get_one(Digest, int(subject))
    return f"/office/chasing/{digest.unit.code}"


def _lines(owed: list[Debt], digest: Digest, locale: str) -> list[tuple[str, str, str]]:
    """What is missing, how far it is, and where it is put right."""
    far = translate(N_("%(n)s figures confirmed"), locale)
    return [
        (
            translate(OBLIGATIONS[debt.obligation], locale),
            far % {"n": debt.detail} if debt.detail else "",
            _path(debt, digest),
        )
        for debt in owed
    ]


def _path(debt: Debt, digest: Digest) -> str:
    """Where it is put right; the unit's own link to its duties is for nobody else."""
    if debt.unit.id == digest.unit_id or debt.obligation is not Obligation.DUTY:
        return debt.path
    return f"/desk/duties/units/{debt.unit.code}"


def _still_owed(digest_id: int, now: datetime) -> list[Debt]:
    rows = (
        session()
        .scalars(
            sa.select(Told)
            .where(Told.digest_id == digest_id)
            .options(joinedload(Told.ladder).joinedload(Ladder.campaign), joinedload(Told.unit))
            .order_by(Told.id)
        )
        .all()
    )
    return queries.still_owed(rows, clock.local_day(now))


OCCASIONS = [Occasion(NAME, audience, still_due, compose, link, kind=Kind.DUTY)]
"""When an office chases units."""

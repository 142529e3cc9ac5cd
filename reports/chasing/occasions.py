"""The one letter of a day about all that units owe; what was settled since is left out of it."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from accounts.models import Unit
from core import clock
from core.database import UtcDateTime, session
from core.i18n import N_, translate
from events.duties.links import path
from events.duties.models import Handout
from events.duties.occasions import TOLD_TOGETHER
from events.models import Assignment
from notifications.occasions import Kind, Letter, Occasion
from reports.chasing import debts
from reports.chasing.debts import Debt
from reports.chasing.models import Digest, Ladder, Obligation, Told
from reports.chasing.words import OBLIGATIONS

NAME = "chasing_digest"

Audience = sa.Select[*tuple[Any, ...]]
Line = tuple[str, str, str]


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
    """Whether anything that it would say is still open."""
    digest = session().get_one(Digest, int(subject))
    return bool(_still_owed(digest.id, now)) or bool(debts.duties_of(digest))


def compose(subject: str, locale: str) -> Letter:
    """What is still owed, unit by unit, and the duties of the morning."""
    digest = session().get_one(Digest, int(subject))
    owed = _still_owed(digest.id, clock.now())
    found: dict[Unit, list[Line]] = {}
    for debt in owed:
        found.setdefault(debt.unit, []).append(_line(debt, digest, locale))
    titles = [debt.campaign.title for debt in owed]
    for handout, duties in debts.duties_of(digest):
        found.setdefault(handout.unit, []).extend(
            _duty_line(duty, handout, locale) for duty in duties
        )
        titles.append(handout.plan.campaign.title)
    return Letter(
        {
            "reader": digest.unit.name,
            "units": list(found.items()),
            "own": all(unit.id == digest.unit_id for unit in found),
            "campaign_title": next(iter(titles), ""),
        }
    )


def link(subject: str) -> str:
    """The page of the units that are silent."""
    digest = session().get_one(Digest, int(subject))
    return f"/office/chasing/{digest.unit.code}"


def _line(debt: Debt, digest: Digest, locale: str) -> Line:
    """What is missing, how far it is, and where it is put right."""
    far = translate(N_("%(n)s figures confirmed"), locale)
    what = translate(OBLIGATIONS[debt.obligation], locale)
    return what, far % {"n": debt.detail} if debt.detail else "", _path(debt, digest)


def _duty_line(duty: Assignment, handout: Handout, locale: str) -> Line:
    """What is due, by when, and where the unit answers."""
    by = translate(N_("due by %(day)s"), locale)
    day = f"{duty.due_on:%d/%m/%Y}" if duty.due_on else ""
    return duty.duty, by % {"day": day}, path(handout)


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
    return debts.still_owed(rows, clock.local_day(now))


TOLD_TOGETHER.append(debts.has_letter)

OCCASIONS = [Occasion(NAME, audience, still_due, compose, link, kind=Kind.DUTY)]
"""When an office chases units."""

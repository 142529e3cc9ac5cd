"""What units owe, thing by thing, and the address where each puts it right."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from accounts.models import Unit
from core.database import session
from events.duties import occasions as duties
from events.duties.links import path as duties_path
from events.duties.models import Handout
from events.models import Assignment, Campaign, Plan, PlanState
from notifications.models import Message
from reports.chasing import owing
from reports.chasing.models import Digest, Obligation, Told
from reports.indicators import DECLARABLE
from reports.models import Declaration


@dataclass(frozen=True)
class Debt:
    """One thing that a unit owes, and where it is put right."""

    unit: Unit
    campaign: Campaign
    obligation: Obligation
    path: str
    detail: str = ""


def still_owed(rows: Iterable[Told], today: date) -> list[Debt]:
    """What of a letter is owed still, unit by unit."""
    by_ladder: dict[int, list[Told]] = {}
    for row in rows:
        by_ladder.setdefault(row.ladder_id, []).append(row)
    found: list[Debt] = []
    for told in by_ladder.values():
        ladder = told[0].ladder
        if ladder.on_since is None:
            continue
        units = {row.unit_id: row.unit for row in told}
        owed = owing.owes(ladder.obligation, ladder.campaign, today)
        ids = session().scalars(sa.select(Unit.id).where(Unit.id.in_(units), owed))
        open_units = [units[number] for number in ids]
        found += debts(open_units, ladder.campaign, ladder.obligation)
    return sorted(found, key=lambda debt: (debt.unit.path, list(Obligation).index(debt.obligation)))


def debts(units: Sequence[Unit], campaign: Campaign, obligation: Obligation) -> list[Debt]:
    """What these units owe, with the address where each puts it right."""
    if obligation is Obligation.DUTY:
        links = _duty_links(units, campaign)
        return [Debt(unit, campaign, obligation, links.get(unit.id, "/duties")) for unit in units]
    if obligation is Obligation.PLAN:
        return [Debt(unit, campaign, obligation, "/desk/plans") for unit in units]
    is_counted = obligation is Obligation.FIGURES
    confirmed = _confirmed(units, campaign) if is_counted else {}
    return [
        Debt(
            unit, campaign, obligation, f"/office/{unit.code}/{campaign.year}/",
            f"{confirmed.get(unit.id, 0)}/{len(DECLARABLE)}" if is_counted else "",
        )
        for unit in units
    ]  # fmt: skip


def owed_by(unit: Unit, campaign: Campaign, today: date) -> list[Debt]:
    """All that one unit owes."""
    found: list[Debt] = []
    for obligation in Obligation:
        owed = owing.owes(obligation, campaign, today)
        if session().scalar(sa.select(Unit.id).where(Unit.id == unit.id, owed)) is not None:
            found += debts([unit], campaign, obligation)
    return found


def has_letter(address: Any, day: date) -> sa.ColumnElement[bool]:
    """True for addresses that have a letter of the day."""
    return sa.exists().where(Digest.recipient == address, Digest.on_date == day)


def duties_of(digest: Digest) -> list[tuple[Handout, list[Assignment]]]:
    """What of duties due soon or late its reader would hear of that morning and is still open.

    What had a letter of its own before is left out.
    """
    found = []
    for occasion, asked in duties.of_morning(digest.on_date):
        rows = asked.where(asked.selected_columns["recipient"] == digest.recipient)
        for row in session().execute(rows):
            handout, still_open = duties.open_of_day(row.subject)
            if handout is not None and still_open and not _was_told(occasion, row):
                found.append((handout, still_open))
    return found


def _was_told(occasion: str, row: Any) -> bool:
    known = sa.select(Message.id).where(
        Message.occasion == occasion,
        Message.subject == row.subject,
        Message.recipient == row.recipient,
    )
    return session().scalar(known.limit(1)) is not None


def _duty_links(units: Sequence[Unit], campaign: Campaign) -> dict[int, str]:
    rows = session().scalars(
        sa.select(Handout)
        .join(Handout.plan)
        .where(Plan.campaign_id == campaign.id, Plan.state == PlanState.RELEASED)
        .where(Handout.unit_id.in_([unit.id for unit in units]))
        .order_by(Handout.id)
    )
    return {row.unit_id: duties_path(row) for row in rows}


def _confirmed(units: Sequence[Unit], campaign: Campaign) -> dict[int, int]:
    rows = session().execute(
        sa.select(Declaration.unit_id, sa.func.count(Declaration.indicator.distinct()))
        .where(Declaration.campaign_id == campaign.id)
        .where(Declaration.unit_id.in_([unit.id for unit in units]))
        .group_by(Declaration.unit_id)
    )
    return {unit_id: number for unit_id, number in rows}  # noqa: C416

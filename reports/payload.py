"""Everything that the documents of a unit print, gathered at one moment as plain data."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from accounts.models import Unit
from accounts.tree.history import above_on, subtree_on
from core.clock import local
from core.database import session
from events.models import (
    Activity,
    ActivityKind,
    ActivityState,
    Assignment,
    Campaign,
    Evidence,
    Plan,
    PlanState,
)
from reports import declarations
from reports.figures import Figures, figures, in_subtree
from reports.indicators import BY_CODE, CATALOGUE
from reports.models import Declaration, Snapshot

SCHEMA = "tuanhoc.snapshot/1"

HELD = {
    "C1": ActivityKind.OPENING,
    "D1": ActivityKind.BOOKS,
    "E1": ActivityKind.COURSE,
    "E3": ActivityKind.TALK,
    "F1": ActivityKind.CONTEST,
}
"""Indicators that count the activities of one kind."""

Facts = dict[str, Any]


def payload(unit: Unit, campaign: Campaign, now: datetime) -> Facts:
    """The unit's report as data; counted first, so that later rows can only be more."""
    counted = figures(unit, campaign)
    activities = _activities(unit, campaign)
    evidence = _evidence(unit, campaign)
    units = _subtree(unit, campaign)
    stated = declarations.of_subtree(unit, campaign)
    plans = _plans(unit, campaign)
    held = [a for a in activities if _took_place(a, counted, now)]
    rows = [_activity(a, counted, evidence) for a in held]
    names = {u.id: u.short_name for u in units}
    return {
        "schema": SCHEMA,
        "campaign": _campaign(campaign),
        "unit": _unit(unit),
        "totals": {
            "luot": counted.luot,
            "nguoi": counted.nguoi,
            "identified": counted.identified,
        },
        "by_activity": counted.by_activity,
        "by_day": [{"day": d.isoformat(), "luot": n} for d, n in counted.by_day.items()],
        "by_kind": counted.by_kind,
        "by_unit": counted.by_unit,
        "by_group": counted.by_group,
        "by_grade": counted.by_grade,
        "activities": rows,
        "ahead": sum(a.state is ActivityState.RELEASED for a in activities) - len(held),
        "units": _units(units, rows, stated, _submitted(unit, campaign)),
        "plans": [_plan(p) for p in plans if p.unit_id in above_on(unit, campaign.ends_on)],
        "duties": _duties(unit, campaign),
        "counted": _counted(rows, counted, plans, {u.id for u in units}),
        "declared": [
            {
                "indicator": one.indicator.code,
                "label": one.indicator.vietnamese,
                "unit_of_measure": one.indicator.measure,
                "value": one.value,
                "source": one.source,
            }
            for one in declarations.summed(unit, names, stated)
        ],
        "passages": {
            **declarations.proposed_frame(unit),
            **declarations.passages(unit, campaign),
        },
    }


def _campaign(campaign: Campaign) -> Facts:
    return {
        "year": campaign.year,
        "title": campaign.title,
        "theme": campaign.theme,
        "message": campaign.message,
        "letter": campaign.letter,
        "starts_on": campaign.starts_on.isoformat(),
        "ends_on": campaign.ends_on.isoformat(),
    }


def _unit(unit: Unit) -> Facts:
    return {
        "code": unit.code,
        "name": unit.name,
        "short_name": unit.short_name,
        "kind": unit.kind.value,
        "place": unit.place or (unit.parent.place if unit.parent else ""),
        "symbol": unit.symbol,
        "headcount": unit.headcount,
        "parent": unit.parent.name if unit.parent else "",
    }


def _plan(plan: Plan) -> Facts:
    return {
        "unit": plan.unit.name,
        "title": plan.title,
        "symbol": plan.document_symbol,
        "issued_on": plan.issued_on.isoformat() if plan.issued_on else "",
    }


def _subtree(unit: Unit, campaign: Campaign) -> list[Unit]:
    """The unit and all that was below it; without those that had ended, or had not begun."""
    held = sa.select(Activity.unit_id).where(in_subtree(unit, campaign))
    here = sa.or_(Unit.was_there(campaign.starts_on, campaign.ends_on), Unit.id.in_(held))
    return list(session().scalars(subtree_on(unit, campaign.ends_on).units().where(here)))


def _activities(unit: Unit, campaign: Campaign) -> list[Activity]:
    return list(
        session().scalars(
            sa.select(Activity)
            .where(in_subtree(unit, campaign))
            .options(joinedload(Activity.unit), joinedload(Activity.venue))
            .order_by(Activity.starts_at, Activity.id)
        )
    )


def _took_place(activity: Activity, counted: Figures, now: datetime) -> bool:
    """Whether it began and was not called off, or people came all the same."""
    on = activity.state is ActivityState.RELEASED and activity.starts_at <= now
    return on or counted.by_activity.get(activity.slug, 0) > 0


def _activity(
    activity: Activity, counted: Figures, evidence: Mapping[int, tuple[int, int]]
) -> Facts:
    pieces, total = evidence.get(activity.id, (0, 0))
    return {
        "slug": activity.slug,
        "title": activity.title,
        "kind": activity.kind.value,
        "format": activity.format.value,
        "counting": activity.counting.value,
        "state": activity.state.value,
        "unit": activity.unit.code,
        "unit_name": activity.unit.short_name,
        "place": activity.where,
        "starts_at": local(activity.starts_at).isoformat(),
        "ends_at": local(activity.ends_at).isoformat(),
        "luot": counted.by_activity.get(activity.slug, 0),
        "evidence": pieces,
        "evidence_count": total,
    }


def _evidence(unit: Unit, campaign: Campaign) -> dict[int, tuple[int, int]]:
    """How many pieces of evidence each activity has, and what they count together."""
    total = sa.func.coalesce(sa.func.sum(Evidence.count), 0)
    rows = session().execute(
        sa.select(Evidence.activity_id, sa.func.count(), total)
        .where(Evidence.activity_id.in_(sa.select(Activity.id).where(in_subtree(unit, campaign))))
        .group_by(Evidence.activity_id)
    )
    return {number: (pieces, int(total or 0)) for number, pieces, total in rows if number}


def _plans(unit: Unit, campaign: Campaign) -> list[Plan]:
    """The released plans of the subtree and of the units above, from the top down."""
    above = above_on(unit, campaign.ends_on)
    below = subtree_on(unit, campaign.ends_on)
    return list(
        session().scalars(
            sa.select(Plan)
            .join(Plan.unit)
            .where(Plan.campaign_id == campaign.id, Plan.state == PlanState.RELEASED)
            .where(sa.or_(below.condition(), Unit.id.in_(above)))
            .options(joinedload(Plan.unit))
            .order_by(Unit.path)
        )
    )


def _duties(unit: Unit, campaign: Campaign) -> Facts:
    row = session().execute(
        sa.select(
            sa.func.count(),
            sa.func.count(Assignment.done_at),
            sa.func.count(Assignment.unit_id.distinct()),
        )
        .join(Plan, Plan.id == Assignment.plan_id)
        .where(
            Plan.campaign_id == campaign.id, subtree_on(unit, campaign.ends_on).owns(Plan.unit_id)
        )
    )
    total, done, units = row.one()
    return {"total": total, "done": done, "units": units}


def _submitted(unit: Unit, campaign: Campaign) -> set[int]:
    """The units below that have a snapshot of their own."""
    return set(
        session().scalars(
            sa.select(Snapshot.unit_id)
            .distinct()
            .where(Snapshot.campaign_id == campaign.id, Snapshot.unit_id != unit.id)
            .where(subtree_on(unit, campaign.ends_on).owns(Snapshot.unit_id))
        )
    )


def _units(
    units: list[Unit],
    activities: list[Facts],
    stated: Mapping[int, Mapping[str, Declaration]],
    submitted: set[int],
) -> list[Facts]:
    found: dict[str, Facts] = {
        unit.code: {
            "code": unit.code,
            "name": unit.name,
            "short_name": unit.short_name,
            "headcount": unit.headcount,
            "activities": 0,
            "luot": 0,
            "online": 0,
            "declared": {c: row.value for c, row in stated.get(unit.id, {}).items()},
            "submitted": unit.id in submitted,
        }
        for unit in units
    }
    for activity in activities:
        host = found[activity["unit"]]
        host["activities"] += 1
        host["luot"] += activity["luot"]
        host["online"] += activity["luot"] if activity["format"] == "online" else 0
    return list(found.values())


def _counted(
    activities: list[Facts], counted: Figures, plans: list[Plan], units: set[int]
) -> Facts:
    values = {code: sum(a["kind"] == kind.value for a in activities) for code, kind in HELD.items()}
    values["A2"] = sum(p.unit_id in units for p in plans)
    values["A3"] = len({a["unit"] for a in activities})
    values["G1"], values["G2"] = counted.luot, counted.nguoi
    values["K1"] = sum(a["evidence"] for a in activities)
    return {i.code: values[i.code] for i in CATALOGUE if i.code in values and i.code in BY_CODE}

"""The whole plan as a version of it stood, for everyone who kept a link or a printout of it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, abort, render_template, request, url_for
from sqlalchemy.orm import joinedload

from core.database import session
from events.models import Plan
from events.releases import facts as told
from events.releases import queries
from events.releases.models import Release
from events.releases.views import as_span, campaign_or_404, plan_or_404

blueprint = Blueprint("versions", __name__)

WHOLE = 200
"""Activities that one page shows; beyond that the version is read day by day."""


@dataclass(frozen=True)
class Row:
    """One activity as the version had it, and what became of it since."""

    was: told.Facts
    since: str

    @property
    def day(self) -> date:
        """The day it was to begin on."""
        return as_span(self.was["when"]).first


@blueprint.get("/<any(weeks, movements):run>/<int:year>/changes/<code>/<int:number>")
def show(run: str, year: int, code: str, number: int) -> str:
    """The programme of one plan as of a version."""
    campaign = campaign_or_404(run, year)
    plan = plan_or_404(campaign, code)
    version = _version(plan, number) or abort(404)
    since = _since(plan, version)
    rows = [Row(was, since.get(key, "")) for key, was in version.facts.items()]
    rows.sort(key=lambda row: (row.was["when"], row.was["title"]))
    counts = Counter(row.day for row in rows)
    day = _day(counts) if len(rows) > WHOLE else None
    chosen = [row for row in rows if day is None or row.day == day]
    after = max(0, min(request.args.get("after", 0, type=int), 100_000))
    shown = chosen[after : after + WHOLE]
    here: dict[str, Any] = {"run": run, "year": year, "code": code, "number": number, "day": day}
    earlier = max(0, after - WHOLE) or None
    return render_template(
        "events/releases/version.html",
        week=campaign,
        plan=plan,
        version=version,
        by_day=[(one, list(listed)) for one, listed in groupby(shown, key=lambda row: row.day)],
        counts=counts if day else {},
        earlier=url_for("versions.show", after=earlier, **here) if after else None,
        later=url_for("versions.show", after=after + WHOLE, **here)
        if after + WHOLE < len(chosen)
        else None,
        day=day,
        total=len(rows),
    )


def _version(plan: Plan, number: int) -> Release | None:
    found = sa.select(Release).where(Release.plan_id == plan.id, Release.number == number)
    return session().scalar(found.options(joinedload(Release.account)))


def _since(plan: Plan, version: Release) -> Mapping[str, str]:
    """What became of each activity by later versions, and at once after the last one."""
    later: dict[str, str] = {}
    if version.number < plan.version:
        last = _version(plan, plan.version)
        changes = told.compare(version.facts, last.facts) if last else []
        later = {str(change["activity"]): change["what"] for change in changes}
    at_once = queries.since(plan.campaign, plan)
    return later | {str(one.change["activity"]): one.change["what"] for one in at_once}


def _day(counts: Mapping[date, Any]) -> date:
    """The day that the address names, else the first."""
    asked = request.args.get("day", "")
    return next((day for day in counts if day.isoformat() == asked), min(counts))

"""The settlement page: every scan of every scanner, and how each was settled."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from accounts.access import requires
from accounts.models import Role
from checkin.desk import activity_or_404
from checkin.models import Scan
from checkin.settlements import queries, report
from core import clock, sheet

blueprint = Blueprint("settlements", __name__, url_prefix="/desk")

PAGE = 100
_LONG = 72
"""Hours after which days are told."""


@blueprint.app_template_filter("skew")
def skew(span: timedelta | None) -> str:
    """How far a clock is ahead or behind."""
    if span is None:
        return "–"
    if abs(round(span.total_seconds())) < 2:
        return _("right")
    if span > timedelta():
        return _("%(length)s ahead", length=_length(span))
    return _("%(length)s behind", length=_length(span))


@blueprint.app_template_filter("clock_set")
def clock_set(span: timedelta) -> str:
    """Which way a clock was set, and by how much."""
    if span > timedelta():
        return _("set forward by %(length)s", length=_length(span))
    return _("set back by %(length)s", length=_length(span))


def _length(span: timedelta) -> str:
    """How long, in the two largest measures."""
    seconds = abs(round(span.total_seconds()))
    hours, minutes = seconds // 3600, seconds % 3600 // 60
    if hours > _LONG:
        return _("%(days)s days", days=round(hours / 24))
    if hours:
        return _("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes)
    if minutes:
        return _("%(minutes)s min %(seconds)s s", minutes=minutes, seconds=seconds % 60)
    return _("%(seconds)s s", seconds=seconds)


@blueprint.get("/activities/<int:number>/settlement")
@requires(Role.ORGANISER)
def show(number: int) -> str:
    """Explain every scan of an activity; by default those about which something is to be said."""
    activity = activity_or_404(number, Role.ORGANISER)
    everything = request.args.get("all") == "1"
    device = request.args.get("device", type=int)
    after = min(max(0, request.args.get("after", 0, type=int)), 2**62)
    found = queries.log(activity).where(Scan.id > after)
    if device is not None:
        found = found.where(Scan.device_id == device)
    elif not everything:
        found = found.where(queries.conflicts(activity))
    lines = report.lines(activity, found.limit(PAGE + 1))
    shown: dict[str, Any] = {"number": number, "all": int(everything) or None, "device": device}
    return render_template(
        "checkin/desk/settlement.html",
        activity=activity,
        totals=report.totals(activity),
        clocks=report.clocks(activity),
        lines=lines[:PAGE],
        everything=everything,
        device=device,
        far_off=queries.FAR_OFF,
        first=url_for("settlements.show", **shown) if after else None,
        following=url_for("settlements.show", **shown, after=lines[PAGE - 1].scan.id)
        if len(lines) > PAGE
        else None,
    )


@blueprint.get("/activities/<int:number>/settlement.csv")
@requires(Role.ORGANISER)
def export(number: int) -> Response:
    """Give the whole log for an audit, without names."""
    activity = activity_or_404(number, Role.ORGANISER)
    head = [
        _("No."), _("Scanner"), _("Ticket"), _("Direction"), _("Scanned"), _("Handed in"),
        _("Clock of the scanner"), _("Clock off by (s)"), _("Answer"), _("At the door"),
        _("Settled"), _("Explanation"),
    ]  # fmt: skip
    lines = report.lines(activity, queries.log(activity))
    rows = [head, *(_row(line) for line in lines)]
    response = Response(sheet.as_csv(rows), content_type="text/csv; charset=utf-8")
    name = f"{activity.slug}-settlement.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _row(line: report.Line) -> list[str]:
    scan, settled = line.scan, line.settled
    explained = _(settled.text) % (settled.facts or {}) if settled.text else ""
    notes = [_(note) for note in line.notes]
    if line.clock_set is not None:
        notes.append(_("Its clock was %(set)s before it handed in.", set=clock_set(line.clock_set)))
    return [
        str(scan.id),
        line.device or "",
        line.code or "",
        scan.direction.value,
        f"{clock.local(scan.at):%d/%m/%Y %H:%M:%S}",
        f"{clock.local(scan.received_at):%d/%m/%Y %H:%M:%S}",
        f"{clock.local(scan.made_at):%d/%m/%Y %H:%M:%S}" if scan.made_at else "",
        "" if scan.skew is None else str(round(scan.skew / 1000)),
        scan.status.value,
        scan.decision.value if scan.decision else "",
        _(settled.title),
        " ".join([explained, *notes]).strip(),
    ]

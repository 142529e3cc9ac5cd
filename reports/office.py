"""The office: who owes what, a unit's report on screen, its snapshots and downloads."""

from io import BytesIO
from typing import Any

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask_babel import gettext as _
from werkzeug import Response

from accounts.access import actor, actor_scope, requires
from accounts.models import Account, Role, Unit
from core import clock
from core.database import transaction
from core.i18n import N_, translate
from core.navigation import Item
from core.web import locale
from events.models import Campaign
from reports import annexes, declarations, exports, queries, snapshots, wording
from reports.deadlines import deadline
from reports.document import lines, recipients
from reports.frozen import Frozen, frozen
from reports.indicators import DECLARABLE
from reports.models import Snapshot
from reports.payload import payload
from reports.warnings import warnings
from reports.words import labelled, named_indicator

blueprint = Blueprint("office", __name__)

NAVIGATION = [
    Item(N_("Reports"), "office.home", Role.REPORTER, "office", 10),
    Item(N_("Figures of a unit"), "figures.index", Role.REPORTER, "office", 20),
]


@blueprint.get("/office/")
@requires(Role.REPORTER)
def home() -> Any:
    """Every unit in scope: what it owes, by when, and how far it is."""
    weeks = queries.weeks()
    campaign = chosen(weeks, request.args.get("year", type=int))
    if campaign is None:
        return render_template("reports/no_week.html")
    words = request.args.get("q", "")
    rows, after = queries.rows(
        actor_scope(Role.REPORTER), campaign, words=words, after=request.args.get("after", "")
    )
    return render_template(
        "reports/home.html",
        campaign=campaign,
        weeks=weeks,
        rows=rows,
        after=after,
        words=words,
        declarable=len(DECLARABLE),
    )


@blueprint.get("/office/<code>/<int:year>/")
@requires(Role.REPORTER)
def report(code: str, year: int) -> str:
    """The report of a unit and its subtree as it would be frozen now."""
    unit, campaign = subject(code, year)
    facts = payload(unit, campaign, clock.now())
    versions = snapshots.versions(unit, campaign)
    return render_template(
        "reports/report.html",
        unit=unit,
        campaign=campaign,
        facts=facts,
        labelled=labelled,
        named_indicator=named_indicator,
        deadline=deadline(unit, campaign),
        confirmed=len(declarations.standing(unit, campaign)),
        declarable=len(DECLARABLE),
        versions=versions,
        since=_since(versions, facts),
        warnings=_worded(facts),
    )


@blueprint.post("/office/<code>/<int:year>/snapshots")
@requires(Role.REPORTER)
def make(code: str, year: int) -> Response:
    """Freeze the figures of now."""
    person = actor().id
    with transaction() as opened:
        unit, campaign = subject(code, year)
        account = opened.get_one(Account, person)
        made = snapshots.make_snapshot(unit, campaign, actor=account, now=clock.now())
        number, version = made.snapshot.id, made.snapshot.version
    if made.is_new:
        flash(_("Version %(n)s was made. All documents print from it.", n=version), "ok")
    else:
        flash(_("Nothing has changed since version %(n)s: it still holds.", n=version), "info")
    return redirect(url_for("office.snapshot", number=number))


@blueprint.get("/office/snapshots/<int:number>")
@requires(Role.REPORTER)
def snapshot(number: int) -> str:
    """Is this ready to sign? The document as it will print, its warnings, its downloads."""
    row = snapshot_or_404(number)
    source = _frozen(row)
    latest = snapshots.latest(row.unit, row.campaign)
    return render_template(
        "reports/snapshot.html",
        snapshot=row,
        latest=latest,
        source=source,
        facts=source.facts,
        body=wording.body(source.facts, source.made_at, annexes.named(source.facts)),
        opening=wording.opening(source.facts),
        closing=wording.closing(source.facts),
        lines=lines,
        recipients=recipients(source.facts),
        subject=wording.subject(source.facts),
        symbol=wording.symbol(source.facts),
        dated=wording.dated(source.made_at),
        labelled=labelled,
        named_indicator=named_indicator,
        warnings=_worded(source.facts),
        formats=exports.FORMATS,
    )


@blueprint.get("/office/snapshots/<int:number>.<any(docx, xlsx, csv, json):kind>")
@requires(Role.REPORTER)
def download(number: int, kind: str) -> Response:
    """The snapshot in one of its formats."""
    source = _frozen(snapshot_or_404(number))
    made = exports.FORMATS[kind]
    return send_file(
        BytesIO(made.make(source)),
        mimetype=made.media_type,
        as_attachment=True,
        download_name=exports.filename(source, kind),
        max_age=0,
    )


def subject(code: str, year: int) -> tuple[Unit, Campaign]:
    """The unit and the week, when the one who asks reports there; else a 404."""
    unit = queries.find_unit(actor_scope(Role.REPORTER), code)
    campaign = snapshots.week(year)
    if unit is None or campaign is None:
        abort(404)
    return unit, campaign


def snapshot_or_404(number: int) -> Snapshot:
    """A snapshot of a unit where the one who asks reports."""
    return queries.find_snapshot(actor_scope(Role.REPORTER), number) or abort(404)


def chosen(weeks: list[Campaign], year: int | None) -> Campaign | None:
    """The week of a year, else the last one that has begun, else the first to come."""
    today = clock.local_day(clock.now())
    asked = (w for w in weeks if w.year == year)
    begun = (w for w in weeks if w.starts_on <= today)
    return next(asked, None) or next(begun, None) or (weeks[-1] if weeks else None)


def _frozen(row: Snapshot) -> Frozen:
    return frozen(row, current_app.extensions["settings"].public_url)


def _since(versions: list[Snapshot], facts: dict[str, Any]) -> int | None:
    """How many lượt came since the last snapshot."""
    if not versions:
        return None
    last = snapshots.contents(versions[0])
    return int(facts["totals"]["luot"] - last["totals"]["luot"])


def _worded(facts: dict[str, Any]) -> list[str]:
    return [translate(w.sentence, locale(), **w.facts) for w in warnings(facts)]

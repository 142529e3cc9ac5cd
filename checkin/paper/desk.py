"""Printing sheets to sign, and entering what came back."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from sqlalchemy.orm import contains_eager
from werkzeug.wrappers import Response as BaseResponse

from accounts.access import actor, actor_scope, requires
from accounts.models import Role
from accounts.scope import Scope
from accounts.sheets.words import worded
from checkin.models import Scan
from checkin.paper import jobs as paper_jobs
from checkin.paper import printing, services
from checkin.paper.codes import sheet_code
from checkin.paper.forms import EnteringForm, PrintingForm
from checkin.paper.models import PaperSheet
from checkin.paper.words import GRADES, sheet_words
from core import clock, jobs
from core.database import session, transaction
from core.errors import DomainError
from core.i18n import N_
from core.jobs import Job, JobState
from core.navigation import Item
from core.web import locale
from events.models import Activity, Session

blueprint = Blueprint("paper", __name__)

NAVIGATION = [Item(N_("Sign-in sheets"), "paper.show", Role.STEWARD, "desk", 42)]

LATEST = 20
"""Sheets that the page lists."""


@blueprint.get("/desk/sign-in-sheets")
@requires(Role.STEWARD)
def show() -> str:
    """Choose what to print; the sheets printed last stand below."""
    form = PrintingForm(formdata=None)
    form.day.data = clock.local_day(clock.now())
    form.activity.data = request.args.get("activity", "", str)[:20]
    if form.activity.data:
        form.span.data = "activity"
    return _page(form)


@blueprint.post("/desk/sign-in-sheets")
@requires(Role.STEWARD)
def print_() -> BaseResponse | tuple[str, int]:
    """Keep new sheets and hand them over as one file."""
    form = PrintingForm()
    scope, now = actor_scope(Role.STEWARD), clock.now()
    form.offer(_activities(scope))
    if not form.validate():
        return _page(form), 422
    try:
        with transaction():
            chosen = session().scalars(_chosen(form, scope)).all()
            sheets = printing.make(chosen, form.blank.data or 0, actor=actor(), now=now)
            if sum(sheet.rows for sheet in sheets) > paper_jobs.AT_ONCE:
                paths = list(scope.paths)
                job = paper_jobs.ask(sheets, asked_by=actor().id, paths=paths, now=now)
                return redirect(url_for("paper.file", number=job.id), 303)
            made = printing.laid_out(printing.facts(sheets, sheet_words()), now=now)
    except DomainError as refused:
        flash(_(refused.sentence) % refused.facts, "stop")
        return _page(form), 409
    return _download(made, now)


@blueprint.get("/desk/sign-in-sheets/files/<int:number>")
@requires(Role.STEWARD)
def file(number: int) -> str:
    """How far a long file is; then the way to it."""
    job = _job_or_404(number)
    reason = worded(job.outcome, locale()) if job.state is JobState.FAILED else ""
    return render_template(
        "checkin/paper/file.html",
        job=job,
        is_ready=job.state is JobState.DONE and job.result is not None,
        kept_until=(job.finished_at or job.asked_at) + jobs.FILES_KEPT,
        reason=reason,
    )


@blueprint.get("/desk/sign-in-sheets/files/<int:number>/progress")
@requires(Role.STEWARD)
def progress(number: int) -> BaseResponse:
    """How far it is, for the bar."""
    job = _job_or_404(number)
    step = _(job.step) if job.step else _("Waiting for its turn")
    return jsonify(under_way=job.is_under_way, step=step, done=job.done, total=job.total)


@blueprint.get("/desk/sign-in-sheets/files/<int:number>.pdf")
@requires(Role.STEWARD)
def fetch(number: int) -> Response:
    """Hand the long file over."""
    job = _job_or_404(number)
    return _download(job.result, job.asked_at) if job.result else abort(404)


@blueprint.get("/door/paper")
@requires(Role.STEWARD)
def enter() -> str:
    """Type or photograph the codes of rows that were signed."""
    form = EnteringForm(formdata=None)
    form.nonce.data = str(uuid.uuid4())
    form.codes.data = request.args.get("sheet", "", str)[:20]
    return render_template("checkin/paper/enter.html", form=form, outcomes=[], groups={})


@blueprint.post("/door/paper")
@requires(Role.STEWARD)
def record() -> str | tuple[str, int] | BaseResponse:
    """Record what was signed; every code has its answer, and entering it again changes nothing."""
    form = EnteringForm()
    if not form.validate():
        return render_template("checkin/paper/enter.html", form=form, outcomes=[], groups={}), 422
    entries = form.entries
    with transaction():
        outcomes = services.enter(
            entries,
            actor_scope(Role.STEWARD),
            nonce=str(uuid.UUID(form.nonce.data)),
            now=clock.now(),
        )
    groups = {
        kind: [one for one in outcomes if one.kind == kind]
        for kind in ("refused", "known", "recorded")
    }
    if not groups["refused"]:
        form = EnteringForm(formdata=None)
        form.nonce.data = str(uuid.uuid4())
    return render_template("checkin/paper/enter.html", form=form, outcomes=outcomes, groups=groups)


@blueprint.app_template_filter("paper_answer")
def answer(outcome: services.Outcome) -> str:
    """What became of a row, in words."""
    facts = dict(outcome.facts)
    if "time" in facts:
        facts["time"] = f"{clock.local(facts['time']):%H:%M %d/%m/%Y}"
    if "grade" in facts:
        found = GRADES[facts["grade"]]
        facts["grade"] = _(found)
    return str(_(outcome.text) % facts if facts else _(outcome.text))


def _download(made: bytes, at: datetime) -> Response:
    file = Response(made, mimetype="application/pdf")
    name = f"danh-sach-ky-ten-{clock.local(at):%Y%m%d-%H%M}.pdf"
    file.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return file


def _job_or_404(number: int) -> Job:
    """A long file for units over which one holds the role."""
    found = jobs.latest().where(Job.id == number, Job.kind == paper_jobs.KIND)
    job = session().scalar(jobs.with_files(found))
    mine = actor_scope(Role.STEWARD).paths
    if job is None or not all(path.startswith(tuple(mine)) for path in job.facts["paths"]):
        abort(404)
    return job


def _page(form: PrintingForm) -> str:
    scope = actor_scope(Role.STEWARD)
    form.offer(_activities(scope))
    latest = (
        sa.select(PaperSheet)
        .join(PaperSheet.session)
        .join(Session.activity)
        .where(scope.owns(Activity.unit_id))
        .options(contains_eager(PaperSheet.session).contains_eager(Session.activity))
        .order_by(PaperSheet.id.desc())
        .limit(LATEST)
    )
    sheets = session().scalars(latest).all()
    return render_template(
        "checkin/paper/show.html",
        form=form,
        files=session().scalars(_files()).all(),
        sheets=[(sheet, sheet_code(sheet.id)) for sheet in sheets],
        entered=_entered(sheets),
    )


def _files() -> sa.Select[Job]:
    """The long files that one asked for and that are made or can still be fetched."""
    ready = sa.or_(Job.state.in_(jobs.UNDER_WAY), Job.result.is_not(None))
    return jobs.of(actor().id).where(Job.kind == paper_jobs.KIND, ready).limit(5)


def _entered(sheets: Any) -> dict[int, int]:
    """How many rows of each sheet came back."""
    counted: dict[int, int] = {}
    nonces = [
        (sheet.id, f"paper {sheet.id}-{number}")
        for sheet in sheets
        for number in range(1, sheet.rows + 1)
    ]
    found = sa.select(Scan.nonce).where(Scan.device_id.is_(None))
    came = set(session().scalars(found.where(Scan.nonce.in_([nonce for _id, nonce in nonces]))))
    for number, nonce in nonces:
        counted[number] = counted.get(number, 0) + (nonce in came)
    return counted


def _activities(scope: Scope) -> list[tuple[str, str]]:
    """What may be printed one by one: what is on or ahead, and what ended lately."""
    recent = clock.now() - timedelta(days=2)
    found = (
        sa.select(Activity.id, Activity.title)
        .where(scope.owns(Activity.unit_id), Activity.ends_at > recent)
        .where(Activity.counting.in_(printing.PAPER), Activity.state == "released")
        .order_by(Activity.starts_at, Activity.id)
        .limit(300)
    )
    return [(str(row[0]), row[1]) for row in session().execute(found)]


def _chosen(form: PrintingForm, scope: Scope) -> sa.Select[Session]:
    if form.span.data == "activity":
        return printing.sittings_of(scope, int(form.activity.data))
    first = clock.at(form.first_day)
    return printing.sittings(scope, first, first + timedelta(days=form.days))

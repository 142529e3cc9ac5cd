"""Tables at the desk: take one away, bring one in, look what it would do, keep it or drop it."""

from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as BaseResponse

from accounts.access import actor, actor_scope, requires
from accounts.models import Role
from accounts.scope import Scope
from accounts.sheets.words import EXPLAINED, GOING_BACK, STATUSES, worded
from core import clock, jobs
from core.database import session, transaction
from core.errors import DomainError
from core.i18n import N_, translate
from core.jobs import Job, JobState
from core.navigation import Item
from core.security import takes_files
from core.spreadsheets import errors, importing, writing
from core.spreadsheets.definitions import Sheet
from core.spreadsheets.guard import MOST_BYTES, MOST_ROWS
from core.spreadsheets.preview import Status, Verdict, unpacked
from core.spreadsheets.reading import check
from core.spreadsheets.undoing import looked
from core.web import locale

blueprint = Blueprint("sheets", __name__, url_prefix="/desk/sheets")

NAVIGATION = [Item(N_("Tables in and out"), "sheets.index", Role.ORGANISER, "desk", 60)]

PAGE = 100
"""Lines of a preview before the next page begins."""
_KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@blueprint.get("")
@requires(Role.ORGANISER)
def index() -> str:
    """Which tables there are, and what I brought in lately."""
    found = jobs.of(actor().id).where(Job.kind.in_(importing.KINDS)).limit(10)
    return render_template(
        "sheets/index.html",
        sheets=_open_to_me(),
        known=_sheets(),
        imports=session().scalars(found).all(),
        kept_hours=int(jobs.FILES_KEPT.total_seconds() // 3600),
    )


@blueprint.get("/file")
@requires(Role.ORGANISER)
def file() -> Response:
    """The present data, or with ``rows=0`` an empty table to fill in."""
    sheet = _asked(request.args.get("sheet", ""))
    kind = request.args.get("kind", "xlsx")
    if kind not in _KINDS:
        abort(400)
    is_template = request.args.get("rows") == "0"
    keeper = sheet.open(actor().id, clock.now())
    rows = [] if is_template else sheet.rows(keeper, locale())
    title = translate(sheet.title, locale())
    if kind == "xlsx":
        content = writing.as_xlsx(title, sheet.columns, rows, locale())
    else:
        separator = "," if request.args.get("separator") == "comma" else ";"
        content = writing.as_csv(sheet.columns, rows, locale(), separator)
    day = f"-{clock.local_day(clock.now()):%Y%m%d}"
    return _download(content, f"{sheet.name}{'-mau' if is_template else day}", kind)


@blueprint.get("/new")
@requires(Role.ORGANISER)
def new() -> str:
    """Ask for a file."""
    return _asking(_asked(request.args.get("sheet", "")))


@blueprint.post("/new")
@takes_files(MOST_BYTES + 100_000)
@requires(Role.ORGANISER)
def upload() -> Any:
    """Take a file in, once its first look is harmless; what it would do is looked at next."""
    sheet = _asked(request.form.get("sheet", ""))
    sent = request.files.get("file")
    try:
        content = _content(sent)
        check(content)
        with transaction():
            job = jobs.ask(
                importing.PREVIEW,
                asked_by=actor().id,
                facts={"sheet": sheet.name, "paths": _paths(sheet), "locale": locale()},
                now=clock.now(),
                file=content,
                file_name=_name(sent),
            )
    except DomainError as refusal:
        return _asking(sheet, worded(refusal, locale())), refusal.status
    return redirect(url_for("sheets.show", number=job.id))


@blueprint.get("/imports/<int:number>")
@requires(Role.ORGANISER)
def show(number: int) -> str:
    """How far it is; then what the file would do; then what was done."""
    job = _job_or_404(number, with_files=True)
    if job.is_under_way or job.state is not JobState.DONE:
        return _page("progress" if job.is_under_way else "ended", job)
    if job.outcome.get("kept"):
        return _page("kept", job, has_result=job.result is not None)
    if job.result is None:
        return _page("ended", job)
    return _preview(job, unpacked(job.result))


@blueprint.get("/imports/<int:number>/progress")
@requires(Role.ORGANISER)
def progress(number: int) -> BaseResponse:
    """How far it is, for the bar."""
    job = _job_or_404(number)
    return jsonify(
        under_way=job.is_under_way,
        step=_(job.step) if job.step else _("Waiting for its turn"),
        done=job.done,
        total=job.total,
    )


@blueprint.post("/imports/<int:number>/confirm")
@requires(Role.ORGANISER)
def confirm(number: int) -> BaseResponse:
    """Do all of it."""
    with transaction():
        job = _job_or_404(number)
        if not _waits_for_answer(job):
            return redirect(url_for("sheets.show", number=number))
        if job.outcome["counts"][Status.REFUSED]:
            raise errors.RowsRefused
        job.asked_by = actor().id
        facts = {"fingerprint": job.outcome["fingerprint"], "locale": locale()}
        jobs.go_on(job, importing.KEEP, facts, now=clock.now())
    return redirect(url_for("sheets.show", number=number))


@blueprint.post("/imports/<int:number>/drop")
@requires(Role.ORGANISER)
def drop(number: int) -> BaseResponse:
    """Keep nothing, or be done with what was handed over; the files are erased."""
    with transaction():
        job = _job_or_404(number)
        if job.outcome.get("kept"):
            jobs.erase_thoroughly()
            job.result = None
            flash(_("The file was erased."), "ok")
        elif job.state is not JobState.RUNNING:
            jobs.drop(job, now=clock.now())
            flash(_("The import was dropped and its file erased. Nothing was changed."), "ok")
    return redirect(url_for("sheets.index"))


@blueprint.get("/imports/<int:number>/undo")
@requires(Role.ORGANISER)
def ask_undo(number: int) -> str:
    """Show what would go back, and what cannot."""
    job = _job_or_404(number, with_files=True)
    if not _may_be_undone(job):
        return _page("kept" if job.outcome.get("kept") else "ended", job, has_result=False)
    sheet = _sheets()[job.facts["sheet"]]
    back = looked(job.past or b"", sheet.open(actor().id, clock.now()))
    lines = back.lines()
    stuck = [line for line in lines if line[0] in back.stuck]
    shown = stuck or lines
    facts = {"lines": shown[:PAGE], "total": len(lines), "stuck": len(back.stuck),
             "further": max(len(shown) - PAGE, 0), "going_back": GOING_BACK}  # fmt: skip
    return _page("undo", job, **facts)


@blueprint.post("/imports/<int:number>/undo")
@requires(Role.ORGANISER)
def undo(number: int) -> BaseResponse:
    """Put all of it back."""
    with transaction():
        job = _job_or_404(number, with_files=True)
        if job.is_under_way or job.outcome.get("undone"):
            return redirect(url_for("sheets.show", number=number))
        if not _may_be_undone(job):
            raise errors.TooLateToGoBack
        job.asked_by = actor().id
        facts = {"kept": job.outcome, "locale": locale()}
        jobs.go_on(job, importing.UNDO, facts, now=clock.now())
    return redirect(url_for("sheets.show", number=number))


@blueprint.get("/imports/<int:number>/result")
@requires(Role.ORGANISER)
def result(number: int) -> Response:
    """What an import made that must be taken away, such as passwords."""
    job = _job_or_404(number, with_files=True)
    if job.result is None or not job.outcome.get("kept"):
        abort(404)
    return _download(job.result, f"{job.facts['sheet']}-ket-qua-{job.id}", "xlsx")


def _preview(job: Job, verdicts: list[Verdict]) -> str:
    counts = job.outcome["counts"]
    usual = Status.REFUSED if counts[Status.REFUSED] else ""
    wanted = request.args.get("status", usual)
    lines = [v for v in verdicts if v.status == wanted or wanted not in set(Status)]
    start = max(request.args.get("from", 0, type=int), 0)
    return _page(
        "preview",
        job,
        lines=lines[start : start + PAGE],
        total=len(verdicts),
        start=start,
        previous=max(start - PAGE, 0) if start else None,
        following=start + PAGE if start + PAGE < len(lines) else None,
        wanted=wanted,
        may_confirm=not counts[Status.REFUSED] and len(verdicts) > counts[Status.SAME],
    )


def _page(name: str, job: Job, **facts: Any) -> str:
    sheet = _sheets()[job.facts["sheet"]]
    return render_template(
        f"sheets/{name}.html",
        job=job,
        sheet=sheet,
        counts=job.outcome.get("counts", {}),
        statuses=STATUSES,
        reason=lambda reason: worded(reason, locale()),
        may_be_undone=_may_be_undone(job),
        undo_until=(job.finished_at or job.asked_at) + jobs.FILES_KEPT,
        notes=[_(sentence) % facts for sentence, facts in job.outcome.get("notes", [])],
        **facts,
    )


def _asking(sheet: Sheet, error: str = "") -> str:
    return render_template(
        "sheets/new.html",
        sheet=sheet,
        error=error,
        hint=lambda column: writing.hint(column, locale()),
        offered=lambda column: column.offered(locale()),
        most_rows=MOST_ROWS,
        most_megabytes=MOST_BYTES // 1024 // 1024,
        explained=EXPLAINED,
    )


def _sheets() -> dict[str, Sheet]:
    return {sheet.name: sheet for sheet in current_app.extensions["sheets"]}


def _open_to_me() -> list[Sheet]:
    return [sheet for sheet in _sheets().values() if actor_scope(Role(sheet.role))]


def _asked(name: str) -> Sheet:
    """A sheet that the one who asks may use; another one is the same as none."""
    sheet = next((each for each in _open_to_me() if each.name == name), None)
    return sheet or abort(404 if name else 400)


def _paths(sheet: Sheet) -> list[str]:
    return list(actor_scope(Role(sheet.role)).paths)


def _job_or_404(number: int, *, with_files: bool = False) -> Job:
    """An import of my part of the tree: whoever holds the role over all of it may go on with it."""
    found = jobs.latest().where(Job.id == number, Job.kind.in_(importing.KINDS))
    job = session().scalar(jobs.with_files(found) if with_files else found)
    sheet = _sheets().get(job.facts["sheet"]) if job else None
    if job is None or sheet is None:
        abort(404)
    mine: Scope = actor_scope(Role(sheet.role))
    if not all(any(path.startswith(outer) for outer in mine.paths) for path in job.facts["paths"]):
        abort(404)
    return job


def _may_be_undone(job: Job) -> bool:
    is_kept = job.state is JobState.DONE and bool(job.outcome.get("kept"))
    return is_kept and job.past is not None and not job.outcome.get("undone")


def _waits_for_answer(job: Job) -> bool:
    return job.state is JobState.DONE and not job.outcome.get("kept") and "counts" in job.outcome


def _content(sent: FileStorage | None) -> bytes:
    if sent is None or not sent.filename:
        raise errors.NothingSent
    with sent.stream as stream:
        return bytes(stream.read(MOST_BYTES + 1))


def _name(sent: FileStorage | None) -> str:
    """The name of the file as pages show it."""
    name = (sent.filename or "") if sent else ""
    return "".join(c for c in name.replace("\\", "/").rpartition("/")[2] if c.isprintable())[:120]


def _download(content: bytes, stem: str, kind: str) -> Response:
    response = make_response(content)
    response.headers["Content-Type"] = _KINDS[kind]
    response.headers["Content-Disposition"] = f'attachment; filename="{stem}.{kind}"'
    return response

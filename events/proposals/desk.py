"""Documents at the desk: taken in, looked over, made a plan or put aside."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from accounts import audit
from accounts.access import actor, actor_scope, requires
from accounts.models import Role, Unit
from accounts.tree.heirs import Heirs
from core import clock
from core.database import session, transaction
from core.errors import DomainError
from core.i18n import N_
from core.paging import page
from core.security import BODY_LIMIT
from core.web import locale
from events.proposals import adoption, intake, queries, services
from events.proposals.forms import UploadForm
from events.proposals.models import Proposal, ProposalState
from events.proposals.parts import NEEDED, SECTIONS
from events.proposals.refusals import EmptyFile
from events.proposals.rendering_views import as_words
from events.proposals.reviewing import Review, review

blueprint = Blueprint("proposals_desk", __name__, url_prefix="/desk/proposals")

audit.name(
    {
        "proposal.taken_in": N_("Document taken in"),
        "proposal.confirmed": N_("Plan made of a document"),
        "proposal.discarded": N_("Document put aside"),
        "proposal.restored": N_("Document taken up again"),
    }
)

PAGE = 50
"""Rows of the list before the next page begins."""


@blueprint.get("")
@requires(Role.ORGANISER)
def index() -> str:
    """The documents of my units."""
    number = request.args.get("page", "1")
    if not (number.isascii() and number.isdigit() and 0 < len(number) < 5 and int(number)):
        abort(404)
    found = queries.proposals(actor_scope(Role.ORGANISER)).offset((int(number) - 1) * PAGE)
    rows, more = page(found, PAGE)
    return render_template(
        "events/proposals/index.html",
        rows=rows,
        earlier=url_for(".index", page=int(number) - 1) if int(number) > 1 else None,
        later=url_for(".index", page=int(number) + 1) if more else None,
    )


@blueprint.get("/new")
@requires(Role.ORGANISER)
def new() -> str:
    """Ask for a document."""
    return _ask(_offered(UploadForm(formdata=None)))


@blueprint.post("/new")
@requires(Role.ORGANISER)
def create() -> Any:
    """Read the document and keep it for review; nothing is published by itself."""
    form = _offered(UploadForm())
    if not form.validate():
        return _ask(form), 400
    upload = request.files.get("document")
    name = (upload.filename or "") if upload else ""
    try:
        raw = upload.read() if upload and name else b""
        if name and not raw:
            raise EmptyFile
        reading = intake.read(raw, form.text.data or "")
        with transaction():
            unit = _owner(form, reading)
            proposal = services.take_in(
                reading, unit=unit, by=actor(), source_name=name, now=clock.now()
            )
            _write_down("proposal.taken_in", proposal)
    except DomainError as refusal:
        wrong = form.document if name else form.text
        wrong.errors = [refusal.text(locale())]
        return _ask(form), refusal.status
    return redirect(url_for(".show", number=proposal.id))


@blueprint.get("/<int:number>")
@requires(Role.ORGANISER)
def show(number: int) -> str:
    """The review: each part beside the sentence that it came from."""
    return page_of(review_or_404(number))


@blueprint.post("/<int:number>/confirm")
@requires(Role.ORGANISER)
def confirm(number: int) -> Any:
    """Make the draft of a plan of what was kept."""
    with transaction():
        found = review_or_404(number, lock=True)
        is_new = found.plan is None
        if found.proposal.state is ProposalState.TAKEN and found.proposal.plan_id:
            return redirect(url_for("plans_desk.show", number=found.proposal.plan_id))
        if found.proposal.state is not ProposalState.OPEN:
            abort(404)
        plan = adoption.adopt(found, by=actor(), now=clock.now())
        kept = sum(part.is_kept for part in found.parts)
        _write_down("proposal.confirmed", found.proposal, plan=plan.id, parts=kept)
    said = (
        _("The draft of the plan is ready; look it over, then issue it.")
        if is_new
        else _("The plan has taken over what you kept.")
    )
    flash(said, "ok")
    return redirect(url_for("plans_desk.show", number=plan.id))


@blueprint.post("/<int:number>/<any(discard, restore):step>")
@requires(Role.ORGANISER)
def put_aside(number: int, step: str) -> Any:
    """Put a document aside, or take it up again."""
    with transaction():
        proposal = review_or_404(number, lock=True).proposal
        if step == "discard":
            services.discard(proposal, now=clock.now())
        else:
            services.restore(proposal, now=clock.now())
        done = {"discard": "discarded", "restore": "restored"}[step]
        _write_down(f"proposal.{done}", proposal)
    if step == "restore":
        return redirect(url_for(".show", number=number))
    flash(_("The document is put aside; it can be taken up again from this list."), "ok")
    return redirect(url_for(".index"))


def _ask(form: UploadForm) -> str:
    return render_template("events/proposals/new.html", form=form, most=BODY_LIMIT)


def page_of(found: Review) -> str:
    """The review as it stands."""
    scope = actor_scope(Role.ADMIN)
    return render_template(
        "events/proposals/show.html",
        review=found,
        proposal=found.proposal,
        sections=[
            (name, [part for part in found.parts if part.kind in kinds]) for name, kinds in SECTIONS
        ],
        may_add_units=scope.covers(found.setting.unit),
        first_doubt=next((part.key for part in found.doubtful), None),
        words=as_words(found),
        needed=NEEDED,
    )


def _owner(form: UploadForm, reading: services.Reading) -> Unit:
    """Whose plan it is: as chosen, else as the document says, else the uppermost of mine."""
    today = clock.local_day(clock.now())
    units = list(session().scalars(actor_scope(Role.ORGANISER).present(today))) or abort(404)
    if form.unit.data:
        return next(unit for unit in units if unit.code == form.unit.data)
    return intake.issuer_among(units, reading.understood, Heirs(today).gone()) or units[0]


def _offered(form: UploadForm) -> UploadForm:
    today = clock.local_day(clock.now())
    form.offer(session().scalars(actor_scope(Role.ORGANISER).present(today)))
    return form


def review_or_404(number: int, *, lock: bool = False) -> Review:
    """A document of my units with its parts; locked while something is decided about it."""
    wanted = queries.proposal_in(actor_scope(Role.ORGANISER), number)
    if lock:
        wanted = wanted.with_for_update(of=Proposal)
    proposal = session().scalar(wanted) or abort(404)
    today = clock.local_day(clock.now())
    return review(proposal, actor_scope(Role.ADMIN), today=today)


def _write_down(action: str, proposal: Proposal, **facts: object) -> None:
    subject = f"proposal:{proposal.id}"
    audit.record(actor(), proposal.unit, action, subject, facts, clock.now())

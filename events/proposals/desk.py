"""Documents at the desk: taken in, reviewed part by part, made a plan."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from accounts import audit
from accounts.access import actor, actor_scope, requires
from accounts.models import Role, Unit
from core import clock
from core.database import session, transaction
from core.errors import DomainError
from core.i18n import N_
from core.paging import page
from core.web import locale
from events.models import CampaignKind
from events.proposals import adoption, intake, queries, services
from events.proposals.forms import UploadForm, form_for
from events.proposals.models import Proposal, ProposalState
from events.proposals.parts import NEEDED, SECTIONS, Choice, Part, Standing
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
    form = _offered(UploadForm(formdata=None))
    return render_template("events/proposals/new.html", form=form)


@blueprint.post("/new")
@requires(Role.ORGANISER)
def create() -> Any:
    """Read the document and keep it for review; nothing is published by itself."""
    form = _offered(UploadForm())
    if not form.validate():
        return render_template("events/proposals/new.html", form=form), 400
    upload = request.files.get("document")
    name = (upload.filename or "") if upload else ""
    try:
        raw = upload.read() if upload and name else b""
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
        return render_template("events/proposals/new.html", form=form), refusal.status
    return redirect(url_for(".show", number=proposal.id))


@blueprint.get("/<int:number>")
@requires(Role.ORGANISER)
def show(number: int) -> str:
    """The review: each part beside the sentence that it came from."""
    found = _review_or_404(number)
    return _page(found)


@blueprint.get("/<int:number>/parts/<key>")
@requires(Role.ORGANISER)
def edit(number: int, key: str) -> str:
    """Ask what should stand in a part instead."""
    found = _review_or_404(number)
    part = _editable_or_404(found, key)
    form = form_for(found, part, formdata=None)
    form.show(part.values)
    return _asking(found, part, form)


@blueprint.post("/<int:number>/parts/<key>")
@requires(Role.ORGANISER)
def decide(number: int, key: str) -> Any:
    """Keep a part, drop it, leave it open again, or keep it as it was typed."""
    wanted = request.form.get("choice", "")
    if wanted not in {"keep", "drop", "open", "edit"}:
        _part_or_404(_review_or_404(number), key)
        abort(400)
    if wanted == "edit":
        return _keep_typed(number, key)
    choice = Choice(wanted) if wanted != "open" else None
    with transaction():
        found = _review_or_404(number, lock=True)
        part = _part_or_404(found, key)
        services.decide(found, part, choice, None, now=clock.now())
    return _after(number, key)


@blueprint.post("/<int:number>/keep-clear")
@requires(Role.ORGANISER)
def keep_clear(number: int) -> Any:
    """Keep everything that is not doubtful."""
    with transaction():
        kept = services.keep_clear(_review_or_404(number, lock=True), now=clock.now())
    flash(_("%(n)s parts are kept.", n=kept), "ok")
    return _to_next(number)


@blueprint.post("/<int:number>/drop-rest")
@requires(Role.ORGANISER)
def drop_rest(number: int) -> Any:
    """Leave out everything that is not decided."""
    with transaction():
        dropped = services.drop_rest(_review_or_404(number, lock=True), now=clock.now())
    flash(_("%(n)s parts are left out.", n=dropped), "ok")
    return _to_next(number)


@blueprint.post("/<int:number>/own-unit")
@requires(Role.ORGANISER)
def own_unit(number: int) -> Any:
    """Lay duties of units that we have not got on the unit of the plan."""
    with transaction():
        found = _review_or_404(number, lock=True)
        given = services.give_to_own_unit(found, now=clock.now())
    flash(_("%(unit)s looks after %(n)s duties.", unit=found.setting.unit.name, n=given), "ok")
    return _to_next(number)


@blueprint.post("/<int:number>/units")
@requires(Role.ORGANISER)
def add_units(number: int) -> Any:
    """Place units that the document names below the unit of the plan."""
    with transaction():
        found = _review_or_404(number, lock=True)
        if not actor_scope(Role.ADMIN).covers(found.setting.unit):
            abort(404)
        added = services.add_units(found, request.form.getlist("name"))
        for unit in added:
            facts = {"code": unit.code, "name": unit.name, "parent": found.setting.unit.code}
            audit.record(actor(), unit, "unit.created", f"unit:{unit.code}", facts, clock.now())
    flash(_("%(n)s units were added.", n=len(added)), "ok")
    return _to_next(number)


@blueprint.post("/<int:number>/treat-as/<any(week, movement):kind>")
@requires(Role.ORGANISER)
def treat_as(number: int, kind: str) -> Any:
    """Go on with a document that does not say that it is a plan."""
    with transaction():
        found = _review_or_404(number, lock=True)
        services.call_it(found.proposal, CampaignKind(kind), now=clock.now())
    return redirect(url_for(".show", number=number))


@blueprint.post("/<int:number>/confirm")
@requires(Role.ORGANISER)
def confirm(number: int) -> Any:
    """Make the draft of a plan of what was kept."""
    with transaction():
        found = _review_or_404(number, lock=True)
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
        proposal = _review_or_404(number, lock=True).proposal
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


def _keep_typed(number: int, key: str) -> Any:
    found = _review_or_404(number)
    part = _editable_or_404(found, key)
    form = form_for(found, part)
    if not form.validate():
        return _asking(found, part, form), 400
    with transaction():
        found = _review_or_404(number, lock=True)
        part = _editable_or_404(found, key)
        services.decide(found, part, Choice.KEEP, form.values(part.values), now=clock.now())
    return _after(number, key)


def _page(found: Review) -> str:
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


def _asking(found: Review, part: Part, form: Any) -> str:
    return render_template(
        "events/proposals/edit.html",
        review=found, proposal=found.proposal, part=part, form=form, words=as_words(found),
    )  # fmt: skip


def _after(number: int, key: str) -> Any:
    """The part as it is now, for the page that asked; else the review at the next doubt."""
    if request.headers.get("X-Part") != "1":
        return redirect(url_for(".show", number=number, _anchor=key))
    return show(number)


def _to_next(number: int) -> Any:
    found = _review_or_404(number)
    following = next(iter([*found.doubtful, *found.open]), None)
    anchor = following.key if following else "decided"
    return redirect(url_for(".show", number=number, _anchor=anchor))


def _owner(form: UploadForm, reading: services.Reading) -> Unit:
    """Whose plan it is: as chosen, else as the document says, else the uppermost of mine."""
    units = list(session().scalars(actor_scope(Role.ORGANISER).units()))
    if form.unit.data:
        return next(unit for unit in units if unit.code == form.unit.data)
    return intake.issuer_among(units, reading.understood) or units[0]


def _offered(form: UploadForm) -> UploadForm:
    form.offer(session().scalars(actor_scope(Role.ORGANISER).units()))
    return form


def _review_or_404(number: int, *, lock: bool = False) -> Review:
    wanted = queries.proposal_in(actor_scope(Role.ORGANISER), number)
    if lock:
        wanted = wanted.with_for_update(of=Proposal)
    proposal = session().scalar(wanted) or abort(404)
    return review(proposal, actor_scope(Role.ADMIN))


def _part_or_404(found: Review, key: str) -> Part:
    return found.part(key) or abort(404)


def _editable_or_404(found: Review, key: str) -> Part:
    part = _part_or_404(found, key)
    return part if part.standing is not Standing.GONE else abort(404)


def _write_down(action: str, proposal: Proposal, **facts: object) -> None:
    subject = f"proposal:{proposal.id}"
    audit.record(actor(), proposal.unit, action, subject, facts, clock.now())

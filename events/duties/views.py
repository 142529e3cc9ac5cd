"""The page where a unit answers for its duties: no account, only the link it was given."""

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from accounts import audit
from core import clock
from core.database import session, transaction
from core.errors import DomainError
from core.security import takes_files
from core.text import is_clean
from core.web import locale
from events import planning
from events.duties import handing_in_views as handing_in
from events.duties import keeping, links, queries, services
from events.duties.forms import ShowForm
from events.duties.models import Handout, Photo
from events.duties.photos import LARGEST_FILE
from events.duties.state import is_open
from events.models import Assignment

blueprint = Blueprint("duties", __name__)

FORM_LIMIT = LARGEST_FILE + 1024 * 1024


@blueprint.after_request
def keep_nowhere(response: Response) -> Response:
    """The address is a key: no cache keeps the page, no search engine names it."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.get("/duties/<code>")
def show(code: str) -> str:
    """What the unit has to do, and how far it is; looking changes nothing."""
    return _page(_handout_or_404(code))


@blueprint.post("/duties/<code>/received")
def receive(code: str) -> Any:
    """The unit has received all that was handed out to it."""
    with transaction():
        handout = _handout_or_404(code)
        fresh = [d for d in _duties(handout) if not d.received_at]
        for duty in fresh:
            planning.receive(duty, now=clock.now())
            _write_down("duty.received", duty)
    flash(_("Received is noted. Thank you."), "ok")
    return _back(code)


@blueprint.post("/duties/<code>/<int:number>/<any(done, reopen):step>")
def step(code: str, number: int, step: str) -> Any:
    """The duty is done, or it is not done after all."""
    with transaction():
        duty = _duty_or_404(_handout_or_404(code), number)
        if step == "done":
            planning.finish(duty, now=clock.now())
        else:
            planning.reopen(duty)
        _write_down("duty.done" if step == "done" else "duty.reopened", duty)
    flash(
        _("The duty is marked as done.") if step == "done" else _("The duty is open again."), "ok"
    )
    return _back(code, number)


@blueprint.post("/duties/<code>/<int:number>/evidence")
@takes_files(FORM_LIMIT)
def hand_in(code: str, number: int) -> Any:
    """Show by a photo, a link or a number that the duty is done."""
    handout = _handout_or_404(code)
    _duty_or_404(handout, number)
    form = ShowForm()
    if not form.validate():
        return _page(handout, form, number), 400
    try:
        handing_in.hand_in(form, lambda: _duty_or_404(_handout_or_404(code), number), _write_down)
    except DomainError as refusal:
        form.photo.errors = [refusal.text(locale())]
        return _page(_handout_or_404(code), form, number), refusal.status
    flash(_("The evidence is kept."), "ok")
    return _back(code, number)


@blueprint.post("/duties/<code>/<int:number>/evidence/<int:piece>/remove")
def take_out(code: str, number: int, piece: int) -> Any:
    """Take a piece of evidence out again."""
    with transaction():
        duty = _duty_or_404(_handout_or_404(code), number)
        gone = services.remove_evidence(duty, piece)
        _write_down("duty.unshown", duty)
    keeping.drop(gone)
    flash(_("The evidence was taken out."), "ok")
    return _back(code, number)


@blueprint.get("/duties/<code>/photos/<photo>")
def photo(code: str, photo: str) -> Response:
    """A photo that the unit itself handed in, small."""
    handout = _handout_or_404(code)
    found = _photo(photo)
    if found is None or found.evidence.assignment_id not in {d.id for d in _duties(handout)}:
        abort(404)
    return handing_in.shown(found, small=True)


@blueprint.get("/photos/<photo>")
def public_photo(photo: str) -> Response:
    """A photo whose people agreed that it is shown in public; no other one."""
    found = _photo(photo)
    return handing_in.shown(found if found and found.public_since else None, small=False)


def _page(handout: Handout, form: ShowForm | None = None, number: int | None = None) -> str:
    duties = _duties(handout)
    evidence = queries.evidence(duties)
    return render_template(
        "events/duties/unit.html",
        handout=handout,
        code=links.link_code(handout),
        duties=duties,
        today=clock.local_day(clock.now()),
        partners=queries.companions(duties),
        evidence=evidence,
        photos=queries.photos(piece for pieces in evidence.values() for piece in pieces),
        unanswered=[duty for duty in duties if is_open(duty) and not duty.received_at],
        forms={duty.id: _form(duty, form if duty.id == number else None) for duty in duties},
        faulty=form,
    )


def _form(duty: Assignment, faulty: ShowForm | None) -> ShowForm:
    form = faulty or ShowForm(formdata=None)
    form.stand_by(duty.id)
    return form


def _back(code: str, number: int | None = None) -> Any:
    anchor = f"duty-{number}" if number else None
    return redirect(url_for("duties.show", code=code, _anchor=anchor))


def _handout_or_404(code: str) -> Handout:
    found = links.read_link_code(code)
    if found is None:
        abort(404)
    return session().scalar(queries.handout(*found)) or abort(404)


def _duties(handout: Handout) -> list[Assignment]:
    return list(session().scalars(queries.handed_out(handout)))


def _duty_or_404(handout: Handout, number: int) -> Assignment:
    found = queries.handed_out(handout).where(Assignment.id == number)
    return session().scalar(found) or abort(404)


def _photo(code: str) -> Photo | None:
    return session().scalar(queries.photo(code)) if is_clean(code) else None


def _write_down(action: str, duty: Assignment) -> None:
    """By the link: nobody's account did it."""
    subject = f"duty:{duty.id}"
    facts = {"unit": duty.unit.code, "by": "link"}
    audit.record(None, duty.unit, action, subject, facts, clock.now())

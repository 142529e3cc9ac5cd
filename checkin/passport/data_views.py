"""Where people put right what is kept of them."""

from flask import Blueprint, abort, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from checkin.errors import NameIsTaken
from checkin.models import Participant
from checkin.passport import correcting
from checkin.passport.access import masked, named_or_404
from checkin.passport.codes import code_of
from checkin.passport.correcting import Said
from checkin.passport.forms import CorrectionForm
from checkin.passport.models import PassportLetter
from core import addresses, clock
from core.database import transaction
from core.limits import slow_down_here
from core.misses import stop_guessing
from core.privacy import private
from core.web import locale

blueprint = Blueprint("correction", __name__)


@blueprint.get("/passport/<code>/data")
def show(code: str) -> Response:
    """What is kept of the person, to be written over."""
    stop_guessing()
    person = named_or_404(code)
    form = CorrectionForm(formdata=None)
    form.name.data, form.unit.data = person.name, correcting.unit_of(person)
    form.phone.data = person.phone
    return _page(person, form)


@blueprint.post("/passport/<code>/data")
def keep(code: str) -> Response:
    """Keep it, and write to a new e-mail address."""
    slow_down_here("passport letter", 10)
    form = CorrectionForm()
    with transaction():
        person = named_or_404(code)
        if not form.validate():
            return _page(person, form, 422)
        said = Said(form.name.data or "", form.unit.data or "", form.phone.data or "")
        try:
            changed = correcting.correct(person, said, now=clock.now())
        except NameIsTaken as refusal:
            form.name.errors = [refusal.text(locale())]
            return _page(person, form, refusal.status)
        email = addresses.kept(form.email.data or "")
        is_new = bool(email) and email != person.email
        if is_new:
            correcting.ask_for_address(person, email, now=clock.now())
    if is_new:
        flash(_("A letter goes to the new address. It holds once its link was followed."), "info")
    if changed:
        flash(_("What was written is kept, in every registration and attendance."), "ok")
    return _back(code)


@blueprint.get("/passport/<code>/address/<token>")
def address(code: str, token: str) -> Response:
    """Ask the one who reads the mailbox whether the address is to hold."""
    stop_guessing()
    person = named_or_404(code)
    letter = _letter_or_404(person, token)
    page = render_template(
        "checkin/passport/address.html", person=person, letter=letter, code=code, token=token
    )
    return private(make_response(page))


@blueprint.post("/passport/<code>/address/<token>")
def take_address(code: str, token: str) -> Response:
    """Let the new address hold; the page has a new code from now on."""
    with transaction():
        person = named_or_404(code)
        correcting.take_address(person, _letter_or_404(person, token), now=clock.now())
        new = code_of(person)
    flash(_("The new address holds. The page has a new code; please keep it."), "ok")
    return _back(new)


def _letter_or_404(person: Participant, token: str) -> PassportLetter:
    return correcting.asked_for(person, token, clock.now()) or abort(404)


def _page(person: Participant, form: CorrectionForm, status: int = 200) -> Response:
    page = render_template(
        "checkin/passport/data.html",
        code=code_of(person),
        form=form,
        masked=masked(person.email or ""),
    )
    return private(make_response(page, status))


def _back(code: str) -> Response:
    return redirect(url_for("passport.show", code=code, _anchor="data"), 303)

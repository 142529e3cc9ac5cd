"""The page of one who came: opened by a link or a typed code, without an account."""

import sqlalchemy as sa
from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from checkin import erasure, notice
from checkin.forms import AddressForm
from checkin.models import Participant, Registration
from checkin.passport import certificates, data_views, queries, services
from checkin.passport.access import holder_or_404, masked, named_or_404
from checkin.passport.codes import code_of, holder_of
from checkin.passport.models import Certificate
from checkin.passport.words import HOLDS, PURPOSES, RECORDED
from checkin.personal import secret_of
from core import clock
from core.database import session, transaction
from core.limits import slow_down_here
from core.misses import stop_guessing
from core.privacy import private
from core.settings import Settings
from core.verifying import Kind
from core.web import locale
from notifications.erasure import remove_kept

blueprint = Blueprint("passport", __name__)
blueprint.register_blueprint(data_views.blueprint)


@blueprint.app_template_global()
def passport_path(participant_id: int | None) -> str:
    """The page of a person whom no letter reaches; anybody may have typed another's address."""
    person = session().get(Participant, participant_id) if participant_id else None
    if person is None or person.email or not person.name:
        return ""
    return url_for("passport.show", code=code_of(person))


@blueprint.app_template_global()
def passport_path_of_phone(participant_id: int | None) -> str:
    """The page of who wrote their name on this phone; not of who has a ticket.

    The code of a ticket is short and said aloud at doors: typing it proves too little.
    """
    seat = sa.select(Registration.id).where(Registration.participant_id == participant_id)
    if participant_id is None or session().scalar(seat.limit(1)) is not None:
        return ""
    return passport_path(participant_id)


@blueprint.get("/passport/")
def find() -> Response:
    """Where a code is typed, or asked for by e-mail."""
    return _door()


@blueprint.post("/passport/")
def typed_code() -> Response:
    """Lead on to the page whose code was typed."""
    slow_down_here("passport code", 30)
    written = request.form.get("code", "")[:80]
    person = holder_of(written)
    if person is None:
        return _door(wrong=_("This code is not known. Please compare it, letter by letter."),
                     written=written, status=404)  # fmt: skip
    return redirect(url_for("passport.show", code=code_of(person)), 303)


@blueprint.post("/passport/letters")
def send() -> Response:
    """Send the way to their page to everybody at an address, and tell nobody whether there is."""
    slow_down_here("passport letter", 10)
    form = AddressForm()
    if not form.validate():
        return _door(form=form, status=422)
    with transaction():
        services.ask_for_letters(form.email.data or "", now=clock.now())
    flash(_("When this address is known here, a letter with the link is sent to it shortly."), "ok")
    return redirect(url_for("passport.find"), 303)


@blueprint.get("/passport/<code>")
def show(code: str) -> Response:
    """What the person attended and what is ahead, and what is kept of them."""
    stop_guessing()
    person = holder_or_404(code)
    if not person.name:
        return private(make_response(render_template("checkin/passport/erased.html")))
    people = queries.rows_of(person)
    page = render_template(
        "checkin/passport/show.html",
        code=code_of(person),
        person=person,
        masked=masked(person.email or ""),
        weeks=queries.weeks(people),
        ahead=queries.ahead(people, clock.now()),
        consents=[c for c in queries.consents(people) if c.purpose in PURPOSES],
        purposes=PURPOSES,
        recorded=RECORDED,
        shows_name=certificates.shows_name(person),
        shown_name_sentence=_(notice.SENTENCES[notice.SHOWN_NAME]),
        calendar_path=url_for("personal.show", secret=secret_of(person)),
    )
    return private(make_response(page))


@blueprint.post("/passport/<code>/certificates")
def issue(code: str) -> Response:
    """Issue a certificate of what was attended in a week."""
    number = request.form.get("campaign", 0, type=int)
    with transaction():
        person = named_or_404(code)
        made = services.issue(person, number, now=clock.now())
        if request.form.get("shown_name") == "y":
            services.show_name(person, locale(), now=clock.now())
        number = made.campaign_id
    flash(_("The certificate is ready."), "ok")
    return _back(code, f"week-{number}")


@blueprint.get("/passport/<code>/certificates/<number>.pdf")
def certificate(code: str, number: str) -> Response:
    """The certificate as a file to print or to send."""
    stop_guessing()
    found = _certificate_or_404(named_or_404(code), number)
    settings: Settings = current_app.extensions["settings"]
    response = make_response(certificates.printed(found, settings.public_url, locale()))
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = 'inline; filename="giay-xac-nhan.pdf"'
    return private(response)


@blueprint.post("/passport/<code>/certificates/<number>/revocation")
def revoke(code: str, number: str) -> Response:
    """Let a certificate hold no more."""
    with transaction():
        person = named_or_404(code)
        services.revoke(person, _certificate_or_404(person, number), now=clock.now())
    flash(_("The certificate was taken back. Whoever verifies it is told so."), "ok")
    return _back(code)


@blueprint.post("/passport/<code>/consents/<purpose>/withdrawal")
def withdraw(code: str, purpose: str) -> Response:
    """Take an agreement back."""
    if purpose not in PURPOSES:
        abort(404)
    with transaction():
        person = named_or_404(code)
        made = services.withdraw_consent(person, purpose, now=clock.now())
    _remove(made)
    flash(_("The agreement was taken back."), "ok")
    return _back(code, "data")


@blueprint.post("/passport/<code>/renewal")
def renew(code: str) -> Response:
    """Give the page another code; the old one opens nothing any more."""
    with transaction():
        person = named_or_404(code)
        person.passport_serial += 1
        new = code_of(person)
    flash(_("The page has a new code. Please keep it; the old one opens nothing any more."), "ok")
    return redirect(url_for("passport.show", code=new), 303)


@blueprint.post("/passport/<code>/erasure")
def erase(code: str) -> Response:
    """Erase the name everywhere, at once; the counts stay."""
    with transaction():
        made = erasure.erase_now(queries.rows_of(named_or_404(code)), clock.now())
    _remove(made)
    flash(_("The name and everything that was kept with it is erased."), "ok")
    return _back(code)


def verified(code: str) -> str | None:
    """Say whether a certificate is genuine, and whether it still holds."""
    found = certificates.verified(code)
    if found is None:
        return None
    return render_template("checkin/passport/verify.html", found=found, said=HOLDS[found.holds])


KIND = Kind(prefix=services.PREFIX, length=services.LENGTH, page=verified)


def _door(
    *, wrong: str = "", written: str = "", form: AddressForm | None = None, status: int = 200
) -> Response:
    page = render_template(
        "checkin/passport/find.html",
        wrong=wrong,
        written=written,
        form=form or AddressForm(formdata=None),
    )
    return private(make_response(page, status))


def _certificate_or_404(person: Participant, number: str) -> Certificate:
    ids = {row.id for row in queries.rows_of(person)}
    found = session().scalar(queries.by_code(number))
    if found is None or found.participant_id not in ids or found.revoked_at is not None:
        abort(404)
    return found


def _remove(message_ids: list[str]) -> None:
    settings: Settings = current_app.extensions["settings"]
    remove_kept(settings.instance / "mail", message_ids)


def _back(code: str, place: str = "") -> Response:
    return redirect(url_for("passport.show", code=code, _anchor=place or None), 303)

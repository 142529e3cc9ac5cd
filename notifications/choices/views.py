"""What a recipient chooses, by the link in any letter, without an account.

Looking changes nothing: mail programs and scanners open every link. The one-click way of
RFC 8058 is a POST without cookie or token; the signed code is what proves it.
"""

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

from core import clock
from core.database import session, transaction
from core.i18n import LOCALES
from core.privacy import private
from core.security import csrf
from notifications.choices import services, words
from notifications.choices.links import number_of
from notifications.choices.queries import preference
from notifications.erasure import MARK
from notifications.models import Message
from notifications.occasions import Kind, Occasion

blueprint = Blueprint("choices", __name__, url_prefix="/letters")
csrf.exempt(blueprint)  # the signed code is the token


@blueprint.get("/<code>")
def show(code: str) -> Response:
    """Which letters come, in which language, one by one or once a day."""
    message, kind = _letter_or_404(code)
    return _page(
        "show",
        code=code,
        masked=_masked(message.recipient),
        kinds=words.offered(kind),
        names=words.KINDS,
        why=words.WHY_ALWAYS,
        chosen=preference(message.recipient),
        locale=message.locale,
    )


@blueprint.post("/<code>")
def choose(code: str) -> Response:
    """Keep what was chosen."""
    message, kind = _letter_or_404(code)
    wanted = set(request.form.getlist("kinds"))
    locale = request.form.get("locale", "")
    with transaction():
        services.choose(
            message.recipient,
            refused=[k for k in words.offered(kind) if k.value not in wanted],
            locale=locale if locale in LOCALES else None,
            digest=bool(request.form.get("digest")),
            now=clock.now(),
        )
    flash(_("The choice is kept."), "ok")
    return private(redirect(url_for("choices.show", code=code), 303))


@blueprint.get("/<code>/stop")
def ask(code: str) -> Response:
    """Is it meant? Nothing has changed yet."""
    message, kind = _letter_or_404(code)
    return _page("stop", code=code, masked=_masked(message.recipient), **_said(kind), done=False)


@blueprint.post("/<code>/stop")
def stop(code: str) -> Response:
    """No more letters of this kind; what may not be refused says so."""
    message, kind = _letter_or_404(code)
    with transaction():
        services.refuse(message.recipient, kind, now=clock.now())
    return _page("stop", code=code, masked=_masked(message.recipient), **_said(kind), done=True)


def _letter_or_404(code: str) -> tuple[Message, Kind]:
    """The letter whose code it is, and of which kind it was."""
    number = number_of(code)
    message = session().get(Message, number) if number is not None else None
    if message is None or message.recipient.startswith(MARK):
        abort(404)
    occasions: dict[str, Occasion] = current_app.extensions["occasions"]
    occasion = occasions.get(message.occasion)
    return message, occasion.kind if occasion else Kind.REMINDER


def _said(kind: Kind) -> dict[str, str]:
    return {"kind": words.KINDS[kind], "why": words.WHY_ALWAYS.get(kind, "")}


def _masked(address: str) -> str:
    """Enough of an address for its owner to know it again."""
    name, _at, domain = address.partition("@")
    return f"{name[:2]}…@{domain}"


def _page(name: str, **facts: object) -> Response:
    return private(make_response(render_template(f"notifications/choices/{name}.html", **facts)))

"""The outbox page: what is due, sent, stuck, and why."""

from email import message_from_bytes, policy
from typing import Any, cast

import sqlalchemy as sa
from flask import (
    Blueprint,
    Flask,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.exc import NoResultFound
from werkzeug import Response
from werkzeug.datastructures import MultiDict

from accounts import audit
from accounts.access import actor, actor_scope, requires
from accounts.models import Role
from accounts.scope import Scope
from core import clock
from core.database import session, transaction
from core.errors import DomainError
from core.navigation import Item
from core.paging import page
from core.settings import Settings
from notifications import (
    breaker,
    folder,
    handling,
    labels,
    mailer,
    outbox,
    planning,
    queries,
    trial,
)
from notifications.choices import words
from notifications.models import Message, MessageState
from notifications.occasions import Occasion
from notifications.rendering import compose

blueprint = Blueprint("notifications", __name__, url_prefix="/desk")

NAVIGATION = [Item("Outbox", "notifications.index", Role.ORGANISER, "desk", 70)]

PAGE = 50
"""Messages on one page."""
GONE = (AttributeError, LookupError, ValueError, NoResultFound, DomainError)
"""How a feature says that what a message was about is no longer there."""


@blueprint.record_once
def set_up(state: BlueprintSetupState) -> None:
    """Tell Flask-Mail of the settings when the feature is put into the application."""
    mailer.set_up(cast(Flask, state.app), state.app.extensions["settings"])


@blueprint.get("/outbox")
@requires(Role.ORGANISER)
def index() -> str:
    """What is due, sent, stuck: the newest first."""
    inside = actor_scope(Role.ORGANISER)
    wanted = _filter(request.args)
    before = request.args.get("before", type=int)
    chosen = queries.messages_in(inside).where(wanted.condition())
    rows, more = page(chosen if before is None else chosen.where(Message.id < before), PAGE)
    counted = queries.per_occasion(inside)
    totals = {state: sum(of[state] for of in counted.values()) for state in MessageState}
    kept = _kept_here(inside) if totals[MessageState.SENT] else 0
    return render_template(
        "notifications/index.html",
        messages=rows,
        following=rows[-1].id if more else None,
        before=before,
        wanted=wanted,
        occasions=list(counted),
        totals=totals,
        kept=kept,
        words=labels.STATES
        | ({MessageState.SENT: labels.KEPT} if kept and kept == totals[MessageState.SENT] else {}),
        standing=labels.standing,
        title_of=_title_of,
        deeds=handling.WORDS,
        trouble=breaker.standing(),
    )


@blueprint.get("/outbox/occasions")
@requires(Role.ORGANISER)
def occasions() -> str:
    """How many letters of each occasion stand where, and what becomes of one in doubt."""
    inside = actor_scope(Role.ORGANISER)
    kept = queries.per_occasion(inside, Message.last_answer == folder.KEPT)
    return render_template(
        "notifications/occasions.html",
        counted=queries.per_occasion(inside),
        kept={name: of[MessageState.SENT] for name, of in kept.items()},
        occasions=_occasions(),
        title_of=_title_of,
        in_doubt=labels.IN_DOUBT,
        kinds=words.KINDS,
    )


@blueprint.get("/outbox/<int:number>")
@requires(Role.ORGANISER)
def show(number: int) -> str:
    """One message: where it stands, why, and what it says."""
    message = _message_or_404(number)
    occasion = _occasions().get(message.occasion)
    kept = _kept(message)
    return render_template(
        "notifications/show.html",
        message=message,
        mail=kept or _preview(occasion, message),
        is_kept=kept is not None,
        href=_link(occasion, message),
        open_now=handling.deeds_for(message, clock.now()),
        standing=labels.standing(message),
        title_of=_title_of,
    )


@blueprint.post("/outbox/<int:number>/<deed>")
@requires(Role.ORGANISER)
def act(number: int, deed: str) -> Response:
    """Send again, hold back, release or call off one letter."""
    wanted, now = _deed_or_404(deed), clock.now()
    with transaction():
        message = _message_or_404(number)
        if handling.act(wanted, Message.id == number, now):
            audit.record(
                actor(), message.unit, f"message.{wanted}", f"message:{message.id}", {}, now
            )
            flash(_said(wanted, 1), "ok")
        else:
            flash(_("This cannot be done any more: the message has moved on."), "warn")
    return redirect(url_for("notifications.show", number=number))


@blueprint.post("/outbox/many")
@requires(Role.ORGANISER)
def act_on_many() -> Response:
    """The same with those that were ticked, or with all of a filter."""
    wanted, now = _deed_or_404(request.form.get("deed", "")), clock.now()
    inside, looked_at = actor_scope(Role.ORGANISER), _filter(request.form)
    ticked = [int(n) for n in request.form.getlist("messages") if n.isascii() and n.isdigit()]
    chosen = looked_at.condition() if request.form.get("all") else Message.id.in_(ticked[:PAGE])
    with transaction():
        number = handling.act(wanted, sa.and_(inside.owns(Message.unit_id), chosen), now)
        if number:
            unit = session().scalars(inside.units().limit(1)).one()
            facts = {"number": number}
            audit.record(actor(), unit, f"message.{wanted}", f"messages:{number}", facts, now)
    flash(*((_said(wanted, number), "ok") if number else (_("Nothing to do here."), "warn")))
    return redirect(url_for("notifications.index", **_kept_filter(looked_at)))


@blueprint.post("/outbox/trial")
@requires(Role.ORGANISER)
def write_to_myself() -> Response:
    """Put a letter to the one who asks into the outbox."""
    person, now = actor(), clock.now()
    with transaction():
        unit = session().scalars(actor_scope(Role.ORGANISER).units().limit(1)).one()
        planning.queue([trial.asked_for(person, unit, now)])
        flash(_("A trial letter to %(email)s is on its way.", email=person.email), "ok")
    return redirect(url_for("notifications.index"))


def _message_or_404(number: int) -> Message:
    wanted = queries.messages_in(actor_scope(Role.ORGANISER)).where(Message.id == number)
    found = session().scalar(wanted) if number < 2**62 else None
    if found is None:
        abort(404)
    return found


def _deed_or_404(name: str) -> handling.Deed:
    if name not in set(handling.Deed):
        abort(404)
    return handling.Deed(name)


def _said(deed: handling.Deed, number: int) -> str:
    match deed:
        case handling.Deed.RETRY:
            return ngettext("%(num)s message is sent again within a minute.",
                            "%(num)s messages are sent again within a minute.", number)  # fmt: skip
        case handling.Deed.HOLD:
            return ngettext("%(num)s message is held back.",
                            "%(num)s messages are held back.", number)  # fmt: skip
        case handling.Deed.RELEASE:
            return ngettext("%(num)s message goes out within a minute.",
                            "%(num)s messages go out within a minute.", number)  # fmt: skip
        case handling.Deed.CANCEL:
            return ngettext("%(num)s message is called off.",
                            "%(num)s messages are called off.", number)  # fmt: skip


def _filter(given: MultiDict[str, str]) -> queries.Filter:
    state = given.get("state", "")
    return queries.Filter(
        state=MessageState(state) if state in set(MessageState) else None,
        occasion=given.get("occasion", "")[:80],
        recipient=given.get("recipient", "").replace("\x00", "").strip()[:200],
    )


def _kept_filter(wanted: queries.Filter) -> dict[str, Any]:
    return {name: value or None for name, value in vars(wanted).items()}


def _kept_here(inside: Scope) -> int:
    """How many letters only went to the folder, where there is no mail server."""
    mine = inside.owns(Message.unit_id)
    return outbox.totals(mine, Message.last_answer == folder.KEPT)[MessageState.SENT]


def _occasions() -> dict[str, Occasion]:
    occasions: dict[str, Occasion] = current_app.extensions["occasions"]
    return occasions


def _title_of(name: str) -> str:
    """What the page calls an occasion; one that is gone keeps its own name."""
    occasion = _occasions().get(name)
    return _(occasion.label) if occasion else name


def _link(occasion: Occasion | None, message: Message) -> str:
    """Where the staff sees what it is about, if that still exists."""
    try:
        return occasion.link(message.subject) if occasion else ""
    except GONE:
        return ""


def _kept(message: Message) -> dict[str, Any] | None:
    """The letter as it was kept in the folder."""
    settings: Settings = current_app.extensions["settings"]
    path = folder.path(settings.instance / "mail", message.message_id)
    if not message.message_id or not path.is_file():
        return None
    read = message_from_bytes(path.read_bytes(), policy=policy.default)
    text = read.get_body(("plain",))
    return {
        "subject": str(read["Subject"]),
        "text": text.get_content() if text else "",
        "attachments": [part.get_filename() for part in read.iter_attachments()],
    }


def _preview(occasion: Occasion | None, message: Message) -> dict[str, Any] | None:
    """The letter as it would be written now; nothing when its subject is gone."""
    if occasion is None:
        return None
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
    try:
        mail = compose(app, occasion, message)
    except GONE:
        return None
    names = [attachment.name for attachment in mail.attachments]
    return {"subject": mail.subject, "text": mail.text, "attachments": names}

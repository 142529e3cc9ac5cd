"""The outbox page: what is due, sent, stuck, and why."""

from email import message_from_bytes, policy
from typing import Any, cast

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
from sqlalchemy.exc import NoResultFound
from werkzeug import Response

from accounts import audit
from accounts.access import actor, actor_scope, requires
from accounts.models import Role
from core import clock
from core.database import session, transaction
from core.errors import DomainError
from core.navigation import Item
from core.paging import page
from core.settings import Settings
from notifications import folder, labels, mailer, outbox, planning, queries, trial
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
    state = _state(request.args.get("state", ""))
    occasion = request.args.get("occasion", "")
    before = request.args.get("before", type=int)
    chosen = queries.narrowed(
        queries.messages_in(inside), state=state, occasion=occasion, before=before
    )
    rows, more = page(chosen, PAGE)
    mine = inside.owns(Message.unit_id)
    totals = outbox.totals(mine)
    kept = outbox.totals(mine, Message.last_answer == folder.KEPT)[MessageState.SENT]
    return render_template(
        "notifications/index.html",
        messages=rows,
        following=rows[-1].id if more else None,
        before=before,
        state=state,
        occasion=occasion,
        occasions=list(session().scalars(queries.occasions_in(inside))),
        totals=totals,
        kept=kept,
        words=labels.STATES
        | ({MessageState.SENT: labels.KEPT} if kept and kept == totals[MessageState.SENT] else {}),
        standing=labels.standing,
        title_of=_title_of,
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
        can_retry=message.state in outbox.STUCK and message.useful_until > clock.now(),
        standing=labels.standing(message),
        title_of=_title_of,
    )


@blueprint.post("/outbox/<int:number>/retry")
@requires(Role.ORGANISER)
def retry(number: int) -> Response:
    """Send again what was refused or unclear."""
    now = clock.now()
    with transaction():
        message = _message_or_404(number, lock=True)
        if message.state in outbox.STUCK and message.useful_until > now:
            outbox.retry(message, now=now)
            audit.record(actor(), message.unit, "message.retried", f"message:{message.id}", {}, now)
            flash(_("The message is sent again within a minute."), "ok")
        else:
            flash(_("This message cannot be sent again: its state has changed."), "warn")
    return redirect(url_for("notifications.show", number=number))


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


def _message_or_404(number: int, *, lock: bool = False) -> Message:
    wanted = queries.messages_in(actor_scope(Role.ORGANISER)).where(Message.id == number)
    found = session().scalar(wanted.with_for_update(of=Message) if lock else wanted)
    if found is None:
        abort(404)
    return found


def _state(wanted: str) -> MessageState | None:
    return MessageState(wanted) if wanted in set(MessageState) else None


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

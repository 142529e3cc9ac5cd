"""All that a self-scan needs: the hall's screen, posters, the link for those far away, doubts."""

from dataclasses import dataclass
from datetime import datetime

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
from markupsafe import Markup
from werkzeug.wrappers import Response

from accounts import audit
from accounts.access import actor, requires
from accounts.models import Role
from checkin import selfscan
from checkin.desk import activity_or_404
from checkin.hall import services
from checkin.hall.models import Screen
from checkin.hall.printing import Size, poster
from checkin.hall.services import recogniser
from checkin.posters import online_code
from checkin.signals import services as signals
from core import clock
from core.codes import shown
from core.database import session, transaction
from core.i18n import N_
from core.qr import svg
from core.settings import Settings
from core.web import locale
from events.models import Activity, Counting

blueprint = Blueprint("hall_desk", __name__, url_prefix="/desk/activities/<int:number>")

audit.name(
    {
        "screen.invited": N_("Screen of a hall prepared"),
        "screen.revoked": N_("Screen of a hall shut out"),
    }
)


@blueprint.get("/self-scan")
@requires(Role.STEWARD)
def show(number: int) -> str:
    """Show what there is to hang up, to open and to look at."""
    return _page(_counted_or_404(number))


@blueprint.post("/screens")
@requires(Role.STEWARD)
def invite(number: int) -> str:
    """Prepare a screen; its code is shown here and never again."""
    now = clock.now()
    with transaction():
        activity = _counted_or_404(number)
        screen, code = services.invite(activity, actor=actor(), now=now)
        audit.record(actor(), activity.unit, "screen.invited", f"screen:{screen.id}", {}, now)
        told = invitation(screen, code, now)
    return _page(activity, told)


@blueprint.post("/screens/<int:screen_id>/revocation")
@requires(Role.STEWARD)
def revoke(number: int, screen_id: int) -> Response:
    """Shut a screen out: within two seconds it shows nothing any more."""
    now = clock.now()
    with transaction():
        activity = _counted_or_404(number)
        found = services.screens(activity, now).where(Screen.id == screen_id)
        screen = session().scalar(found) or abort(404)
        screen.revoked_at = now
        audit.record(actor(), activity.unit, "screen.revoked", f"screen:{screen.id}", {}, now)
    recogniser.forget()
    flash(_("The screen is shut out."), "ok")
    return redirect(url_for("hall_desk.show", number=number), 303)


@blueprint.get("/poster.pdf")
@requires(Role.STEWARD)
def poster_file(number: int) -> Response:
    """Give the poster as a file for one size of sheet."""
    activity = activity_or_404(number, Role.STEWARD)
    size = request.args.get("size", Size.A4.value)
    if activity.counting is not Counting.SELF_SCAN or size not in set(Size):
        abort(404)
    settings = _settings()
    made = poster(
        activity,
        Size(size),
        render_template("checkin/hall/when.txt", activity=activity).strip(),
        public_url=settings.public_url,
        is_trial=settings.is_local,
        language=locale(),
    )
    response = make_response(made)
    response.headers["Content-Type"] = "application/pdf"
    name = f"{activity.slug}-{size}.pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


@dataclass(frozen=True)
class Invitation:
    """A code that works once, as it is shown to who made it."""

    code: str
    at: str
    """Where it is typed."""
    qr: Markup
    good_until: datetime


def invitation(screen: Screen, code: str, now: datetime) -> Invitation:
    """The code of a screen with the address that opens it."""
    public = _settings().public_url
    good_until = min(now + services.INVITATION, screen.expires_at)
    drawn = Markup(svg(f"{public}/hall/?code={shown(code)}"))  # noqa: S704  by us
    return Invitation(shown(code), f"{public.partition('://')[2]}/hall/", drawn, good_until)


def _page(activity: Activity, told: Invitation | None = None) -> str:
    now, settings = clock.now(), _settings()
    link = f"{settings.public_url}/s/{online_code(activity.id)}"
    return render_template(
        "checkin/desk/self_scan.html",
        activity=activity,
        told=told,
        screens=session().scalars(services.screens(activity, now)).all(),
        sizes=list(Size) if activity.counting is Counting.SELF_SCAN else [],
        link=link if selfscan.takes_online(activity) else "",
        doubts=signals.open_doubts([activity.id]).get(activity.id, 0),
        seen=signals.has_any(activity.id),
        local_address=settings.public_url if settings.is_local else "",
    )


def _counted_or_404(number: int) -> Activity:
    """An activity that people are counted at."""
    activity = activity_or_404(number, Role.STEWARD)
    if activity.counting is Counting.EVIDENCE:
        abort(404)
    return activity


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings

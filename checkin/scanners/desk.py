"""The scanners of my units: who has one, what it serves, and shutting it out."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from accounts import audit
from accounts.access import actor, actor_scope, requires
from accounts.models import Role, Unit
from checkin import devices
from checkin.devices import recogniser
from checkin.models import Device
from checkin.scanners import queries
from checkin.scanners.forms import ScannerForm
from core import clock
from core.codes import shown
from core.database import session, transaction
from core.i18n import N_
from core.navigation import Item
from core.paging import page
from core.qr import svg
from events import queries as programme
from events.models import Activity, Venue

blueprint = Blueprint("scanners", __name__, url_prefix="/desk/scanners")

NAVIGATION = [Item(N_("Scanners"), "scanners.index", Role.ORGANISER, "desk", 41)]

PAGE = 50

audit.name(
    {
        "device.invited": N_("Scanner prepared"),
        "device.revoked": N_("Scanner shut out"),
    }
)


@blueprint.get("")
@requires(Role.ORGANISER)
def index() -> str:
    """List the scanners, and offer a new one."""
    form = _form(None)
    form.until.data = form.today + timedelta(days=14)
    return _page(form)


@blueprint.post("")
@requires(Role.ORGANISER)
def invite() -> str | tuple[str, int]:
    """Prepare a scanner; its code is shown here and never again."""
    form = _form(request.form)
    if not form.validate() or form.until.data is None:
        return _page(form), 422
    now = clock.now()
    with transaction():
        unit, activity, venue = _chosen(form)
        device, token = devices.invite(
            name=form.name.data or "",
            unit=unit,
            activity=activity,
            venue=venue,
            expires_at=clock.at(form.until.data, 23, 59),
            now=now,
        )
        session().flush()
        audit.record(actor(), unit, "device.invited", f"device:{device.id}", {}, now)
    address = f"{current_app.extensions['settings'].public_url}/door/#pair={token}"
    return render_template(
        "checkin/desk/scanner_code.html",
        device=device,
        code=shown(token),
        qr=Markup(svg(address)),  # noqa: S704  drawn by us
        good_until=now + devices.INVITATION,
    )


@blueprint.post("/<int:number>/revocation")
@requires(Role.ORGANISER)
def revoke(number: int) -> Response:
    """Shut a scanner out: within five seconds nothing it asks is answered any more."""
    now = clock.now()
    with transaction():
        found = queries.scanners(actor_scope(Role.ORGANISER), now).where(Device.id == number)
        device = session().scalar(found) or abort(404)
        if device.revoked_at is None:
            device.revoked_at = now
            audit.record(actor(), device.unit, "device.revoked", f"device:{device.id}", {}, now)
    recogniser.forget()
    flash(_("The scanner is shut out."), "ok")
    return redirect(url_for("scanners.index"), 303)


def _page(form: ScannerForm) -> str:
    now = clock.now()
    start = min(max(0, request.args.get("start", 0, type=int)), 100_000)
    found = queries.scanners(actor_scope(Role.ORGANISER), now).offset(start)
    rows, more = page(found, PAGE)
    words = session().execute(queries.last_words([device.id for device in rows]))
    return render_template(
        "checkin/desk/scanners.html",
        form=form,
        scanners=rows,
        heard={row[0]: (row[1], row[2]) for row in words},
        earlier=url_for("scanners.index", start=max(0, start - PAGE)) if start else None,
        later=url_for("scanners.index", start=start + PAGE) if more else None,
    )


def _form(given: Any) -> ScannerForm:
    now, scope = clock.now(), actor_scope(Role.ORGANISER)
    form = ScannerForm(given)
    form.today = clock.local_day(now)
    form.offer(
        session().scalars(scope.present(form.today)),
        session().scalars(programme.venues(scope)),
        session().scalars(queries.admitting(scope, now)),
    )
    return form


def _chosen(form: ScannerForm) -> tuple[Unit, Activity | None, Venue | None]:
    """What the scanner is for; the form offered nothing that is not the organiser's."""
    unit = session().scalars(sa.select(Unit).where(Unit.code == form.unit.data)).one()
    kind, _dash, number = (form.only.data or "").partition("-")
    if kind == "activity":
        activity = session().get_one(Activity, int(number))
        return activity.unit, activity, None
    venue = session().get_one(Venue, int(number)) if kind == "venue" else None
    return unit, None, venue

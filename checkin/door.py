"""The staff scanner: a page that works without a connection and asks the check-in API."""

from typing import Any

import sqlalchemy as sa
from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    jsonify,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from accounts.access import actor, actor_scope, is_signed_in, requires
from accounts.models import Role, Unit
from accounts.scope import Scope, scope
from checkin import devices, door_words, notice, offline_views
from checkin.queues import sealing
from core import clock
from core.database import session, transaction
from core.i18n import N_, translate
from core.navigation import Item
from core.web import locale
from events.models import Activity

blueprint = Blueprint("door", __name__)

NAVIGATION = [Item(N_("Scanner"), "door.show", Role.STEWARD, "door", 10)]

SHELL = [
    "css/door.css",
    "icons/door-192.png",
    "js/zxing.js",
    "js/door-*.js",
    "vendor/zxing-wasm-*/es/**/*.js",
    "vendor/zxing-wasm-*/reader/*.wasm",
]
"""What the page needs beside the looks of all, once the network is gone."""


@blueprint.get("/door/")
def show() -> str:
    """The scanner: whether this person is let in. It knows nobody, so all may open it."""
    return render_template(
        "checkin/door.html",
        agreement=translate(notice.SENTENCES[notice.ATTENDANCE], locale()),
        setup={
            "locale": locale(),
            "worker": url_for("door.worker"),
            "session": url_for("door.steward"),
            "pair": url_for("door.pair"),
            "settlement": url_for("door.settlement", slug="-")[:-1],
            "queue_key": sealing.public(),
            "api": {
                "initialize": url_for("checkin_api.initialize_device"),
                "redeem": url_for("checkin_api.redeem"),
                "batch": url_for("checkin_api.batch"),
                "annul": url_for("checkin_api.annul"),
                "self": url_for("checkin_api.device_status"),
                "roster": url_for("roster_api.roster"),
                "changes": url_for("roster_api.changes"),
                "status": url_for("roster_api.status"),
                "search": url_for("roster_api.search"),
                "walk_in": url_for("arrivals_api.walk_in"),
                "group": url_for("arrivals_api.group"),
            },
            **door_words.words(locale()),
        },
    )


@blueprint.get("/door/steward")
def steward() -> Response:
    """Who is signed in here and where they serve, so that the page can pair this browser."""
    served = _outermost(scope(actor(), Role.STEWARD)) if is_signed_in() else []
    if not served:
        return jsonify(account=None, units=[], csrf=None)
    units = [{"code": unit.code, "name": unit.name} for unit in served]
    return jsonify(account=actor().id, units=units, csrf=generate_csrf())


@blueprint.post("/door/devices")
@requires(Role.STEWARD)
def pair() -> Response:
    """Admit this browser as a scanner of a unit where the steward serves."""
    with transaction():
        units = {unit.code: unit for unit in _outermost(actor_scope(Role.STEWARD))}
        unit = units.get(request.form.get("unit", ""))
        if unit is None:
            abort(404)
        steward = actor()
        device, token = devices.pair(
            name=_("Browser of %(name)s", name=steward.full_name),
            unit=unit,
            account_id=steward.id,
            now=clock.now(),
        )
        name, expires_at = device.name, device.expires_at
    return jsonify(token=token, name=name, expires_at=expires_at.isoformat())


@blueprint.get("/door/settlement/<slug>")
@requires(Role.ORGANISER)
def settlement(slug: str) -> Any:
    """The settlement of an activity, whose slug is all that a scanner knows of it."""
    owned = actor_scope(Role.ORGANISER).owns(Activity.unit_id)
    number = session().scalar(sa.select(Activity.id).where(Activity.slug == slug, owned))
    if number is None:
        abort(404)
    return current_app.redirect(url_for("settlements.show", number=number), 302)


@blueprint.get("/door/worker.js")
def worker() -> Response:
    """The service worker, with the list of what it keeps; another list is another worker."""
    page = url_for("door.show")
    kept = [page, url_for("door.manifest")]
    return offline_views.worker("door", SHELL, page, kept)


@blueprint.get("/door/manifest.webmanifest")
def manifest() -> Response:
    """What a phone asks for to put the scanner beside its other applications."""
    icons = [
        {"src": url_for("static", filename=f"icons/door-{name}.png"), "sizes": f"{size}x{size}",
         "type": "image/png", "purpose": purpose}
        for name, size, purpose in [
            ("192", 192, "any"), ("512", 512, "any"), ("maskable-512", 512, "maskable")
        ]
    ]  # fmt: skip
    told = {
        "id": url_for("door.show"),
        "name": _("Scanner of the Lifelong Learning Week"),
        "short_name": _("Scanner"),
        "lang": locale(),
        "start_url": url_for("door.show"),
        "scope": url_for("door.show"),
        "display": "standalone",
        "background_color": "#101616",
        "theme_color": "#0b5563",
        "icons": icons,
    }
    return Response(current_app.json.dumps(told), mimetype="application/manifest+json")


def _outermost(scope: Scope) -> list[Unit]:
    """The units where one serves, those that are still there first."""
    own = sa.select(Unit).where(Unit.path.in_(scope.paths))
    here = Unit.was_there(clock.local_day(clock.now()))
    return list(session().scalars(own.order_by(here.desc(), Unit.path)))

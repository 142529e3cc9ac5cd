"""The pages behind the code of a venue: the button, and why nothing was counted."""

import secrets
from datetime import timedelta
from functools import lru_cache

from flask import make_response, render_template, request
from flask import session as browser
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from checkin import openings
from checkin.forms import VisitorForm
from checkin.models import Grade, ScanStatus
from checkin.openings import Opening
from checkin.passes import GOOD_FOR, ScanPass
from checkin.phone import access as phones
from checkin.posters import poster_code
from checkin.scanned import Scanned
from checkin.selfscan import NotCounted
from checkin.words import NOT_COUNTED
from core import clock
from core.web import locale

WAITED = timedelta(hours=6)
"""For doors that open later than that nobody waits before the page."""


def button(
    found: Opening, scan_pass: ScanPass, form: VisitorForm | None = None, complaint: str = ""
) -> Response:
    """One large button; with what was written, and what was wrong with it, when it comes back."""
    is_afar = scan_pass.grade is Grade.ONLINE_LINK
    owner = phones.owner(clock.now())
    if owner or form or complaint or browser:
        page = render_template(
            "checkin/self_scan.html",
            activity=found.activity,
            form=form or VisitorForm(formdata=None),
            token=scan_pass.token,
            complaint=complaint,
            code=found.code,
            after_language=f"/s/{found.code}",
            owner=owner,
            is_afar=is_afar,
        )
    else:
        page = scan_pass.token.join(_blank(found.activity, found.code, is_afar, locale()))
    response = quiet(page, 400 if complaint else 200)
    phones.keep_pass(response, scan_pass, int(GOOD_FOR.total_seconds()))
    return response


@lru_cache(maxsize=256)
def _blank(activity: Scanned, code: str, is_afar: bool, _locale: str) -> list[str]:
    """What stands around the pass on the page of everybody whom nothing is known of."""
    page = render_template(
        "checkin/self_scan.html",
        activity=activity,
        form=VisitorForm(formdata=None),
        token=_PASS,
        complaint="",
        code=code,
        after_language=f"/s/{code}",
        owner=None,
        is_afar=is_afar,
    )
    return page.split(_PASS)


_PASS = secrets.token_hex(8)
"""Stands where the pass will stand."""


def not_counted(
    answer: NotCounted, found: Opening | None, kept: ScanPass | None = None
) -> Response:
    """Why nothing was recorded, and where to go on; too early goes on by itself."""
    tone, title, text = NOT_COUNTED[answer.status]
    activity, now = found.activity if found else None, clock.now()
    is_near = answer.moment is not None and answer.moment - now < WAITED
    waits = answer.status is ScanStatus.TOO_EARLY and is_near and activity
    page = render_template(
        "checkin/not_counted.html",
        tone=tone,
        title=_(title),
        text=text,
        moment=answer.moment,
        activity=activity,
        waits=waits,
        instead=[(one, poster_code(one.id)) for one in openings.open_there(activity, now)],
    )
    statuses = {ScanStatus.INVALID: 404, ScanStatus.REVOKED: 410}
    posted = 409 if request.method == "POST" else 200
    response = quiet(page, statuses.get(answer.status, posted))
    if waits and answer.moment and found:
        left = int((answer.moment - now).total_seconds()) + 1
        response.headers["Refresh"] = f"{min(left, 600)}; url=/s/{found.code}"
        if kept is not None:
            phones.keep_pass(response, kept, left + int(GOOD_FOR.total_seconds()))
    return response


def quiet(page: str, status: int = 200) -> Response:
    """A page that nobody keeps, and whose address is told to nobody."""
    response = make_response(page, status)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "private, no-store"
    return response

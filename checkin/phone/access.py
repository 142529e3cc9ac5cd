"""What a visitor's phone keeps for us: the pass it was given, and who it belongs to.

Nothing depends on it: a browser that keeps no cookie is counted too.
"""

import base64
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app, request
from werkzeug.wrappers import Response

from checkin.many import ask
from checkin.passes import ScanPass, read_pass
from core import keys
from core.database import session

REMEMBERED = timedelta(days=10)
"""How long a phone knows a name: the week with the days around it."""

_PERSON = re.compile(r"V1\.(?P<id>[0-9]{1,18})\.(?P<until>[0-9]{1,12})\.[a-z2-7]{26}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Owner:
    """Who wrote their name on this phone."""

    id: int
    name: str


def held_pass(activity_id: int) -> ScanPass | None:
    """The pass that this browser was given for an activity."""
    return read_pass(request.cookies.get(_of(activity_id), ""), activity_id)


def keep_pass(response: Response, scan_pass: ScanPass, seconds: int) -> None:
    """Let this browser come back with the same pass, so that a reload counts nothing anew."""
    _keep(response, _of(scan_pass.activity_id), scan_pass.token, seconds)


def owner(now: datetime) -> Owner | None:
    """Who wrote their name on this phone lately, unless it was erased since."""
    token = request.cookies.get("person", "")
    found = _PERSON.fullmatch(token)
    if found is None or int(found["until"]) <= now.timestamp():
        return None
    if not hmac.compare_digest(_person_token(int(found["id"]), int(found["until"])), token):
        return None
    asked = "SELECT id, name FROM participant WHERE id = :number AND name <> ''"
    rows = ask(session().connection(), asked, number=int(found["id"]))
    return Owner(*rows[0]) if rows else None


def remember(response: Response, person_id: int, now: datetime) -> None:
    """Let this phone know who it belongs to."""
    until = int((now + REMEMBERED).timestamp())
    _keep(response, "person", _person_token(person_id, until), int(REMEMBERED.total_seconds()))


def forget(response: Response) -> None:
    """Let this phone know nobody any more."""
    response.delete_cookie("person", path="/s/")


def mark(response: Response) -> str:
    """What tells this phone from others, given to it when it has none; it leads back to nobody.

    A browser that refuses what it was given is known by its connection and its kind.
    """
    known = request.cookies.get("phone", "")[:40]
    if not known and any(name.startswith("scan-") for name in request.cookies):
        known = secrets.token_urlsafe(16)
        _keep(response, "phone", known, int(REMEMBERED.total_seconds()))
    shown = known or f"{request.remote_addr} {request.user_agent.string[:300]}"
    return keys.sign("phone", shown).hex()


def _person_token(person_id: int, until: int) -> str:
    body = f"V1.{person_id}.{until}"
    mac = base64.b32encode(keys.sign("phone owner", body)).decode().rstrip("=").lower()
    return f"{body}.{mac}"


def _of(activity_id: int) -> str:
    return f"scan-{activity_id}"


def _keep(response: Response, name: str, value: str, seconds: int) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path="/s/",
        secure=current_app.extensions["settings"].is_https,
        httponly=True,
        samesite="Lax",
    )

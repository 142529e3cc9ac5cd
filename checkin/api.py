"""The check-in API that scanners use; no session, no cookie, no template on its way."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from flask import Blueprint, Response, abort, current_app, jsonify, render_template, request
from flask_babel import gettext as _
from pydantic import ValidationError
from spectree import Response as Answers
from spectree import SecurityScheme, SpecTree
from spectree.models import InType, SecureType, SecuritySchemeData
from spectree.plugins.flask_plugin import FlaskPlugin

from checkin import redeem_store
from checkin.devices import PairingRefused, Recognised, initialize, recogniser
from checkin.redeem import Attempt
from checkin.redeem_many import redeem_many
from checkin.redeem_store import Answered, NonceReused, Outcome
from checkin.redeem_words import answer, http_status
from checkin.schemas import (
    Accepted,
    BatchAnswer,
    BatchRequest,
    DeviceStatus,
    Failed,
    Initialized,
    InitializeRequest,
    QueuedScan,
    RedeemRequest,
    Refused,
    Strict,
    queued,
)
from core import clock
from core.database import commit_together, transaction
from core.security import csrf
from core.text import is_clean

blueprint = Blueprint("checkin_api", __name__, url_prefix="/api")
csrf.exempt(blueprint)

S = TypeVar("S", bound=Strict)

SCAN_LIMIT = 256 * 1024
"""Bytes of one scan, with many lists in it."""
BATCH_LIMIT = 2 * 1024 * 1024
"""Bytes of a whole batch."""


class DescribeOnly(FlaskPlugin):
    """Spectree writes the description; the views check and word by themselves, once."""

    def validate(self, func: Callable[..., Any], *_options: Any, **places: Any) -> Any:
        """Answer as the view does."""
        return func(**places)


spec = SpecTree(
    backend=DescribeOnly,
    mode="strict",
    title="Check-in",
    version="1",
    openapi_version="3.1.0",
    validation_error_status=400,
    validation_error_model=Refused,
    naming_strategy=lambda model: model.__name__,
    nested_naming_strategy=lambda _parent, child: child,
    security_schemes=[
        SecurityScheme(
            name="device",
            data=SecuritySchemeData(
                type=SecureType.API_KEY,
                field_in=InType.HEADER,
                name="Authorization",
                description="`Device <token>`, from pairing or from `devices/initialize`.",
            ),
        )
    ],
)


_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Malformed(Exception):
    """The body is not what the operation takes."""

    def __init__(self, faults: list[dict[str, str]]) -> None:
        self.faults = faults
        super().__init__()


class Unauthenticated(Exception):
    """No valid device token came with the request."""


@blueprint.post("/v1/checkin/redeem")
@spec.validate(
    json=RedeemRequest,
    resp=Answers(
        HTTP_201=Accepted,
        HTTP_400=Refused,
        HTTP_401=Failed,
        HTTP_404=Refused,
        HTTP_409=Failed,
        HTTP_413=Failed,
        HTTP_503=Failed,
    ),
    security={"device": []},
    tags=["check-in"],
)
def redeem() -> Response:
    """Hold a ticket to a door.

    Repeat with the same nonce when no answer came: the same facts come back, marked as replayed.
    """
    asked = _body(RedeemRequest, SCAN_LIMIT)
    device = _device()
    work = partial(redeem_store.redeem, attempt=asked.attempt(), gate=device.gate, now=clock.now())
    http, body = _worded(commit_together(work))
    return _json(http, body)


@blueprint.post("/v1/checkin/batch")
@spec.validate(
    json=BatchRequest,
    resp=Answers(
        HTTP_200=BatchAnswer, HTTP_400=Refused, HTTP_401=Failed, HTTP_413=Failed, HTTP_503=Failed
    ),
    security={"device": []},
    tags=["check-in"],
)
def batch() -> Response:
    """Hand in what was scanned while there was no connection.

    Every scan is judged by itself, at the time when the device made it. Which scan of a ticket
    counts in the end does not depend on who hands in first: the earliest does.
    """
    asked = _scans()
    gate, now = _device().gate, clock.now()
    ahead = asked.sent_at - now if asked.sent_at else None
    read = [_scan(raw, now, ahead) for raw in asked.scans]
    attempts = [item for item in read if isinstance(item, Attempt)]
    work = partial(redeem_many, attempts=attempts, gate=gate, now=now)
    outcomes = iter(commit_together(work) if attempts else [])
    answers = []
    for raw, item in zip(asked.scans, read, strict=True):
        http, body = _worded(next(outcomes)) if isinstance(item, Attempt) else (400, item)
        answers.append({"nonce": _nonce(raw), "http": http, **body})
    return _json(200, {"answers": answers})


@blueprint.post("/v1/devices/initialize")
@spec.validate(
    json=InitializeRequest,
    resp=Answers(HTTP_200=Initialized, HTTP_400=Refused, HTTP_413=Failed, HTTP_503=Failed),
    tags=["devices"],
)
def initialize_device() -> Response:
    """Swap a one-time pairing token for the device's own."""
    asked = _body(InitializeRequest, SCAN_LIMIT)
    try:
        with transaction():
            device, token = initialize(asked.token, now=clock.now())
            found = {"device_id": device.id, "name": device.name, "api_token": token}
    except PairingRefused as refusal:
        fault = {"field": "token", "text": refusal.text("vi")}
        raise Malformed([fault]) from None
    return _json(200, found)


@blueprint.get("/v1/devices/status")
@spec.validate(
    resp=Answers(HTTP_200=DeviceStatus, HTTP_401=Failed, HTTP_503=Failed),
    security={"device": []},
    tags=["devices"],
)
def device_status() -> Response:
    """Whether the token is good, and what time it is here."""
    device = _device()
    time = clock.now().isoformat()
    return _json(200, {"name": device.gate.name, "unit": device.unit, "time": time})


@blueprint.get("/v1/openapi.json")
def openapi() -> Response:
    """The description of this interface, OpenAPI 3.1."""
    return jsonify(_description())


@blueprint.get("/docs")
def docs() -> str:
    """The same for people."""
    return render_template("checkin/door_api.html", described=_description())


@blueprint.errorhandler(Malformed)
def malformed(error: Malformed) -> Response:
    """Which field, and what is wrong with it."""
    return _json(400, {"status": "error", "reason": "malformed", "faults": error.faults})


@blueprint.errorhandler(Unauthenticated)
def unauthenticated(_error: Unauthenticated) -> Response:
    """Unknown, expired and revoked tokens are answered the same."""
    refusal = _json(401, {"status": "error", "reason": "unauthenticated"})
    refusal.headers["WWW-Authenticate"] = "Device"
    return refusal


def _body(model: type[S], limit: int) -> S:
    try:
        return model.model_validate_json(_sent(limit))
    except ValidationError as error:
        raise Malformed(_faults(error)) from None


def _scans() -> BatchRequest:
    """A batch, read so that one scan which no database could keep does not spoil the others."""
    try:
        return BatchRequest.model_validate(json.loads(_sent(BATCH_LIMIT)))
    except ValidationError as error:
        raise Malformed(_faults(error)) from None
    except (ValueError, RecursionError):
        raise Malformed([{"field": "", "text": _("This is not JSON.")}]) from None


def _sent(limit: int) -> bytes:
    """The body; one sent in pieces has no length to refuse it by before it is read."""
    request.max_content_length = limit
    sent = request.get_data(cache=False)
    if request.content_length is None and len(sent) >= limit:
        abort(413)
    return sent


def _nonce(raw: Any) -> str | None:
    nonce = raw.get("nonce") if isinstance(raw, dict) else None
    return nonce if isinstance(nonce, str) and is_clean(nonce) else None


def _scan(raw: Any, now: datetime, ahead: timedelta | None) -> Attempt | dict[str, Any]:
    try:
        asked = QueuedScan.model_validate_json(json.dumps(raw))
    except ValidationError as error:
        return {"status": "error", "reason": "malformed", "faults": _faults(error)}
    return queued(asked, now, ahead)


def _faults(error: ValidationError) -> list[dict[str, str]]:
    texts = {
        "missing": _("This is missing."),
        "extra_forbidden": _("There is no such field."),
        "json_invalid": _("This is not JSON."),
        "string_too_long": _("This is too long."),
        "too_long": _("These are too many."),
    }
    wrong = _("This is not of the form that is asked for.")
    return [
        {
            "field": ".".join(str(part) for part in fault["loc"])[:200]
            .encode("utf-8", "replace")
            .decode(),
            "text": texts.get(fault["type"], wrong),
        }
        for fault in error.errors(include_url=False, include_context=False, include_input=False)[
            :20
        ]
    ]


def _device() -> Recognised:
    scheme, _blank, token = request.headers.get("Authorization", "").partition(" ")
    named = scheme.lower() == "device" and token
    device = recogniser.recognise(token, clock.now()) if named else None
    if device is None:
        raise Unauthenticated
    return device


def _worded(outcome: Outcome) -> tuple[int, dict[str, Any]]:
    match outcome:
        case Answered(facts=facts, person=person, replayed=replayed):
            return http_status(facts), answer(facts, person, replayed=replayed)
        case NonceReused():
            return 409, {"status": "error", "reason": "nonce_reused"}


def _json(status: int, body: dict[str, Any]) -> Response:
    return Response(_written(body), status, mimetype="application/json")


def _description() -> dict[str, Any]:
    spec.app = current_app
    described: dict[str, Any] = spec.spec
    return described

"""The check-in API that scanners use: tickets held to a door, one by one or many at once."""

import json
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from flask import Response, current_app, jsonify, render_template
from flask_babel import gettext as _
from pydantic import ValidationError
from spectree import Response as Answers

from checkin import annulment, redeem_store
from checkin.access import (
    BATCH_LIMIT,
    Malformed,
    answered,
    api_blueprint,
    body,
    device,
    faults,
    sent,
    spec,
    tell,
)
from checkin.annulment import Annulment, NobodyAdmitted, NoSuchScan, TakenBack, TooLong, Wanted
from checkin.arrivals.api import settled
from checkin.arrivals.services import Arrival
from checkin.devices import PairingRefused, initialize
from checkin.queues import reading
from checkin.redeem import Attempt, Gate
from checkin.redeem_store import Asked, Outcome
from checkin.redeem_words import worded
from checkin.schemas import (
    Accepted,
    Annulled,
    AnnulRequest,
    BatchAnswer,
    BatchRequest,
    DeviceStatus,
    Failed,
    Initialized,
    InitializeRequest,
    RedeemRequest,
    Refused,
)
from core import clock
from core.database import commit_together, transaction
from core.held import once_durable
from core.i18n import N_, both
from core.text import is_clean

blueprint = api_blueprint("checkin_api", __name__)

_ANNULMENTS = {
    TakenBack: (200, "", N_("The scan was taken back.")),
    NoSuchScan: (404, "unknown_nonce", N_("This scanner made no such scan.")),
    NobodyAdmitted: (400, "not_admitted", N_("This scan let nobody in.")),
    TooLong: (400, "annul_too_late", N_("A scan can be taken back for 15 minutes only.")),
}
"""What is answered to who takes a scan back: status, reason, sentence."""


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
    scan = Asked(body(RedeemRequest).attempt(), device().gate, clock.now())
    return once_durable(redeem_store.redeem, [scan], _one_told)


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
    """Hand in what was scanned while there was no connection; walk-ins and groups by their `type`.

    Every scan is judged by itself, at the time when the device made it. Which scan of a ticket
    counts in the end does not depend on who hands in first: the earliest does. A scan that was
    taken back meanwhile is an item too: `{"type": "annul", "nonce", "annuls", "reason"}`.
    """
    asked = _scans()
    gate, now = device().gate, clock.now()
    ahead = asked.sent_at - now if asked.sent_at else None
    items = [reading.item(raw, gate, now, ahead) for raw in asked.scans]
    answers = []
    for raw, (http, told) in zip(asked.scans, _handed_in(items, gate, now), strict=True):
        answers.append({"nonce": _nonce(raw), "http": http, **told})
    return answered(200, {"answers": answers})


@blueprint.post("/v1/checkin/annul")
@spec.validate(
    json=AnnulRequest,
    resp=Answers(
        HTTP_200=Annulled,
        HTTP_400=Refused,
        HTTP_401=Failed,
        HTTP_404=Refused,
        HTTP_413=Failed,
        HTTP_503=Failed,
    ),
    security={"device": []},
    tags=["check-in"],
)
def annul() -> Response:
    """Take a scan back, within 15 minutes and by the device that made it.

    A new row says so; the scan itself stays. Whoever went in by another scan as well is counted
    by that one. To repeat it changes nothing.
    """
    asked = body(AnnulRequest)
    wanted = Wanted(asked.nonce.lower(), asked.reason, device().gate, clock.now())
    return answered(*_annulled(commit_together(annulment.annul, wanted)))


@blueprint.post("/v1/devices/initialize")
@spec.validate(
    json=InitializeRequest,
    resp=Answers(HTTP_200=Initialized, HTTP_400=Refused, HTTP_413=Failed, HTTP_503=Failed),
    tags=["devices"],
)
def initialize_device() -> Response:
    """Swap a one-time pairing token for the device's own."""
    asked = body(InitializeRequest)
    try:
        with transaction():
            paired, token = initialize(asked.token, now=clock.now())
            found = {"device_id": paired.id, "name": paired.name, "api_token": token}
    except PairingRefused as refusal:
        raise Malformed([{"field": "token", "text": refusal.text("vi")}]) from None
    return answered(200, found)


@blueprint.get("/v1/devices/status")
@spec.validate(
    resp=Answers(HTTP_200=DeviceStatus, HTTP_401=Failed, HTTP_503=Failed),
    security={"device": []},
    tags=["devices"],
)
def device_status() -> Response:
    """Whether the token is good, and what time it is here."""
    asking = device()
    time = clock.now().isoformat()
    return answered(200, {"name": asking.gate.name, "unit": asking.unit, "time": time})


@blueprint.get("/v1/openapi.json")
def openapi() -> Response:
    """The description of this interface, OpenAPI 3.1."""
    return jsonify(_description())


@blueprint.get("/docs")
def docs() -> str:
    """The same for people."""
    return render_template("checkin/door_api.html", described=_description())


def _one_told(response: Response, outcomes: Sequence[Outcome]) -> None:
    tell(response, *worded(outcomes[0]))


def _scans() -> BatchRequest:
    """A batch, read so that one scan which no database could keep does not spoil the others."""
    try:
        return BatchRequest.model_validate(json.loads(sent(BATCH_LIMIT)))
    except ValidationError as error:
        raise Malformed(faults(error)) from None
    except (ValueError, RecursionError):
        raise Malformed([{"field": "", "text": _("This is not JSON.")}]) from None


def _nonce(raw: Any) -> str | None:
    nonce = raw.get("nonce") if isinstance(raw, dict) else None
    return nonce if isinstance(nonce, str) and is_clean(nonce) else None


Told = tuple[int, dict[str, Any]]


def _handed_in(items: list[reading.Item], gate: Gate, now: datetime) -> list[Told]:
    """What became of each; what was taken back comes after all that stands before it."""
    told: list[Told] = []
    for is_annulment, some in groupby(items, key=lambda item: isinstance(item, Wanted)):
        together = list(some)
        taken_back = [item for item in together if isinstance(item, Wanted)]
        told += [_annulled(commit_together(annulment.annul, one)) for one in taken_back]
        told += [] if is_annulment else _came(together, gate, now)
    return told


def _came(items: list[reading.Item], gate: Gate, now: datetime) -> list[Told]:
    scans = [Asked(item, gate, now) for item in items if isinstance(item, Attempt)]
    arrivals = [item for item in items if isinstance(item, Arrival)]
    outcomes = {
        Attempt: iter(commit_together(redeem_store.redeem, scans) if scans else []),
        Arrival: iter(settled(arrivals, gate) if arrivals else []),
    }
    return [
        (400, item) if isinstance(item, dict) else worded(next(outcomes[type(item)]))
        for item in items
    ]


def _annulled(outcome: Annulment) -> Told:
    status, reason, sentence = _ANNULMENTS[type(outcome)]
    if isinstance(outcome, TakenBack):
        return status, {"status": "ok", "replayed": outcome.replayed, "message": both(sentence)}
    refused = {"status": "error", "reason": reason, "message": both(sentence), "tone": "stop"}
    return status, refused


def _description() -> dict[str, Any]:
    spec.app = current_app
    described: dict[str, Any] = spec.spec
    return described

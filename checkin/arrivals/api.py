"""Scanners tell of those who come without a ticket; offline ones come with the batch."""

from collections.abc import Sequence
from typing import Any

from flask import Response
from spectree import Response as Answers

from checkin.access import answered, api_blueprint, body, device, spec
from checkin.arrivals.schemas import Came, GroupRequest, WalkInRequest, arrived
from checkin.arrivals.services import Arrival, arrive
from checkin.redeem import Gate
from checkin.redeem_store import Outcome
from checkin.redeem_words import worded
from checkin.schemas import Accepted, Failed, Refused
from core import clock
from core.database import transaction

blueprint = api_blueprint("arrivals_api", __name__)

_ANSWERS: dict[str, Any] = {
    "HTTP_201": Accepted,
    "HTTP_400": Refused,
    "HTTP_401": Failed,
    "HTTP_404": Refused,
    "HTTP_409": Failed,
    "HTTP_413": Failed,
    "HTTP_503": Failed,
}


@blueprint.post("/v1/checkin/walk-in")
@spec.validate(
    json=WalkInRequest, resp=Answers(**_ANSWERS), security={"device": []}, tags=["check-in"]
)
def walk_in() -> Response:
    """Count somebody who came without a ticket, by name or without one.

    Without a name it is a head count. Who holds a seat under the address is counted as its
    holder, once. Repeat with the same nonce when no answer came.
    """
    return _one(body(WalkInRequest))


@blueprint.post("/v1/checkin/group")
@spec.validate(
    json=GroupRequest, resp=Answers(**_ANSWERS), security={"device": []}, tags=["check-in"]
)
def group() -> Response:
    """Count a class or another group, without any name.

    The number that was told last holds for the group at that sitting, whoever told it and
    whichever reached the server first: to correct one, tell it again.
    """
    return _one(body(GroupRequest))


def _one(asked: Came) -> Response:
    gate, now = device().gate, clock.now()
    return answered(*worded(settled([arrived(asked, now)], gate)[0]))


def settled(arrivals: Sequence[Arrival], gate: Gate) -> list[Outcome]:
    """What became of each, in their order, all of it kept together."""
    with transaction():
        return [arrive(arrival, gate, now=clock.now()) for arrival in arrivals]

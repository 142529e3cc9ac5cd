"""What a scanner asks for: its tickets, what became of them, how things stand, who is who."""

from flask import Response, request
from flask_babel import gettext as _
from spectree import Response as Answers

from checkin.access import Malformed, answered, api_blueprint, body, device, query, spec
from checkin.roster import changes as log
from checkin.roster import entries, finding, sealing
from checkin.roster.schemas import (
    ChangesAnswer,
    ChangesRequest,
    Roster,
    RosterRequest,
    SearchAnswer,
    StatusAnswer,
    StatusRequest,
)
from checkin.roster.served import described, served, standings
from checkin.schemas import Failed, Refused, SearchRequest
from core import clock

blueprint = api_blueprint("roster_api", __name__)

_ANSWERS = {"HTTP_400": Refused, "HTTP_401": Failed, "HTTP_503": Failed}


@blueprint.get("/v1/checkin/roster")
@spec.validate(
    query=RosterRequest,
    resp=Answers("HTTP_304", HTTP_200=Roster, **_ANSWERS),
    security={"device": []},
    tags=["check-in"],
)
def roster() -> Response:
    """Take the tickets along that this door may meet.

    Only those in the scope of the device, each sealed so that nothing but the ticket itself opens
    it. Send the `ETag` back as `If-None-Match`: 304 while nothing has changed.
    """
    asked, gate = query(RosterRequest), device().gate
    activities = served(gate, asked.lists, clock.now())
    page = entries.page(activities, asked.after)
    about = [described(activity) for activity in activities]
    version = entries.version(page, about)
    if request.if_none_match.contains(version):
        answer = Response(status=304)
    else:
        told = {
            "format": sealing.FORMAT,
            "activities": about,
            "entries": entries.sealed(page, {one["slug"]: one["forget_at"] for one in about}),
            "next": page.following,
        }
        answer = answered(200, told)
    answer.set_etag(version)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


@blueprint.get("/v1/checkin/changes")
@spec.validate(
    query=ChangesRequest,
    resp=Answers(HTTP_200=ChangesAnswer, **_ANSWERS),
    security={"device": []},
    tags=["check-in"],
)
def changes() -> Response:
    """Hear what other doors did since, in the server's order.

    Ask with `seq` of the answer before; begin with 0. While `more` is true, ask again at once.
    """
    asked, gate = query(ChangesRequest), device().gate
    now = clock.now()
    found = log.changes(served(gate, asked.lists, now), asked.since, now)
    return answered(200, {"seq": found.seq, "more": found.more, "changes": found.rows})


@blueprint.get("/v1/checkin/status")
@spec.validate(
    query=StatusRequest,
    resp=Answers(HTTP_200=StatusAnswer, **_ANSWERS),
    security={"device": []},
    tags=["check-in"],
)
def status() -> Response:
    """See how things stand: seats, who came, who is inside, when the doors open and close."""
    asked, gate = query(StatusRequest), device().gate
    now = clock.now()
    told = standings(served(gate, asked.lists, now))
    return answered(200, {"time": now.isoformat(), "activities": told})


@blueprint.post("/v1/checkin/search")
@spec.validate(
    json=SearchRequest,
    resp=Answers(HTTP_200=SearchAnswer, HTTP_413=Failed, **_ANSWERS),
    security={"device": []},
    tags=["check-in"],
)
def search() -> Response:
    """Look for somebody who came without a ticket; names never stand in an address."""
    asked, gate = body(SearchRequest), device().gate
    if not finding.is_long_enough(asked.query):
        text = _("Please type three letters or more.")
        raise Malformed([{"field": "query", "text": text}])
    people = finding.people(served(gate, asked.lists, clock.now()), asked.query)
    return answered(200, {"people": people})

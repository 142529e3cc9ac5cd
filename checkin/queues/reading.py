"""What a scanner hands in later, item by item: opened, read, its clock set right."""

import json
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError

from checkin.access import faults
from checkin.annulment import Wanted
from checkin.arrivals.schemas import ARRIVALS, arrived
from checkin.arrivals.services import Arrival
from checkin.queues import sealing
from checkin.redeem import Attempt, Gate
from checkin.schemas import QueuedAnnulment, QueuedScan, queued

Refusal = dict[str, Any]
Item = Attempt | Arrival | Wanted | Refusal


def item(raw: Any, gate: Gate, now: datetime, ahead: timedelta | None) -> Item:
    """A record as the rules see it, or why it cannot be read."""
    opened = _opened(raw)
    kind = opened.get("type") if isinstance(opened, dict) else None
    try:
        if kind == "annul":
            taken = QueuedAnnulment.model_validate_json(json.dumps(opened))
            stood = taken.stood(now, ahead)
            return Wanted(taken.annuls.lower(), taken.reason, gate, now, stood, taken.datetime)
        if isinstance(kind, str) and kind in ARRIVALS:
            came = ARRIVALS[kind].model_validate_json(json.dumps(opened))
            return arrived(came, now, late=True, ahead=ahead)
        return queued(QueuedScan.model_validate_json(json.dumps(opened)), now, ahead)
    except ValidationError as error:
        return {"status": "error", "reason": "malformed", "faults": faults(error)}


def _opened(raw: Any) -> Any:
    """What was sealed together with what stands beside it; what cannot be opened stays as it is."""
    if not isinstance(raw, dict) or not isinstance(raw.get("sealed"), str):
        return raw
    beside = {name: value for name, value in raw.items() if name != "sealed"}
    inside = sealing.unseal(raw["sealed"])
    return raw if inside is None else {**inside, **beside}

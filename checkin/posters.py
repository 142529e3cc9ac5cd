"""The code of an activity's poster: which activity, and a proof that we made it."""

import hmac

from core import keys
from core.codes import ALPHABET, number, numeral

_PROOF = 10


def poster_code(activity_id: int) -> str:
    """Twelve letters or more, the same for every poster of one activity."""
    place = numeral(activity_id, 2)
    return place + _proof(place)


def read_poster_code(code: str) -> int | None:
    """The activity that a code stands for; nothing when we did not make it."""
    place, proof = code[:-_PROOF], code[-_PROOF:]
    if not place or not code.isascii() or not hmac.compare_digest(proof, _proof(place)):
        return None
    found = number(place)
    return found if found is not None and poster_code(found) == code else None


def _proof(place: str) -> str:
    mac = int.from_bytes(keys.sign("poster", place), "big")
    return numeral(mac % len(ALPHABET) ** _PROOF, _PROOF)

"""The lasting codes of an activity: on its posters, and in the link for those who are far away."""

import hmac

from checkin.models import Grade
from core import keys
from core.codes import ALPHABET, number, numeral

_PROOF = 10
_PURPOSES = {Grade.STATIC_SELF_SCAN: "poster", Grade.ONLINE_LINK: "online link"}
"""What each kind of code is worth as evidence, and what it is signed for."""


def poster_code(activity_id: int) -> str:
    """Twelve letters or more, the same for every poster of one activity."""
    return _coded(activity_id, Grade.STATIC_SELF_SCAN)


def online_code(activity_id: int) -> str:
    """What the link ends in that is given to those who take part online."""
    return _coded(activity_id, Grade.ONLINE_LINK)


def read_code(code: str) -> tuple[int, Grade] | None:
    """The activity that a code stands for, and as what; nothing when we did not make it."""
    found = number(code[:-_PROOF]) if len(code) <= _PROOF + 14 else None
    if not found:
        return None
    for grade in _PURPOSES:
        if hmac.compare_digest(_coded(found, grade).encode(), code.encode()):
            return found, grade
    return None


def _coded(activity_id: int, grade: Grade) -> str:
    place = numeral(activity_id, 2)
    mac = int.from_bytes(keys.sign(_PURPOSES[grade], place), "big")
    return place + numeral(mac % len(ALPHABET) ** _PROOF, _PROOF)

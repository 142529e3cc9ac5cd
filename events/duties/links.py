"""The code in a unit's link: which handout, in which issue, and a proof that we made it."""

import hmac

from core import keys
from core.codes import ALPHABET, number, numeral
from events.duties.models import Handout

_SERIAL, _PROOF = 2, 16


def link_code(handout: Handout) -> str:
    """Letters and digits for the address of the unit's page."""
    return _written(handout.id, handout.serial)


def path(handout: Handout) -> str:
    """Where the unit answers."""
    return f"/duties/{link_code(handout)}"


def read_link_code(code: str) -> tuple[int, int] | None:
    """Handout and issue of a genuine code; nothing when we did not write it."""
    if not (code.isascii() and _SERIAL + _PROOF < len(code) <= 40):
        return None
    head = code[:-_PROOF]
    handout_id, serial = number(head[:-_SERIAL]), number(head[-_SERIAL:])
    if handout_id is None or serial is None or handout_id >= 2**63:
        return None
    genuine = hmac.compare_digest(_written(handout_id, serial), code)
    return (handout_id, serial) if genuine else None


def _written(handout_id: int, serial: int) -> str:
    head = numeral(handout_id, 2) + numeral(serial, _SERIAL)
    mac = int.from_bytes(keys.sign("duties", head), "big")
    return head + numeral(mac % len(ALPHABET) ** _PROOF, _PROOF)

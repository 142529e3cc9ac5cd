"""The code of a person's page: in the address, and short enough to be written down and typed.

Nothing of it is stored: the number of the person, then letters that only we can work out.
They change with the person's ``passport_serial``, so that a code that got about can be turned off.
"""

import hmac

from checkin.models import Participant
from core import codes, keys
from core.database import session

LENGTH = 16
_NUMBER = 4
"""Letters of the number at least; larger numbers make a longer code."""
_SIGNED = LENGTH - _NUMBER
"""Twelve of 31 letters: 2 in 10^18 that a guess is right."""


def code_of(person: Participant) -> str:
    """The code of a person's page, in groups of four."""
    number = codes.numeral(person.id, _NUMBER)
    mac = int.from_bytes(keys.sign("passport", f"{person.id}-{person.passport_serial}"))
    return codes.shown(number + codes.numeral(mac, _SIGNED)[-_SIGNED:])


def holder_of(text: str) -> Participant | None:
    """Whose page a code opens, as it was typed or followed; nothing when it is not ours."""
    code = codes.typed(text)
    number = codes.number(code[:-_SIGNED]) if LENGTH <= len(code) <= 2 * LENGTH else None
    if number is None or number >= 2**62:
        return None
    person = session().get(Participant, number)
    if person is None or not hmac.compare_digest(codes.typed(code_of(person)), code):
        return None
    return person

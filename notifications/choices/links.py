"""The link in a letter that leads to its recipient's choices: signed, naming nobody."""

import hmac

from core.keys import sign

_PURPOSE = "letter-choices"


def code_of(number: int) -> str:
    """The code of a letter in the outbox."""
    return f"{number}-{sign(_PURPOSE, str(number)).hex()}"


def number_of(code: str) -> int | None:
    """The letter behind a code; nothing when it is not one of ours."""
    number, _, _signature = code.partition("-")
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        return None
    return (
        int(number) if hmac.compare_digest(code.encode(), code_of(int(number)).encode()) else None
    )

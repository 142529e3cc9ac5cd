"""Entries that only the ticket itself opens: a lost scanner reveals nobody.

Everything comes from the text of the ticket's QR, which holds 128 bits that nobody can guess;
a typed code is too short for that and opens nothing::

    known   = HKDF(text of the QR, salt "tuanhoc.roster/2", info "", 48 bytes)
    id      = known[0:16]      by which the entry is found, and to which it is bound
    key     = known[16:48]     of AES-256-GCM; see ``core.boxes``

What is opened is JSON with blanks after it. The nonce is made from what is sealed: the same entry
is the same bytes, another one has another. Each ticket has a key of its own, so that nonces could
meet only among the versions of one entry: for a thousand of them with a chance of 2⁻⁷⁷.
"""

import hmac
import json
from collections.abc import Mapping

from core import keys
from core.boxes import KEY, NONCE, Box, hkdf, padded, read, written

FORMAT = "tuanhoc.roster/2"
_ID = 16
_SIZE = 256
"""Entries are as long as the next multiple of this."""


def entry_id(secret: str) -> str:
    """By which the holder of a ticket's text finds its entry."""
    return written(_box(secret).head)


def seal(secret: str, content: Mapping[str, object]) -> tuple[str, str]:
    """The id of an entry, and what the ticket's text alone opens."""
    box = _box(secret)
    plain = padded(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode(), _SIZE)
    nonce = hmac.digest(keys.derived("roster nonce"), box.head + plain, "sha256")[:NONCE]
    return written(box.head), written(box.close(plain, nonce))


def unseal(secret: str, sealed: str) -> dict[str, object] | None:
    """What was sealed; nothing when the text is of another ticket or a byte was changed."""
    plain = _box(secret).open(read(sealed))
    if plain is None:
        return None
    opened: dict[str, object] = json.loads(plain)
    return opened


def _box(secret: str) -> Box:
    """The ticket's own; its head is the number of the entry."""
    known = hkdf(secret.encode(), FORMAT.encode(), b"", _ID + KEY)
    return Box(known[:_ID], known[_ID:])

"""Records that a scanner keeps while it has no connection: nobody but the server reads them.

A scanner closes each record at once, to a key of the server's whose public half came with its
page; with what it keeps it opens none of them again. For each time that its page runs it makes a
pair of keys of its own and forgets the private one with the page::

    known   = HKDF(what both know on P-256, salt "tuanhoc.queue/1", scanner's + server's point, 64)
    sealed  = scanner's point (65 bytes) + a box under known[0:32], known[32:64] (``core.boxes``)

What is closed is JSON with blanks after it.
"""

import json
from functools import cache

from core import curve, keys
from core.boxes import Box, hkdf, read, written

FORMAT = "tuanhoc.queue/1"


def public() -> str:
    """To whom scanners close their records."""
    return written(_pair(keys.derived("scanners' queues"))[1])


def unseal(sealed: str) -> dict[str, object] | None:
    """What a scanner closed; nothing when it was not for us or a byte was changed."""
    key, own = _pair(keys.derived("scanners' queues"))
    try:
        raw = read(sealed)
        point, closed = raw[: curve.SIZE], raw[curve.SIZE :]
        secret = curve.shared(key, point)
        plain = _box(secret, point, own).open(closed) if secret else None
        opened = json.loads(plain) if plain else None
    except (ValueError, RecursionError):
        return None
    return opened if isinstance(opened, dict) else None


def _box(secret: bytes, point: bytes, own: bytes) -> Box:
    known = hkdf(secret, FORMAT.encode(), point + own, 64)
    return Box(point, known[:32], known[32:])


@cache
def _pair(seed: bytes) -> tuple[int, bytes]:
    """The server's key and its public half."""
    key = curve.private(hkdf(seed, FORMAT.encode(), b"key", 48))
    return key, curve.public(key)

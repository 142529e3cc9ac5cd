"""Records that a scanner keeps while it has no connection: nobody but the server reads them.

A scanner closes each record at once, to a key of the server's whose public half came with its
page; with what it keeps it opens none of them again. For each time that its page runs it makes a
pair of keys of its own and forgets the private one with the page::

    key     = HKDF(ECDH on P-256, salt "tuanhoc.queue/2", scanner's + server's point, 32 bytes)
    sealed  = scanner's point (65 bytes) + a box under the key (``core.boxes``)

What is closed is JSON with blanks after it.
"""

import json
from functools import cache, lru_cache

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from core import keys
from core.boxes import KEY, Box, hkdf, read, written

FORMAT = "tuanhoc.queue/2"
POINT = 65
"""Bytes of a point as browsers write it: 4, x, y."""
_CURVE = ec.SECP256R1()


def public() -> str:
    """To whom scanners close their records."""
    return written(point_of(_own(keys.derived("scanners' queues"))))


def unseal(sealed: str) -> dict[str, object] | None:
    """What a scanner closed; nothing when it was not for us or a byte was changed."""
    try:
        raw = read(sealed)
        plain = _box(_own(keys.derived("scanners' queues")), raw[:POINT]).open(raw[POINT:])
        opened = json.loads(plain) if plain else None
    except (ValueError, RecursionError):
        return None
    return opened if isinstance(opened, dict) else None


def point_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The public half of a key, as browsers write it."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


@lru_cache(maxsize=256)
def _box(own: ec.EllipticCurvePrivateKey, point: bytes) -> Box:
    """That of a page of a scanner, which closes many records. Raises ``ValueError``."""
    both = own.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, point))
    return Box(point, hkdf(both, FORMAT.encode(), point + point_of(own), KEY))


@cache
def _own(seed: bytes) -> ec.EllipticCurvePrivateKey:
    """The server's key."""
    number = int.from_bytes(hkdf(seed, FORMAT.encode(), b"key", 48), "big")
    return ec.derive_private_key(number % (_CURVE.group_order - 1) + 1, _CURVE)

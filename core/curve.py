"""Diffie and Hellman on the curve P-256, which every browser has: one secret, two who know it.

Python's standard library has none. Numbers here take their own time, whatever others learn of it:
the ladder does the same steps for every key, from a point that is written otherwise each time.
"""

import secrets
from functools import lru_cache

SIZE = 65
"""Bytes of a point as browsers write it: 4, x, y."""

_P = 2**256 - 2**224 + 2**192 + 2**96 - 1
_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
_G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)

_Point = tuple[int, int, int]
"""x / z², y / z³, z."""


def private(seed: bytes) -> int:
    """The key that 48 bytes which nobody guesses stand for."""
    return int.from_bytes(seed, "big") % (_N - 1) + 1


def public(key: int) -> bytes:
    """What others may know of a key."""
    x, y = _times(key, *_G)
    return b"\x04" + x.to_bytes(32, "big") + y.to_bytes(32, "big")


@lru_cache(maxsize=256)
def shared(key: int, point: bytes) -> bytes | None:
    """What both know; nothing when the other's point is none of the curve."""
    if len(point) != SIZE or point[0] != 4:
        return None
    x, y = int.from_bytes(point[1:33], "big"), int.from_bytes(point[33:], "big")
    if x >= _P or y >= _P or (y * y - x * x * x + 3 * x - _B) % _P:
        return None
    return _times(key, x, y)[0].to_bytes(32, "big")


def _times(key: int, x: int, y: int) -> tuple[int, int]:
    """The point, added to itself ``key`` times."""
    z = secrets.randbelow(_P - 1) + 1
    lower: _Point = (x * z * z % _P, y * z * z * z % _P, z)
    upper = _doubled(lower)
    steps = key + _N if (key + _N).bit_length() > _N.bit_length() else key + 2 * _N
    for place in range(steps.bit_length() - 2, -1, -1):
        both = _added(lower, upper)
        if steps >> place & 1:
            lower, upper = both, _doubled(upper)
        else:
            lower, upper = _doubled(lower), both
    x, y, z = lower
    inverse = pow(z, -1, _P)
    return x * inverse * inverse % _P, y * inverse * inverse * inverse % _P


def _doubled(point: _Point) -> _Point:
    x, y, z = point
    zz, yy = z * z % _P, y * y % _P
    slope = 3 * (x - zz) * (x + zz) % _P
    middle = 4 * x * yy % _P
    new_x = (slope * slope - 2 * middle) % _P
    return new_x, (slope * (middle - new_x) - 8 * yy * yy) % _P, 2 * y * z % _P


def _added(one: _Point, other: _Point) -> _Point:
    """Two points that are not the same, and neither the other's opposite."""
    (x1, y1, z1), (x2, y2, z2) = one, other
    zz1, zz2 = z1 * z1 % _P, z2 * z2 % _P
    u1, s1 = x1 * zz2 % _P, y1 * z2 * zz2 % _P
    h, r = (x2 * zz1 - u1) % _P, (y2 * z1 * zz1 - s1) % _P
    hh = h * h % _P
    hhh, v = h * hh % _P, u1 * hh % _P
    x = (r * r - hhh - 2 * v) % _P
    return x, (r * (v - x) - s1 * hhh) % _P, h * z1 * z2 % _P

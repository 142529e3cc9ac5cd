"""Closing a text so that whoever changes it is found out: HKDF and HMAC of SHA-256 alone.

This is encrypt-then-MAC with what Python's standard library and every browser have::

    closed = nonce (16 bytes) + text XOR HKDF(text key, salt nonce, "text") + tag (32 bytes)
    tag    = HMAC(tag key, head + nonce + text as it is closed)

A nonce never meets two texts under one key; the tag is checked first.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass

LEAST = 48
"""Bytes of nonce and tag around a text."""


@dataclass(frozen=True, slots=True)
class Box:
    """Two keys, and what the text stands under: ``head`` is bound to it, not kept in it."""

    head: bytes
    tag_key: bytes
    text_key: bytes

    def close(self, plain: bytes, nonce: bytes) -> bytes:
        """What only these keys open."""
        text = _xor(plain, hkdf(self.text_key, nonce, b"text", len(plain)))
        return nonce + text + self._tag(nonce + text)

    def open(self, closed: bytes) -> bytes | None:
        """What was closed; nothing when it was another's or a byte was changed."""
        body, tag = closed[:-32], closed[-32:]
        if len(closed) < LEAST or not hmac.compare_digest(tag, self._tag(body)):
            return None
        text = body[16:]
        return _xor(text, hkdf(self.text_key, body[:16], b"text", len(text)))

    def _tag(self, body: bytes) -> bytes:
        return hmac.digest(self.tag_key, self.head + body, "sha256")


def hkdf(key: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869 with SHA-256."""
    extracted = hmac.digest(salt, key, "sha256")
    block, made = b"", b""
    for number in range(1, -(-length // hashlib.sha256().digest_size) + 1):
        block = hmac.digest(extracted, block + info + bytes([number]), "sha256")
        made += block
    return made[:length]


def padded(plain: bytes, size: int) -> bytes:
    """JSON with blanks after it, so that its length says little."""
    return plain + b" " * (-len(plain) % size)


def written(raw: bytes) -> str:
    """Bytes as text: base64url without padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def read(text: str) -> bytes:
    """The bytes of ``written``. Raises ``ValueError``."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _xor(text: bytes, stream: bytes) -> bytes:
    return (int.from_bytes(text, "big") ^ int.from_bytes(stream, "big")).to_bytes(len(text), "big")

"""Closing a text so that only its key opens it and whoever changes it is found out.

AES-256-GCM, which every browser has as well; a closed text is nonce (12 bytes), text, tag (16).
A nonce never meets two texts under one key.
"""

import base64
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE = 12
KEY = 32


@dataclass(frozen=True, slots=True)
class Box:
    """A key, and what the text stands under: ``head`` is bound to it, not kept in it."""

    head: bytes
    key: bytes

    def close(self, plain: bytes, nonce: bytes) -> bytes:
        """What only this key opens."""
        return nonce + AESGCM(self.key).encrypt(nonce, plain, self.head)

    def open(self, closed: bytes) -> bytes | None:
        """What was closed; nothing when it was another's or a byte was changed."""
        try:
            return AESGCM(self.key).decrypt(closed[:NONCE], closed[NONCE:], self.head)
        except (InvalidTag, ValueError):
            return None


def hkdf(key: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """Keys from one that nobody guesses: RFC 5869 with SHA-256."""
    return HKDF(SHA256(), length, salt, info).derive(key)


def padded(plain: bytes, size: int) -> bytes:
    """JSON with blanks after it, so that its length says little."""
    return plain + b" " * (-len(plain) % size)


def written(raw: bytes) -> str:
    """Bytes as text: base64url without padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def read(text: str) -> bytes:
    """The bytes of ``written``. Raises ``ValueError``."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

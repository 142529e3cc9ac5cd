"""Keys for signing, each derived from the one secret for one purpose."""

import hashlib
import hmac
from functools import lru_cache

_secret = b""


def configure(secret_key: str) -> None:
    """Take the installation's secret."""
    global _secret
    _secret = secret_key.encode()
    _signer.cache_clear()


def derived(purpose: str) -> bytes:
    """The 32-byte key for a purpose. Raises ``RuntimeError`` before ``configure``."""
    if not _secret:
        raise RuntimeError("no secret: call configure(secret_key) first")
    return hmac.digest(_secret, purpose.encode(), hashlib.sha256)


def sign(purpose: str, message: str) -> bytes:
    """A 16-byte authentication code of the message under the purpose's key."""
    signer = _signer(purpose).copy()
    signer.update(message.encode())
    return signer.digest()[:16]


@lru_cache(maxsize=256)
def _signer(purpose: str) -> hmac.HMAC:
    """What signs with the key of a purpose, before the first letter of a message."""
    return hmac.new(derived(purpose), digestmod=hashlib.sha256)

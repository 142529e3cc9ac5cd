"""Keys for signing, each derived from the one secret for one purpose."""

import hashlib
import hmac

_secret = b""


def configure(secret_key: str) -> None:
    """Take the installation's secret."""
    global _secret
    _secret = secret_key.encode()


def derived(purpose: str) -> bytes:
    """The 32-byte key for a purpose. Raises ``RuntimeError`` before ``configure``."""
    if not _secret:
        raise RuntimeError("no secret: call configure(secret_key) first")
    return hmac.digest(_secret, purpose.encode(), hashlib.sha256)


def sign(purpose: str, message: str) -> bytes:
    """A 16-byte authentication code of the message under the purpose's key."""
    return hmac.digest(derived(purpose), message.encode(), hashlib.sha256)[:16]

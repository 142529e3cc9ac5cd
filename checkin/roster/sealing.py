"""Entries that only the ticket itself opens: a lost scanner reveals nobody.

Everything comes from the text of the ticket's QR, which holds 128 bits that nobody can guess;
a typed code is too short for that and opens nothing. With HKDF and HMAC of SHA-256 alone, as
every browser has them::

    known   = HKDF(text of the QR, salt "tuanhoc.roster/1", info "", 80 bytes)
    id      = known[0:16]                  by which the entry is found
    nonce   = sealed[0:16]                 text = sealed[16:-32], tag = sealed[-32:]
    tag     = HMAC(known[16:48], id + nonce + text)
    opened  = text XOR HKDF(known[48:80], salt nonce, info "text", length of text)

The tag is checked first. ``opened`` is JSON with blanks after it, so that its length says little.
The nonce is made from what is sealed: the same entry is the same bytes, another one has another.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping

from core import keys

FORMAT = "tuanhoc.roster/1"
_SIZE = 256
"""Entries are as long as the next multiple of this."""


def entry_id(secret: str) -> str:
    """By which the holder of a ticket's text finds its entry."""
    return _text(_known(secret)[:16])


def seal(secret: str, content: Mapping[str, object]) -> tuple[str, str]:
    """The id of an entry, and what the ticket's text alone opens."""
    known = _known(secret)
    number, tag_key, text_key = known[:16], known[16:48], known[48:]
    plain = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    plain += b" " * (-len(plain) % _SIZE)
    nonce = hmac.digest(keys.derived("roster nonce"), number + plain, "sha256")[:16]
    text = _xor(plain, hkdf(text_key, nonce, b"text", len(plain)))
    tag = hmac.digest(tag_key, number + nonce + text, "sha256")
    return _text(number), _text(nonce + text + tag)


def unseal(secret: str, sealed: str) -> dict[str, object] | None:
    """What was sealed; nothing when the text is of another ticket or a byte was changed."""
    known = _known(secret)
    raw = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
    nonce, text, tag = raw[:16], raw[16:-32], raw[-32:]
    right = hmac.digest(known[16:48], known[:16] + nonce + text, "sha256")
    if not hmac.compare_digest(tag, right):
        return None
    opened: dict[str, object] = json.loads(_xor(text, hkdf(known[48:], nonce, b"text", len(text))))
    return opened


def hkdf(key: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869 with SHA-256."""
    extracted = hmac.digest(salt, key, "sha256")
    block, made = b"", b""
    for number in range(1, -(-length // hashlib.sha256().digest_size) + 1):
        block = hmac.digest(extracted, block + info + bytes([number]), "sha256")
        made += block
    return made[:length]


def _known(secret: str) -> bytes:
    return hkdf(secret.encode(), FORMAT.encode(), b"", 80)


def _xor(text: bytes, stream: bytes) -> bytes:
    return (int.from_bytes(text, "big") ^ int.from_bytes(stream, "big")).to_bytes(len(text), "big")


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")

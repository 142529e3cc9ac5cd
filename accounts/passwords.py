"""Passwords: argon2id, never more than two at once, because each takes 64 MiB."""

import hashlib
import hmac
import secrets
from contextlib import suppress
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from accounts.errors import WeakPassword
from core.text import folded, nfc

LEAST = 10
"""Characters of a password."""
MOST = 200
"""Characters that are hashed; a longer text is no password."""

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Of passwords given by us: nothing that is mistaken on paper."""
_GIVEN = "$given$"
_NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$"
    "rKTacKMKE9WvHfr0suKlFw$bZ0xGbOsfw3dOTbskndkcJGdyMtNvwIOaH3cEldqW9U"
)
"""What is checked when there is no account, so that the answer takes as long."""

_hasher = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)
_two_at_once = BoundedSemaphore(2)


def hashed(password: str) -> str:
    """The hash to keep. It takes a tenth of a second: call it outside a transaction."""
    with _two_at_once:
        return _hasher.hash(nfc(password))


def hashed_given(password: str) -> str:
    """The hash of a password that ``given`` made: nobody guesses 79 bits, so it may be quick.

    A whole list of people is let in at once; with the slow hash that would take minutes.
    """
    salt = secrets.token_hex(8)
    return f"{_GIVEN}{salt}${_quick(salt, password)}"


def matches(password_hash: str, password: str) -> bool:
    """Whether the password is the one; takes as long when there is no hash."""
    with _two_at_once:
        if password_hash.startswith(_GIVEN):
            salt, _, kept = password_hash.removeprefix(_GIVEN).partition("$")
            _takes_as_long()
            return secrets.compare_digest(kept, _quick(salt, password))
        try:
            return _hasher.verify(password_hash or _NOBODY, nfc(password)[:MOST]) and bool(
                password_hash
            )
        except (VerificationError, InvalidHashError):
            return False


def _quick(salt: str, password: str) -> str:
    return hmac.digest(salt.encode(), nfc(password)[:MOST].encode(), hashlib.sha256).hex()


def _takes_as_long() -> None:
    with suppress(VerificationError):
        _hasher.verify(_NOBODY, "")


def given() -> str:
    """A password to hand over once: four groups of four, 79 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def require_strength(password: str, email: str) -> None:
    """Raises ``WeakPassword`` for what is short, long, monotonous or the address itself."""
    plain = folded(password)
    name = folded(email.partition("@")[0])
    if (
        not LEAST <= len(nfc(password)) <= MOST
        or len(set(plain)) < 5
        or (len(name) >= 4 and name in plain)
        or plain.strip("0123456789") in _COMMON
    ):
        raise WeakPassword(least=LEAST)


_COMMON = frozenset(
    {"", "password", "matkhau", "mat khau", "qwertyuiop", "tuanhoc", "vietnam", "hoctapsuotdoi",
     "admin", "administrator", "iloveyou", "giaoduc", "thuvien"}
)  # fmt: skip

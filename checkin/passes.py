"""Scan passes: what opening a venue's code gives, so that one opening counts once.

A pass is a random id for one activity, signed, good for ten minutes; nothing
of it is stored before someone presses the button. It is also what shows that
the button was pressed on our page.
"""

import base64
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from core import keys

GOOD_FOR = timedelta(minutes=10)

_FORM = re.compile(
    r"P1\.(?P<activity>[0-9]{1,18})\.(?P<id>[A-Za-z0-9_-]{22})\.(?P<at>[0-9]{1,12})"
    r"\.(?P<kind>[rs])\.[a-z2-7]{26}",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class ScanPass:
    """One opening of a venue's code."""

    id: str
    activity_id: int
    issued_at: datetime
    is_rotating: bool = False
    """Whether it was opened by the code that changes, not by the one on paper."""

    def is_fresh(self, now: datetime) -> bool:
        """Whether the button may still be pressed with it."""
        return now < self.issued_at + GOOD_FOR

    @property
    def token(self) -> str:
        """The pass as the page carries it."""
        kind = "r" if self.is_rotating else "s"
        body = f"P1.{self.activity_id}.{self.id}.{int(self.issued_at.timestamp())}.{kind}"
        mac = base64.b32encode(keys.sign("scan pass", body)).decode().rstrip("=").lower()
        return f"{body}.{mac}"


def new_pass(activity_id: int, now: datetime, *, is_rotating: bool = False) -> ScanPass:
    """A pass for someone who just opened the code."""
    opened_at = now.replace(microsecond=0)
    return ScanPass(secrets.token_urlsafe(16), activity_id, opened_at, is_rotating)


def read_pass(token: str, activity_id: int) -> ScanPass | None:
    """The pass behind a token; nothing when it is not ours or of another activity."""
    found = _FORM.fullmatch(token)
    if found is None or int(found["activity"]) != activity_id:
        return None
    issued_at = datetime.fromtimestamp(int(found["at"]), UTC)
    scan_pass = ScanPass(found["id"], activity_id, issued_at, found["kind"] == "r")
    return scan_pass if hmac.compare_digest(scan_pass.token, token) else None

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

from checkin.models import Grade
from core import keys

GOOD_FOR = timedelta(minutes=10)

_FORM = re.compile(
    r"P1\.(?P<activity>[0-9]{1,18})\.(?P<id>[A-Za-z0-9_-]{22})\.(?P<at>[0-9]{1,12})"
    r"\.(?P<kind>[ros])(?P<slot>[0-9]{0,12})\.[a-z2-7]{26}",
    re.ASCII,
)
_KINDS = {
    "r": Grade.ROTATING_SELF_SCAN,
    "o": Grade.ONLINE_LINK,
    "s": Grade.STATIC_SELF_SCAN,
}
_LETTERS = {grade: letter for letter, grade in _KINDS.items()}


@dataclass(frozen=True, slots=True)
class ScanPass:
    """One opening of a venue's code."""

    id: str
    activity_id: int
    issued_at: datetime
    grade: Grade = Grade.STATIC_SELF_SCAN
    """What the code that was opened is worth as evidence."""
    slot: int | None = None
    """Which of the codes that change it was, by its number."""

    def is_fresh(self, now: datetime) -> bool:
        """Whether the button may still be pressed with it."""
        return now < self.issued_at + GOOD_FOR

    @property
    def token(self) -> str:
        """The pass as the page carries it."""
        kind = f"{_LETTERS[self.grade]}{'' if self.slot is None else self.slot}"
        body = f"P1.{self.activity_id}.{self.id}.{int(self.issued_at.timestamp())}.{kind}"
        mac = base64.b32encode(keys.sign("scan pass", body)).decode().rstrip("=").lower()
        return f"{body}.{mac}"


def new_pass(
    activity_id: int,
    now: datetime,
    grade: Grade = Grade.STATIC_SELF_SCAN,
    slot: int | None = None,
) -> ScanPass:
    """A pass for someone who just opened the code."""
    opened_at = now.replace(microsecond=0)
    return ScanPass(secrets.token_urlsafe(16), activity_id, opened_at, grade, slot)


def read_pass(token: str, activity_id: int) -> ScanPass | None:
    """The pass behind a token; nothing when it is not ours or of another activity."""
    found = _FORM.fullmatch(token)
    if found is None or int(found["activity"]) != activity_id:
        return None
    issued_at = datetime.fromtimestamp(int(found["at"]), UTC)
    slot = int(found["slot"]) if found["slot"] else None
    scan_pass = ScanPass(found["id"], activity_id, issued_at, _KINDS[found["kind"]], slot)
    return scan_pass if hmac.compare_digest(scan_pass.token, token) else None

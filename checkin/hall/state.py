"""What the screens of an activity show now: worked out once a second for all who look."""

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from checkin import queries, rotating
from checkin.models import Attendance, Tally
from checkin.posters import poster_code
from checkin.scanned import Scanned, Sitting, remembered
from checkin.selfscan import NotCounted, admits
from checkin.windows import Open, nearest
from core.codes import shown
from core.database import session


@dataclass(frozen=True)
class Shown:
    """The state of an activity in the hall."""

    activity: Scanned
    sitting: Sitting | None
    """The one that is on, else the next, else the last."""
    answer: Open[Sitting] | NotCounted
    count: int
    address: str
    """What the QR holds; empty while nothing is to be scanned."""
    typed_at: str
    code: str


def look(number: int, public_url: str, now: datetime) -> Shown:
    """What is to be shown for an activity."""
    activity = remembered.get(number)
    if activity is None:
        raise LookupError(f"there is no activity {number}")
    answer = admits(activity, now)
    is_open = isinstance(answer, Open)
    step = rotating.SCANNED.code(number, now)
    return Shown(
        activity=activity,
        sitting=answer.session if isinstance(answer, Open) else nearest(activity.sittings, now),
        answer=answer,
        count=_count(activity, answer),
        address=f"{public_url}/s/{poster_code(number)}/{step}" if is_open else "",
        typed_at=f"{public_url.partition('://')[2]}/s/",
        code=shown(rotating.typed_code(number, now)) if is_open else "",
    )


def _count(activity: Scanned, answer: Open[Sitting] | NotCounted) -> int:
    """How many have come: to the sitting that is on, else to all of them; heads beside scans."""
    now_on = [answer.session.id] if isinstance(answer, Open) else []
    sittings = now_on or [sitting.id for sitting in activity.sittings]
    came = sa.select(sa.func.count(Attendance.id)).where(Attendance.session_id.in_(sittings))
    among = sa.and_(Tally.activity_id == activity.id, Tally.session_id.in_(sittings))
    heads = [t.count for t in session().scalars(queries.standing_head_counts(among))]
    return (session().scalar(came) or 0) + sum(heads)


@dataclass(frozen=True)
class Page:
    """A piece of a page, ready to be sent to everybody who asks within the second."""

    body: bytes
    etag: str


class Pages:
    """The last second's page of each activity and language."""

    def __init__(self) -> None:
        self._made: dict[tuple[int, str], tuple[int, Page]] = {}
        self._lock = threading.Lock()

    def get(self, key: tuple[int, str], now: datetime, make: Callable[[], str]) -> Page:
        """The page of this second; one caller makes it while the others wait."""
        second = int(now.timestamp())
        known = self._made.get(key)
        if known is None or known[0] != second:
            with self._lock:
                known = self._made.get(key)
                if known is None or known[0] != second:
                    body = make().encode()
                    known = second, Page(body, hashlib.sha256(body).hexdigest()[:20])
                    if len(self._made) > 200:
                        self._made.clear()
                    self._made[key] = known
        return known[1]

    def forget(self) -> None:
        """Make every page anew."""
        with self._lock:
            self._made.clear()


pages = Pages()

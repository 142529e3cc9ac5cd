"""Where somebody counts heads: found for who asks, at the edge."""

from dataclasses import dataclass
from typing import Any

from flask import abort, request, url_for

from accounts.access import actor_scope
from accounts.models import Role
from checkin.models import Group
from checkin.points import queries as hosts
from checkin.points.models import Point
from checkin.tallies import Series
from core import clock
from core.database import session
from events.models import Activity, Counting, Session


@dataclass(frozen=True)
class Counter:
    """Where somebody counts: an activity, a sitting, a point, and where else they might."""

    activity: Activity
    sitting: Session
    point: Point | None
    points: list[Point]
    places: set[hosts.Place]

    def series(self, group: Group | None) -> Series:
        """The series of a group here."""
        return self.sitting.id, self.point.id if self.point else None, group

    def address(self, endpoint: str = "counts_desk.tally", **more: Any) -> str:
        """A page of this counter."""
        point = self.point.id if self.point else None
        here = {"number": self.activity.id, "session": self.sitting.id, "point": point}
        return url_for(endpoint, **{**here, **more})


def counter_or_404(number: int, *, lock: bool = False) -> Counter:
    """Where the one who asks may count; at a point also the stewards of its host."""
    scope = actor_scope(Role.STEWARD)
    activity = session().scalar(hosts.counted_by(scope, number)) or abort(404)
    if lock:
        session().refresh(activity, with_for_update={"of": Activity})
    own = hosts.own_points(activity, scope)
    is_main = scope.covers(activity.unit)
    places = hosts.places(activity, own, is_main=is_main)
    takes_here = activity.counting is Counting.TALLY
    point = _chosen_point(own, may_be_main=is_main and takes_here)
    if not places or (point is None and not takes_here):
        abort(404)
    return Counter(activity, _chosen_sitting(activity), point, own, places)


def _chosen_point(own: list[Point], *, may_be_main: bool) -> Point | None:
    """The point that was asked for; else the main place, or the first one that is theirs."""
    asked = request.values.get("point", type=int)
    for point in own:
        if point.id == asked:
            return point
    if asked is not None:
        abort(404)
    return None if may_be_main or not own else own[0]


def _chosen_sitting(activity: Activity) -> Session:
    """The sitting that was asked for, else the one that is on or was last."""
    asked = request.values.get("session", type=int)
    for sitting in activity.sessions:
        if sitting.id == asked:
            return sitting
    if asked is not None:
        abort(404)
    begun = [s for s in activity.sessions if s.starts_at <= clock.now()]
    return begun[-1] if begun else activity.sessions[0]

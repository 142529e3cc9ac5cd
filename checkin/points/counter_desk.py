"""Where an account counts heads: found for who asks, at the edge."""

from flask import abort, request

from accounts.access import actor, actor_scope
from accounts.models import Role
from checkin.counter_views import Counter
from checkin.points import queries as hosts
from checkin.points.models import Point
from checkin.tallies import Witness
from core import clock
from core.database import session
from events.models import Activity, Counting, Session


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
    sitting = _chosen_sitting(activity)
    here = {
        "number": activity.id,
        "session": sitting.id,
        "point": point.id if point else None,
    }
    by = Witness(account_id=actor().id)
    return Counter(activity, sitting, point, own, places, by, "counts_desk", here)


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

"""Head counts that a steward enters, and the poster that hangs at the venue."""

from flask import (
    Blueprint,
    abort,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from markupsafe import Markup
from werkzeug.wrappers import Response

from accounts.access import actor, requires
from accounts.models import Role
from checkin import tallies
from checkin.desk import activity_or_404
from checkin.forms import TallyForm
from checkin.models import Group
from checkin.posters import poster_code
from core import clock
from core.database import session, transaction
from core.qr import svg
from core.settings import Settings
from events.models import Activity, Counting, Session

blueprint = Blueprint("counts_desk", __name__, url_prefix="/desk")


@blueprint.get("/activities/<int:number>/tally")
@requires(Role.STEWARD)
def tally(number: int) -> str:
    """Show the head count of a sitting with a large + and -."""
    activity = _tallied_or_404(number)
    return _page(activity, _chosen_sitting(activity), _group(request.args.get("group", "")))


@blueprint.post("/activities/<int:number>/tally")
@requires(Role.STEWARD)
def enter(number: int) -> Response | tuple[str, int]:
    """Say how many there are, or that some more came."""
    group = _group(request.form.get("group", ""))
    by = request.form.get("by", type=int)
    with transaction():
        activity = _tallied_or_404(number, lock=True)
        sitting = _chosen_sitting(activity)
        form = TallyForm()
        now, who = clock.now(), actor()
        if by is not None:
            tallies.step(
                activity, sitting, max(-1000, min(by, 1000)), group=group, actor=who, now=now
            )
        elif form.validate():
            tallies.count(
                activity,
                sitting,
                form.count.data or 0,
                group=group,
                note=form.note.data or "",
                actor=who,
                now=now,
            )
        else:
            return _page(activity, sitting, group, form), 422
        held = tallies.standing(activity).get((sitting.id, group), 0)
    if request.accept_mimetypes.best == "application/json":
        return jsonify(count=held)
    there = url_for(
        "counts_desk.tally",
        number=number,
        session=sitting.id,
        group=group.value if group else None,
    )
    return redirect(there, 303)


@blueprint.get("/activities/<int:number>/poster")
@requires(Role.STEWARD)
def poster(number: int) -> str:
    """Show the A4 poster; while no phone can reach us, say what must be set first."""
    activity = activity_or_404(number, Role.STEWARD)
    if activity.counting is not Counting.SELF_SCAN:
        abort(404)
    settings: Settings = current_app.extensions["settings"]
    trial = request.args.get("trial") == "1"
    if settings.is_local and not trial:
        return render_template(
            "checkin/desk/poster_refused.html", activity=activity, public_url=settings.public_url
        )
    code = poster_code(activity.id)
    return render_template(
        "checkin/desk/poster.html",
        activity=activity,
        code=code,
        qr=Markup(svg(f"{settings.public_url}/s/{code}")),  # noqa: S704  drawn by us
        typed_at=f"{settings.public_url.partition('://')[2]}/s/",
        trial=settings.is_local,
    )


def _page(
    activity: Activity, sitting: Session, group: Group | None, form: TallyForm | None = None
) -> str:
    held = tallies.standing(activity)
    return render_template(
        "checkin/desk/tally.html",
        activity=activity,
        sitting=sitting,
        group=group,
        groups=list(Group),
        form=form or TallyForm(formdata=None, count=held.get((sitting.id, group), 0)),
        count=held.get((sitting.id, group), 0),
        whole=sum(number for (place, _group), number in held.items() if place == sitting.id),
        history=session().scalars(tallies.history(activity)).all(),
    )


def _tallied_or_404(number: int, *, lock: bool = False) -> Activity:
    activity = activity_or_404(number, Role.STEWARD)
    if activity.counting is not Counting.TALLY or not activity.sessions:
        abort(404)
    if lock:
        session().refresh(activity, with_for_update={"of": Activity})
    return activity


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


def _group(text: str) -> Group | None:
    return Group(text) if text in set(Group) else None

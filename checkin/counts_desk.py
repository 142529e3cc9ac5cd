"""Head counts, each at its own point."""

import uuid

from flask import (
    Blueprint,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
)
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from pydantic import ValidationError
from werkzeug.wrappers import Response

from accounts.access import actor, requires
from accounts.models import Role
from checkin import tallies
from checkin.access import faults, sent
from checkin.forms import TallyForm
from checkin.models import Grade, Group, Tally
from checkin.points.counter_desk import Counter, counter_or_404
from checkin.points.entries import CountedEntries
from checkin.tallies import Entry, Series
from checkin.words import GROUPS
from core import clock
from core.database import session, transaction

blueprint = Blueprint("counts_desk", __name__, url_prefix="/desk")

STEPS = (1, 5, 10, 40)
"""How many one press may stand for: a person, a table, a class."""
BODY = 256 * 1024
"""Bytes of what waited on one device."""


@blueprint.get("/activities/<int:number>/tally")
@requires(Role.STEWARD)
def tally(number: int) -> str:
    """Show a large button for each group."""
    counter = counter_or_404(number)
    return _page(counter, _offered(TallyForm(formdata=None)))


@blueprint.get("/activities/<int:number>/tally/now")
@requires(Role.STEWARD)
def now(number: int) -> Response:
    """The numbers that hold at a sitting and point, those of other counters among them."""
    counter = counter_or_404(number)
    return jsonify(held=_held(counter))


@blueprint.post("/activities/<int:number>/tally/entries")
@requires(Role.STEWARD)
def entries(number: int) -> Response | tuple[Response, int]:
    """Take what a device counted, perhaps without a connection; each entry has its answer."""
    counter_or_404(number)
    try:
        given = CountedEntries.model_validate_json(sent(BODY)).entries
    except ValidationError as error:
        return jsonify(faults=faults(error)), 400
    with transaction():
        counter = counter_or_404(number, lock=True)
        said = _enter(counter, [one.entry() for one in given])
        held = _held(counter)
    answers = [
        {"nonce": one.nonce, "replayed": one.replayed, "refused": one.refused and _(one.refused)}
        for one in said
    ]
    return jsonify(answers=answers, held=held)


@blueprint.post("/activities/<int:number>/tally")
@requires(Role.STEWARD)
def enter(number: int) -> Response | tuple[str, int]:
    """Take one press, the last press back, or a number that was typed."""
    with transaction():
        counter = counter_or_404(number, lock=True)
        if "press" in request.form or "undo" in request.form:
            entry = _pressed(counter)
        else:
            form = _offered(TallyForm())
            if not form.validate():
                return _page(counter, form), 422
            entry = _typed(counter, form)
        said = _enter(counter, [entry]) if entry else []
    for one in said:
        if one.refused:
            flash(_(one.refused), "stop")
    return redirect(counter.address(), 303)


def _pressed(counter: Counter) -> Entry | None:
    """What a press without our script means."""
    nonce = _nonce()
    if "undo" in request.form:
        groups: list[Group | None] = [None, *Group]
        last = [tallies.last_of(counter.activity, counter.series(g), actor()) for g in groups]
        newest = max((t for t in last if t), key=lambda t: t.id, default=None)
        if newest is None:
            return None
        return Entry(nonce, counter.series(newest.group), undoes=newest.nonce)
    by = request.form.get("by", 1, type=int)
    series = counter.series(_group(request.form["press"]))
    return Entry(nonce, series, by=by if by in STEPS else 1)


def _typed(counter: Counter, form: TallyForm) -> Entry | None:
    """What a number that was typed means: so many more, or so many instead."""
    series = counter.series(_group(form.group.data or ""))
    number, grade = form.count.data or 0, Grade(form.grade.data)
    held = tallies.standing(counter.activity).get(series)
    by = number - (held.count if held else 0) if form.mode.data == "set" else number
    note = form.note.data or ""
    if not by and not note:
        return None
    return Entry(_nonce(), series, by=by, reason=note, grade=grade)


def _enter(counter: Counter, given: list[Entry]) -> list[tallies.Said]:
    return tallies.enter(
        counter.activity, given, places=counter.places, actor=actor(), now=clock.now()
    )


def _nonce() -> str:
    """What the form was given, so that a press that is sent twice counts once."""
    try:
        return str(uuid.UUID(request.form.get("nonce", "")))
    except ValueError:
        return str(uuid.uuid4())


def _page(counter: Counter, form: TallyForm) -> str:
    activity, sitting = counter.activity, counter.sitting
    standing = tallies.standing(activity)
    here = {s: t for s, t in standing.items() if s[0] == sitting.id}
    address = counter.address("counts_desk.entries")
    return render_template(
        "checkin/desk/tally.html",
        counter=counter,
        activity=activity,
        sitting=sitting,
        groups=[*Group, None],
        steps=STEPS,
        form=form,
        nonce=str(uuid.uuid4()),
        held=_counts(counter, here),
        estimated=any(t.grade is Grade.ESTIMATE for t in here.values()),
        by_point=_by_point(counter, here),
        whole=sum(t.count for t in here.values()),
        entries=session().scalars(tallies.history(activity)).all(),
        setup={
            "account": actor().id,
            "activity": activity.id,
            "session": sitting.id,
            "point": counter.point.id if counter.point else None,
            "entries": address,
            "now": counter.address("counts_desk.now"),
            "csrf": generate_csrf(),
            "words": _words(),
        },
    )


def _words() -> dict[str, str]:
    return {
        "saved": _("All is saved on the server."),
        "sending": _("Being sent: %(count)s. They are kept on this device.", count="{count}"),
        "offline": _(
            "No connection. Go on counting: %(count)s are kept on this device and are sent by "
            "themselves.",
            count="{count}",
        ),
        "signed_out": _(
            "Please sign in again. %(count)s are kept on this device until then.", count="{count}"
        ),
        "unsafe": _("This browser cannot keep what is counted. Please stay online."),
        "reason": _("Please write why the number is corrected."),
        "number": _("Please write a number from 0 to 100,000."),
    }


def _by_point(counter: Counter, here: dict[Series, Tally]) -> list[tuple[str, int]]:
    """What each point has come to at this sitting, for who counts for all of them."""
    if not counter.points:
        return []
    names: dict[int | None, str] = {None: _("The main place")}
    names |= {point.id: point.name for point in counter.points}
    mine = {point for _sitting, point in counter.places}
    return [
        (name, sum(t.count for (_s, p, _g), t in here.items() if p == number))
        for number, name in names.items()
        if number in mine
    ]


def _counts(counter: Counter, standing: dict[Series, Tally]) -> dict[str, int]:
    """What holds here by group, ``""`` for people of no group."""
    groups: list[Group | None] = [None, *Group]
    held = {g.value if g else "": standing.get(counter.series(g)) for g in groups}
    return {name: tally.count if tally else 0 for name, tally in held.items()}


def _held(counter: Counter) -> dict[str, int]:
    return _counts(counter, tallies.standing(counter.activity))


def _offered(form: TallyForm) -> TallyForm:
    form.offer([(group.value, _(GROUPS[group])) for group in Group])
    return form


def _group(text: str) -> Group | None:
    return Group(text) if text in set(Group) else None

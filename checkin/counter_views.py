"""Counting heads: what its pages do alike, whoever stands before them."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf.csrf import generate_csrf
from pydantic import ValidationError
from werkzeug.wrappers import Response as BaseResponse

from checkin import offline_views, tallies
from checkin.access import faults, sent
from checkin.forms import TallyForm
from checkin.models import Grade, Group, Tally
from checkin.points.entries import CountedEntries
from checkin.points.models import Point
from checkin.points.queries import Place
from checkin.tallies import Entry, Said, Series, Witness
from checkin.words import GROUPS
from core import clock
from core.database import transaction
from events.models import Activity, Session

STEPS = (1, 5, 10, 40)
"""How many one press may stand for: a person, a table, a class."""
BODY = 256 * 1024
"""Bytes of what waited on one device."""
EVERYONE: list[Group | None] = [*Group, None]
SHELL = (
    "css/desk.css",
    "css/counting.css",
    "js/checkin-tally*.js",
    "js/desk.js",
    "js/filter-choices.js",
    "js/focus.js",
    "vendor/be-vietnam-pro-*/*-600-normal.woff2",
)


@dataclass(frozen=True)
class Counter:
    """Where somebody counts: an activity, a sitting, a point, and where else they might."""

    activity: Activity
    sitting: Session
    point: Point | None
    points: list[Point]
    places: set[Place]
    by: Witness
    pages: str
    """The blueprint of its pages."""
    here: Mapping[str, Any]
    """What leads its pages here."""

    def series(self, group: Group | None) -> Series:
        """The series of a group here."""
        return self.sitting.id, self.point.id if self.point else None, group

    def address(self, page: str = "tally", **more: Any) -> str:
        """A page of this counter."""
        return url_for(f"{self.pages}.{page}", **{**self.here, **more})


Find = Callable[..., Counter]
"""Finds the counter of who asks, or none; with ``lock`` its activity is locked."""


def page(
    template: str, counter: Counter, form: TallyForm, locked_out: list[str], **more: Any
) -> str:
    """A large button for each group, and a number typed.

    ``locked_out`` says that whoever counts has to come in again: with one entry kept, with more.
    """
    standing = tallies.standing(counter.activity)
    mine = [standing.get(counter.series(group)) for group in EVERYONE]
    point = counter.point.id if counter.point else None
    return render_template(
        template,
        counter=counter,
        activity=counter.activity,
        sitting=counter.sitting,
        groups=EVERYONE,
        steps=STEPS,
        form=_offered(form),
        nonce=str(uuid.uuid4()),
        held=held(counter, standing),
        estimated=any(t.grade is Grade.ESTIMATE for t in mine if t),
        by=request.args.get("by", 1, type=int),
        setup={
            "who": f"account {counter.by.account_id}" if counter.by.account_id else "code",
            "activity": counter.activity.id,
            "session": counter.sitting.id,
            "point": point,
            "at": clock.now().timestamp(),
            "entries": counter.address("entries"),
            "now": counter.address("now"),
            "csrf": generate_csrf(),
            "words": {**_words(), "locked_out": locked_out},
            "worker": url_for("hall_tally.worker"),
            "scope": counter.address().partition("?")[0],
        },
        **more,
    )


def now(counter: Counter) -> Response:
    """The numbers that hold at a sitting and point, those of other counters among them."""
    return jsonify(**_told(counter), csrf=generate_csrf())


def take_entries(find: Find) -> Response | tuple[Response, int]:
    """Take what a device counted, perhaps without a connection; each entry has its answer."""
    try:
        given = CountedEntries.model_validate_json(sent(BODY)).entries
    except ValidationError as error:
        return jsonify(faults=faults(error)), 400
    with transaction():
        counter = find(lock=True)
        said = _enter(counter, [one.entry() for one in given])
        told = _told(counter)
    answers = [
        {"nonce": one.nonce, "replayed": one.replayed, "refused": one.refused and _(one.refused)}
        for one in said
    ]
    return jsonify(answers=answers, **told)


def take_form(
    find: Find, show: Callable[[Counter, TallyForm], str]
) -> BaseResponse | tuple[str, int]:
    """Take one press, the last press back, or a number that was typed."""
    with transaction():
        counter = find(lock=True)
        if "press" in request.form or "undo" in request.form:
            entry = _pressed(counter)
        else:
            form = _offered(TallyForm())
            if not form.validate():
                return show(counter, form), 422
            entry = _typed(counter, form)
        said = _enter(counter, [entry]) if entry else []
    for one in said:
        if one.refused:
            flash(_(one.refused), "stop")
    return redirect(counter.address(by=_step()), 303)


def worker() -> Response:
    """What keeps these pages for the time without a connection."""
    pages = "^(/hall/tally|/desk/activities/[0-9]+/tally)$"
    return offline_views.worker("tally", SHELL, "/", pages=pages)


def held(counter: Counter, standing: Mapping[Series, Tally] | None = None) -> dict[str, int]:
    """What holds here by group, ``""`` for people of no group."""
    standing = tallies.standing(counter.activity) if standing is None else standing
    found = {g.value if g else "": standing.get(counter.series(g)) for g in EVERYONE}
    return {name: tally.count if tally else 0 for name, tally in found.items()}


def _told(counter: Counter) -> dict[str, Any]:
    """What holds at a sitting, and when that was so."""
    return {
        "held": held(counter),
        "session": counter.sitting.id,
        "at": clock.now().timestamp(),
    }


def _pressed(counter: Counter) -> Entry | None:
    """What a press without our script means."""
    if "undo" in request.form:
        series = [counter.series(group) for group in EVERYONE]
        last = tallies.last_of(counter.activity, series, counter.by)
        if last is None:
            return None
        return Entry(_nonce(), counter.series(last.group), undoes=last.nonce)
    return Entry(_nonce(), counter.series(_group(request.form["press"])), by=_step())


def _step() -> int:
    by = request.form.get("by", 1, type=int)
    return by if by in STEPS else 1


def _typed(counter: Counter, form: TallyForm) -> Entry | None:
    """What a number that was typed means: so many more, or so many instead."""
    series = counter.series(_group(form.group.data or ""))
    number, grade = form.count.data or 0, Grade(form.grade.data)
    standing = tallies.standing(counter.activity).get(series)
    by = number - (standing.count if standing else 0) if form.mode.data == "set" else number
    note = form.note.data or ""
    if not by and not note:
        return None
    return Entry(_nonce(), series, by=by, reason=note, grade=grade)


def _enter(counter: Counter, given: list[Entry]) -> list[Said]:
    places, by = counter.places, counter.by
    return tallies.enter(counter.activity, given, places=places, by=by, now=clock.now())


def _nonce() -> str:
    """What the form was given, so that a press that is sent twice counts once."""
    try:
        return str(uuid.UUID(request.form.get("nonce", "")))
    except ValueError:
        return str(uuid.uuid4())


def _offered(form: TallyForm) -> TallyForm:
    form.offer([(group.value, _(GROUPS[group])) for group in Group])
    return form


def _group(text: str) -> Group | None:
    return Group(text) if text in set(Group) else None


def _words() -> dict[str, str | list[str]]:
    """What the script says; of sentences with a number one for 1 and one for more."""

    def counted(said: Callable[[int], str]) -> list[str]:
        return [said(1), said(2)]

    return {
        "saved": _("All is saved on the server."),
        "sending": counted(
            lambda n: ngettext(
                "Being sent: %(count)s entry. It is kept on this device.",
                "Being sent: %(count)s entries. They are kept on this device.",
                n,
                count="{count}",
            )
        ),
        "offline": counted(
            lambda n: ngettext(
                "No connection. Go on counting: %(count)s entry is kept on this device and is "
                "sent by itself.",
                "No connection. Go on counting: %(count)s entries are kept on this device and are "
                "sent by themselves.",
                n,
                count="{count}",
            )
        ),
        "nothing": _("No connection. Go on counting: what you enter is kept on this device."),
        "closed": counted(
            lambda n: ngettext(
                "No heads are counted here any more. %(count)s entry is kept on this device.",
                "No heads are counted here any more. %(count)s entries are kept on this device.",
                n,
                count="{count}",
            )
        ),
        "shut": _("No heads are counted here any more."),
        "person": ngettext("person counted here", "people counted here", 1),
        "people": ngettext("person counted here", "people counted here", 2),
        "read": _("Remove the line"),
        "unsafe": _("This browser cannot keep what is counted. Please stay online."),
        "reason": _("Please write why the number is corrected."),
        "number": _("Please write a number from 0 to 100,000."),
        "malformed": _("The server cannot read this entry."),
    }

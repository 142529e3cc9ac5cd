"""The page on which staff find anything by a few words, diacritics or not."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, abort, render_template, request, url_for
from flask_babel import gettext as _

from accounts.access import actor_scope, requires
from accounts.models import Account, Role, Unit
from accounts.scope import Scope
from core import clock
from core.i18n import N_
from core.navigation import Item
from core.paging import page
from core.search import after, before, words
from core.text import is_clean
from events.finding import queries, sources
from events.models import Activity, Assignment, Plan, Venue

blueprint = Blueprint("finding_desk", __name__, url_prefix="/desk")

NAVIGATION = [Item(N_("Search"), "finding_desk.search", Role.OBSERVER, "desk", 2)]

FEW, MANY = 8, 100
"""How much of each kind is shown beside the others, and on a page of its own."""
_LONGEST = 200


@dataclass(frozen=True)
class Found:
    """One thing that was found: what it is called, where it is, a few words about it."""

    title: str
    href: str
    about: list[str]


@dataclass(frozen=True)
class Kind:
    """One kind of thing: who may find it, how it is asked for and shown."""

    name: str
    label: str
    role: Role
    ask: Callable[[Scope, str], sa.Select[Any]]
    show: Callable[[Any], Found]


@dataclass(frozen=True)
class Group:
    """What was found of one kind."""

    kind: Kind
    found: list[Found]
    first: int | None = None
    """The first thing shown, when others of the kind stand before it."""
    last: int | None = None
    """The last thing shown, when others of the kind follow."""


@blueprint.get("/search")
@requires(Role.OBSERVER)
def search() -> str:
    """Find activities, units, plans, duties, venues and people by the beginnings of words."""
    asked, only = request.args.get("q", ""), request.args.get("kind", "")
    if not is_clean(asked) or len(asked) > _LONGEST:
        abort(400)
    chosen = [kind for kind in KINDS if only in {"", kind.name}] or abort(404)
    groups: list[Group] = []
    if words(asked):
        groups = [_page(chosen[0], asked)] if only else [_few(kind, asked) for kind in chosen]
    return render_template(
        "events/finding/search.html",
        asked=asked.strip(),
        only=only,
        groups=[group for group in groups if group.found],
        marked=lambda text: _marked(text, words(asked)),
    )


def _few(kind: Kind, asked: str) -> Group:
    """The first things of a kind, to be shown beside other kinds."""
    scope = actor_scope(kind.role)
    rows, more = page(kind.ask(scope, asked), FEW) if scope else ((), False)
    return Group(kind, [kind.show(row) for row in rows], last=rows[-1].id if more else None)


def _page(kind: Kind, asked: str) -> Group:
    """One page of a kind, from where the reader turned it."""
    scope = actor_scope(kind.role)
    if not scope:
        return Group(kind, [])
    found = kind.ask(scope, asked)
    if back := _number("before"):
        rows, earlier = page(before(kind.name, found, back), MANY)
        rows, later = rows[::-1], bool(rows)
    else:
        forward = _number("after")
        rows, later = page(after(kind.name, found, forward) if forward else found, MANY)
        earlier = bool(forward and rows)
    return Group(
        kind,
        [kind.show(row) for row in rows],
        first=rows[0].id if earlier else None,
        last=rows[-1].id if later else None,
    )


def _number(name: str) -> int:
    """A thing named in the address; 0 when none is, 404 when it is no number."""
    text = request.args.get(name, "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else abort(404)


def _marked(text: str, wanted: Iterable[str]) -> list[tuple[str, bool]]:
    """The text in pieces, and whether each is a word that was looked for."""
    beginnings = tuple(wanted)
    return [
        (piece, any(word.startswith(beginnings) for word in words(piece)))
        for piece in re.split(r"([\W_]+)", text)
        if piece
    ]


def _day(moment: Any) -> str:
    return f"{clock.local_day(moment):%d/%m/%Y}"


def _activity(row: Activity) -> Found:
    about = [_day(row.starts_at), row.where, row.unit.short_name]
    return Found(row.title, url_for("activities_desk.show", slug=row.slug), about)


def _unit(row: Unit) -> Found:
    until = f"{row.valid_until:%d/%m/%Y}" if row.valid_until else ""
    above = row.parent.name if row.parent else ""
    about = [above, _("until %(day)s", day=until) if until else ""]
    return Found(row.name, url_for("units.show", code=row.code), about)


def _plan(row: Plan) -> Found:
    about = [row.unit.name, row.document_symbol, str(row.campaign.year)]
    return Found(row.title, url_for("plans_desk.show", number=row.id), about)


def _duty(row: Assignment) -> Found:
    due = _("by %(day)s", day=f"{row.due_on:%d/%m/%Y}") if row.due_on else ""
    return Found(row.duty, url_for("duties_board.show", number=row.id), [row.unit.name, due])


def _venue(row: Venue) -> Found:
    about = [row.address, row.unit.short_name]
    return Found(row.name, url_for("weeks_desk.edit_venue", number=row.id), about)


def _account(row: Account) -> Found:
    closed = _("closed") if row.closed_at else ""
    return Found(row.full_name, url_for("staff.show", number=row.id), [row.email, closed])


KINDS = (
    Kind(sources.ACTIVITY, N_("Activities"), Role.OBSERVER, queries.activities, _activity),
    Kind(sources.UNIT, N_("Units"), Role.OBSERVER, queries.units, _unit),
    Kind(sources.PLAN, N_("Plans"), Role.OBSERVER, queries.plans, _plan),
    Kind(sources.DUTY, N_("Duties"), Role.OBSERVER, queries.duties, _duty),
    Kind(sources.VENUE, N_("Venues"), Role.ORGANISER, queries.venues, _venue),
    Kind(sources.ACCOUNT, N_("Accounts"), Role.ADMIN, queries.accounts, _account),
)

"""Every address, tried by everybody: own unit, parent, child, sister, another province."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from accounts.models import Role, Unit
from accounts.scope import IMPLIED
from core.database import Base, reading
from events.models import Campaign
from tests.access import Access, Row
from tests.authorization import ROWS
from tests.checkin.door_world import TOKEN, a_scanner
from tests.factories import DURING, LONG_AGO, a_campaign, a_unit, an_account, signed_in
from tests.things import Things

WITHIN = {"own", "child"}
LOOKS = {"GET", "HEAD"}
VERBS = {"step", "kind", "indicator", "section", "change"}
"""Parts of an address that name no object."""


@dataclass
class World:
    """A small tree, somebody with each role on one unit of it, and things everywhere."""

    units: dict[str, Unit]
    visitors: dict[Role | None, FlaskClient]
    top: FlaskClient
    """Somebody who administers the whole tree."""
    weeks: tuple[Campaign, Campaign]
    keep: Callable[..., Any]
    _known: dict[str, Things] = field(default_factory=dict)

    def things(self, place: str) -> Things:
        if place not in self._known:
            self._known[place] = Things(self.units[place], *self.weeks, self.keep)
        return self._known[place]

    def scanner(self) -> str:
        """The token of a device of the unit."""
        self.keep(a_scanner(self.units["own"]))
        return TOKEN

    def things_of_a_new_unit(self, place: str) -> Things:
        """For a call that may change or end them."""
        return Things(self.keep(a_unit(parent=self.units[place])), *self.weeks, self.keep)


@pytest.fixture
def world(app: Flask, given: Callable[..., Any], at: Callable[[datetime], None]) -> World:
    at(LONG_AGO)
    province, other = given(a_unit(code="tinh"), a_unit(code="tinh-khac"))
    own, sister = given(a_unit(parent=province, code="so"), a_unit(parent=province, code="so-khac"))
    child = given(a_unit(parent=own, code="truong"))
    units = {"parent": province, "own": own, "child": child, "sister": sister, "other": other}

    def visitor(role: Role, unit: Unit) -> FlaskClient:
        client: FlaskClient = signed_in(app.test_client(), given(an_account((role, unit))))
        return client

    visitors: dict[Role | None, FlaskClient] = {role: visitor(role, own) for role in Role}
    visitors[None] = app.test_client()
    weeks = given(a_campaign(2027), a_campaign(2026))
    return World(units, visitors, visitor(Role.ADMIN, province), weeks, given)


def test_every_route_has_a_row_and_every_row_a_route(app: Flask) -> None:
    routes = {rule.endpoint for rule in app.url_map.iter_rules()}

    assert (sorted(routes - set(ROWS)), sorted(set(ROWS) - routes)) == ([], [])


@pytest.mark.parametrize("endpoint", [e for e, row in ROWS.items() if row.access is Access.STAFF])
def test_staff_are_let_in_where_they_hold_the_role_and_nowhere_else(
    app: Flask, world: World, endpoint: str
) -> None:
    row = ROWS[endpoint]
    wrong = [
        f"{method} {role or 'stranger'} {place}: {answer.status_code}, expected {expected}"
        for method in _methods(app, endpoint)
        for place in (world.units if row.at else ["own"])
        for role in world.visitors
        for expected in [_expected(row, role, place)]
        for answer in [_call(app, world, endpoint, method, role, place)]
        if _outcome(answer) != expected
    ]

    assert wrong == []


@pytest.mark.parametrize("endpoint", [e for e, row in ROWS.items() if row.access is Access.STAFF])
def test_foreign_and_missing_are_answered_alike(app: Flask, world: World, endpoint: str) -> None:
    row = ROWS[endpoint]
    if row.at is None:
        pytest.skip("a page about no single object")
    holder = world.visitors[row.role]
    for method in _methods(app, endpoint):
        parts = row.at(world.things("own"))
        nowhere = {**parts, **{k: _no_such(v) for k, v in parts.items() if k not in VERBS}}
        missing = holder.open(_url(app, endpoint, nowhere), method=method)
        for place in ("parent", "sister", "other"):
            foreign = _call(app, world, endpoint, method, row.role, place)
            assert (foreign.status_code, _words(foreign)) == (404, _words(missing)), place


@pytest.mark.parametrize(
    "endpoint", [e for e, row in ROWS.items() if row.access is Access.SIGNED_IN]
)
def test_only_strangers_are_kept_from_their_own_pages(
    app: Flask, world: World, endpoint: str
) -> None:
    for method in _methods(app, endpoint):
        outcomes = {
            role: _outcome(_call(app, world, endpoint, method, role, "own"))
            for role in world.visitors
        }
        assert outcomes.pop(None) == "sign-in"
        assert set(outcomes.values()) == {"in"}


@pytest.mark.parametrize(
    "endpoint", [e for e, row in ROWS.items() if row.access is Access.WHOLE_TREE]
)
def test_what_belongs_to_no_unit_is_for_those_at_the_top(
    app: Flask, world: World, endpoint: str
) -> None:
    for method in _methods(app, endpoint):
        things = world.things("own")
        statuses = {
            role: _open(app, visitor, endpoint, method, things).status_code
            for role, visitor in world.visitors.items()
        }
        assert statuses.pop(None) == 302
        assert set(statuses.values()) <= {404, 409}
        assert _open(app, world.top, endpoint, method, things).status_code in {200, 302, 400}


@pytest.mark.parametrize("endpoint", [e for e, row in ROWS.items() if row.access is Access.PUBLIC])
def test_everybody_is_let_in_to_what_is_public(app: Flask, world: World, endpoint: str) -> None:
    for method in _methods(app, endpoint):
        assert _outcome(_call(app, world, endpoint, method, None, "own")) == "in"


@pytest.mark.parametrize("endpoint", [e for e, row in ROWS.items() if row.access is Access.DEVICE])
def test_a_device_needs_its_token_whoever_is_signed_in(
    app: Flask, world: World, endpoint: str
) -> None:
    for method in _methods(app, endpoint):
        for role in (None, Role.ADMIN):
            assert _call(app, world, endpoint, method, role, "own").status_code in {400, 401}


@pytest.mark.parametrize("endpoint", list(ROWS))
def test_looking_changes_nothing(
    app: Flask, world: World, endpoint: str, at: Callable[[datetime], None]
) -> None:
    row = ROWS[endpoint]
    if not _methods(app, endpoint) & LOOKS:
        pytest.skip("only for posting")
    at(DURING)
    url = _url(app, endpoint, row.at(world.things("own")) if row.at else {})
    headers = {"Authorization": f"Device {world.scanner()}"}
    before = _everything_stored()

    statuses = {
        method: [
            visitor.open(url, method=method, headers=headers, buffered=True).status_code
            for visitor in (*world.visitors.values(), world.top)
        ]
        for method in sorted(LOOKS)
    }

    assert _everything_stored() == before
    assert min(statuses["GET"]) < 400, "nobody saw the thing itself"
    assert statuses["HEAD"] == statuses["GET"]


def _methods(app: Flask, endpoint: str) -> set[str]:
    return {m for rule in app.url_map.iter_rules(endpoint) for m in rule.methods or ()} - {
        "HEAD",
        "OPTIONS",
    }


def _url(app: Flask, endpoint: str, parts: Any) -> str:
    return app.url_map.bind("localhost").build(endpoint, dict(parts))


def _call(
    app: Flask, world: World, endpoint: str, method: str, role: Role | None, place: str
) -> TestResponse:
    spent = method not in LOOKS and place in WITHIN
    things = world.things_of_a_new_unit(place) if spent else world.things(place)
    return _open(app, world.visitors[role], endpoint, method, things)


def _open(
    app: Flask, visitor: FlaskClient, endpoint: str, method: str, things: Things
) -> TestResponse:
    row = ROWS[endpoint]
    url = _url(app, endpoint, row.at(things) if row.at else {})
    data = row.data(things) if row.data and method not in LOOKS else None
    return visitor.open(url, method=method, data=data, buffered=True)


def _no_such(part: object) -> object:
    return 987654321 if isinstance(part, int) else "no-such"


def _expected(row: Row, role: Role | None, place: str) -> str:
    if role is None:
        return "sign-in"
    return "in" if row.role in IMPLIED[role] and place in WITHIN else "404"


def _outcome(answer: TestResponse) -> str:
    if answer.status_code in {302, 303} and answer.location.startswith("/sign-in?"):
        return "sign-in"
    return (
        "in"
        if answer.status_code < 400 or answer.status_code in {400, 409, 422}
        else answer.status[:3]
    )


def _words(answer: TestResponse) -> str:
    """The page without its tokens and the way back, which name the address."""
    return re.sub(r'<input type="hidden"[^>]*>', "", answer.text)


def _everything_stored() -> str:
    digest = hashlib.sha256()
    with reading() as opened:
        for table in Base.metadata.sorted_tables:
            for row in opened.execute(sa.select(table).order_by(*table.primary_key.columns)):
                digest.update(repr((table.name, tuple(row))).encode())
    return digest.hexdigest()

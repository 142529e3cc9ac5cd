"""The interface against its own description: made-up requests by everybody who may ask.

``make soak`` makes two thousand for each operation by each scanner that is let in, and a tenth of
that by those who are not; ``CASES`` sets another number, ``SEED`` other requests.
"""

import os
from collections import Counter
from datetime import timedelta

import pytest
import schemathesis
import schemathesis.specs.openapi.checks as conformance
from hypothesis import HealthCheck, given, seed, settings
from schemathesis import checks

from accounts.models import Role
from events.models import Venue
from tests.checkin.door_world import Door, a_scanner
from tests.factories import DURING, a_participant, an_account, signed_in

SEED = int(os.environ.get("SEED", "20261001"))
CHECKS = [
    checks.not_a_server_error,
    conformance.status_code_conformance,
    conformance.response_schema_conformance,
    conformance.content_type_conformance,
]
DEVICES = {
    "unit": {},
    "activity": {"activity": "its own"},
    "venue": {"venue": "its own"},
    "revoked": {"revoked_at": DURING - timedelta(hours=1)},
    "expired": {"expires_at": DURING - timedelta(hours=1)},
}
"""Scanners of every kind; people of every role ask without one."""


@pytest.fixture
def door(client, given, at):
    made = Door(client, given, at)
    hall = given(Venue(name="Hội trường", unit=made.unit))
    own = {"activity": made.activity, "venue": hall}
    for token, facts in DEVICES.items():
        given(a_scanner(made.unit, token=token, **{k: own.get(k, v) for k, v in facts.items()}))
    secret = made.ticket(participant=a_participant("Trần Văn Thử"))
    assert made.scan(secret, token="unit")[0] == 201
    return made


@pytest.fixture
def operations(app):
    """What the description offers, each with the requests that can be made up of it."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    return [found.ok().as_strategy() for found in schema.get_all_operations()]


def described(operations, number, *, token=None, cookie=None):
    """Ask made-up things of every operation; how often which answer came."""
    met = Counter()
    for made_up in operations:

        @seed(SEED)
        @settings(
            max_examples=number,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=made_up)
        def call(case):
            headers = {k: v for k, v in (case.headers or {}).items() if k != "Authorization"}
            if token:
                headers["Authorization"] = f"Device {token}"
            if cookie:
                headers["Cookie"] = cookie
            answer = case.call(headers=headers)
            met[case.path, answer.status_code] += 1
            case.validate_response(answer, checks=CHECKS)

        call()
    return met


def everybody(app, operations, door, number):
    """Who asks, and what they met: scanners of every kind, then people of every role."""
    for token in DEVICES:
        is_refused = token in {"revoked", "expired"}
        met = described(operations, max(3, number // 10) if is_refused else number, token=token)
        statuses = {status for _path, status in met}
        assert (401 in statuses) == is_refused, met
        yield f"scanner, {token}", met
    for role in (None, *Role):
        visitor = app.test_client()
        if role:
            signed_in(visitor, door.given(an_account((role, door.unit))))
        cookie = visitor.get_cookie("session")
        cookies = f"session={cookie.value}" if cookie else None
        met = described(operations, max(3, number // 10), cookie=cookies)
        assert {status for _path, status in met} <= {200, 400, 401, 413}
        yield role or "nobody", met


def test_the_description_is_valid_by_the_schema_of_openapi_3_1(app):
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    assert schema.specification.version.startswith("3.1")
    assert schema.validate() is None


@pytest.mark.slow
def test_made_up_requests_meet_only_what_is_described(operations, door):
    met = described(operations, 40, token="unit")
    for path in ("redeem", "annul", "search", "roster", "changes", "status", "batch"):
        assert any(f"/checkin/{path}" in met_path for met_path, _status in met)
    assert met["/api/v1/checkin/redeem", 404] >= 15


@pytest.mark.slow
def test_everybody_meets_only_what_is_described(app, operations, door):
    assert sum(met.total() for _who, met in everybody(app, operations, door, 3)) > 100


@pytest.mark.soak
def test_two_thousand_requests_of_everybody_meet_only_what_is_described(
    app, operations, door, capsys
):
    for who, met in everybody(app, operations, door, int(os.environ.get("CASES", "2000"))):
        statuses = Counter()
        for (_path, status), number in met.items():
            statuses[status] += number
        with capsys.disabled():
            print(
                f"\nas described, seed {SEED}: {who}: {met.total()}", dict(sorted(statuses.items()))
            )

"""Nothing that a stranger or a member of the staff sends yields a 5xx."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from werkzeug.routing import Rule

from accounts.models import Role
from tests.factories import (
    DURING,
    a_plan,
    a_registration,
    a_unit,
    an_account,
    an_activity,
    signed_in,
)

NASTY = (
    "\x00", "a\x00b", "%00", "\ud800", "%ED%A0%80", "%FF%FE", "' OR 1=1 --", "../../etc/passwd",
    "-1", "0", "999999999999999999999", "٣", "1e9", "𝕏" * 40, "a" * 3000, "\u202e",
    "=1+1", "{{7*7}}",
)  # fmt: skip
BODIES = (
    b"", b"\x00", b"{", b"[]", b"null", b'"\\ud800"', b'{"secret": "\\u0000"}', b"\xff\xfe\xfd",
    b"a=%00&name=%ED%A0%80&title=%FF", b"name=" + b"a" * 100_000, b"x" * 10_000_000,
)  # fmt: skip
QUERY = ("unit", "kind", "day", "q", "after", "before", "theme", "place", "state", "occasion")
TYPES = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x")


@pytest.fixture(params=["stranger", "admin"])
def visitor(request, client, given, at):
    at(DURING)
    root = a_unit(code="goc")
    activity = an_activity(plan=a_plan(unit=root), slug="mot-hoat-dong", seats=5)
    admin = an_account((Role.ADMIN, root))
    given(admin, a_registration(activity=activity, code="mot-ve"))
    client.application.config["PROPAGATE_EXCEPTIONS"] = False
    yield signed_in(client, admin) if request.param == "admin" else client
    client.application.config["PROPAGATE_EXCEPTIONS"] = None


def test_paths_and_queries_never_yield_a_5xx(visitor) -> None:
    failures = []
    for rule in _rules(visitor, "GET"):
        for nasty in NASTY:
            address = _address(rule, nasty)
            query = "&".join(f"{name}={_quoted(nasty)}" for name in QUERY)
            for sent in ("", query):
                status = _status(visitor, "GET", address, query_string=sent)
                if status >= 500:
                    failures.append((rule.rule, nasty[:20], bool(sent), status))
    assert failures == []


def test_bodies_never_yield_a_5xx(visitor) -> None:
    failures = []
    for rule in _rules(visitor, "POST"):
        for body in BODIES:
            for media_type in TYPES:
                address = _address(rule, "1")
                status = _status(visitor, "POST", address, data=body, content_type=media_type)
                if status >= 500:
                    failures.append((rule.rule, body[:20], media_type, status))
    assert failures == []


def test_a_body_over_the_limit_is_refused(visitor) -> None:
    body = json.dumps({"secret": "x" * 10_000_000}).encode()

    status = _status(
        visitor, "POST", "/api/v1/checkin/redeem", data=body, content_type="application/json"
    )

    assert status == 413


def _rules(client: Any, method: str) -> Iterator[Rule]:
    for rule in client.application.url_map.iter_rules():
        if method in (rule.methods or ()) and rule.endpoint != "static":
            yield rule


def _address(rule: Rule, value: str) -> str:
    parts = []
    for is_dynamic, text in rule._trace:
        parts.append(_quoted(value) if is_dynamic else text)
    return "".join(parts).split("|")[-1]


def _quoted(value: str) -> str:
    """Percent-encoded, lone surrogates and all."""
    return quote_from_bytes(value.encode("utf-8", "surrogatepass"), safe="%")


def _status(client: Any, method: str, address: str, **options: Any) -> int:
    with client.open(address, method=method, **options) as response:
        status: int = response.status_code
        return status

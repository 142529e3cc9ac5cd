"""The scanner's page: who may open it, and which browser it pairs."""

import json
import re

import pytest

from accounts.models import Role
from checkin import devices
from checkin.models import Device
from tests.factories import (
    DURING,
    a_plan,
    a_unit,
    an_account,
    an_activity,
    signed_in,
)


@pytest.fixture
def unit(given, at):
    at(DURING)
    return given(a_unit(name="Thư viện tỉnh"))


@pytest.fixture
def steward(client, given, unit):
    account = given(an_account((Role.STEWARD, unit)))
    signed_in(client, account)
    return account


def test_the_page_is_for_stewards_and_those_above_them(client, given, unit):
    assert client.get("/door/").status_code == 302
    signed_in(client, given(an_account((Role.REPORTER, unit))))
    assert client.get("/door/").status_code == 404
    signed_in(client, given(an_account((Role.ORGANISER, unit))))
    assert client.get("/door/").status_code == 200


def test_the_camera_and_wasm_are_allowed_here_alone(client, steward):
    headers = client.get("/door/").headers
    assert "camera=(self)" in headers["Permissions-Policy"]
    assert "'wasm-unsafe-eval'" in headers["Content-Security-Policy"]
    assert "camera=()" in client.get("/api/docs").headers["Permissions-Policy"]


def test_the_page_offers_the_stewards_activities_with_tickets(client, given, steward, unit):
    campaign_plan = a_plan(unit=unit)
    elsewhere = a_plan(unit=a_unit(), campaign=campaign_plan.campaign)
    given(
        an_activity(plan=campaign_plan, title="Ngày hội sách"),
        an_activity(plan=campaign_plan, title="Băng rôn", counting="evidence"),
        an_activity(plan=elsewhere, title="Của đơn vị khác"),
    )
    page = client.get("/door/").get_data(as_text=True)
    assert "Ngày hội sách" in page
    assert "Băng rôn" not in page
    assert "Của đơn vị khác" not in page


def test_the_page_speaks_the_visitors_language(client, steward):
    client.set_cookie("locale", "en")
    setup = _setup(client.get("/door/").get_data(as_text=True))
    assert setup["titles"]["ok"] == "Please come in"
    assert setup["locale"] == "en"


def test_pairing_gives_a_token_that_only_its_fingerprint_remembers(
    client, given, steward, unit, stored
):
    answer = client.post("/door/devices", data={"unit": unit.code})
    token = answer.get_json()["token"]
    [device] = stored(Device)
    assert device.token_hash == devices.fingerprint(token)
    assert (device.unit_id, device.account_id) == (unit.id, steward.id)
    assert device.expires_at - DURING == devices.LIFETIME


def test_a_browser_is_paired_to_no_foreign_or_unknown_unit(client, given, steward, stored):
    foreign = given(a_unit())
    for code in (foreign.code, "no-such-unit", ""):
        assert client.post("/door/devices", data={"unit": code}).status_code == 404
    assert stored(Device) == []


def test_pairing_needs_the_sites_own_form(client, app, steward, unit, stored):
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = client.post("/door/devices", data={"unit": unit.code})
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert answer.status_code == 400
    assert stored(Device) == []


def _setup(page):
    found = re.search(r'id="door-config">(.*?)</script>', page, re.S)
    return json.loads(found.group(1))

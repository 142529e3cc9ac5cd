"""The scanner's page: who may open it, and which browser it pairs."""

import json
import re

import pytest

from accounts.models import Role
from checkin import devices
from checkin.models import Device
from checkin.recognising import fingerprint
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


def test_the_page_knows_nobody_so_that_a_pairing_code_opens_it_anywhere(client, given, unit):
    given(an_activity(plan=a_plan(unit=unit), title="Ngày hội sách"))
    page = client.get("/door/")
    assert page.status_code == 200
    assert "Ngày hội sách" not in page.get_data(as_text=True)
    assert client.get("/door/steward").get_json() == {"account": None, "units": [], "csrf": None}


def test_a_steward_is_told_where_they_serve_and_others_nothing(client, given, steward, unit):
    told = client.get("/door/steward").get_json()
    assert (told["account"], told["units"]) == (
        steward.id,
        [{"code": unit.code, "name": "Thư viện tỉnh"}],
    )
    signed_in(client, given(an_account((Role.REPORTER, unit))))
    assert client.get("/door/steward").get_json()["units"] == []


def test_the_worker_keeps_the_page_and_all_that_it_needs(client, app):
    answer = client.get("/door/worker.js")
    head = answer.get_data(as_text=True).split(";\n")[1]
    kept = json.loads(head.removeprefix("const KEPT = "))
    assert answer.mimetype == "text/javascript"
    assert [a for a in kept if _file(client, a).status_code != 200] == []
    names = {address.rsplit("/", 1)[-1] for address in kept}
    assert {"door-scanner.js", "zxing.js", "zxing_reader.wasm", "door.css", "tokens.css"} <= names


def test_the_scanner_can_be_put_beside_other_applications(client):
    told = json.loads(client.get("/door/manifest.webmanifest").get_data())
    assert (told["name"], told["scope"], told["display"]) == (
        "Máy quét vé Tuần lễ học tập suốt đời",
        "/door/",
        "standalone",
    )
    assert [_file(client, icon["src"]).mimetype for icon in told["icons"]] == ["image/png"] * 3


def test_an_organiser_comes_from_the_scanner_to_the_settlement(client, given, unit, steward):
    activity = given(an_activity(plan=a_plan(unit=unit)))
    assert client.get(f"/door/settlement/{activity.slug}").status_code == 404
    signed_in(client, given(an_account((Role.ORGANISER, unit))))
    answer = client.get(f"/door/settlement/{activity.slug}")
    assert answer.location == f"/desk/activities/{activity.id}/settlement"


def test_the_camera_and_wasm_are_allowed_here_alone(client, steward):
    headers = client.get("/door/").headers
    assert "camera=(self)" in headers["Permissions-Policy"]
    assert "'wasm-unsafe-eval'" in headers["Content-Security-Policy"]
    assert "camera=()" in client.get("/api/docs").headers["Permissions-Policy"]


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
    assert device.token_hash == fingerprint(token)
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


def _file(client, address):
    with client.get(address) as answer:
        return answer

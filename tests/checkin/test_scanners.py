"""Scanners at the desk: a code that works once, a scope, an end, and shutting one out."""

import re
from datetime import timedelta

import pytest

from accounts.models import AuditEntry, Role
from checkin import recognising
from checkin.models import Device
from events.models import Venue
from tests.checkin.door_world import Door
from tests.factories import DURING, a_unit, an_account, an_activity, signed_in

HERE = "/desk/scanners"


@pytest.fixture
def door(client, given, at):
    return Door(client, given, at)


@pytest.fixture
def organiser(door, app):
    return signed_in(app.test_client(), door.given(an_account((Role.ORGANISER, door.unit))))


def form(door, **changes):
    facts = {"name": "Cổng sau", "unit": door.unit.code, "only": "", "until": "08/10/2027"}
    return facts | changes


def code_of(page):
    found = re.search(r"qr-code\">.*?</span>([\w-]+)<", page, re.S)
    return found[1] if found else ""


def paired(door, code):
    answer = door.client.post("/api/v1/devices/initialize", json={"token": code})
    return answer.get_json().get("api_token")


def test_a_prepared_scanner_pairs_once_and_admits(door, organiser):
    page = organiser.post(HERE, data=form(door)).get_data(as_text=True)
    token = paired(door, code_of(page))
    assert door.scan(door.ticket(), token=token)[0] == 201
    assert paired(door, code_of(page)) is None
    assert "Cổng sau" in organiser.get(HERE).get_data(as_text=True)


def test_its_code_stands_behind_the_hash_of_the_address_and_is_kept_nowhere(
    door, organiser, stored
):
    page = organiser.post(HERE, data=form(door)).get_data(as_text=True)
    code = code_of(page)
    assert "<svg" in page
    assert code not in organiser.get(HERE).get_data(as_text=True)
    assert all(code not in str(vars(row)) for row in [*stored(Device), *stored(AuditEntry)])


def test_a_code_runs_out_after_a_day(door, organiser, at):
    page = organiser.post(HERE, data=form(door)).get_data(as_text=True)
    at(DURING + timedelta(hours=24))
    assert paired(door, code_of(page)) is None


def test_a_scanner_of_an_activity_or_a_venue_serves_nothing_else(door, organiser):
    hall = door.given(Venue(name="Hội trường B", unit=door.unit))
    there = door.given(an_activity(plan=door.activity.plan, venue=hall))
    for only in (f"activity-{there.id}", f"venue-{hall.id}"):
        page = organiser.post(HERE, data=form(door, only=only)).get_data(as_text=True)
        token = paired(door, code_of(page))
        assert door.scan(door.ticket(activity=there), token=token)[0] == 201
        assert door.scan(door.ticket(), token=token)[1]["reason"] == "wrong_activity"


def test_a_scanner_stops_after_its_last_day(door, organiser, at):
    page = organiser.post(HERE, data=form(door, until="01/10/2027")).get_data(as_text=True)
    token = paired(door, code_of(page))
    assert door.scan("ABCDEF", token=token)[0] == 404
    at(DURING + timedelta(days=1))
    assert door.scan("ABCDEF", token=token)[0] == 401


def test_a_scanner_that_was_shut_out_admits_nobody(door, organiser, stored, monkeypatch):
    assert door.scan("ABCDEF")[0] == 404
    answer = organiser.post(f"{HERE}/{door.scanner.id}/revocation")
    assert answer.status_code == 303
    assert door.scan(door.ticket())[0] == 401
    assert stored(Device)[0].revoked_at == DURING
    assert recognising.TRUST <= 5


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"until": ""},
        {"until": "30/09/2027"},
        {"until": "01/01/2030"},
        {"unit": "khac"},
        {"only": "venue-99"},
        {"only": "activity-99"},
    ],
)
def test_a_scanner_that_nobody_can_prepare_is_refused_with_the_reason(
    door, organiser, stored, changes
):
    door.given(a_unit(code="khac"))
    answer = organiser.post(HERE, data=form(door, **changes))
    assert answer.status_code == 422
    assert "field-error" in answer.get_data(as_text=True)
    assert len(stored(Device)) == 1


def test_scanners_of_another_unit_are_neither_shown_nor_shut_out(door, organiser, stored):
    other = door.given(a_unit())
    foreign = Device(name="Lạ", unit=other, created_at=DURING, expires_at=DURING.replace(year=2030))
    door.given(foreign)
    assert "Lạ" not in organiser.get(HERE).get_data(as_text=True)
    assert organiser.post(f"{HERE}/{foreign.id}/revocation").status_code == 404

"""A scanner that is shut out hears of it within five seconds, by whichever process it was done."""

import json
import time

import pytest
import sqlalchemy as sa

from checkin.models import Device
from core import clock
from core.database import transaction
from tests.checkin.door_world import TOKEN, a_scanner
from tests.checkin.outside import Caller, installed, serving
from tests.factories import a_unit

pytestmark = pytest.mark.slow

SOON = 5.0


def test_a_scanner_is_shut_out_within_five_seconds_by_another_process(
    database_url, tmp_path, given, capsys
):
    scanner = given(a_scanner(a_unit()))
    headers = {"Authorization": f"Device {TOKEN}"}
    with serving(installed(database_url, tmp_path)) as server:
        caller = Caller(server.port)

        def status():
            return caller.ask("GET", "/api/v1/devices/status", headers=headers)[0]

        assert [status() for _ in range(5)] == [200] * 5
        with transaction() as opened:
            opened.execute(
                sa.update(Device).where(Device.id == scanner.id).values(revoked_at=clock.now())
            )
        begun = time.monotonic()
        while status() == 200:
            assert time.monotonic() - begun < SOON
            time.sleep(0.05)
        took = time.monotonic() - begun
        body = json.dumps({"secret": "ABCDEF", "nonce": "0" * 8 + "-0000-4000-8000-" + "0" * 12})
        answer = caller.ask("POST", "/api/v1/checkin/redeem", body, headers)
        caller.close()
    assert (answer[0], json.loads(answer[1])["reason"]) == (401, "unauthenticated")
    with capsys.disabled():
        print(f"\nshut out after {took:.1f} s")

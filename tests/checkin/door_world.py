"""A door with tickets before it, and a scanner that asks over HTTP."""

import uuid

from checkin import devices
from checkin.models import Device
from checkin.recognising import fingerprint
from checkin.tokens import ticket_secret
from tests import factories
from tests.factories import LONG_AGO, a_registration, a_unit, an_activity

TOKEN = "the-token-of-the-scanner"


def a_scanner(unit, *, token=TOKEN, **facts):
    facts.setdefault("name", "Cửa chính")
    facts.setdefault("created_at", LONG_AGO)
    facts.setdefault("expires_at", factories.DURING.replace(year=2030))
    return Device(unit=unit, token_hash=fingerprint(token), **facts)


class Door:
    """One activity, its scanner, and whoever comes."""

    def __init__(self, client, given, at, *, now=factories.DURING, **activity):
        devices.recogniser.forget()
        self.client, self.given = client, given
        at(now)
        self.unit = a_unit()
        self.activity = an_activity(plan=factories.a_plan(unit=self.unit), **activity)
        self.scanner = a_scanner(self.unit)
        given(self.activity, self.scanner)

    def ticket(self, *, activity=None, **facts):
        """The secret of a new registration."""
        registration = self.given(a_registration(activity=activity or self.activity, **facts))
        return ticket_secret(registration)

    def scan(self, secret, *, token=TOKEN, **body):
        """Ask; the answer's status and body."""
        body = {"secret": secret, "nonce": str(uuid.uuid4()), **body}
        answer = self.client.post(
            "/api/v1/checkin/redeem", json=body, headers={"Authorization": f"Device {token}"}
        )
        return answer.status_code, answer.get_json()

"""What a ticket's QR holds: ``T1.<kid>.<activity>-<registration>-<serial>.<mac>``.

Only letters, digits, ``.`` and ``-``: a QR code packs them densely. Nothing in it comes from
a person's name or address. What is read is compared with the token written anew, so that no
second spelling of a number passes.
"""

import base64
import hmac
import re
from dataclasses import dataclass

from checkin.models import Registration
from core import keys

KID = "1"
"""The key that signs now; its name stands in the token, so that another may follow."""

_FORM = re.compile(r"T1\.1\.([0-9]{1,18})-([0-9]{1,18})-([0-9]{1,9})\.[A-Z2-7]{26}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Ticket:
    """Which registration a genuine secret stands for, and in which issue of its ticket."""

    activity_id: int
    registration_id: int
    serial: int


def ticket_secret(registration: Registration) -> str:
    """The text of the QR on a ticket; the registration must have its id."""
    return secret_of(Ticket(registration.activity_id, registration.id, registration.serial))


def read_ticket(text: str) -> Ticket | None:
    """The ticket behind a scanned text, or nothing when we did not write it letter for letter."""
    found = _FORM.fullmatch(text)
    if found is None:
        return None
    activity_id, registration_id, serial = map(int, found.groups())
    ticket = Ticket(activity_id, registration_id, serial)
    return ticket if hmac.compare_digest(secret_of(ticket), text) else None


def secret_of(ticket: Ticket) -> str:
    """The one way in which a ticket is written."""
    payload = f"{ticket.activity_id}-{ticket.registration_id}-{ticket.serial}"
    body = f"T1.{KID}.{payload}"
    mac = base64.b32encode(keys.sign(f"ticket.{KID}", body)).decode().rstrip("=")
    return f"{body}.{mac}"

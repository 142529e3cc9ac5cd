"""The calendar of one person, under an address that only they know and can change.

The address is signed, not stored; it ends with the serial that stands with
its owner, so that giving out a new one turns the old one off.
"""

import base64
import hmac
import re

import sqlalchemy as sa

from accounts.models import Account, Role
from accounts.scope import scope
from checkin.models import Participant, Registration, Standing
from core import keys
from core.database import session
from events import queries
from events.feeds import Feed
from events.models import Activity

_FORM = re.compile(r"(?P<kind>[ps])(?P<id>[0-9]{1,18})-[0-9]{1,9}-[a-z2-7]{26}", re.ASCII)

Owner = Participant | Account


def secret_of(owner: Owner) -> str:
    """The word in the address of a person's calendar."""
    kind = "p" if isinstance(owner, Participant) else "s"
    body = f"{kind}{owner.id}-{owner.calendar_serial}"
    mac = base64.b32encode(keys.sign("personal calendar", body)).decode()
    return f"{body}-{mac.rstrip('=').lower()}"


def owner_of(secret: str) -> Owner | None:
    """Whose calendar it is; nothing when it is not ours or was given up."""
    found = _FORM.fullmatch(secret)
    if found is None:
        return None
    number = int(found["id"])
    owner: Owner | None
    if found["kind"] == "p":
        owner = session().get(Participant, number)
    else:
        owner = session().get(Account, number)
    if owner is None or not hmac.compare_digest(secret_of(owner), secret):
        return None
    gone = isinstance(owner, Account) and owner.closed_at is not None
    return None if gone else owner


def renew(owner: Owner) -> str:
    """Turn the old address off; the new secret."""
    owner.calendar_serial += 1
    return secret_of(owner)


def held_by(owner: Owner, name: str) -> Feed:
    """A participant's seats; for staff what the units hold for which they have a role."""
    public = Activity.state.in_(queries.PUBLIC)
    if isinstance(owner, Account):
        paths = [scope(owner, role).owns(Activity.unit_id) for role in Role]
        return Feed([public, sa.or_(sa.false(), *paths)], name)
    seats = sa.select(Registration.activity_id).where(
        Registration.participant_id == owner.id, Registration.standing != Standing.WITHDRAWN
    )
    waits = session().scalars(seats.where(Registration.standing == Standing.WAITING))
    return Feed([public, Activity.id.in_(seats)], name, frozenset(waits))

"""What doors keep for units, and how it goes over when two units become one.

Screens of halls, posters, scans and what they settled belong to an activity and go where it goes.
"""

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa

from accounts.models import Unit
from accounts.scope import Scope
from accounts.tree.holdings import Holding
from checkin.models import Device, Participant, Registration, Standing
from checkin.points.models import Point
from core import clock
from core.database import session
from core.i18n import N_
from events.models import Activity

SCANNERS = N_("Scanners in use")
POINTS = N_("Connecting points")
PEOPLE = N_("People of the unit with a seat or in line")


def kept(inside: Scope, day: date) -> Mapping[str, int]:
    """What still lets people in, counts them, or says whose they are, on a day."""
    found = ((SCANNERS, Device), (POINTS, Point), (PEOPLE, Participant))
    return {name: _number(inside, kind, day) for name, kind in found}


def hand_over(earlier: Unit, later: Unit, day: date) -> None:
    """Scanners go on at the doors of the later unit, its people count at points and come.

    Where all that a person did is past, they stay one of the earlier unit.
    """
    for kind, is_open in _open(day).items():
        session().execute(
            sa.update(kind)
            .where(kind.unit_id == earlier.id, is_open)
            .values(unit_id=later.id)
            .execution_options(synchronize_session=False)
        )


HOLDING = Holding(kept=kept, hand_over=hand_over)

Kind = type[Device | Point | Participant]


def _number(inside: Scope, kind: Kind, day: date) -> int:
    here = sa.select(sa.func.count()).where(_open(day)[kind], inside.owns(kind.unit_id))
    return session().scalar(here) or 0


def _open(day: date) -> Mapping[Kind, sa.ColumnElement[bool]]:
    """What is not over on a day."""
    begun = clock.at(day)
    ahead = sa.select(Activity.id).where(Activity.ends_at > begun)
    coming = sa.select(Registration.participant_id).where(
        Registration.activity_id.in_(ahead), Registration.standing != Standing.WITHDRAWN
    )
    return {
        Device: sa.and_(Device.revoked_at.is_(None), Device.expires_at > begun),
        Point: Point.activity_id.in_(ahead),
        Participant: Participant.id.in_(coming),
    }

"""The scanners of units, and how they go over when two units become one."""

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa

from accounts.models import Unit
from accounts.scope import Scope
from accounts.tree.holdings import Holding
from checkin.models import Device
from core import clock
from core.database import session
from core.i18n import N_

SCANNERS = N_("Scanners in use")


def kept(inside: Scope, day: date) -> Mapping[str, int]:
    """The scanners that still let people in on a day."""
    number = session().scalar(
        sa.select(sa.func.count()).where(_in_use(day), inside.owns(Device.unit_id))
    )
    return {SCANNERS: number or 0}


def hand_over(earlier: Unit, later: Unit, day: date) -> None:
    """Scanners go on at the doors of the later unit."""
    session().execute(
        sa.update(Device)
        .where(Device.unit_id == earlier.id, _in_use(day))
        .values(unit_id=later.id)
        .execution_options(synchronize_session=False)
    )


HOLDING = Holding(kept=kept, hand_over=hand_over)


def _in_use(day: date) -> sa.ColumnElement[bool]:
    return sa.and_(Device.revoked_at.is_(None), Device.expires_at > clock.at(day))

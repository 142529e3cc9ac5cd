"""People who write their own name: kept with the unit that they mean, when it is one of ours."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from accounts.models import Unit
from checkin import notice
from checkin.models import Consent, Participant
from checkin.selfscan import Visitor
from core.clock import local_day
from core.text import folded


def units_called(names: Collection[str], now: datetime) -> sa.Select[int, str, str]:
    """Units by their exact name, long or short; of several first what is there now."""
    return (
        sa.select(Unit.id, Unit.name, Unit.short_name)
        .where(sa.or_(Unit.name.in_(names), Unit.short_name.in_(names)))
        .order_by(Unit.was_there(local_day(now)).desc(), Unit.id)
    )


def welcome(connection: sa.Connection, visitors: Sequence[Visitor], now: datetime) -> list[int]:
    """Keep who agreed that their name is recorded; gives their numbers in the same order."""
    if not visitors:
        return []
    units = _units(connection, {one.unit for one in visitors if one.unit}, now)
    people = [
        {
            "name": one.name,
            "name_folded": folded(one.name),
            "unit_text": one.unit,
            "unit_id": units.get(one.unit),
            "locale": one.locale,
            "created_at": now,
        }
        for one in visitors
    ]
    made = sa.insert(Participant).returning(Participant.id, sort_by_parameter_order=True)
    numbers = list(connection.scalars(made, people))
    agreed = [
        notice.agreement(notice.ATTENDANCE, locale=one.locale, now=now) | {"participant_id": number}
        for one, number in zip(visitors, numbers, strict=True)
    ]
    connection.execute(sa.insert(Consent), agreed)
    return numbers


def _units(connection: sa.Connection, names: Collection[str], now: datetime) -> dict[str, int]:
    found: dict[str, int] = {}
    if names:
        for number, name, short_name in connection.execute(units_called(names, now)):
            found.setdefault(name, number)
            found.setdefault(short_name, number)
    return found

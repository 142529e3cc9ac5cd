"""What recipients have chosen, for many addresses at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from core.database import session
from notifications.choices.addresses import key_of
from notifications.choices.models import Preference, Suppression


@dataclass(frozen=True)
class Choice:
    """What holds for one address."""

    refused: frozenset[str] = frozenset()
    locale: str | None = None
    digest: bool = False
    is_suppressed: bool = False


NOTHING_CHOSEN = Choice()


def choices(addresses: Iterable[str]) -> Mapping[str, Choice]:
    """What was chosen behind these addresses; who chose nothing is left out."""
    of_key = {key_of(address): address for address in addresses}
    keys = list(of_key)
    chosen = session().scalars(sa.select(Preference).where(Preference.address_key.in_(keys)))
    found = {row.address_key: row for row in chosen}
    refusing = set(
        session().scalars(
            sa.select(Suppression.address_key).where(Suppression.address_key.in_(keys))
        )
    )
    return {
        of_key[key]: _choice(found.get(key), is_suppressed=key in refusing)
        for key in found.keys() | refusing
    }


def preference(address: str) -> Preference | None:
    """What somebody has chosen."""
    return session().get(Preference, key_of(address))


def suppression(address: str) -> Suppression | None:
    """That nothing is sent to an address, if so."""
    wanted = sa.select(Suppression).where(Suppression.address_key == key_of(address))
    return session().scalar(wanted)


def _choice(row: Preference | None, *, is_suppressed: bool) -> Choice:
    if row is None:
        return Choice(is_suppressed=is_suppressed)
    return Choice(frozenset(row.refused), row.locale, row.digest, is_suppressed)

"""People put right themselves what is kept of them, on every row that is them.

A new e-mail address holds once its mailbox has answered: the address is part of who one person
is, and whoever could write down another's would be shown what is theirs.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from accounts import audit
from checkin.errors import NameIsTaken
from checkin.models import Participant
from checkin.passport import queries
from checkin.passport.models import PassportLetter
from core import addresses, codes, keys
from core.database import session
from core.i18n import N_
from core.text import folded

GOOD_FOR = timedelta(days=1)
"""How long a new address waits for its mailbox to answer."""
_LETTERS = 12

audit.name({"participant.corrected": N_("Data corrected by the person themselves")})


@dataclass(frozen=True)
class Said:
    """What a person says of themselves."""

    name: str
    unit: str
    phone: str


def unit_of(person: Participant) -> str:
    """Where somebody belongs, as their page says it."""
    return person.unit.name if person.unit else person.unit_text


def correct(person: Participant, said: Said, *, now: datetime) -> list[str]:
    """Keep what the person says; gives which facts have changed.

    A certificate with another name on its paper holds no more. Raises ``NameIsTaken``.
    """
    people = queries.rows_of(person)
    changed = [
        fact
        for fact, before, after in (
            ("name", person.name, said.name),
            ("unit", unit_of(person), said.unit),
            ("phone", person.phone or "", said.phone),
        )
        if before != after
    ]
    if "name" in changed:
        _refuse_another(person, said.name)
        _revoke(people, now)
    for row in people:
        row.name, row.name_folded = said.name, folded(said.name)
        if "unit" in changed:
            row.unit, row.unit_id, row.unit_text = None, None, said.unit
        if "phone" in changed:
            row.phone = said.phone or None
    if changed:
        _write_down(person, changed, now)
    return changed


def ask_for_address(person: Participant, email: str, *, now: datetime) -> None:
    """Send a letter to a new address; until it is answered the old one holds."""
    drop_addresses([person])
    session().add(PassportLetter(participant_id=person.id, asked_at=now, email=email))


def token_of(letter: PassportLetter) -> str:
    """What stands in the link of the letter to a new address."""
    mac = int.from_bytes(keys.sign("passport address", f"{letter.id} {letter.email}"), "big")
    return codes.numeral(letter.id, 2) + codes.numeral(mac, _LETTERS)[-_LETTERS:]


def asked_for(person: Participant, token: str, now: datetime) -> PassportLetter | None:
    """The letter whose link was followed, while it is good."""
    number = codes.number(token[:-_LETTERS]) if len(token) <= 2 * _LETTERS else None
    letter = session().get(PassportLetter, number) if number and number < 2**62 else None
    if letter is None or letter.participant_id != person.id or not letter.email:
        return None
    is_good = now < letter.asked_at + GOOD_FOR
    return letter if is_good and hmac.compare_digest(token_of(letter), token) else None


def take_address(person: Participant, letter: PassportLetter, *, now: datetime) -> None:
    """The mailbox has answered: the address holds, and only who reads it has the page's code."""
    people = queries.rows_of(person)
    for row in people:
        row.email = addresses.kept(letter.email or "")
        row.passport_serial += 1
    drop_addresses(people)
    _write_down(person, ["email"], now)


def drop_addresses(people: Sequence[Participant], before: datetime | None = None) -> None:
    """Forget addresses that were asked for and not confirmed."""
    waiting = sa.update(PassportLetter).where(PassportLetter.email != "").values(email="")
    if before is not None:
        waiting = waiting.where(PassportLetter.asked_at < before)
    else:
        waiting = waiting.where(PassportLetter.participant_id.in_([one.id for one in people]))
    session().execute(waiting)


def _refuse_another(person: Participant, name: str) -> None:
    """Nobody becomes another of those who share their address."""
    if not person.email or folded(name) == person.name_folded:
        return
    if session().scalar(queries.same_human(person.email, folded(name)).limit(1)) is not None:
        raise NameIsTaken


def _revoke(people: Sequence[Participant], now: datetime) -> None:
    for certificate in session().scalars(queries.certificates([row.id for row in people])):
        certificate.revoked_at = now


def _write_down(person: Participant, facts: list[str], now: datetime) -> None:
    subject = f"participant:{person.id}"
    audit.record(None, None, "participant.corrected", subject, {"facts": facts}, now)

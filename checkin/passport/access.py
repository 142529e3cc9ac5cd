"""Whose page an address opens: theirs who have the code, and as unknown as none to all others."""

from flask import abort

from checkin.models import Participant
from checkin.passport.codes import holder_of
from core.misses import missed


def holder_or_404(code: str) -> Participant:
    """The one whose page it is, erased or not; a wrong code counts as a guess."""
    person = holder_of(code[:80])
    if person is None:
        missed()
        abort(404)
    return person


def named_or_404(code: str) -> Participant:
    """Whoever is erased has nothing left to decide about."""
    person = holder_or_404(code)
    if not person.name:
        abort(404)
    return person


def masked(email: str) -> str:
    """Enough of an address for its owner to know it again."""
    name, _at, domain = email.partition("@")
    return f"{name[:2]}…@{domain}" if email else ""

"""What people are told about their data, and the proof of which wording they saw."""

import hashlib
from datetime import datetime
from typing import Any

from checkin.models import Consent
from core.i18n import DEFAULT_LOCALE, N_, translate

VERSION = "2026-11"

SEAT = "seat"
REMINDERS = "reminders"
ATTENDANCE = "attendance"
SHOWN_NAME = "shown_name"

SENTENCES: dict[str, str] = {
    SEAT: N_(
        "The name, and the unit and address when given, are kept by the organising unit to hold "
        "the seat, to record attendance and to tell of changes. They are not published, and are "
        "erased within 90 days after the report of the week; only numbers remain. One may look "
        "at them, correct them or withdraw at any time on the ticket page or at the organising "
        "unit."
    ),
    REMINDERS: N_("I agree to be reminded by e-mail the day before."),
    ATTENDANCE: N_(
        "I agree that my name is recorded with this attendance. It is not published, and is "
        "erased within 90 days after the report of the week."
    ),
    SHOWN_NAME: N_(
        "I agree that whoever has the code of my certificate sees my full name on the page that "
        "verifies it. Without this, only initials are shown. (For a person under 16, the parents "
        "or the guardian agree.)"
    ),
}
"""Each purpose in the words under which a person agrees to it."""

NEEDS_NAME = (SEAT, ATTENDANCE)
"""Purposes for which the name is kept at all: without them it goes."""


def consent(purpose: str, *, locale: str, now: datetime) -> Consent:
    """The row that proves an agreement given on a page of ours."""
    return Consent(**agreement(purpose, locale=locale, now=now))


def agreement(purpose: str, *, locale: str, now: datetime) -> dict[str, Any]:
    """What such a row holds."""
    return {
        "purpose": purpose,
        "notice_version": f"{VERSION}/{locale}",
        "notice_hash": fingerprint(purpose, locale),
        "channel": "web",
        "given_at": now,
    }


def fingerprint(purpose: str, locale: str = DEFAULT_LOCALE) -> str:
    """The hash of the sentence as it stood on the page."""
    return hashlib.sha256(translate(SENTENCES[purpose], locale).encode()).hexdigest()

"""A letter to oneself, to see whether mail leaves this machine and arrives."""

from datetime import datetime, timedelta
from typing import Any

from accounts.models import Account, Unit
from core.database import session
from notifications.models import MessageState
from notifications.occasions import Kind, Letter, Occasion

STILL_USEFUL = timedelta(hours=1)
"""How long somebody waits for a trial letter."""


def asked_for(account: Account, unit: Unit, now: datetime) -> dict[str, Any]:
    """The message to the one who asks, as it goes into the outbox; one a second at most."""
    return {
        "occasion": TRIAL.name,
        "subject": str(account.id),
        "recipient": account.email,
        "revision": int(now.timestamp()),
        "unit_id": unit.id,
        "locale": account.locale,
        "state": MessageState.QUEUED,
        "reason": "",
        "due_at": now,
        "useful_until": now + STILL_USEFUL,
        "created_at": now,
        "next_attempt_at": now,
        "in_doubt": TRIAL.in_doubt,
    }


def _nobody(_since: datetime, _now: datetime) -> None:
    """It is only written when somebody asks."""


def _still_due(subject: str, _revision: int, _now: datetime) -> bool:
    account = session().get(Account, int(subject))
    return account is not None and account.closed_at is None


def _compose(subject: str, _locale: str) -> Letter:
    return Letter({"name": session().get_one(Account, int(subject)).full_name})


TRIAL = Occasion(
    "trial_letter", _nobody, _still_due, _compose, link=lambda _: "/desk/outbox", kind=Kind.ASKED
)
OCCASIONS = [TRIAL]
"""When notifications itself writes to people."""

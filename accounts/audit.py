"""Who changed what: one entry beside each change, in the same transaction.

    audit.record(actor(), plan.unit, "plan.released", f"plan:{plan.id}", {"version": 2}, now)

``action`` is ``<thing>.<what happened>``; ``subject`` names the row, never a
person; ``facts`` are plain JSON values, a changed one as ``[before, after]``.
A feature words its actions, facts and values once, where its labels are:
``audit.name({"plan.released": N_("Plan released"), "version": N_("Version")})``.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.models import Account, AuditEntry, Unit
from core.database import session

_names: dict[str, str] = {}


def record(
    actor: Account | None,
    unit: Unit | None,
    action: str,
    subject: str,
    facts: Mapping[str, Any],
    now: datetime,
) -> AuditEntry:
    """Write down what was just done; without an actor it was a command or the clock."""
    entry = AuditEntry(**said(actor, unit, action, subject, facts, now))
    session().add(entry)
    return entry


def said(
    actor: Account | None,
    unit: Unit | None,
    action: str,
    subject: str,
    facts: Mapping[str, Any],
    now: datetime,
) -> dict[str, Any]:
    """What stands in an entry."""
    return {
        "at": now,
        "account_id": actor.id if actor else None,
        "unit_id": unit.id if unit else None,
        "action": action,
        "subject": subject,
        "facts": dict(facts),
    }


def name(sentences: Mapping[str, str]) -> None:
    """Give actions, facts and values the msgids under which people read them."""
    _names.update(sentences)


def named(word: str) -> str:
    """The msgid of a word in an entry; one without a name stands for itself."""
    return _names.get(word, word)

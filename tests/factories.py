"""Rows for tests, each with the least that it needs; name only what the test is about."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from accounts.models import Account, Grant, Role, Unit, UnitKind
from checkin.models import Participant, Registration, Standing
from core import clock
from core.text import folded
from events.models import (
    Activity,
    ActivityKind,
    ActivityState,
    Campaign,
    CampaignKind,
    Counting,
    Plan,
    PlanState,
    Session,
)
from notifications.models import Message, MessageState

_numbers = count(1)

OPENING_DAY = date(2027, 10, 1)
LONG_AGO = datetime(2027, 9, 1, tzinfo=UTC)
DURING = clock.at(OPENING_DAY, 8, 15)
"""A quarter past the start of what ``an_activity`` makes."""


def a_unit(*, parent: Unit | None = None, **facts: Any) -> Unit:
    """A unit; ids are given here, so that its path is known before it is stored."""
    number = facts.pop("id", None) or 1000 + next(_numbers)
    name = facts.pop("name", f"Sở Thử nghiệm {number}")
    facts.setdefault("code", f"u{number}")
    facts.setdefault("short_name", name)
    facts.setdefault("kind", UnitKind.DEPARTMENT)
    path = f"{parent.path if parent else '/'}{number}/"
    return Unit(id=number, name=name, parent=parent, path=path, **facts)


def an_account(*grants: tuple[Role, Unit], **facts: Any) -> Account:
    """An account that cannot sign in by password; ``signed_in`` opens its session."""
    number = next(_numbers)
    facts.setdefault("email", f"staff{number}@example.com")
    facts.setdefault("full_name", f"Cán bộ {number}")
    facts.setdefault("password_hash", "")
    facts.setdefault("session_stamp", f"stamp{number}")
    facts.setdefault("created_at", LONG_AGO)
    account = Account(**facts)
    account.grants = [Grant(role=role, unit=unit) for role, unit in grants]
    return account


def signed_in(client: Any, account: Account) -> Any:
    """The client with the account's session, as signing in leaves it."""
    with client.session_transaction() as cookie:
        cookie["_user_id"] = f"{account.id}.{account.session_stamp}"
        cookie["_fresh"] = True
    return client


def a_message(**facts: Any) -> Message:
    """A letter that was sent to one person of the unit, and is of use for another day."""
    now = clock.now()
    facts.setdefault("occasion", "welcome")
    facts.setdefault("subject", str(next(_numbers)))
    facts.setdefault("recipient", "lan@example.com")
    facts.setdefault("revision", 0)
    facts.setdefault("attempts", 1)
    facts.setdefault("state", MessageState.SENT)
    facts.setdefault("useful_until", now + timedelta(days=1))
    moments = dict.fromkeys(("due_at", "created_at", "next_attempt_at"), now)
    return Message(**(moments | {"reason": "", "message_id": ""} | facts))


def a_campaign(year: int = 2027, **facts: Any) -> Campaign:
    facts.setdefault("kind", CampaignKind.WEEK)
    facts.setdefault("title", f"Tuần lễ hưởng ứng học tập suốt đời năm {year}")
    facts.setdefault("starts_on", date(year, 10, 1))
    facts.setdefault("ends_on", date(year, 10, 7))
    return Campaign(year=year, **facts)


def a_plan(*, campaign: Campaign | None = None, unit: Unit | None = None, **facts: Any) -> Plan:
    facts.setdefault("title", "Kế hoạch tổ chức Tuần lễ")
    facts.setdefault("state", PlanState.RELEASED)
    return Plan(campaign=campaign or a_campaign(), unit=unit or a_unit(), **facts)


def an_activity(*, plan: Plan | None = None, **facts: Any) -> Activity:
    """A released activity from 08:00 to 10:00 on the opening day, with its one session."""
    plan = plan or a_plan()
    number = next(_numbers)
    facts.setdefault("slug", f"hoat-dong-{number}")
    facts.setdefault("title", f"Hoạt động {number}")
    facts.setdefault("kind", ActivityKind.TALK)
    facts.setdefault("counting", Counting.TICKETS)
    facts.setdefault("state", ActivityState.RELEASED)
    facts.setdefault("starts_at", clock.at(OPENING_DAY, 8))
    facts.setdefault("ends_at", facts["starts_at"] + timedelta(hours=2))
    facts.setdefault("created_at", LONG_AGO)
    facts.setdefault("changed_at", LONG_AGO)
    facts.setdefault("released_at", LONG_AGO)
    facts.setdefault("opens_before", 30)
    facts.setdefault("closes_after", 30)
    facts.setdefault("revision", 0)
    activity = Activity(plan=plan, unit=facts.pop("unit", plan.unit), **facts)
    activity.sessions = [Session(starts_at=activity.starts_at, ends_at=activity.ends_at)]
    return activity


def a_participant(name: str | None = "Nguyễn Thị Mẫu", **facts: Any) -> Participant:
    facts.setdefault("created_at", LONG_AGO)
    return Participant(name=name, name_folded=folded(name or ""), **facts)


def a_registration(*, activity: Activity, **facts: Any) -> Registration:
    number = next(_numbers)
    facts.setdefault("participant", a_participant())
    facts.setdefault("code", f"code-{number}")
    facts.setdefault("short_code", f"SC{number:04}")
    facts.setdefault("standing", Standing.CONFIRMED)
    facts.setdefault("serial", 0)
    facts.setdefault("registered_at", LONG_AGO)
    return Registration(activity=activity, **facts)

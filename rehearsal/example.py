"""The example weeks: last October's, complete, and next October's, open for registration.

The facts stand in ``example/*.toml``; people and moments are drawn, always the same.
"""

import tomllib
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

import sqlalchemy as sa

from accounts import passwords
from accounts.models import Account, Grant, Role, Unit, UnitKind
from core import clock
from core.database import session
from core.text import slug
from events.models import (
    Activity,
    ActivityKind,
    ActivityState,
    ActivityTheme,
    Audience,
    Campaign,
    CampaignKind,
    Counting,
    Deadline,
    DeadlineKind,
    Evidence,
    Format,
    InvitedUnit,
    Plan,
    PlanState,
    Theme,
    Venue,
)
from events.models import Session as Sitting
from rehearsal import example_duties, example_people

FOLDER = Path(__file__).parent / "example"


def load(*, now: datetime) -> tuple[int, int]:
    """Fill the empty database; returns the year that is over and the one to come."""
    coming = clock.local_day(now).year + (clock.local_day(now) >= date(now.year, 10, 8))
    facts = tomllib.loads((FOLDER / "week.toml").read_text())
    staff = tomllib.loads((FOLDER / "units.toml").read_text())
    units = _units(staff["unit"])
    accounts = _accounts(staff["account"], units, now)
    venues = {
        v["key"]: Venue(
            name=v["name"],
            address=v["address"],
            capacity=v.get("capacity"),
            unit=units[v["unit"]],
        )
        for v in facts["venue"]
    }
    rng = Random(2)  # noqa: S311  made-up, not secret
    for year in (coming - 1, coming):
        week = _Week(year, facts, units, venues, accounts=accounts, is_over=year < coming, now=now)
        week.lay()
        example_people.fill(week.laid, is_over=week.is_over, now=now, rng=rng)
        if week.is_over:
            example_people.declare(week.campaign, units, facts["declared"])
    session().flush()
    return coming - 1, coming


def sign_ins() -> list[str]:
    """E-mail, password and role of each example account that is still here."""
    staff = tomllib.loads((FOLDER / "units.toml").read_text())
    known = set(session().scalars(sa.select(Account.email)))
    return [
        f"{a['email']:24} {_password(a['email']):22} {a['role']} ({a['unit']})"
        for a in staff["account"]
        if a["email"] in known
    ]


def _password(email: str) -> str:
    return f"tuan-le-{email.partition('@')[0]}"


def _units(rows: list[dict[str, Any]]) -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for position, row in enumerate(rows):
        parent = units.get(row.get("parent", ""))
        unit = Unit(
            code=row["code"],
            name=row["name"],
            short_name=row["short_name"],
            kind=UnitKind(row["kind"]),
            place=row.get("place", "Thái Nguyên"),
            symbol=row["symbol"],
            head_title=row["head_title"],
            headcount=row.get("headcount"),
            email=f"vanthu.{row['code']}@example.com",
            parent=parent,
            position=position,
        )
        session().add(unit)
        session().flush()
        unit.path = f"{parent.path if parent else '/'}{unit.id}/"
        units[unit.code] = unit
    lead = next(units[row["code"]] for row in rows if row.get("lead"))
    root = units[rows[0]["code"]]
    for unit in units.values():
        if unit is not root:
            unit.reports_to = lead if unit.parent is root and unit is not lead else unit.parent
    session().flush()
    return units


def _accounts(
    rows: list[dict[str, Any]], units: dict[str, Unit], now: datetime
) -> dict[str, Account]:
    accounts = {}
    for number, row in enumerate(rows):
        account = Account(
            email=row["email"],
            full_name=row["full_name"],
            password_hash=passwords.hashed(_password(row["email"])),
            session_stamp=f"example-{number}",
            created_at=now,
        )
        account.grants.append(Grant(role=Role(row["role"]), unit=units[row["unit"]]))
        session().add(account)
        accounts[account.email] = account
    return accounts


class _Week:
    """One of the two weeks, laid from the same facts."""

    def __init__(
        self,
        year: int,
        facts: dict[str, Any],
        units: dict[str, Unit],
        venues: dict[str, Venue],
        *,
        accounts: dict[str, Account],
        is_over: bool,
        now: datetime,
    ) -> None:
        self.year = year
        self.accounts = accounts
        self.now = now
        self.facts = facts
        self.units = units
        self.venues = venues
        self.is_over = is_over
        self.first = date(year, 10, 1)
        self.written_at = clock.at(date(year, 9, 26), 9) if is_over else now - timedelta(days=6)
        self.laid: list[tuple[Activity, dict[str, Any]]] = []

    def lay(self) -> None:
        """Campaign, plans, activities and duties."""
        self.campaign = self._campaign()
        self.plans = {
            code: self._plan(self.units[code])
            for code in dict.fromkeys(
                [a["unit"] for a in self.facts["activity"]]
                + [d.get("of", "ubnd-tinh") for d in self.facts["duty"]]
            )
        }
        session().add_all(self.plans.values())
        self.laid = [(self._activity(facts), facts) for facts in self.facts["activity"]]
        session().add_all(activity for activity, _facts in self.laid)
        session().flush()
        when = example_duties.When(
            self.year, is_over=self.is_over, issued_at=self.written_at, now=self.now
        )
        example_duties.lay(self.facts, self.plans, self.units, self.accounts, when)

    def _campaign(self) -> Campaign:
        words = self.facts["past" if self.is_over else "coming"]
        campaign = Campaign(
            kind=CampaignKind.WEEK,
            year=self.year,
            title=f"Tuần lễ hưởng ứng học tập suốt đời năm {self.year}",
            theme=words["theme"],
            message=words["message"],
            letter=words["letter"],
            starts_on=self.first,
            ends_on=self.first + timedelta(days=6),
            opening_on=self.first,
        )
        for kind, month, day in (
            (DeadlineKind.PLAN, 9, 30),
            (DeadlineKind.UNIT_REPORT, 10, 10),
            (DeadlineKind.DEPARTMENT_REPORT, 10, 15),
        ):
            due_at = clock.at(date(self.year, month, day), 17)
            campaign.deadlines.append(Deadline(kind=kind, due_at=due_at, letter=words["letter"]))
        session().add(campaign)
        return campaign

    def _plan(self, unit: Unit) -> Plan:
        return Plan(
            campaign=self.campaign,
            unit=unit,
            title=f"Kế hoạch tổ chức Tuần lễ hưởng ứng học tập suốt đời năm {self.year}",
            state=PlanState.RELEASED,
            bases=[self.campaign.letter],
            issued_on=clock.local_day(self.written_at),
            released_at=self.written_at,
        )

    def _activity(self, facts: dict[str, Any]) -> Activity:
        sittings = _sittings(self.first, facts)
        cancelled = self.is_over and "cancelled" in facts
        activity = Activity(
            slug=f"{slug(facts['title'])}-{self.year}",
            plan=self.plans[facts["unit"]],
            unit=self.units[facts["unit"]],
            kind=ActivityKind(facts["kind"]),
            title=facts["title"],
            summary=facts.get("summary", ""),
            format=Format(facts.get("format", "in_person")),
            join_link=facts.get("link", ""),
            venue=self.venues.get(facts.get("venue", "")),
            place=facts.get("place", ""),
            contact=f"Văn phòng, {self.units[facts['unit']].short_name}",
            audience=Audience(facts.get("audience", "everyone")),
            seats=facts.get("seats"),
            counting=Counting(facts["counting"]),
            starts_at=sittings[0].starts_at,
            ends_at=sittings[-1].ends_at,
            state=ActivityState.CANCELLED if cancelled else ActivityState.RELEASED,
            cancelled_reason=facts["cancelled"] if cancelled else "",
            cancelled_at=sittings[0].starts_at - timedelta(hours=3) if cancelled else None,
            revision=1 if cancelled else 0,
            created_at=self.written_at,
            changed_at=self.written_at,
            released_at=self.written_at,
        )
        activity.sessions = sittings
        activity.themes = [ActivityTheme(theme=Theme(t)) for t in facts.get("themes", [])]
        if activity.audience is Audience.UNITS:
            activity.invited_units = [InvitedUnit(unit=activity.unit)]
        if self.is_over and "count" in facts:
            activity.evidence = [
                Evidence(
                    note=f"Số lượng: {facts['unit_of_count']}",
                    count=facts["count"],
                    link="https://minhchung.example.com/",
                    added_at=activity.ends_at,
                )
            ]
        return activity


def _sittings(first: date, facts: dict[str, Any]) -> list[Sitting]:
    """One sitting for each day, at the same hours."""
    begins, ends = (time.fromisoformat(part) for part in facts["hours"].split("-"))
    days = range(facts["day"] - 1, facts.get("to", facts["day"]))
    return [
        Sitting(
            starts_at=clock.at(first + timedelta(days=n), begins.hour, begins.minute),
            ends_at=clock.at(first + timedelta(days=n), ends.hour, ends.minute),
        )
        for n in days
    ]
